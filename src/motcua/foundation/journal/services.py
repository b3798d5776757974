"""Writing the journal. Every service of every room calls `record` inside its own transaction."""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from motcua.foundation.journal.models import Detail, Entry, Hold
from motcua.foundation.kernel.actors import Actor
from motcua.foundation.kernel.rows import insert_many


@dataclass(frozen=True, slots=True)
class Happening:
    """What is recorded. `facts`: ids, codes, digests. `details`: personal values and free text, erasable."""

    kind: str
    object_kind: str
    object_id: UUID
    concerns_id: UUID | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)
    details: Mapping[str, Any] | None = None


def detail_digest(salt: bytes, values: Mapping[str, Any]) -> bytes:
    """SHA-256 over salt and canonical JSON (sorted keys, no spaces, UTF-8): 32 bytes."""
    canonical = json.dumps(values, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(salt + canonical.encode()).digest()


def _build(actor: Actor, happening: Happening, at: datetime) -> tuple[Entry, Detail | None]:
    entry = Entry(
        at=at,
        kind=happening.kind,
        actor_kind=actor.kind,
        account_id=actor.account_id,
        person_id=actor.person_id,
        mandate_id=actor.mandate_id,
        post_id=actor.post_id,
        agency_id=actor.agency_id,
        object_kind=happening.object_kind,
        object_id=happening.object_id,
        concerns_id=happening.concerns_id,
        facts=dict(happening.facts),
    )
    if not happening.details:
        return entry, None
    salt = secrets.token_bytes(16)
    entry.detail_digest = detail_digest(salt, happening.details)
    return entry, Detail(entry=entry, salt=salt, values=dict(happening.details))


def record(*, actor: Actor, happening: Happening, at: datetime) -> Entry:
    """Add one entry to the journal, in the transaction of the act.

    Raises RuntimeError outside a transaction: an act and its entry commit together or not at all.
    Source: design section 7, promises 1 and 2.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("A journal entry is written inside the transaction of its act")
    entry, detail = _build(actor, happening, at)
    entry.save(force_insert=True)
    if detail:
        detail.save(force_insert=True)
    return entry


@dataclass(frozen=True, slots=True)
class Deed:
    """Who did what when: what `record` is given, for `record_many`."""

    actor: Actor
    happening: Happening
    at: datetime


@transaction.atomic
def record_many(deeds: Iterable[Deed]) -> None:
    """Add many entries, in order, with one statement per table. For bulk acts."""
    built = [_build(deed.actor, deed.happening, deed.at) for deed in deeds]
    insert_many(Entry, (entry for entry, _ in built))
    insert_many(Detail, [detail for _, detail in built if detail])


@transaction.atomic
def place_hold(*, actor: Actor, object_id: UUID, reason: str, at: datetime) -> Hold:
    """Forbid erasing anything about an object until the hold is released. Several holds may lie on one object.

    reason: the order that demands it, at most 500 characters, no personal data.
    """
    hold = Hold.objects.create(object_id=object_id, reason=reason, placed_at=at)
    record(
        actor=actor, happening=Happening("hold.placed", "hold", hold.id, facts={"on": str(object_id)}), at=at
    )
    return hold


@transaction.atomic
def release_hold(*, actor: Actor, hold_id: UUID, at: datetime) -> None:
    """End a hold; what the other holds on the same object forbid stays forbidden.

    Does nothing to a hold that was released before. Raises Hold.DoesNotExist.
    """
    hold = Hold.objects.select_for_update().get(pk=hold_id)
    if hold.released_at is not None:
        return
    hold.released_at = at
    hold.save(update_fields=["released_at"])
    facts = {"on": str(hold.object_id)}
    record(actor=actor, happening=Happening("hold.released", "hold", hold.id, facts=facts), at=at)
