"""Opening what was made of papers: permission as for the papers themselves, readings on the record."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from motcua.casework.dossiers.models import Digitisation, Draft
from motcua.casework.dossiers.policies import own_drafts
from motcua.casework.dossiers.selectors import get_dossier, papers_for, record_reading
from motcua.casework.dossiers.services.digitising import Held
from motcua.foundation.files.models import StoredFile
from motcua.foundation.kernel.actors import Actor
from motcua.foundation.kernel.errors import NotFound


@transaction.atomic
def record_opening(actor: Actor, held: Held, *, at: datetime, file: StoredFile | None = None) -> None:
    """Put on the record that a dossier's paper, or what it says, was shown; of a draft nothing is recorded."""
    if held.is_draft:
        return
    kind, facts = ("dossier.file_read", {"file": str(file.pk)}) if file else ("dossier.read", {})
    record_reading(actor, get_dossier(actor, held.id), kind, facts, at)


@transaction.atomic
def open_digitised(
    actor: Actor, subject: UUID, component: str, *, certified: bool, at: datetime
) -> StoredFile:
    """The searchable file of a paper, or its certified copy, for who may open the paper. Raises NotFound."""
    rows = Digitisation.objects.filter(subject=subject, component=component, file__isnull=False)
    row = rows.select_related("file", "copy").order_by("-asked_at", "-id").first()
    file = (row.copy if certified else row.file) if row else None
    if not file:
        raise NotFound
    if actor.is_officer and Draft.objects.filter(own_drafts(actor), pk=subject).exists():
        return file
    dossier = get_dossier(actor, subject)
    if not actor.is_officer or component not in {paper.code for paper in papers_for(actor, dossier)}:
        raise NotFound
    record_reading(actor, dossier, "dossier.file_read", {"file": str(file.pk)}, at)
    return file


def made_of(dossier_id: UUID, components: Collection[str]) -> dict[str, dict[str, Any]]:
    """Component -> `pages`, `number` of its certified copy ("" without one), for papers that are digitised. One query,
    none without components."""
    if not components:
        return {}
    rows = Digitisation.objects.filter(
        subject=dossier_id, component__in=components, state=Digitisation.State.DONE
    )
    return {
        row["component"]: {"pages": row["pages"], "number": row["copy_number"]}
        for row in rows.order_by("asked_at", "id").values("component", "pages", "copy_number")
    }
