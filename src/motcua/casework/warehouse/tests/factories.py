"""Signed papers and issued documents, without the dossier that would lead to them."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import cache
from uuid import UUID
from zoneinfo import ZoneInfo

import typst

from motcua.casework.warehouse.models import Document
from motcua.casework.warehouse.services import IssuedDocument, deliver_document, issue_document
from motcua.casework.warehouse.sharing import look as look
from motcua.foundation.files.services import store_bytes
from motcua.foundation.kernel.ids import new_id
from motcua.foundation.signatures.keys import load_signer
from motcua.foundation.signatures.pdf import SignatureRequest, sign_pdf
from motcua.registry.organisations.models import Agency

AT = datetime(2026, 3, 10, 9, 0, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))
CODE = "7K4M-2QXD-9R"


@cache
def unsigned_pdf() -> bytes:
    return typst.compile(b"#set page(width: 100mm, height: 80mm)\nA paper\n", format="pdf")


@cache
def signed_pdf(key_ref: str) -> bytes:
    request = SignatureRequest(
        at=AT, field_name="Signature1", page=0, box=(20, 20, 120, 60), reason="Test", place="Phú Thọ"
    )
    return sign_pdf(unsigned_pdf(), signer=load_signer(key_ref), request=request)


def issued(agency: Agency, content: bytes, **changes: object) -> Document:
    plain = {
        "owner_id": new_id(),
        "subject": new_id(),
        "kind": "KQ.G15.000031",
        "name": "Giấy khai sinh",
        "number": "37/2026",
        "agency_id": agency.id,
        "signer_name": "Phan Thị Mẫu Hà",
        "signer_title": "Chủ tịch",
        "issued_at": AT,
        "file": store_bytes(content=content, name="giay-khai-sinh.pdf", media_type="application/pdf"),
        "verification_code": CODE,
    }
    return issue_document(IssuedDocument(**(plain | changes)))


def given(agency: Agency, owner_id: UUID, number: int, **changes: object) -> Document:
    """A document that was delivered."""
    code = f"AAAA-AAAA-{number:02d}"
    document = issued(
        agency,
        unsigned_pdf(),
        owner_id=owner_id,
        number=f"{number}/2026",
        verification_code=code,
        issued_at=AT + timedelta(minutes=number),
        **changes,
    )
    deliver_document(document.subject, at=AT)
    document.refresh_from_db()
    return document
