"""A supplement in one call, through the API: papers that were sent ahead, and corrected answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from motcua.casework.dossiers.errors import AnswersRefused, PaperUnknown
from motcua.casework.dossiers.models import Dossier, SupplementPaper, SupplementRequest
from motcua.casework.dossiers.services.acting import Target
from motcua.casework.dossiers.services.corrected import correct
from motcua.casework.dossiers.services.filing import UNKNOWN_FILE
from motcua.casework.dossiers.services.supplements import (
    keep_rows,
    kept_before,
    lock_own,
    open_request,
    supplement,
)
from motcua.casework.dossiers.services.uploads import find_sent_ahead
from motcua.foundation.files.services import store_checked
from motcua.foundation.kernel.actors import Actor
from motcua.registry.access.clients.calls import Caller


@dataclass(frozen=True, slots=True)
class Brought:
    """`answers`: by the form's field names, None empties one. `papers`: ids of files that were sent ahead, by the
    number of the item (from 0), or by the component that the corrected answers ask for."""

    answers: Mapping[str, Any]
    papers: Mapping[str, Sequence[UUID]]


@transaction.atomic
def bring(*, actor: Actor, caller: Caller, target: Target, brought: Brought, at: datetime) -> Dossier:
    """Keep the papers and send everything, or nothing at all.

    Raises PaperUnknown (no such item), AnswersRefused (no such file), TooManyPapers, and as `supplement` does.
    """
    dossier = lock_own(actor, target.dossier_id)
    request = open_request(dossier, target.revision)
    keep_rows(request, correct(dossier, request.items, brought.answers, []).rows, [])
    for name, ids in brought.papers.items():
        _keep(request, _row(request, name), ids, caller, path=f"/papers/{name}")
    return supplement(
        actor=actor, dossier_id=dossier.id, revision=target.revision, answers=brought.answers, at=at
    )


def _row(request: SupplementRequest, name: str) -> int:
    """The item a paper is for. Raises PaperUnknown."""
    for index, row in enumerate(request.items):
        named = row.get("component") if row.get("follows") else str(index)
        if named == name and "field" not in row:
            return index
    raise PaperUnknown(name=name)


def _keep(request: SupplementRequest, item: int, ids: Sequence[UUID], caller: Caller, *, path: str) -> None:
    found = find_sent_ahead(caller, [str(one) for one in ids])
    if not found:
        raise AnswersRefused(
            errors=[{"path": path, "code": "unknown_file", "detail": str(UNKNOWN_FILE)}],
        )
    dossier = request.dossier
    for checked in found:
        if not kept_before(request, item, checked.sha256):
            stored = store_checked(checked, belongs_to=dossier.id, owner_id=dossier.owner_id)
            SupplementPaper.objects.create(request=request, item=item, file=stored)
