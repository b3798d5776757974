"""`motcua pack lint|load PATH`, `motcua pack schema [NAME]`."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from motcua.casework.packs.linting import lint_path
from motcua.casework.packs.reports import Report, exit_status
from motcua.casework.packs.rules.findings import LEVELS
from motcua.casework.packs.rules.shape import NAMES, schema_text
from motcua.casework.packs.services import BadPack, load_pack
from motcua.foundation.kernel.actors import SYSTEM
from motcua.foundation.worktime.calendars import VIETNAM


class Command(BaseCommand):
    help = "Check a pack of procedures (lint), publish it (load), or print the schema of one of its files (schema)."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        acts = parser.add_subparsers(dest="what", required=True)
        lint = acts.add_parser(
            "lint",
            help="every finding with file, line, why and how to mend it; 0 good, 1 errors, 2 unreadable",
        )
        lint.add_argument("path", type=Path, help="a pack, or the folder of one procedure")
        lint.add_argument("--json", action="store_true", help="findings as JSON")
        lint.add_argument(
            "--level", choices=LEVELS, default="advice", help="leave out what is less than this"
        )
        load = acts.add_parser("load", help="check and publish everything in it, or nothing")
        load.add_argument("path", type=Path)
        schema = acts.add_parser("schema", help="print the JSON Schema of a file, or the names of all")
        schema.add_argument("name", nargs="?", choices=NAMES)

    def handle(self, *args: Any, **options: Any) -> None:
        match options["what"]:
            case "lint":
                self._lint(options["path"], options["level"], as_json=options["json"])
            case "schema":
                self.stdout.write(schema_text(options["name"]) if options["name"] else "\n".join(NAMES))
            case _:
                self._load(options["path"])

    def _load(self, path: Path) -> None:
        try:
            counts = load_pack(actor=SYSTEM, path=path, at=timezone.now())
        except BadPack as error:
            raise CommandError(str(error)) from error
        self.stdout.write(", ".join(f"{name}: {count}" for name, count in counts.items()))

    def _lint(self, path: Path, level: str, *, as_json: bool) -> None:
        found = lint_path(path, today=timezone.now().astimezone(VIETNAM).date())
        shown = [it for it in found if LEVELS.index(it.level) <= LEVELS.index(level)]  # type: ignore[arg-type]
        if as_json:
            self.stdout.write(json.dumps([asdict(it) for it in shown], ensure_ascii=False, indent=1))
        else:
            report = Report(path, colours=self.stdout.isatty())
            for finding in shown:
                self.stdout.write(report.lines(finding))
            self.stdout.write(report.last_line(found))
        if status := exit_status(found):
            raise SystemExit(status)
