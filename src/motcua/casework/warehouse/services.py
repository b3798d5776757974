"""Writing the warehouse."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import cast
from uuid import UUID

from django.db import transaction
from procrastinate.contrib.django import app as jobs

from motcua.casework.warehouse.errors import EndedBefore, EndingIncomplete, NoSuchReplacement
from motcua.casework.warehouse.models import Document, EarlierFile, Origin, Share
from motcua.casework.warehouse.policies import endable
from motcua.casework.warehouse.rules.digitisation import RESULT_USED_AGAIN, USED_AGAIN
from motcua.foundation.files.models import StoredFile
from motcua.foundation.files.services import read_file, store_bytes
from motcua.foundation.journal.services import Happening, record
from motcua.foundation.kernel.actors import SYSTEM, Actor
from motcua.foundation.kernel.errors import NotFound
from motcua.foundation.kernel.text import clean, clean_line, fold
from motcua.foundation.signatures.levels import CannotExtend, examine_own, extend_pdf, signature_level
from motcua.foundation.signatures.revocation import NoRevocationData
from motcua.foundation.signatures.timestamps import NoTimeStamp
from motcua.foundation.signatures.verification import Level
from motcua.registry.organisations.models import Agency


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
    about: str = ""
    valid_to: date | None = None


def issue_document(issued: IssuedDocument) -> Document:
    """Put a signed document into its owner's warehouse, and have its signature extended when one is wanted that lasts.

    Runs in the caller's transaction; the caller journals the act that made it.
    """
    agency = Agency.objects.only("name").get(pk=issued.agency_id)
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
        about=issued.about,
        search_text=fold(" ".join((issued.name, issued.number, agency.name, issued.about))),
        valid_to=issued.valid_to,
    )
    if signature_level() != "B-B":
        jobs.configure_task("warehouse.extend_document").defer(document_id=str(document.id))
    return document


def deliver_document(subject: UUID, *, at: datetime) -> None:
    """The result of a dossier was returned: from now on its owner finds it among their documents.

    Runs in the transaction of the act that is journalled.
    """
    Document.objects.filter(subject=subject, delivered_at=None).update(delivered_at=at)


@dataclass(frozen=True, slots=True)
class Ending:
    """That a document counts no longer. ground: the decision it rests on. replaced_by: number of the new document."""

    reason: str
    ground: str
    replaced_by: str = ""


@transaction.atomic
def end_document(*, actor: Actor, subject: UUID, ending: Ending, at: datetime) -> Document:
    """Mark the issued document of a dossier as revoked, or as replaced by another one of the same owner and kind.

    By who signs or works on dossiers at the agency that issued it. Raises NotFound, also for who may not know of
    it; EndedBefore; EndingIncomplete (reason or ground missing); NoSuchReplacement.
    Source: Decree 45/2020/NĐ-CP art. 16 (results kept in the warehouse must be those in force).
    """
    documents = Document.objects.select_for_update(of=("self",)).select_related("agency")
    document = documents.filter(endable(actor), subject=subject).first()
    if not document:
        raise NotFound
    if document.ended_as:
        raise EndedBefore
    reason, ground = clean(ending.reason)[:1000], clean_line(ending.ground)[:300]
    if not reason or not ground:
        raise EndingIncomplete
    document.replaced_by = _replacement(document, clean_line(ending.replaced_by))
    document.ended_as = "replaced" if document.replaced_by else "revoked"
    document.ended_at, document.ended_reason, document.ended_ground = at, reason, ground
    document.save(update_fields=["ended_as", "ended_at", "ended_reason", "ended_ground", "replaced_by"])
    facts = {"replaced_by": str(document.replaced_by_id)} if document.replaced_by else {}
    happening = Happening(
        kind=f"document.{document.ended_as}",
        object_kind="document",
        object_id=document.id,
        concerns_id=document.owner_id,
        facts=facts | {"dossier": str(subject)} | ({"test": True} if document.is_test else {}),
        details={"reason": reason, "ground": ground},
    )
    record(actor=actor, happening=happening, at=at)
    return document


def _replacement(document: Document, number: str) -> Document | None:
    """The newer document of this number. Raises NoSuchReplacement."""
    if not number:
        return None
    others = Document.objects.filter(
        owner_id=document.owner_id, kind=document.kind, number=number, ended_as=""
    )
    found = others.exclude(pk=document.pk).filter(is_test=document.is_test).first()
    if not found:
        raise NoSuchReplacement(number=number)
    return found


def note_use(document_ids: Collection[UUID]) -> None:
    """These documents were handed in with a dossier: from now on they count as used again (vietnam.md 1.6), results of
    dossiers as 3, digitised papers as 2. In the transaction of the act that is journalled; no query for none."""
    if not document_ids:
        return
    used = Document.objects.filter(pk__in=document_ids, digitisation__lt=USED_AGAIN)
    used.filter(origin=Origin.ISSUED).update(digitisation=RESULT_USED_AGAIN)
    used.exclude(origin=Origin.ISSUED).update(digitisation=USED_AGAIN)


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
    """Documents and shares of one owner become another's, in the caller's transaction: two entries were one person.

    Gives how many documents.
    """
    Share.objects.filter(owner_id=gone).update(owner_id=kept)
    return Document.objects.filter(owner_id=gone).update(owner_id=kept)
