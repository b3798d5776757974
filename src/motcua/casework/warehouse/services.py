"""Writing the warehouse."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from motcua.casework.warehouse.models import Document
from motcua.foundation.files.models import StoredFile


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


def issue_document(issued: IssuedDocument) -> Document:
    """Put a signed document into its owner's warehouse. The caller journals the act that made it."""
    return Document.objects.create(
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
    )
