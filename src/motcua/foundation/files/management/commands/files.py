"""motcua files check|sweep|hold|release"""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser
from dataclasses import asdict
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand
from django.utils import timezone

from motcua.foundation.files.selectors import check_store
from motcua.foundation.files.services import sweep_unused
from motcua.foundation.journal.models import Hold
from motcua.foundation.journal.services import place_hold, release_hold
from motcua.foundation.kernel.actors import SYSTEM


class Command(BaseCommand):
    help = "Check the stored files, erase unused ones, place and release legal holds."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parts = parser.add_subparsers(dest="part", required=True)
        check = parts.add_parser(
            "check", help="compare every content with its SHA-256; status 1 when one is bad"
        )
        sweep = parts.add_parser("sweep", help="erase what nobody uses and retention no longer keeps")
        sweep.add_argument("--dry-run", action="store_true", help="count only")
        hold = parts.add_parser("hold", help="forbid erasing anything about an object")
        release = parts.add_parser("release", help="release all holds on an object")
        for part in (hold, release):
            part.add_argument("object_id", type=UUID, help="a dossier, a person, a file")
        hold.add_argument("--reason", required=True, help="the order that demands it; no personal data")
        for part in (check, sweep, hold, release):
            part.add_argument("--json", action="store_true", help="one JSON object on one line")

    def handle(self, *args: Any, **options: Any) -> None:
        told = getattr(self, f"_{options['part']}")(options)
        if options["json"]:
            self.stdout.write(json.dumps(told))
        else:
            self.stdout.write("\n".join(f"{name}: {_plain(value)}" for name, value in told.items()))
        if told.get("whole") is False:
            sys.exit(1)

    def _check(self, options: dict[str, Any]) -> dict[str, Any]:
        report = check_store(self._progress)
        return {"whole": report.is_whole, **asdict(report)}

    def _sweep(self, options: dict[str, Any]) -> dict[str, Any]:
        dry_run = options["dry_run"]
        return {"dry_run": dry_run, **asdict(sweep_unused(at=timezone.now(), dry_run=dry_run))}

    def _hold(self, options: dict[str, Any]) -> dict[str, Any]:
        object_id, reason = options["object_id"], options["reason"]
        hold = place_hold(actor=SYSTEM, object_id=object_id, reason=reason, at=timezone.now())
        return {"hold": str(hold.pk), "on": str(object_id)}

    def _release(self, options: dict[str, Any]) -> dict[str, Any]:
        object_id = options["object_id"]
        holds = Hold.objects.filter(object_id=object_id, released_at=None).order_by("placed_at", "id")
        ids = list(holds.values_list("pk", flat=True))
        for hold_id in ids:
            release_hold(actor=SYSTEM, hold_id=hold_id, at=timezone.now())
        return {"released": [str(hold_id) for hold_id in ids], "on": str(object_id)}

    def _progress(self, checked: int) -> None:
        if checked % 1000 == 0:
            self.stderr.write(f"{checked} contents checked")


def _plain(value: Any) -> str:
    if isinstance(value, dict | list):
        return ", ".join(map(str, value)) or "none"
    return str(value)
