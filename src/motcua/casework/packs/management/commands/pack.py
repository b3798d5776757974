"""`motcua pack lint|load PATH`."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from motcua.casework.packs.common import BadWords, lint_common, read_common
from motcua.casework.packs.services import (
    BadPack,
    advise_pack,
    lint_examples,
    lint_pack,
    load_pack,
    read_pack,
)
from motcua.foundation.kernel.actors import SYSTEM


class Command(BaseCommand):
    help = "Check a pack of procedures (lint) or publish it (load)."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("what", choices=["lint", "load"])
        parser.add_argument("path", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            if options["what"] == "lint":
                self._lint(options["path"])
            else:
                counts = load_pack(actor=SYSTEM, path=options["path"], at=timezone.now())
                self.stdout.write(", ".join(f"{name}: {count}" for name, count in counts.items()))
        except (BadPack, BadWords) as error:
            raise CommandError(str(error)) from error

    def _lint(self, path: Path) -> None:
        pack = read_pack(path)
        findings = [*lint_pack(pack), *lint_common(read_common(path)), *lint_examples(pack)]
        for finding in findings:
            self.stdout.write(finding)
        if (path / "plain_language.yaml").exists():
            for advice in advise_pack(pack):
                self.stdout.write(f"Advice: {advice}")
        if findings:
            raise CommandError(f"{len(findings)} finding(s)")
        self.stdout.write("No findings.")
