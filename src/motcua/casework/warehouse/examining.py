"""Whether the signatures of what lies in the warehouse still hold: examined again night by night."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import F, Q

from motcua.casework.warehouse.models import Document, SignatureState
from motcua.casework.warehouse.rules.signatures import state_of
from motcua.casework.warehouse.selectors import verify_upload
from motcua.foundation.files.errors import DamagedFile, QuarantinedFile
from motcua.foundation.files.models import StoredFile
from motcua.foundation.files.services import read_file
from motcua.foundation.journal.services import Happening, record
from motcua.foundation.kernel.actors import SYSTEM
from motcua.foundation.signatures.verification import UnreadablePdf

logger = logging.getLogger(__name__)
PDF = "application/pdf"
# A document is examined again after so long; [M], our own choice.
EXAMINED_FOR = timedelta(days=30)
# In one night at most: a check costs some hundredths of a second.
MOST_A_NIGHT = 20_000


def signature_of(file: StoredFile, *, at: datetime) -> SignatureState:
    """What the signatures of a file are worth now. A picture has none; a file that is damaged is broken.

    Raises BadTrustList when an administrator left the trust list unusable.
    """
    if file.media_type != PDF:
        return SignatureState.UNSIGNED
    try:
        verdict = verify_upload(read_file(file), at=at)
    except (UnreadablePdf, DamagedFile):
        return SignatureState.BROKEN
    except QuarantinedFile:
        return SignatureState.UNDECIDED
    return SignatureState(state_of(is_valid=verdict.is_valid, problems=verdict.problems))


def list_to_examine(*, at: datetime) -> list[UUID]:
    """Documents that were never examined or not for EXAMINED_FOR, those first that wait longest. One query."""
    due = Q(signature_checked_at=None) | Q(signature_checked_at__lt=at - EXAMINED_FOR)
    kept = Document.objects.filter(due, file__disposed_at=None)
    ordered = kept.order_by(F("signature_checked_at").asc(nulls_first=True), "id")
    return list(ordered.values_list("id", flat=True)[:MOST_A_NIGHT])


def examine(document_id: UUID, *, at: datetime) -> Document:
    """Examine the file and remember what was found; a change since the last time is an entry. Idempotent.

    The file is read outside of the transaction; what another worker replaced meanwhile is left to the next night.
    """
    document = Document.objects.select_related("file").get(pk=document_id)
    found = signature_of(document.file, at=at)
    with transaction.atomic():
        now = Document.objects.select_for_update().get(pk=document_id)
        if now.file_id != document.file_id:
            return now
        before, now.signature, now.signature_checked_at = now.signature, found, at
        now.save(update_fields=["signature", "signature_checked_at"])
        if before and before != found:
            _record(now, before, at)
    return now


def _record(document: Document, before: str, at: datetime) -> None:
    logger.warning("signature_changed document=%s before=%s now=%s", document.pk, before, document.signature)
    happening = Happening(
        kind="document.signature_changed",
        object_kind="document",
        object_id=document.id,
        concerns_id=document.owner_id,
        facts={"before": before, "now": str(document.signature)},
    )
    record(actor=SYSTEM, happening=happening, at=at)
