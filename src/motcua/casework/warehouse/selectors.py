"""Reading the warehouse."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.conf import settings

from motcua.casework.warehouse.codes import read_code
from motcua.casework.warehouse.models import Document
from motcua.foundation.files.services import read_file
from motcua.foundation.signatures.keys import trust_roots
from motcua.foundation.signatures.verification import PdfVerdict, verify_pdf


def find_document(code: str) -> Document | None:
    """The document with this verification code, however it was typed."""
    exact = read_code(code)
    documents = Document.objects.select_related("agency", "file")
    return documents.filter(verification_code=exact).first() if exact else None


def find_document_of(subject: UUID) -> Document | None:
    return Document.objects.select_related("agency", "file").filter(subject=subject).first()


def verify_upload(content: bytes, *, at: datetime) -> PdfVerdict:
    """Check a PDF that somebody holds against this installation's trust list. Raises UnreadablePdf."""
    return verify_pdf(content, at=at, trust=trust_roots(settings.SIGNATURES_DIR))


def verify_stored(document: Document, *, at: datetime) -> PdfVerdict:
    return verify_upload(read_file(document.file), at=at)


def files_in_use(ids: Collection[UUID]) -> set[UUID]:
    """Those of the stored files that are issued documents."""
    return set(Document.objects.filter(file__in=ids).values_list("file_id", flat=True))
