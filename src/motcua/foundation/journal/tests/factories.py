"""Entries as services write them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction

from motcua.foundation.journal.contributions import BadStamp, StampFacts
from motcua.foundation.journal.models import Entry
from motcua.foundation.journal.services import Happening, record
from motcua.foundation.kernel.actors import SYSTEM, Actor
from motcua.foundation.kernel.ids import new_id

AT = datetime(2026, 3, 10, 2, 0, tzinfo=UTC)


def happening(
    kind: str = "dossier.accepted", *, object_id: UUID | None = None, details: Mapping[str, Any] | None = None
) -> Happening:
    return Happening(
        kind=kind,
        object_kind="dossier",
        object_id=object_id or new_id(),
        facts={"status": 2},
        details=details,
    )


def entry(*, actor: Actor = SYSTEM, at: datetime = AT, **changes: Any) -> Entry:
    with transaction.atomic():
        return record(actor=actor, happening=happening(**changes), at=at)


class FakeStamper:
    """An authority that says the digest back. `down`: it cannot be reached."""

    def __init__(self, *, down: bool = False, trusted: bool = True) -> None:
        self.down, self.trusted, self.asked = down, trusted, 0

    def stamp(self, digest: bytes) -> bytes:
        self.asked += 1
        if self.down:
            raise ConnectionError("no answer")
        return b"stamped:" + digest

    def check(self, token: bytes, digest: bytes) -> StampFacts:
        if token != b"stamped:" + digest:
            raise BadStamp
        return StampFacts(at=AT, authority="Test authority", trusted=self.trusted)


def tamper(*statements: str) -> None:
    """Change the journal as its owner, past the triggers."""
    tables = ("entry", "detail", "leaf", "batch", "stamp")
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("RESET ROLE")
        for table in tables:
            cursor.execute(f"ALTER TABLE foundation_journal_{table} DISABLE TRIGGER USER")
        for statement in statements:
            cursor.execute(statement)
        for table in tables:
            cursor.execute(f"ALTER TABLE foundation_journal_{table} ENABLE TRIGGER USER")
        cursor.execute(f"SET ROLE {settings.APP_DATABASE_ROLE}")
