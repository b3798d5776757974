"""`motcua analyse "SELECT …"`: questions to the facts of dossiers, in chDB; `--export` writes the facts first."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from motcua.foundation.kernel.errors import DomainError
from motcua.oversight.indicators.exporting import export_facts
from motcua.oversight.indicators.facts import COLUMNS, FORMATS, MARKER, Limits, analyse


class Command(BaseCommand):
    help = "Ask the facts of dossiers (table `facts`) in ClickHouse's SQL: read only, within limits."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "question", nargs="?", help='as "SELECT channel, count() FROM facts GROUP BY channel"'
        )
        parser.add_argument(
            "--export", action="store_true", help="first write the facts of this installation anew"
        )
        parser.add_argument("--columns", action="store_true", help="name the columns of `facts`")
        parser.add_argument("--folder", type=Path, help="where the files lie; facts in MOTCUA_VAR")
        parser.add_argument("--format", choices=list(FORMATS), default="table")
        parser.add_argument("--memory", type=int, default=2_000, metavar="MB", help="at most; 2000")
        parser.add_argument("--seconds", type=int, default=60, help="at most; 60")

    def handle(self, *args: Any, **options: Any) -> None:
        folder = options["folder"] or Path(settings.VAR) / "facts"
        try:
            if options["columns"]:
                self.stdout.write("\n".join(f"{name:16} {kind}" for name, kind in COLUMNS.items()))
            if options["export"]:
                self._export(folder)
            if options["question"]:
                limits = Limits(memory=options["memory"] * 1_000_000, seconds=options["seconds"])
                said = analyse(options["question"], folder, shape=options["format"], limits=limits)
                self._warn(folder)
                self.stdout.write(said.rstrip("\n"))
        except DomainError as error:
            raise CommandError(str(error)) from error
        if not any(options[it] for it in ("columns", "export", "question")):
            raise CommandError('Ask something: motcua analyse "SELECT count() FROM facts", or --export.')

    def _export(self, folder: Path) -> None:
        if (folder / MARKER).exists():
            raise CommandError(f"{folder} holds the facts of a made-up nation; name another --folder.")
        self.stderr.write(f"{export_facts(folder):,} dossiers in {folder}.")

    def _warn(self, folder: Path) -> None:
        """Whoever reads the answer knows what it is about."""
        if (folder / MARKER).exists():
            said = json.loads((folder / MARKER).read_text(encoding="utf-8"))
            self.stderr.write(f"Made-up facts of a nation, {said['dossiers']:,} dossiers: nobody's figures.")
