"""`motcua checkup`: what is wrong with this installation, and how to mend it."""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone, translation

from motcua.config.checkup.findings import Finding, State
from motcua.config.checkup.running import Report, run_checks

_MARKS = {State.OK: "ok  ", State.WARN: "WARN", State.FAIL: "FAIL"}


class Command(BaseCommand):
    help = (
        "Say what is wrong with this installation and how to mend it. Changes nothing. "
        "Exit status: 0 nothing fails (there may be warnings), 1 something fails, 2 not everything could be looked at."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="one JSON object on one line, nothing else")

    def handle(self, *args: Any, **options: Any) -> None:
        # Some of it stands on a page, too, in the reader's language.
        with translation.override("en"):
            report = run_checks(at=timezone.now())
        self.stdout.write(json.dumps(_facts(report)) if options["json"] else _words(report))
        sys.exit(report.status)


def _facts(report: Report) -> dict[str, Any]:
    return {
        "status": report.status,
        "findings": [{"name": name, **asdict(finding)} for name, finding in report.findings.items()],
        "not_looked_at": dict(report.blind),
    }


def _words(report: Report) -> str:
    lines = [line for name, finding in report.findings.items() for line in _lines(name, finding)]
    lines += [f"????  {name}: could not be looked at ({kind})" for name, kind in report.blind.items()]
    states = [finding.state for finding in report.findings.values()]
    counts = (
        f"{states.count(State.FAIL)} fail, {states.count(State.WARN)} warn, {states.count(State.OK)} are well"
    )
    return "\n".join([*lines, "", f"{counts}."])


def _lines(name: str, finding: Finding) -> list[str]:
    lines = [f"{_MARKS[finding.state]}  {name}: {finding.says}"]
    if finding.mend:
        lines.append(f"      {finding.mend}")
    if finding.command:
        lines.append(f"      $ {finding.command}")
    return lines
