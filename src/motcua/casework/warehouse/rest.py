"""`/api/v1/documents`: a person's own issued documents, and whether a paper is what it says."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from django.http import FileResponse
from django.utils import timezone
from ninja import File, Query, Router, Schema
from ninja.files import UploadedFile
from pydantic import Field

from motcua.casework.warehouse import selectors, shelf
from motcua.casework.warehouse.models import Document
from motcua.casework.warehouse.rest_shares import router as shares
from motcua.foundation.files.errors import EmptyFile, FileTooLarge
from motcua.foundation.files.services import open_file
from motcua.foundation.kernel.errors import NotFound
from motcua.registry.access.clients.rest import ANYBODY, CITIZENS, AfterPlace, CalledRequest, Token

VERIFY = "documents:verify"
MOST_BYTES = 10 * 1024 * 1024
router = Router(tags=["documents"])
__all__ = ["router", "shares"]


class IssuedOut(Schema):
    """`kind`: result code of the national list. `code`: with it anybody can check the document. `valid_to`: the first
    day on which it is no longer good. `signature`: as last examined; empty before. `digitisation`: 1 digitised, 2 used
    again, 3 used again as the result of another dossier."""

    id: UUID
    kind: str
    name: str
    number: str
    agency: str
    issued_at: datetime
    code: str
    test: bool
    state: Literal["valid", "expired", "revoked", "replaced"]
    valid_to: date | None
    origin: Literal["issued", "certified", "digitised", "imported"]
    signature: Literal["", "valid", "unsigned", "expired", "broken", "undecided"]
    digitisation: Annotated[int, Field(ge=0, le=3)]


class IssuedList(Schema):
    """`next`: for `after` of the next call; empty on the last page."""

    items: list[IssuedOut]
    next: str


class SignatureOut(Schema):
    """What one signature of a file is worth."""

    name: str
    organisation: str
    title: str
    signed_at: datetime | None
    intact: bool
    unchanged: bool
    trusted: bool
    covers_whole_file: bool
    problem: str | None


class VerdictOut(Schema):
    """`verdict`: TOTAL-PASSED, TOTAL-FAILED or INDETERMINATE (ETSI EN 319 102-1). `complete`: all a reader sees is
    signed. `problems`: codes, see `motcua verify`."""

    verdict: str
    complete: bool
    problems: list[str]
    signatures: list[SignatureOut]


def _out(document: Document) -> dict[str, Any]:
    names = ("id", "kind", "name", "number", "issued_at", "state", "valid_to", "digitisation")
    same = {name: getattr(document, name) for name in names}
    return same | {
        "agency": document.agency.name,
        "code": document.verification_code,
        "test": document.is_test,
        "origin": str(document.origin),
        "signature": str(document.signature),
    }


@router.get(
    "",
    response=IssuedList,
    auth=Token(people=CITIZENS),
    summary="The person's documents",
    operation_id="list_documents",
)
def list_documents(
    request: CalledRequest, after: AfterPlace = "", limit: int = Query(20, ge=1, le=100)
) -> dict[str, Any]:
    """What was issued to the person, or to whom they act for; latest first."""
    found, following = selectors.page_of_documents(request.actor, after=after, limit=limit)
    return {"items": [_out(document) for document in found], "next": following}


@router.get(
    "/{uuid:document_id}/content",
    auth=Token(people=CITIZENS),
    summary="The file of a document",
    operation_id="get_document_content",
    openapi_extra={
        "responses": {
            200: {
                "description": "The signed PDF; of a digitised paper also a picture",
                "content": {
                    kind: {"schema": {"type": "string", "format": "binary"}}
                    for kind in ("application/pdf", "image/jpeg", "image/png")
                },
            }
        }
    },
)
def get_document_content(request: CalledRequest, document_id: UUID) -> Any:
    """The signed PDF of one of the person's own documents; that somebody with a mandate reads it is in the journal."""
    file = shelf.open_own_file(request.actor, document_id, at=timezone.now())
    return FileResponse(open_file(file), as_attachment=True, filename=file.name, content_type=file.media_type)


@router.post(
    "/verify",
    response=VerdictOut,
    auth=Token(VERIFY, people=ANYBODY),
    summary="Check a signed PDF",
    operation_id="verify_document",
)
def verify_document(request: CalledRequest, file: File[UploadedFile]) -> dict[str, Any]:
    """What its signatures are worth against this installation's trust list. The file is not kept; asking again changes
    nothing, so no Idempotency-Key is needed."""
    size = file.size or 0
    if not size:
        raise EmptyFile
    if size > MOST_BYTES or getattr(file, "too_large", False):
        raise FileTooLarge(limit="10", size=str(size // 1024 // 1024))
    found = selectors.verify_upload(file.read(), at=timezone.now())
    return {
        "verdict": found.verdict,
        "complete": found.complete,
        "problems": list(found.problems),
        "signatures": [
            {name: getattr(one, name) for name in SignatureOut.model_fields} for one in found.signatures
        ],
    }


@router.get(
    "/by-code/{code}",
    response=IssuedOut,
    auth=Token(VERIFY, people=ANYBODY),
    summary="What was issued under a verification code",
    operation_id="find_document_by_code",
)
def find_document_by_code(request: CalledRequest, code: str) -> dict[str, Any]:
    """Kind, number, agency and day of what stands under the code, for who holds the paper; nothing of the person."""
    document = selectors.find_document(code[:60])
    if not document:
        raise NotFound
    return _out(document)
