"""Pages of digitisation in the states that the table's dossier is not in."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.urls import reverse
from django.utils import timezone

from motcua.casework.dossiers.services.copies import Copying, certify_copy
from motcua.casework.dossiers.tests.factories import MORNING, World, submitted
from motcua.casework.dossiers.tests.scanned import PAPER, digitised


def digitising_pages(world: World) -> Iterator[tuple[Any, str, str]]:
    """(who, name, address)."""
    clerk = world.desk.reception
    waiting, broken, copied = (submitted(world.desk, world.mother) for _ in range(3))
    running = digitised(clerk, waiting.id, state="running", pages=12, pages_done=5, finished_at=None)
    running.asked_at = timezone.now()
    running.save(update_fields=["asked_at"])
    problem = {"problem": "scan_dark", "problem_fields": {"page": 3}}
    digitised(clerk, broken.id, state="failed", pages_done=0, **problem)
    row = digitised(clerk, copied.id)
    assert row.file
    copying = Copying("original", row.file.sha256, compared=True)
    certify_copy(actor=clerk, subject=copied.id, component=PAPER, copying=copying, at=MORNING)
    for dossier, name in ((waiting, "running"), (broken, "failed"), (copied, "copied")):
        yield clerk, f"digitising {name}", reverse("desk:digitising-paper", args=[dossier.id, PAPER])
    yield clerk, "digitising list running", reverse("desk:digitising", args=[waiting.id])
