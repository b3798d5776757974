"""Disposition of dossiers: which are closed for so long that their papers may go, and erasing those.

Source: Law on Archives 33/2024/QH15 (disposition by schedule); the register and the journal stay.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Model, Q, QuerySet
from django.utils import timezone

from motcua.casework.dossiers.models import (
    Component,
    Dossier,
    DraftPaper,
    OfficialDocument,
    Opinion,
    SupplementPaper,
    SupplementRequest,
    Upload,
)
from motcua.casework.dossiers.rules.states import Status
from motcua.casework.warehouse.disposing import Disposed, Due, erase_files
from motcua.casework.warehouse.selectors import files_in_use as files_of_warehouse
from motcua.foundation.files.errors import FileInUse
from motcua.foundation.files.models import StoredFile
from motcua.foundation.journal.selectors import locked_holds
from motcua.foundation.journal.services import Happening, record
from motcua.foundation.kernel.actors import SYSTEM

FINISHED, UNSUCCESSFUL = "dossier.file", "dossier.unsuccessful"
_NO_RESULT = (Status.REFUSED, Status.WITHDRAWN, Status.STOPPED)
_IN_DOSSIERS: tuple[type[Model], ...] = (Component, OfficialDocument, Opinion)
_BEFORE: tuple[type[Model], ...] = (DraftPaper, SupplementPaper, Upload)


def _closed(thing: str, before: datetime) -> Q:
    """Dossiers of a class that were closed before a moment: their result was returned, or they ended without one."""
    if thing == FINISHED:
        return Q(status=Status.RETURNED, returned_at__lt=before)
    return Q(status__in=_NO_RESULT, updated_at__lt=before)


def list_due_dossiers(
    thing: str, *, before: datetime, skip: QuerySet[Any], busy: Collection[UUID], limit: int
) -> list[Due]:
    """Dossiers of a class closed before a moment, oldest first; without tests, those whose id `skip` has, and those of
    `busy` agencies. One query."""
    found = Dossier.objects.filter(_closed(thing, before), disposed_at=None, is_test=False)
    rows = found.exclude(pk__in=skip).exclude(agency__in=busy).order_by("submitted_at", "pk")[:limit]
    return [
        Due(
            thing,
            it.pk,
            it.owner_id,
            it.agency_id,
            it.code or it.reference,
            timezone.localdate(it.returned_at or it.updated_at),
        )
        for it in rows
    ]


def files_needed(ids: Collection[UUID], *, apart_from: UUID | None = None) -> set[UUID]:
    """Those of the stored files that drafts, or dossiers not disposed of, need; but for the dossier `apart_from`."""
    kept = Q(dossier__disposed_at=None) & ~Q(dossier=apart_from)
    found = [user._default_manager.filter(kept, file__in=ids) for user in _IN_DOSSIERS]
    found += [user._default_manager.filter(file__in=ids) for user in _BEFORE]
    return {file for rows in found for file in rows.values_list("file_id", flat=True)}


@transaction.atomic
def dispose_dossier(
    dossier_id: UUID, *, thing: str, before: datetime, list_id: UUID, at: datetime
) -> Disposed:
    """Erase what was declared and handed in with a closed dossier and the papers made for it, journalled.

    What stays: the dossier with its code, dates and whose it was (the register), digests of all that was erased, notes
    and opinions as text, the journal; and every file that a document of somebody's warehouse or another dossier needs.
    Nothing happens under a legal hold on it, its owner or a file of it, nor when it is not due. Twice is once.
    """
    dossier = Dossier.objects.select_for_update().get(pk=dossier_id)
    if not Dossier.objects.filter(_closed(thing, before), pk=dossier_id, disposed_at=None).exists():
        return Disposed("not_due")
    if locked_holds([dossier.pk, dossier.owner_id, dossier.applicant_id]):
        return Disposed("held")
    try:
        with transaction.atomic():
            done = erase_files(_files(dossier), needed=partial(_needed, dossier.pk), at=at)
    except FileInUse:
        return Disposed("held")
    _empty(dossier, at)
    facts = {"list": str(list_id), "class": thing, "sha256": [*done.digests], "kept": done.kept}
    happening = Happening(
        "dossier.disposed", "dossier", dossier.pk, concerns_id=dossier.owner_id, facts=facts
    )
    record(actor=SYSTEM, happening=happening, at=at)
    return Disposed("erased", done.digests, done.kept)


def _files(dossier: Dossier) -> list[StoredFile]:
    ids = {
        pk
        for user in _IN_DOSSIERS
        for pk in user._default_manager.filter(dossier=dossier).values_list("file_id", flat=True)
    }
    return list(StoredFile.objects.filter(pk__in=ids))


def _needed(dossier_id: UUID, ids: Collection[UUID]) -> set[UUID]:
    return files_needed(ids, apart_from=dossier_id) | files_of_warehouse(ids)


def _empty(dossier: Dossier, at: datetime) -> None:
    """What was declared goes, and what the papers made of it say."""
    dossier.answers, dossier.disposed_at, dossier.updated_at = {}, at, at
    dossier.save(update_fields=["answers", "disposed_at", "updated_at"])
    SupplementRequest.objects.filter(dossier=dossier).update(before={})
    for document in OfficialDocument.objects.filter(dossier=dossier):
        document.content = {"code": document.content.get("code", dossier.code or dossier.reference)}
        document.save(update_fields=["content"])
