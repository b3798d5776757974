"""Writing the warehouse."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import cast
from uuid import UUID

from django.db import transaction
from procrastinate.contrib.django import app as jobs

from motcua.casework.warehouse.models import Document, EarlierFile
from motcua.foundation.files.models import StoredFile
from motcua.foundation.files.services import read_file, store_bytes
from motcua.foundation.journal.services import Happening, record
from motcua.foundation.kernel.actors import SYSTEM
from motcua.foundation.signatures.levels import CannotExtend, examine_own, extend_pdf, signature_level
from motcua.foundation.signatures.revocation import NoRevocationData
from motcua.foundation.signatures.timestamps import NoTimeStamp
from motcua.foundation.signatures.verification import Level


@dataclass(frozen=True, slots=True)
class IssuedDocument:
    """A signed document and who may have it."""

    owner_id: UUID
    subject: UUID
    kind: str
    name: str
    number: str
    agency_id: UUID
    signer_name: str
    signer_title: str
    issued_at: datetime
    file: StoredFile
    verification_code: str
    is_test: bool = False


def issue_document(issued: IssuedDocument) -> Document:
    """Put a signed document into its owner's warehouse, and have its signature extended when one is wanted that lasts.

    Runs in the caller's transaction; the caller journals the act that made it.
    """
    document = Document.objects.create(
        owner_id=issued.owner_id,
        subject=issued.subject,
        kind=issued.kind,
        name=issued.name,
        number=issued.number,
        agency_id=issued.agency_id,
        signer_name=issued.signer_name,
        signer_title=issued.signer_title,
        issued_at=issued.issued_at,
        file=issued.file,
        verification_code=issued.verification_code,
        is_test=issued.is_test,
    )
    if signature_level() != "B-B":
        jobs.configure_task("warehouse.extend_document").defer(document_id=str(document.id))
    return document


def extend_document(document_id: UUID, *, at: datetime) -> Document:
    """Bring a document's file to SIGNATURE_LEVEL, or renew its archive time stamp, if either is due.

    The new file begins with the old one, which stays known. Idempotent, and safe when two run at once. Asks the
    time-stamp authority outside of any transaction. Raises NoTimeStamp and NoRevocationData (later is better), and
    CannotExtend. Source: Law on Electronic Transactions 20/2023/QH15 (keeping of electronic documents).
    """
    document = Document.objects.select_related("file").get(pk=document_id)
    before = read_file(document.file)
    try:
        after = extend_pdf(before, at=at, level=cast("Level", signature_level()))
    except (CannotExtend, NoTimeStamp, NoRevocationData):
        Document.objects.filter(pk=document_id).update(extension_tried_at=at)
        raise
    return _replace_file(document, after, changed=after is not before, at=at)


@transaction.atomic
def _replace_file(seen: Document, content: bytes, *, changed: bool, at: datetime) -> Document:
    """Does nothing when another worker replaced the file that was `seen`."""
    document = Document.objects.select_for_update().get(pk=seen.pk)
    if document.file_id != seen.file_id:
        return document
    verdict = examine_own(content, at=at)
    document.level, document.sealed_until = verdict.level or "B-B", verdict.sealed_until
    document.extension_tried_at = at
    if changed:
        EarlierFile.objects.create(document=document, file_id=document.file_id, replaced_at=at)
        old = seen.file
        document.file = store_bytes(content=content, name=old.name, media_type=old.media_type)
        facts = {"level": document.level, "sha256": document.file.sha256, "earlier_sha256": old.sha256}
        happening = Happening(
            kind="document.extended",
            object_kind="document",
            object_id=document.id,
            concerns_id=document.owner_id,
            facts=facts,
        )
        record(actor=SYSTEM, happening=happening, at=at)
    document.save(update_fields=["file", "level", "sealed_until", "extension_tried_at"])
    return document


def move_documents(gone: UUID, kept: UUID) -> int:
    """Documents of one owner become another's, in the caller's transaction: two entries were one person."""
    return Document.objects.filter(owner_id=gone).update(owner_id=kept)
