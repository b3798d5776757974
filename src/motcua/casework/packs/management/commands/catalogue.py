"""`motcua catalogue import FILE... | search "WORDS"`."""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from motcua.casework.packs.captured import publish_captured
from motcua.casework.packs.essential import flag_listed
from motcua.casework.packs.evaluating import evaluate
from motcua.foundation.kernel.actors import SYSTEM
from motcua.foundation.kernel.errors import DomainError
from motcua.registry.catalogue.importing import Order, Report, Tell, import_files
from motcua.registry.catalogue.selectors import search_procedures
from motcua.registry.catalogue.words import kind_words


class Command(BaseCommand):
    help = "Import what the national portal publishes, or search the catalogue."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        what = parser.add_subparsers(dest="what", required=True)
        importing = what.add_parser(
            "import", help="Read files of the national portal; all of them, or nothing."
        )
        importing.add_argument("paths", nargs="+", type=Path, metavar="FILE.jsonl|FILE.csv")
        importing.add_argument(
            "--complete", action="store_true", help="what is not in the files was removed from the portal"
        )
        importing.add_argument(
            "--remove-many", action="store_true", help="even if that is more than a tenth of all procedures"
        )
        importing.add_argument("--json", action="store_true", help="one JSON object on standard output")
        searching = what.add_parser("search", help="Find procedures by everyday words, best first.")
        searching.add_argument("words", nargs="?", default="")
        searching.add_argument(
            "--evaluate",
            type=Path,
            metavar="FILE.csv",
            help="questions with the codes meant: how many are found",
        )
        searching.add_argument("--json", action="store_true", help="one JSON object on standard output")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            if options["what"] == "import":
                self._import(options)
            else:
                self._find(options)
        except DomainError as error:
            raise CommandError(str(error)) from error

    def _import(self, options: dict[str, Any]) -> None:
        at = timezone.now()
        order = Order(options["paths"], complete=options["complete"], remove_many=options["remove_many"])
        with _telling(quiet=options["json"]) as tell, transaction.atomic():
            report = import_files(actor=SYSTEM, order=order, at=at, tell=tell)
            flag_listed(settings.PACKS / "vn")
            published = publish_captured(actor=SYSTEM, codes=set(report.touched), at=at)
        if options["json"]:
            self.stdout.write(json.dumps(report.counts() | {"published": published}))
            return
        for line in _lines(report):
            self.stdout.write(line)
        self.stdout.write(f"{published} versions for the general form published.")

    def _find(self, options: dict[str, Any]) -> None:
        if not options["evaluate"]:
            if not options["words"].strip():
                raise CommandError("Enter the words to search for, or --evaluate FILE.csv.")
            self._search(options["words"], is_json=options["json"])
            return
        try:
            score = evaluate(options["evaluate"])
        except (OSError, KeyError, UnicodeDecodeError) as error:
            raise CommandError(f"{options['evaluate']}: {error}") from error
        self.stdout.write(
            json.dumps(score.as_dict(), ensure_ascii=False) if options["json"] else score.in_words()
        )

    def _search(self, words: str, *, is_json: bool) -> None:
        found = search_procedures(words).procedures
        if is_json:
            self.stdout.write(json.dumps({"results": [it.code for it in found]}))
            return
        for procedure in found:
            self.stdout.write(str(procedure))


def _lines(report: Report) -> Iterator[str]:
    yield (
        f"{report.read} rows read: {report.created} procedures new, {report.changed} changed, "
        f"{report.unchanged} as before, {report.removed} removed, {report.returned} back again."
    )
    yield f"{report.doubtful} doubtful values; {report.new_doubts} are new, {report.closed_doubts} are no longer there."
    for kind, count in report.doubts.items():
        yield f"{count:>8}  {kind}: {kind_words(kind)}"
    if report.doubts:
        yield "Work through them at /desk/catalogue/doubts/."


@contextmanager
def _telling(*, quiet: bool) -> Iterator[Tell]:
    """A bar on a terminal, nothing elsewhere: an import takes seconds."""
    if quiet or not sys.stderr.isatty():
        yield lambda what, done, total: None
        return
    columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.percentage:>3.0f} %"))
    with Progress(*columns, TimeElapsedColumn(), console=Console(stderr=True)) as bar:
        tasks: dict[str, TaskID] = {}

        def tell(what: str, done: int, total: int) -> None:
            if what not in tasks:
                tasks[what] = bar.add_task(what, total=total)
            bar.update(tasks[what], completed=done)

        yield tell
