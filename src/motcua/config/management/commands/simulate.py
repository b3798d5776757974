"""`motcua simulate`: enter made-up dossiers, in every state, spread over the past months; or play a scenario."""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from motcua.casework.dossiers.rules.states import Status
from motcua.config.simulation.desks import open_desks
from motcua.config.simulation.entering import Outcome, Plan, simulate
from motcua.config.simulation.ordering import (
    NATION,
    PROVINCE,
    SCENARIOS,
    Asked,
    Refused,
    facts_folder,
    holds_nation,
    run_nation,
    run_province,
)
from motcua.foundation.kernel.errors import DomainError

# Starting another process takes as long as some thousand dossiers.
WORTH_A_PROCESS = 10_000
_USUAL = {PROVINCE: 20_000, NATION: 33_000_000}


class Command(BaseCommand):
    help = "Enter made-up dossiers in every state (in a demonstration or test installation only)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--dossiers", type=int, help="how many; needed but for --compare")
        parser.add_argument("--scenario", choices=SCENARIOS, help="what is played (docs/scenarios.md)")
        parser.add_argument("--facts", action="store_true", help="of the nation: facts alone, no dossiers")
        parser.add_argument(
            "--compare", action="store_true", help="hold what was played before against its ledger again"
        )
        parser.add_argument("--seed", type=int, default=1)
        parser.add_argument(
            "--agency", default="", help="code of one agency; all with a one-stop desk by default"
        )
        parser.add_argument(
            "--everywhere", action="store_true", help="first give every commune a desk with made-up officers"
        )
        parser.add_argument("--workers", type=int, help="processes at work; 1 for few dossiers, else 2")
        parser.add_argument("--until", type=date.fromisoformat, help="everything lies before this day; today")
        parser.add_argument("--json", action="store_true", help="one JSON object on one line, nothing else")
        parser.add_argument("--yes-this-is-a-test-installation", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO and not options["yes_this_is_a_test_installation"]:
            raise CommandError(
                "Made-up dossiers cannot be removed again. If this installation holds no real people, "
                "say so with --yes-this-is-a-test-installation."
            )
        now = timezone.now()
        usual = _USUAL.get(options["scenario"], 0)
        if (usual if options["dossiers"] is None else options["dossiers"]) < 1:
            raise CommandError("--dossiers must be at least 1.")
        if options["compare"] and options["scenario"] != PROVINCE:
            raise CommandError(
                f"--compare holds what --scenario {PROVINCE} played against its ledger: name it."
            )
        if options["scenario"] != NATION and holds_nation():
            raise CommandError(
                f"{facts_folder()} holds a made-up nation's facts, whose tallies follow no journal: dossiers need "
                "an installation of their own (another MOTCUA_VAR)."
            )
        if options["scenario"]:
            self._play(options, now)
            return
        plan = Plan(
            dossiers=options["dossiers"],
            seed=options["seed"],
            until=options["until"] or timezone.localdate(now),
            agency=options["agency"],
            workers=options["workers"] or (2 if options["dossiers"] >= WORTH_A_PROCESS else 1),
        )
        if options["everywhere"]:
            open_desks(at=now)
        with _progress(plan.dossiers, quiet=options["json"]) as progress:
            try:
                outcome = simulate(plan, at=now, progress=progress)
            except DomainError as error:
                raise CommandError(str(error)) from error
        self.stdout.write(json.dumps(_facts(plan, outcome)) if options["json"] else _words(plan, outcome))

    def _play(self, options: dict[str, Any], now: datetime) -> None:
        dossiers = options["dossiers"] or _USUAL[options["scenario"]]
        until = options["until"] or timezone.localdate(now)
        asked = Asked(dossiers, options["seed"], until, only_compare=options["compare"])
        if options["scenario"] == NATION and not options["facts"]:
            raise CommandError("A nation's dossiers are written as facts alone: add --facts.")
        try:
            if options["scenario"] == NATION:
                said = run_nation(asked, at=now, tell=_told(quiet=options["json"]))
            else:
                with _progress(dossiers, quiet=options["json"] or asked.only_compare) as progress:
                    said = run_province(asked, at=now, progress=progress)
        except Refused as error:
            raise CommandError(str(error)) from error
        self.stdout.write(json.dumps(said.facts) if options["json"] else "\n".join(said.lines))
        if not said.is_right:
            sys.exit(1)


def _told(*, quiet: bool) -> Callable[[str, int], None]:
    return (lambda what, rows: None) if quiet else (lambda what, rows: _say(f"{rows:,} rows of {what}"))


def _say(words: str) -> None:
    print(words, file=sys.stderr, flush=True)  # noqa: T201


def _facts(plan: Plan, outcome: Outcome) -> dict[str, Any]:
    return {
        "dossiers": plan.dossiers,
        "seed": plan.seed,
        "until": plan.until.isoformat(),
        "by_status": {
            Status(status).name.lower(): count for status, count in sorted(outcome.by_status.items())
        },
        "drafts": outcome.drafts,
        "seconds": round(outcome.seconds, 2),
        "rate": round(plan.dossiers / outcome.seconds),
    }


def _words(plan: Plan, outcome: Outcome) -> str:
    facts = _facts(plan, outcome)
    states = ", ".join(f"{count} {name.replace('_', ' ')}" for name, count in facts["by_status"].items())
    return f"{plan.dossiers} dossiers in {facts['seconds']} s, {facts['rate']} a second: {states}."


@contextmanager
def _progress(total: int, *, quiet: bool) -> Iterator[Callable[[int], None]]:
    """A bar on a terminal, a line now and then elsewhere, nothing when quiet."""
    console = Console(stderr=True, highlight=False)
    if quiet:
        yield lambda entered: None
    elif console.is_terminal:
        columns = (TextColumn("Dossiers"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
        # No thread that refreshes it: processes are forked meanwhile.
        with Progress(*columns, console=console, auto_refresh=False) as bar:
            task = bar.add_task("", total=total)
            yield lambda entered: bar.update(task, advance=entered, refresh=True)
    else:
        yield _lines(total)


def _lines(total: int) -> Callable[[int], None]:
    entered, said = 0, 0

    def tell(count: int) -> None:
        nonlocal entered, said
        entered += count
        tenth = entered * 10 // total
        if tenth > said:
            said = tenth
            _say(f"{entered} of {total} dossiers")

    return tell
