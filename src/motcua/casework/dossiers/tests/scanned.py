"""Digitised papers as a job leaves them, without the programs that read scans."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from motcua.casework.dossiers.models import Component, Digitisation
from motcua.casework.dossiers.tests.factories import MORNING
from motcua.foundation.files.services import store_bytes
from motcua.foundation.files.tests.scan_factories import printed
from motcua.foundation.kernel.actors import Actor

PAPER = "birth_evidence"
LINES = (
    "GIẤY CHỨNG SINH",
    "Số: 0123/2026-BVPS",
    "Họ và tên mẹ: Nguyễn Thị Hồng Hạnh",
    "Số định danh cá nhân: 001194012345",
)


def digitised(clerk: Actor, dossier_id: UUID, **changes: Any) -> Digitisation:
    """The dossier's birth evidence, made searchable; changes: of the row."""
    rows = Component.objects.filter(dossier=dossier_id, code=PAPER).order_by("id")
    made: dict[str, Any] = {
        "state": "done",
        "pages": 1,
        "pages_done": 1,
        "finished_at": MORNING,
        "has_words": True,
    }
    made |= changes
    if made["state"] == "done":
        made["file"] = store_bytes(
            content=printed(LINES), name="p.pdf", media_type="application/pdf", belongs_to=dossier_id
        )
    return Digitisation.objects.create(
        subject=dossier_id,
        component=PAPER,
        sources=[str(row.file_id) for row in rows],
        asked_by=clerk.person_id,
        asked_at=MORNING,
        **made,
    )
