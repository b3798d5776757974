"""Writing the journal. Every service of every room calls `record` inside its own transaction."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Exists, OuterRef, Q

from motcua.foundation.journal.bulk import (
    Doer,
    Line,
    encode_actor,
    encode_facts,
    insert_entries,
    record_lines,
)
from motcua.foundation.journal.consuming import catch_up, find_consumer, hand_over_again, set_back
from motcua.foundation.journal.contributions import Criteria, Extract, extract_maker
from motcua.foundation.journal.errors import NoExtractMaker, NoReason
from motcua.foundation.journal.following import Follower, follow_once
from motcua.foundation.journal.models import Detail, Entry, Hold
from motcua.foundation.journal.report import Fault, Report
from motcua.foundation.journal.rules.canonical import detail_digest
from motcua.foundation.journal.rules.plain import refuse_floats
from motcua.foundation.journal.selectors import batches_of, list_extract
from motcua.foundation.journal.verification import verify_journal
from motcua.foundation.kernel.actors import Actor
from motcua.foundation.kernel.calls import running_call
from motcua.foundation.kernel.chunks import put_off
from motcua.foundation.kernel.ids import new_id

__all__ = [
    "Doer",
    "Erasure",
    "Fault",
    "Follower",
    "Happening",
    "Line",
    "Report",
    "catch_up",
    "detail_digest",
    "encode_actor",
    "encode_facts",
    "erase_details",
    "follow_once",
    "make_extract",
    "place_hold",
    "record",
    "record_lines",
    "release_hold",
    "replay",
    "retry_dead_letter",
    "verify_journal",
]

# A paper of 2,000 takes a second or three and 350 MB to print; of 5,000, eight and 700.
EXTRACT_LIMIT = 2_000


@dataclass(frozen=True, slots=True)
class Happening:
    """What is recorded. `facts`: ids, codes, digests. `details`: personal values and free text, erasable."""

    kind: str
    object_kind: str
    object_id: UUID
    concerns_id: UUID | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)
    details: Mapping[str, Any] | None = None


def _columns(
    actor: Actor, happening: Happening, at: datetime
) -> tuple[dict[str, Any], dict[str, Any] | None]:
    """The columns of an entry and, if it has any, of its details."""
    refuse_floats(happening.facts, "facts")
    refuse_floats(happening.details, "details")
    call = running_call()
    entry: dict[str, Any] = {
        "id": new_id(),
        "at": at,
        "kind": happening.kind,
        "actor_kind": actor.kind,
        "account_id": actor.account_id,
        "person_id": actor.person_id,
        "mandate_id": actor.mandate_id,
        "post_id": actor.post_id,
        "agency_id": actor.agency_id,
        "object_kind": happening.object_kind,
        "object_id": happening.object_id,
        "concerns_id": happening.concerns_id,
        "facts": dict(happening.facts) | (call.facts() if call else {}),
        "detail_digest": None,
    }
    if not happening.details:
        return entry, None
    salt = secrets.token_bytes(16)
    entry["detail_digest"] = detail_digest(salt, happening.details)
    return entry, {"entry_id": entry["id"], "salt": salt, "values": dict(happening.details)}


def record(*, actor: Actor, happening: Happening, at: datetime) -> Entry:
    """Add one entry to the journal, in the transaction of the act.

    Raises RuntimeError outside a transaction: an act and its entry commit together or not at all. TypeError, with
    the key, for a float among facts or details.
    Source: design section 7, promises 1 and 2.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("A journal entry is written inside the transaction of its act")
    columns, details = _columns(actor, happening, at)
    entry = Entry(**columns)
    put_off(_enter, (entry, Detail(**details) if details else None))
    return entry


def _enter(rows: Sequence[tuple[Entry, Detail | None]]) -> None:
    """In the order given, which is that of the sequence."""
    if len(rows) > 1:
        insert_entries([entry for entry, _ in rows], [detail for _, detail in rows if detail])
        return
    for row in filter(None, rows[0]):
        row.save(force_insert=True)


@transaction.atomic
def place_hold(*, actor: Actor, object_id: UUID, reason: str, at: datetime) -> Hold:
    """Forbid erasing anything about an object until the hold is released. Several holds may lie on one object.

    reason: the order that demands it, at most 500 characters, no personal data.
    """
    hold = Hold.objects.create(object_id=object_id, reason=reason, placed_at=at)
    record(
        actor=actor,
        happening=Happening(
            "hold.placed", object_kind="hold", object_id=hold.id, facts={"on": str(object_id)}
        ),
        at=at,
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
    record(
        actor=actor,
        happening=Happening("hold.released", object_kind="hold", object_id=hold.id, facts=facts),
        at=at,
    )


@transaction.atomic
def replay(*, actor: Actor, consumer: str, from_position: int = 0, at: datetime) -> None:
    """Let a consumer follow again everything after a position; the follower does it in its next steps.

    The consumer's `reset` removes its effects after that position first, and its open dead letters there get
    another chance. Effects outside this database must be unique by (consumer, position): what was sent is not
    sent again. Raises UnknownConsumer, PositionAhead, ValueError for a negative position.
    """
    if from_position < 0:
        raise ValueError("Positions begin with 1; 0 replays all")
    set_back(find_consumer(consumer), from_position, at=at)
    facts = {"consumer": consumer, "from": from_position}
    record(
        actor=actor,
        happening=Happening("journal.replayed", object_kind="journal", object_id=new_id(), facts=facts),
        at=at,
    )


@transaction.atomic
def retry_dead_letter(*, actor: Actor, letter_id: int, at: datetime) -> bool:
    """Hand a dead letter to its consumer again, which is an entry. True: it is resolved; False: it failed once more.

    Raises NoSuchDeadLetter (also when it was resolved before), UnknownConsumer, EntryLost.
    """
    letter = hand_over_again(letter_id, at=at)
    is_resolved = letter.resolved_at is not None
    happening = Happening(
        kind="dead_letter.retried",
        object_kind="dead_letter",
        object_id=letter.entry_id,
        facts={"consumer": letter.consumer, "position": letter.position, "resolved": is_resolved},
    )
    record(actor=actor, happening=happening, at=at)
    return is_resolved


@dataclass(frozen=True, slots=True)
class Erasure:
    """Whose details: all given criteria must hold, and at least one must be given. `before`: the entry's `at`."""

    before: datetime | None = None
    kinds: frozenset[str] | None = None
    concerns_id: UUID | None = None


@transaction.atomic
def erase_details(*, actor: Actor, erasure: Erasure, at: datetime) -> int:
    """Delete the personal values of entries; the entries, their digests and their seals stay whole.

    What a legal hold lies on (as object or as person concerned) is left out; a hold that is being placed is
    waited for. Returns how many details went, and records them as one entry unless there were none. Raises
    ValueError without any criterion.
    """
    if erasure == Erasure():
        raise ValueError("Say what is to be erased")
    with connection.cursor() as cursor:
        cursor.execute("LOCK TABLE foundation_journal_hold IN SHARE MODE")
    wanted = {
        "entry__at__lt": erasure.before,
        "entry__kind__in": erasure.kinds,
        "entry__concerns_id": erasure.concerns_id,
    }
    details = Detail.objects.filter(**{name: value for name, value in wanted.items() if value is not None})
    on_it = Q(object_id=OuterRef("entry__object_id")) | Q(object_id=OuterRef("entry__concerns_id"))
    erased, _ = details.exclude(Exists(Hold.objects.filter(on_it, released_at=None))).delete()
    if erased:
        facts = {
            "count": erased,
            "before": erasure.before and erasure.before.isoformat(),
            "kinds": sorted(erasure.kinds) if erasure.kinds is not None else None,
        }
        happening = Happening(
            "journal.details_erased",
            object_kind="journal",
            object_id=new_id(),
            concerns_id=erasure.concerns_id,
            facts=facts,
        )
        record(actor=actor, happening=happening, at=at)
    return erased


def make_extract(*, actor: Actor, criteria: Criteria, reason: str, at: datetime) -> bytes:
    """A signed PDF of the sealed entries that match, at most 2,000, for an auditor; making it is an entry itself.

    reason: in words; kept as a detail of the entry. Not access-checked: the caller's room knows the roles.
    Raises NoReason, NoExtractMaker, TooManyEntries.
    """
    maker = extract_maker()
    if not reason.strip():
        raise NoReason
    if maker is None:
        raise NoExtractMaker
    entries = list_extract(criteria, limit=EXTRACT_LIMIT)
    batches = batches_of(it.position for it in entries)
    extract = Extract(actor, at, reason.strip(), criteria, tuple(entries), tuple(batches))
    pdf = maker(extract)
    facts = {
        "criteria": _facts_of(criteria),
        "count": len(entries),
        "sha256": hashlib.sha256(pdf).hexdigest(),
    }
    happening = Happening(
        "journal.extracted",
        object_kind="journal",
        object_id=new_id(),
        concerns_id=criteria.person or criteria.concerns,
        facts=facts,
        details={"reason": reason.strip()},
    )
    with transaction.atomic():
        record(actor=actor, happening=happening, at=at)
    return pdf


def _facts_of(criteria: Criteria) -> dict[str, str]:
    given = {item.name: getattr(criteria, item.name) for item in fields(criteria)}
    # The agencies of the auditor's scope are many, and who asked says them.
    return {name: str(value) for name, value in given.items() if value and name != "within"}
