"""Calls of the API as a client makes them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.test import Client as Browser

from motcua.casework.dossiers.tests.factories import CODE, birth_answers, picture
from motcua.registry.access.tests.client_factories import person_bearer, service

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

    def post(self, path: str, sent: Any = None, *, key: str = "another-key", **headers: str) -> Any:
        """JSON; `If_Match` and the like become headers."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return Browser().post(
            f"/api/v1{path}",
            json.dumps(sent) if sent is not None else "",
            content_type="application/json",
            headers={"Authorization": self.header, "Idempotency-Key": key, **named},
        )

    def act(self, dossier: Any, act: str, sent: Any = None, *, key: str = "", **headers: str) -> Any:
        """An act on the dossier as it is now."""
        seen = self.get(f"/dossiers/{dossier.id}")
        asked = {"If_Match": seen.get("ETag", "")} | headers
        return self.post(f"/dossiers/{dossier.id}/acts/{act}", sent, key=key or f"act-{act}", **asked)

    def upload(self, file: Any, *, key: str = "upload-key") -> Any:
        headers = {"Authorization": self.header, "Idempotency-Key": key}
        return Browser().post("/api/v1/files", {"file": file}, headers=headers)

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


def by_person(
    world: Any, person: Any, *, at: datetime, scopes: tuple[str, ...] | None = None, **changes: Any
) -> Caller:
    """A person who signed in to a service that may act as them."""
    kind = "officer" if person.is_officer else "citizen"
    allowed = ("openid", "desk" if kind == "officer" else "citizen")
    found = service(world.administrator, world.desk.agency, at=at, sign_in=kind, scopes=allowed, **changes)
    return Caller(person_bearer(found[0], person.account_id, scopes=scopes or allowed, at=at))
