"""`motcua journal`: verify, replay, consumers, dead-letters, extract, proof."""

from __future__ import annotations

import json
import sys
import time
from argparse import ArgumentParser, ArgumentTypeError
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError
from django.db import Error
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import gettext as _
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from motcua.foundation.journal.contributions import Criteria
from motcua.foundation.journal.proving import make_proof
from motcua.foundation.journal.report import Report
from motcua.foundation.journal.selectors import journal_state, last_position, list_dead_letters
from motcua.foundation.journal.services import make_extract, replay, retry_dead_letter
from motcua.foundation.journal.verification import verify_journal
from motcua.foundation.kernel.actors import SYSTEM
from motcua.foundation.kernel.errors import DomainError

_WHOLE, _NOT_WHOLE, _UNCHECKED = 0, 1, 2
_SECONDS_BETWEEN_LINES = 10


class Command(BaseCommand):
    help = "Look after the journal: verify its seals, follow it again, make extracts and proofs."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parts = parser.add_subparsers(dest="part", required=True)
        verify = parts.add_parser(
            "verify", help="Find what was changed. Exit status: 0 whole, 1 not, 2 it cannot be checked."
        )
        verify.add_argument("--from", dest="start", type=_position, default=1, metavar="POSITION")
        again = parts.add_parser("replay", help="Let a consumer follow again what it has followed.")
        again.add_argument("consumer")
        again.add_argument("--from", dest="start", type=_position, default=1, metavar="POSITION")
        states = parts.add_parser("consumers", help="Who follows the journal, and how far each has come.")
        letters = parts.add_parser("dead-letters", help="What consumers could not handle.")
        letters.add_argument("--retry", type=int, metavar="NUMBER")
        for part in (verify, again, states, letters):
            part.add_argument("--json", action="store_true", help="one JSON object on one line, nothing else")
        _add_extract(parts.add_parser("extract", help="A signed PDF of entries, for an auditor."))
        proof = parts.add_parser(
            "proof", help="The file that proves, offline, that an entry stands in the journal."
        )
        proof.add_argument("entry", type=UUID)
        proof.add_argument("--output", type=Path, required=True)

    def handle(self, *args: Any, **options: Any) -> None:
        parts: dict[str, Callable[..., None]] = {
            "verify": self._verify,
            "replay": self._replay,
            "consumers": self._consumers,
            "dead-letters": self._dead_letters,
            "extract": self._extract,
            "proof": self._proof,
        }
        try:
            parts[options["part"]](**options)
        except DomainError as error:
            raise CommandError(str(error)) from error

    def _verify(self, *, start: int, **options: Any) -> None:
        try:
            with _progress(quiet=options["json"]) as progress:
                report = verify_journal(from_position=start, progress=progress)
        except (Error, OSError) as error:
            if options["json"]:
                self._print({"verdict": "unchecked", "error": type(error).__name__})
            raise CommandError(
                _("The journal cannot be checked: %(why)s") % {"why": error}, returncode=_UNCHECKED
            ) from error
        if options["json"]:
            self._print(_facts(report))
        else:
            self.stdout.write("\n".join(_sentences(report)))
        sys.exit(_NOT_WHOLE if report.fault_count else _UNCHECKED if report.unchecked else _WHOLE)

    def _replay(self, *, consumer: str, start: int, **options: Any) -> None:
        replay(actor=SYSTEM, consumer=consumer, from_position=start - 1, at=timezone.now())
        if options["json"]:
            self._print({"consumer": consumer, "from": start})
        else:
            self.stdout.write(
                _("%(consumer)s follows again from position %(position)s.")
                % {"consumer": consumer, "position": start}
            )

    def _consumers(self, **options: Any) -> None:
        state = journal_state()
        if options["json"]:
            self._print({"sealed": state.sealed, "consumers": [asdict(it) for it in state.consumers]})
            return
        for it in state.consumers:
            self.stdout.write(
                _("%(name)s: at position %(position)s, %(lag)s behind, %(letters)s dead letters.")
                % {"name": it.name, "position": it.position, "lag": it.lag, "letters": it.dead_letters}
            )

    def _dead_letters(self, *, retry: int | None, **options: Any) -> None:
        if retry is not None:
            done = retry_dead_letter(actor=SYSTEM, letter_id=retry, at=timezone.now())
            if options["json"]:
                self._print({"id": retry, "resolved": done})
            else:
                self.stdout.write(_("It was handled.") if done else _("It failed again."))
            sys.exit(0 if done else 1)
        letters = list_dead_letters()
        names = ("id", "consumer", "position", "entry_id", "reason", "tries", "first_at", "last_at")
        if options["json"]:
            self._print({"dead_letters": [{name: getattr(it, name) for name in names} for it in letters]})
            return
        for it in letters:
            self.stdout.write(
                _("%(id)s: %(consumer)s at position %(position)s, %(reason)s, %(tries)s tries.")
                % {name: getattr(it, name) for name in names}
            )

    def _extract(self, *, reason: str, output: Path, **options: Any) -> None:
        criteria = Criteria(**{name: options[name] for name in _CRITERIA if options[name]})
        pdf = make_extract(actor=SYSTEM, criteria=criteria, reason=reason, at=timezone.now())
        _write(output, pdf)

    def _proof(self, *, entry: UUID, output: Path, **options: Any) -> None:
        _write(output, make_proof(entry))

    def _print(self, value: dict[str, Any]) -> None:
        self.stdout.write(json.dumps(value, ensure_ascii=False, default=str))


_CRITERIA = ("person", "officer", "agency", "object", "kind", "begins", "ends")


def _add_extract(parser: ArgumentParser) -> None:
    for name in ("person", "officer", "agency", "object"):
        parser.add_argument(f"--{name}", type=UUID, metavar="UUID")
    parser.add_argument("--kind", default="", help="dossier.signed, or dossier. for all acts on dossiers")
    parser.add_argument("--from", dest="begins", type=_moment, metavar="TIME", help="local day or time")
    parser.add_argument("--to", dest="ends", type=_moment, metavar="TIME", help="up to, not including")
    parser.add_argument("--reason", required=True)
    parser.add_argument("--output", type=Path, required=True, metavar="FILE.pdf")


def _position(text: str) -> int:
    try:
        if (position := int(text)) >= 1:
            return position
    except ValueError:
        pass
    raise ArgumentTypeError(_("Positions begin with 1."))


def _moment(text: str) -> datetime:
    try:
        day, moment = parse_date(text), parse_datetime(text)
    except ValueError:
        day = moment = None
    if moment is None and day is not None:
        moment = datetime(day.year, day.month, day.day)  # noqa: DTZ001  made aware below
    if moment is None:
        raise ArgumentTypeError(_("Write a day or a time as 2026-03-02 or 2026-03-02T14:00."))
    return moment if timezone.is_aware(moment) else timezone.make_aware(moment)


def _write(path: Path, data: bytes) -> None:
    try:
        path.write_bytes(data)
    except OSError as error:
        raise CommandError(_("The file cannot be written: %(why)s") % {"why": error.strerror}) from error


def _facts(report: Report) -> dict[str, Any]:
    verdict = "whole" if report.is_whole else "not_whole" if report.fault_count else "unchecked"
    return {"verdict": verdict, **asdict(report)}


def _sentences(report: Report) -> Iterator[str]:
    counts = {"entries": report.entries, "batches": report.batches, "stamps": report.stamps}
    yield _("%(entries)s entries in %(batches)s batches, %(stamps)s time stamps.") % counts
    for fault in report.faults:
        where = "?" if fault.position is None else fault.position
        words = {"position": where, "kind": fault.kind, "entry": fault.entry_id or "", "note": fault.note}
        yield _("Position %(position)s: %(kind)s %(entry)s %(note)s") % words
    for name in report.unchecked:
        yield _("This could not be checked: %(what)s.") % {"what": name}
    if report.is_whole:
        yield _("The journal is whole.")
    elif report.fault_count:
        yield _("The journal is not whole: %(count)s faults.") % {"count": report.fault_count}


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
