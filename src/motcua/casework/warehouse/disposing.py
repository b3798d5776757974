"""Disposition of documents: what is over for so long that its content may go, and erasing it.

A document in force is never due. Source: Law on Archives 33/2024/QH15 (disposition by schedule).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from motcua.casework.warehouse.models import Document, EarlierFile
from motcua.foundation.files.errors import FileInUse
from motcua.foundation.files.models import StoredFile
from motcua.foundation.files.services import dispose_content
from motcua.foundation.journal.selectors import locked_holds
from motcua.foundation.journal.services import Happening, record
from motcua.foundation.kernel.actors import SYSTEM

DOCUMENT_OVER = "document.over"
# Those of some stored files that something needs which is not disposed of itself.
Needed = Callable[[Collection[UUID]], set[UUID]]
Result = Literal["erased", "held", "needed", "not_due"]


@dataclass(frozen=True, slots=True)
class Due:
    """Something whose time for keeping is over. thing: its class in the schedule. label: a code or number, no name."""

    thing: str
    object_id: UUID
    owner_id: UUID
    agency_id: UUID
    label: str
    closed_on: date


@dataclass(frozen=True, slots=True)
class Disposed:
    """What became of it. digests: SHA-256 of the contents erased. kept: files that something else still needs."""

    result: Result
    digests: tuple[str, ...] = ()
    kept: int = 0


def _over(before: datetime) -> Q:
    ended = Q(ended_at__lt=before)
    return ended | Q(valid_to__lt=timezone.localdate(before))


def list_due_documents(
    *, before: datetime, skip: QuerySet[Any], busy: Collection[UUID], limit: int
) -> list[Due]:
    """Delivered documents that were revoked, replaced or had expired before a moment, oldest first; without those whose
    id `skip` has, and those of `busy` agencies. One query."""
    found = Document.objects.filter(_over(before), delivered_at__isnull=False, file__disposed_at=None)
    found = (
        found.exclude(pk__in=skip).exclude(agency__in=busy).filter(is_test=False).order_by("issued_at", "pk")
    )
    rows = found.only("id", "owner_id", "agency_id", "kind", "number", "ended_at", "valid_to")
    return [
        Due(DOCUMENT_OVER, it.pk, it.owner_id, it.agency_id, f"{it.kind} {it.number}", _closed(it))
        for it in rows[:limit]
    ]


def _closed(document: Document) -> date:
    days = [document.valid_to, timezone.localdate(document.ended_at) if document.ended_at else None]
    return min(day for day in days if day)


@transaction.atomic
def dispose_document(
    document_id: UUID, *, before: datetime, list_id: UUID, needed: Needed, at: datetime
) -> Disposed:
    """Erase the files of a document that is over, journalled; the document itself stays, with the digests.

    Files that `needed` names stay. Nothing happens under a legal hold on it, its owner, its dossier or its files, nor
    when it is not due any more. Twice is once.
    """
    document = Document.objects.select_for_update(of=("self",)).select_related("file").get(pk=document_id)
    if not Document.objects.filter(_over(before), pk=document_id, file__disposed_at=None).exists():
        return Disposed("not_due")
    if locked_holds([document.pk, document.owner_id, document.subject, document.brought_with or document.pk]):
        return Disposed("held")
    earlier = EarlierFile.objects.filter(document=document).select_related("file")
    try:
        with transaction.atomic():
            done = erase_files([document.file, *(it.file for it in earlier)], needed=needed, at=at)
    except FileInUse:
        return Disposed("held")
    if done.result == "erased":
        facts = {"list": str(list_id), "class": DOCUMENT_OVER, "sha256": [*done.digests], "kept": done.kept}
        happening = Happening(
            "document.disposed", "document", document.pk, concerns_id=document.owner_id, facts=facts
        )
        record(actor=SYSTEM, happening=happening, at=at)
    return done


def erase_files(files: Iterable[StoredFile], *, needed: Needed, at: datetime) -> Disposed:
    """Erase the contents of files but those that something else needs, in the caller's transaction.

    Raises FileInUse when a legal hold lies on one of them.
    """
    present = {it.pk: it for it in files if not it.disposed_at}
    busy = needed([*present])
    gone = [it for pk, it in sorted(present.items()) if pk not in busy]
    for file in gone:
        dispose_content(file=file, at=at)
    digests = tuple(sorted({it.sha256 for it in gone}))
    return Disposed("erased" if gone else "needed", digests, len(present) - len(gone))
