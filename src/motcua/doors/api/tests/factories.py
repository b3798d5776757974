"""Calls of the API as a client makes them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from django.test import Client as Browser

from motcua.casework.dossiers.tests.factories import CODE, birth_answers, picture

MOTHER = {
    "personal_number": "025197004187",
    "full_name": "Nguyễn Thị Hồng Nhung",
    "birth_date": "1997-08-14",
    "sex": "female",
    "residence": "Khu 4, xã Lâm Thao, tỉnh Phú Thọ",
}
NOBODY = MOTHER | {"personal_number": "000197004187", "full_name": "Người Thử Nghiệm"}


@dataclass
class Caller:
    """A client with a token."""

    header: str

    def get(self, path: str, **query: Any) -> Any:
        return Browser().get(f"/api/v1{path}", query, headers={"Authorization": self.header})

    def file(self, sent: Any, *, key: str = "first-key", **files: Any) -> Any:
        """Multipart, with the birth evidence unless `files` says otherwise."""
        parts = {"birth_evidence": picture()} if not files else {k: v for k, v in files.items() if v}
        return Browser().post(
            "/api/v1/dossiers",
            {"dossier": sent if isinstance(sent, str) else json.dumps(sent), **parts},
            headers={"Authorization": self.header, "Idempotency-Key": key},
        )


def application(desk: Any, *, applicant: dict[str, str] = MOTHER, **answers: Any) -> dict[str, Any]:
    return {"procedure": CODE, "applicant": applicant, "answers": birth_answers(desk, **answers)}
