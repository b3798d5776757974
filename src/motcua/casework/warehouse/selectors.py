"""Reading the warehouse."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import F, Q

from motcua.casework.warehouse.codes import read_code
from motcua.casework.warehouse.models import Document, EarlierFile, Origin, SignatureState
from motcua.casework.warehouse.policies import own_documents
from motcua.foundation.files.models import StoredFile
from motcua.foundation.files.services import read_file
from motcua.foundation.journal.rules.proofs import ProofVerdict
from motcua.foundation.journal.selectors import is_sealed_here
from motcua.foundation.kernel.actors import Actor
from motcua.foundation.kernel.places import place_token, read_place
from motcua.foundation.signatures.levels import signature_level
from motcua.foundation.signatures.proof_files import verify_proof
from motcua.foundation.signatures.revocation import kept_evidence
from motcua.foundation.signatures.trust import read_trust_list, trust_to_json
from motcua.foundation.signatures.verification import LEVELS, PdfVerdict, undecided, verify_pdf
from motcua.foundation.signatures.xml import verify_xml

_BATCH = 50_000
# A share of twenty documents that somebody reads page by page is not examined twenty times a page.
CHECKED_FOR = timedelta(minutes=5)
_MOST_CHECKED = 1000


def find_document(code: str) -> Document | None:
    """The document with this verification code, however it was typed."""
    exact = read_code(code)
    documents = Document.objects.select_related("agency", "file", "replaced_by")
    return documents.filter(verification_code=exact).first() if exact else None


def find_document_of(subject: UUID) -> Document | None:
    found = Document.objects.select_related("agency", "file", "replaced_by").filter(subject=subject)
    return next(iter(found[:1]), None)


def find_document_of_file(content: bytes) -> Document | None:
    """The document whose file this is, byte for byte: the current one, or one before its signature was extended."""
    same = StoredFile.objects.filter(sha256=hashlib.sha256(content).hexdigest())
    documents = Document.objects.select_related("agency", "file", "replaced_by").order_by("issued_at", "id")
    return (
        documents.filter(file__in=same).first()
        or documents.filter(pk__in=EarlierFile.objects.filter(file__in=same).values("document")).first()
    )


def list_usable(actor: Actor, kinds: Collection[str], *, owner_id: UUID, on: date) -> list[Document]:
    """Documents in force of these kinds (result codes) that the acting citizen may use in the owner's name, latest
    first; at most 20. Tests are left out. One query."""
    mine = Document.objects.filter(own_documents(actor), owner_id=owner_id, kind__in=kinds, is_test=False)
    in_force = mine.filter(Q(valid_to=None) | Q(valid_to__gt=on), ended_as="", file__disposed_at=None)
    in_force = in_force.exclude(signature=SignatureState.BROKEN)
    return list(in_force.select_related("agency", "file").order_by("-issued_at", "-pk")[:20])


def list_usable_at_counter(kinds: Collection[str], *, owner_id: UUID, on: date) -> list[Document]:
    """`list_usable` for an officer who fills in an application for the owner. Not access-checked: who asks has begun an
    intake for them, which is on the record. One query."""
    held = Document.objects.filter(
        Q(valid_to=None) | Q(valid_to__gt=on),
        owner_id=owner_id,
        delivered_at__isnull=False,
        kind__in=kinds,
        ended_as="",
        is_test=False,
        file__disposed_at=None,
    ).exclude(signature=SignatureState.BROKEN)
    return list(held.select_related("agency", "file").order_by("-issued_at", "-pk")[:20])


def list_documents_to_extend(*, at: datetime) -> list[UUID]:
    """Documents below the wanted level; where that is B-LTA, also those whose archive time stamp ends within
    SIGNATURE_RENEWAL_DAYS.

    At most 50 000, those first that were not tried or least lately; empty when the wanted level is B-B.
    """
    if signature_level() == "B-B":
        return []
    enough = LEVELS[LEVELS.index(signature_level()) :]
    due = ~Q(level__in=enough)
    if signature_level() == "B-LTA":  # below it nothing renews a stamp
        due |= Q(sealed_until__lt=at + timedelta(days=settings.SIGNATURE_RENEWAL_DAYS))
    # Papers that an agency digitised are as they are.
    ordered = Document.objects.filter(due, origin=Origin.ISSUED, file__disposed_at=None).order_by(
        F("extension_tried_at").asc(nulls_first=True), "issued_at", "id"
    )
    return list(ordered.values_list("id", flat=True)[:_BATCH])


def verify_upload(content: bytes, *, at: datetime) -> PdfVerdict:
    """Check a PDF that somebody holds against this installation's trust list and revocation data.

    Raises UnreadablePdf, and BadTrustList when an administrator left the list unusable.
    """
    return verify_pdf(
        content, at=at, trust=read_trust_list(settings.SIGNATURES_DIR), evidence=kept_evidence()
    )


def verify_signed_xml(content: bytes, *, at: datetime) -> PdfVerdict:
    """Check a signed XML document that somebody holds. Raises BadTrustList."""
    trust = read_trust_list(settings.SIGNATURES_DIR)
    return verify_xml(content, at=at, trust=trust, evidence=kept_evidence())


def verify_journal_proof(content: bytes) -> tuple[ProofVerdict, bool]:
    """Check a journal proof that somebody holds; and whether its entry stands in this installation's journal.

    Anybody can make a journal of their own and have it time-stamped: only the second answer makes it ours.
    """
    found = verify_proof(content, trust=read_trust_list(settings.SIGNATURES_DIR))
    is_ours = bool(found.intact and found.position and found.leaf) and is_sealed_here(
        found.position or 0, found.leaf or b""
    )
    return found, is_ours


def verify_stored(document: Document, *, at: datetime) -> PdfVerdict:
    """What the signatures of a document's file are worth; a picture has none. Raises as `verify_upload`."""
    if document.file.media_type != "application/pdf":
        return undecided("unsigned")
    return verify_upload(read_file(document.file), at=at)


# (digest of the file, digest of the trust list) -> until when it is believed, and whether the signatures hold.
_checked: dict[tuple[str, str], tuple[datetime, bool]] = {}


def is_genuine(document: Document, *, at: datetime) -> bool:
    """Whether the signatures of a document's file hold; as found at most CHECKED_FOR ago, in this process.

    Another file or another trust list is examined at once. Raises UnreadablePdf and BadTrustList.
    """
    trust = trust_to_json(read_trust_list(settings.SIGNATURES_DIR))
    key = (document.file.sha256, hashlib.sha256(json.dumps(trust).encode()).hexdigest())
    until, holds = _checked.get(key, (at, False))
    if not at < until <= at + CHECKED_FOR:
        holds = verify_stored(document, at=at).is_valid
        if len(_checked) >= _MOST_CHECKED:
            _checked.clear()
        _checked[key] = (at + CHECKED_FOR, holds)
    return holds


def files_in_use(ids: Collection[UUID]) -> set[UUID]:
    """Those of the stored files that are issued documents, or were before their signatures were extended."""
    now = Document.objects.filter(file__in=ids).values_list("file_id", flat=True)
    return {*now, *EarlierFile.objects.filter(file__in=ids).values_list("file_id", flat=True)}


def export_documents(person_id: UUID) -> list[dict[str, Any]]:
    """What lies in a person's warehouse, without the files: for their copy of all data."""
    names = (
        "kind",
        "name",
        "number",
        "agency__name",
        "signer_name",
        "signer_title",
        "issued_at",
        "verification_code",
        "origin",
        "issuer",
        "signature",
    )
    return list(Document.objects.filter(owner_id=person_id).order_by("issued_at").values(*names))


def page_of_documents(actor: Actor, *, after: str, limit: int) -> tuple[list[Document], str]:
    """The actor's own documents, latest first, and the token of the next page ("" on the last). One query.

    `after`: the token of the page before; a wrong one is ignored.
    """
    rows = Document.objects.filter(own_documents(actor)).select_related("agency")
    if place := read_place(after):
        moment, last = place
        rows = rows.filter(Q(issued_at__lt=moment) | Q(issued_at=moment, pk__lt=last))
    found = list(rows.order_by("-issued_at", "-pk")[: limit + 1])
    more, found = len(found) > limit, found[:limit]
    return found, place_token(found[-1].issued_at, found[-1].pk) if more else ""
