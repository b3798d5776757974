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
from motcua.oversight.indicators.breaking import By, Seen, breakdown
from motcua.oversight.indicators.indexing import index_of
from motcua.oversight.indicators.management.days import add_freezing, run_freezing, run_verifying
from motcua.oversight.indicators.measures import load_measures
from motcua.oversight.indicators.measuring import figures
from motcua.oversight.indicators.models import Frozen
from motcua.oversight.indicators.recounting import Checked, check
from motcua.oversight.indicators.rules.counts import ALL
from motcua.oversight.indicators.rules.index766 import BadIndex
from motcua.oversight.indicators.rules.periods import BadPeriod, Period, parse_days, parse_period
from motcua.oversight.indicators.rules.scoring import BadRules, Rules
from motcua.oversight.indicators.selectors import Evaluation, Whose, evaluate, find_frozen, lag, rules_of
from motcua.oversight.indicators.services import freeze, of_json, recompute
from motcua.oversight.indicators.showing import (
    broken_facts,
    broken_lines,
    figure_facts,
    figure_lines,
    index_facts,
    index_lines,
)
from motcua.oversight.indicators.tallying import Days
from motcua.oversight.indicators.web.words import counting, level_words, total_of, total_words, words_of
from motcua.registry.organisations.models import Agency
from motcua.registry.organisations.selectors.history import find_agency_by_code

_REFUSED, _UNREADABLE = 1, 2
_SECONDS_BETWEEN_LINES = 10
# Of rows that differ; all of them in JSON.
_SHOWN = 50


class Command(BaseCommand):
    help = (
        "Figures of agencies by their dossiers: show, recompute from the journal, freeze what is published."
    )

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
            "freeze",
            help="Publish the figures of a period that is over; with --days freeze the days that are over, and write "
            "the public figures. Exit status: 0 done, 1 refused or still behind.",
        )
        days = parts.add_parser(
            "verify-days",
            help="Hold the frozen days against the journal. Exit status: 0 as they were frozen, 1 not.",
        )
        frozen.add_argument("--agency", metavar="CODE")
        frozen.add_argument("--period", help="2026-09, 2026-Q3 or 2026")
        add_freezing(frozen)
        _add_what_to_show(show)
        for part in (show, again, frozen, days):
            part.add_argument("--json", action="store_true", help="one JSON object on one line, nothing else")

    def handle(self, *args: Any, **options: Any) -> None:
        parts: dict[str, Callable[..., None]] = {
            "show": self._show,
            "recompute": self._recompute,
            "freeze": self._freeze_days if options.get("days") else self._freeze,
            "verify-days": self._verify_days,
        }
        try:
            parts[options["part"]](**options)
        except DomainError as error:
            if options["json"]:
                self._print({"error": error.code})
            raise CommandError(str(error), returncode=_REFUSED) from error

    def _show(self, *, agency: str, period: str, **options: Any) -> None:
        if options["measures"] or options["index"]:
            self._show_figures(agency, period, **options)
            return
        row, asked = self._named(agency, period)
        facts = _facts(row, asked)
        if options["json"]:
            self._print(facts)
            return
        self.stdout.write("\n".join(_sentences(row, asked)))

    def _freeze_days(self, *, until: date | None, **options: Any) -> None:
        sys.exit(run_freezing(until, self.stdout.write, self._print if options["json"] else None))

    def _verify_days(self, **options: Any) -> None:
        sys.exit(run_verifying(self.stdout.write, self._print if options["json"] else None))

    def _show_figures(self, agency: str, period: str, **options: Any) -> None:
        """Measures, broken down, or index 766. Raises CommandError for what is no agency, period, measure or day."""
        scope, known_on, by = _scope(agency), _day(options["on"]), options["by"]
        if (codes := set(options["code"])) - {it.code for it in load_measures()}:
            raise CommandError(_("There is no such measure."), returncode=_UNREADABLE)
        try:
            days = Days(*parse_days(period))
            score = index_of(scope, days, known_on=known_on) if options["index"] else None
        except (BadPeriod, BadIndex) as error:
            why = _("%(period)s is no period that can be shown: write 2026-09-17, 2026-09, 2026-Q3 or 2026.")
            raise CommandError(why % {"period": period}, returncode=_UNREADABLE) from error
        facts: dict[str, Any] = {"scope": scope, "period": period, "known_on": options["on"]}
        lines: list[str] = []
        if score:
            facts["index"] = index_facts(score)
            lines += index_lines(score)
        else:
            facts["measures"] = []
            for figure in figures(scope, days, codes=codes, known_on=known_on):
                code = figure.measure.code
                rows = breakdown(Seen(scope, known_on), days, code, By(by)) if by else []
                broken = {"by": broken_facts(rows)} if by else {}
                facts["measures"].append(figure_facts(figure) | broken)
                lines += [*figure_lines(figure), *broken_lines(rows)]
        if options["json"]:
            self._print(facts)
        else:
            self.stdout.write("\n".join(lines))

    def _freeze(self, *, agency: str | None, period: str | None, **options: Any) -> None:
        if not (agency and period):
            raise CommandError(_("Say --agency and --period, or --days."), returncode=_UNREADABLE)
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


def _add_what_to_show(show: ArgumentParser) -> None:
    show.add_argument(
        "--agency", default="", metavar="CODE|PATH", help="with all below; all agencies if empty"
    )
    show.add_argument("--period", required=True, help="2026-09, 2026-Q3, 2026; of measures also 2026-09-17")
    what = show.add_mutually_exclusive_group()
    what.add_argument("--measures", action="store_true", help="ratios, averages: what is divided by what")
    what.add_argument("--index", action="store_true", help="index 766: points, groups, band")
    show.add_argument("--code", action="append", default=[], help="only this measure; more than once")
    show.add_argument("--on", default="", metavar="DAY", help="as the journal told it at the end of that day")
    show.add_argument("--by", default="", choices=["", *By], help="each measure broken down")


def _scope(agency: str) -> str:
    """The path of an agency by its code or path. Raises CommandError."""
    if agency in {"", ALL}:
        return ALL
    rows = Agency.objects.filter(path=agency)
    if agency.startswith("/") and rows.exists():
        return agency
    row = find_agency_by_code(agency, at=timezone.localdate())
    if not row:
        raise CommandError(_("There is no agency %(code)s.") % {"code": agency}, returncode=_UNREADABLE)
    return row.path


def _day(text: str) -> date | None:
    """Raises CommandError."""
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        why = _("%(day)s is no day: write 2026-09-17.") % {"day": text}
        raise CommandError(why, returncode=_UNREADABLE) from error


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
