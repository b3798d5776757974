"""`motcua organisations load FILE`: enter agencies, units, posts and officers from a file."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from motcua.foundation.kernel.actors import SYSTEM
from motcua.registry.organisations.services.loading import Loaded, load_file
from motcua.registry.organisations.words import problem_words

_UNREADABLE = 2


class Command(BaseCommand):
    help = "Enter agencies, units, posts and officers from a file. Exit status: 0 done, 1 problems, 2 unreadable."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parts = parser.add_subparsers(dest="part", required=True)
        load = parts.add_parser("load", help="Enter what is not there yet. All of the file or nothing.")
        load.add_argument(
            "file", type=Path, help="YAML, CSV or XLSX; docs/guides/administrator.md has the columns"
        )
        load.add_argument("--dry-run", action="store_true", help="check and count, enter nothing")
        load.add_argument("--json", action="store_true", help="one JSON object on one line, nothing else")

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["file"]
        try:
            content = path.read_bytes()
        except OSError as problem:
            raise CommandError(f"{path}: {problem.strerror}", returncode=_UNREADABLE) from problem
        loaded = load_file(
            actor=SYSTEM, content=content, name=path.name, dry_run=options["dry_run"], at=timezone.now()
        )
        if options["json"]:
            self.stdout.write(json.dumps(_facts(loaded, options["dry_run"]), ensure_ascii=False))
        else:
            self._tell(loaded, options["dry_run"])
        if loaded.problems:
            raise SystemExit(1)

    def _tell(self, loaded: Loaded, dry_run: bool) -> None:
        for problem in loaded.problems:
            where = f"line {problem.line}: " if problem.line else ""
            self.stdout.write(where + problem_words(problem.code, problem.fields))
        if loaded.problems:
            self.stdout.write(f"\nNothing was entered: {len(loaded.problems)} problems.")
            return
        counts = ", ".join(f"{kind} {count}" for kind, count in loaded.counts.items())
        done = "Would be entered" if dry_run else "Entered"
        self.stdout.write(f"{done}: {counts}. Unchanged: {loaded.unchanged}.")


def _facts(loaded: Loaded, dry_run: bool) -> dict[str, Any]:
    problems = [
        {"line": it.line, "code": it.code, "text": problem_words(it.code, it.fields)}
        for it in loaded.problems
    ]
    entered = loaded.counts if not loaded.problems else dict.fromkeys(loaded.counts, 0)
    return {"entered": entered, "unchanged": loaded.unchanged, "problems": problems, "dry_run": dry_run}
