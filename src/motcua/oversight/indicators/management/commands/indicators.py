"""`motcua indicators`: show, recompute, freeze."""

from __future__ import annotations

import json
import sys
import time
from argparse import ArgumentParser
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from motcua.foundation.journal.selectors import last_position
from motcua.foundation.kernel.actors import SYSTEM
from motcua.foundation.kernel.errors import DomainError
from motcua.oversight.indicators.models import Frozen
from motcua.oversight.indicators.recounting import Checked, check
from motcua.oversight.indicators.rules.periods import BadPeriod, Period, parse_period
from motcua.oversight.indicators.rules.scoring import BadRules, Rules
from motcua.oversight.indicators.selectors import Evaluation, Whose, evaluate, find_frozen, lag, rules_of
from motcua.oversight.indicators.services import freeze, of_json, recompute
from motcua.oversight.indicators.web.words import counting, level_words, total_of, total_words, words_of
from motcua.registry.organisations.models import Agency
from motcua.registry.organisations.selectors.history import find_agency_by_code

_REFUSED, _UNREADABLE = 1, 2
_SECONDS_BETWEEN_LINES = 10
# Of rows that differ; all of them in JSON.
_SHOWN = 50


class Command(BaseCommand):
    help = "Evaluation of agencies by their dossiers: show, recompute from the journal, freeze what is published."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parts = parser.add_subparsers(dest="part", required=True)
        show = parts.add_parser("show", help="The figures of an agency and a period.")
        again = parts.add_parser(
            "recompute",
            help="Follow the journal again, or hold the figures against it. Exit status: 0 done, all equal; 1 some "
            "entries could not be handled, some figures differ.",
        )
        again.add_argument(
            "--check",
            action="store_true",
            help="change nothing: count everything again and compare every row",
        )
        again.add_argument(
            "--on",
            type=date.fromisoformat,
            metavar="DAY",
            help="the same as it was known at the end of that day",
        )
        frozen = parts.add_parser(
            "freeze", help="Publish the figures of a period that is over. Exit status: 0 done, 1 refused."
        )
        for part in (show, frozen):
            part.add_argument("--agency", required=True, metavar="CODE")
            part.add_argument("--period", required=True, help="2026-09, 2026-Q3 or 2026")
        for part in (show, again, frozen):
            part.add_argument("--json", action="store_true", help="one JSON object on one line, nothing else")

    def handle(self, *args: Any, **options: Any) -> None:
        parts: dict[str, Callable[..., None]] = {
            "show": self._show,
            "recompute": self._recompute,
            "freeze": self._freeze,
        }
        try:
            parts[options["part"]](**options)
        except DomainError as error:
            if options["json"]:
                self._print({"error": error.code})
            raise CommandError(str(error), returncode=_REFUSED) from error

    def _show(self, *, agency: str, period: str, **options: Any) -> None:
        row, asked = self._named(agency, period)
        facts = _facts(row, asked)
        if options["json"]:
            self._print(facts)
            return
        self.stdout.write("\n".join(_sentences(row, asked)))

    def _freeze(self, *, agency: str, period: str, **options: Any) -> None:
        row, asked = self._named(agency, period)
        frozen = freeze(actor=SYSTEM, agency=row, period=asked, at=timezone.now())
        if options["json"]:
            self._print({"agency": row.code, "period": asked.code, "frozen_at": frozen.frozen_at.isoformat()})
            return
        self.stdout.write(
            _("%(agency)s, %(period)s: published.") % {"agency": row.name, "period": asked.code}
        )

    def _recompute(self, **options: Any) -> None:
        if options["check"] or options["on"]:
            self._check(**options)
            return
        with _progress(quiet=options["json"]) as progress:
            position, letters = recompute(actor=SYSTEM, progress=progress)
        if options["json"]:
            self._print({"position": position, "dead_letters": letters})
        else:
            self.stdout.write(
                _("Followed to position %(position)s; %(letters)s entries could not be handled.")
                % {"position": position, "letters": letters}
            )
        sys.exit(_REFUSED if letters else 0)

    def _check(self, *, on: date | None, **options: Any) -> None:
        found = check(on=on)
        if options["json"]:
            self._print({"on": on.isoformat() if on else None, **_checked(found)})
        else:
            self.stdout.write("\n".join(_differences(found)))
        sys.exit(_REFUSED if found.differences else 0)

    def _named(self, code: str, period: str) -> tuple[Agency, Period]:
        """Raises CommandError for what is no agency and no period."""
        try:
            asked = parse_period(period)
            rules_of(asked)
        except (BadPeriod, BadRules) as error:
            why = _("%(period)s is no period that can be evaluated: write 2026-09, 2026-Q3 or 2026.")
            raise CommandError(why % {"period": period}, returncode=_UNREADABLE) from error
        row = find_agency_by_code(code, at=timezone.localdate())
        if not row:
            raise CommandError(_("There is no agency %(code)s.") % {"code": code}, returncode=_UNREADABLE)
        return row, asked

    def _print(self, value: dict[str, Any]) -> None:
        self.stdout.write(json.dumps(value, ensure_ascii=False))


def _checked(found: Checked) -> dict[str, Any]:
    return {
        "position": found.position,
        "dossiers": found.dossiers,
        "rows": found.rows,
        "figures": dict(found.figures),
        "differences": [
            {
                "table": it.table,
                "key": [str(part) for part in it.key],
                "kept": it.kept,
                "recounted": it.recounted,
            }
            for it in found.differences
        ],
    }


def _differences(found: Checked) -> Iterator[str]:
    for it in found.differences[:_SHOWN]:
        yield _("%(table)s %(key)s: %(kept)s kept, %(recounted)s in the journal") % {
            "table": it.table,
            "key": " ".join(str(part) for part in it.key),
            "kept": it.kept,
            "recounted": it.recounted,
        }
    yield _("%(dossiers)s dossiers read, %(rows)s figures compared, %(differences)s differ.") % {
        "dossiers": found.dossiers,
        "rows": found.rows,
        "differences": len(found.differences),
    }


def _facts(agency: Agency, period: Period) -> dict[str, Any]:
    found, rules, frozen = (
        evaluate(Whose(agency.path), period),
        rules_of(period),
        find_frozen(agency.path, period),
    )
    return {
        "agency": agency.code,
        "period": period.code,
        "behind": lag(),
        **_figures(found, rules),
        "frozen": _frozen(frozen, rules),
    }


def _figures(found: Evaluation, rules: Rules) -> dict[str, Any]:
    """Means and totals as text with one decimal: they are exact."""
    reached = total_of(found, rules)
    return {
        "dossiers": found.dossiers,
        "classes": dict(found.classes),
        "indices": [
            {"code": it.code, "points": it.points, "dossiers": it.dossiers, "score": _text(it.mean)}
            for it in found.scores
        ],
        "total": _text(reached.points) if reached else None,
        "of": reached.of if reached else 0,
        "lowest_level": reached.lowest_level.code if reached else None,
        "highest_level": reached.highest_level.code if reached else None,
    }


def _text(value: Any) -> str | None:
    return None if value is None else str(value)


def _frozen(frozen: Frozen | None, rules: Rules) -> dict[str, Any] | None:
    if not frozen:
        return None
    return {"at": frozen.frozen_at.isoformat(), **_figures(of_json(frozen.figures["agency"]), rules)}


def _sentences(agency: Agency, period: Period) -> Iterator[str]:
    found, rules = evaluate(Whose(agency.path), period), rules_of(period)
    yield _("%(agency)s, %(period)s: %(count)s dossiers finished.") % {
        "agency": agency.name,
        "period": period.code,
        "count": found.dossiers,
    }
    for index in counting(rules, is_part=False):
        score = found.score(index.code)
        shown = _("no data") if score.mean is None else f"{score.mean} ({score.points}/{score.dossiers})"
        yield f"{index.number}. {words_of(index.names)}: {shown}"
    reached = total_of(found, rules)
    yield _("Total: %(points)s") % {"points": total_words(reached)["points"]}
    if reached:
        yield _("Level: %(level)s") % {"level": level_words(reached)}
    if frozen := find_frozen(agency.path, period):
        published = of_json(frozen.figures["agency"])
        yield _("Published: %(points)s") % {"points": total_words(total_of(published, rules))["points"]}
        if published != found:
            yield _("The published figures stay; counted today they are different.")
    if behind := lag():
        yield _("%(count)s entries of the journal are not followed yet.") % {"count": behind}


@contextmanager
def _progress(*, quiet: bool) -> Iterator[Callable[[int], None]]:
    """A bar on a terminal, a line now and then elsewhere, nothing when quiet."""
    console = Console(stderr=True, highlight=False)
    if quiet:
        yield lambda count: None
    elif console.is_terminal:
        columns = (TextColumn(_("Entries")), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
        with Progress(*columns, console=console) as bar:
            task = bar.add_task("", total=last_position())
            yield lambda count: bar.advance(task, count)
    else:
        yield _lines()


def _lines() -> Callable[[int], None]:
    read, said = 0, time.monotonic()

    def tell(count: int) -> None:
        nonlocal read, said
        read += count
        if time.monotonic() - said > _SECONDS_BETWEEN_LINES:
            said = time.monotonic()
            print(f"{read} entries", file=sys.stderr, flush=True)  # noqa: T201

    return tell
