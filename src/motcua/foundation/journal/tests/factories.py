"""Entries as services write them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.db import transaction

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
