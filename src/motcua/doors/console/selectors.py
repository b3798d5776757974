"""Reading the journal as an auditor: the scope of the role is part of every query."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from django.db import transaction

from motcua.foundation.journal.contributions import BadStamp, Criteria, StampFacts, time_stamper
from motcua.foundation.journal.models import Batch, DeadLetter, Entry, Leaf, Stamp
from motcua.foundation.journal.rules.merkle import path_length
from motcua.foundation.journal.selectors import JournalPage, list_dead_letters, list_sealed, make_proof
from motcua.foundation.journal.services import Happening, record
from motcua.foundation.kernel.actors import Actor
from motcua.foundation.kernel.errors import NotFound
from motcua.foundation.kernel.ids import new_id
from motcua.registry.organisations.models import Agency
from motcua.registry.organisations.selectors import list_agencies_within

PAGE_SIZE = 50
AUDITOR = "auditor"


def scoped(actor: Actor, criteria: Criteria) -> Criteria:
    """The criteria, narrowed to acts of the agencies that the auditor's role reaches; no change for "/"."""
    scopes = actor.scopes(AUDITOR)
    if "/" in scopes:
        return criteria
    return replace(criteria, within=frozenset(it.id for it in list_agencies_within(scopes)))


def list_journal(actor: Actor, criteria: Criteria, *, at: datetime, before: int | None = None) -> JournalPage:
    """A page of 50 entries the auditor may see, newest first, a constant number of queries.

    Under a filter by person every page is itself an entry that concerns the person, however the filter came
    about: an address can be typed. Source: design section 7, promise 1.
    """
    if criteria.person:
        record_search(actor, "person", criteria.person, criteria.person, at)
    return list_sealed(scoped(actor, criteria), before=before, limit=PAGE_SIZE)


@transaction.atomic
def record_search(actor: Actor, by: str, found: UUID | None, person: UUID | None, at: datetime) -> None:
    """Enter that the journal was searched `by` number, code or person; `person`: whom it concerns."""
    happening = Happening(
        kind="journal.searched",
        object_kind="journal",
        object_id=new_id(),
        concerns_id=person,
        facts={"by": by, "found": str(found) if found else None},
    )
    record(actor=actor, happening=happening, at=at)


def list_agencies(actor: Actor) -> list[Agency]:
    """The agencies whose acts the auditor may see."""
    return list_agencies_within(actor.scopes(AUDITOR))


@transaction.atomic
def open_entry(actor: Actor, entry_id: UUID, *, at: datetime) -> Entry:
    """An entry with its personal details; opening it is itself an entry. Raises NotFound, also outside the scope."""
    entries = Entry.objects.select_related("detail").filter(pk=entry_id)
    within = scoped(actor, Criteria()).within
    if within is not None:
        entries = entries.filter(agency_id__in=within)
    entry = entries.first()
    if entry is None:
        raise NotFound
    happening = Happening(
        kind="entry.read",
        object_kind="entry",
        object_id=entry.id,
        concerns_id=person_of(entry),
        facts={"kind": entry.kind, "object": str(entry.object_id)},
    )
    record(actor=actor, happening=happening, at=at)
    return entry


def person_of(entry: Entry) -> UUID | None:
    """The citizen an entry is about: whose record was touched, else who acted."""
    return entry.concerns_id or (entry.person_id if entry.actor_kind == "citizen" else None)


def open_proof(actor: Actor, entry_id: UUID, *, at: datetime) -> bytes:
    """The inclusion proof of an entry; it says what the entry says, so it is opened too. Raises NotFound, NotSealed."""
    return make_proof(open_entry(actor, entry_id, at=at).id)


@dataclass(frozen=True, slots=True)
class SealFacts:
    """How an entry is sealed. `stamp`: None until one covers it; `stamp_facts`: None when nobody here can check it."""

    leaf: Leaf
    batch: Batch
    path_length: int
    stamp: Stamp | None
    stamp_facts: StampFacts | None
    stamp_is_bad: bool


def find_seal(entry_id: UUID) -> SealFacts | None:
    """None while the entry is not sealed. Three queries."""
    leaf = Leaf.objects.filter(entry_id=entry_id).first()
    if leaf is None:
        return None
    batch = Batch.objects.get(number=leaf.batch)
    stamp = (
        Stamp.objects.filter(batch_id__gte=leaf.batch).select_related("batch").order_by("batch_id").first()
    )
    facts, bad = check_stamp(stamp) if stamp else (None, False)
    length = path_length(leaf.position - batch.first_position, batch.count)
    return SealFacts(leaf, batch, length, stamp, facts, bad)


def check_stamp(stamp: Stamp) -> tuple[StampFacts | None, bool]:
    """What a time stamp says, and whether it is broken; (None, False) without a time stamper to ask. Offline."""
    stamper = time_stamper()
    if stamper is None:
        return None, False
    try:
        return stamper.check(bytes(stamp.token), bytes(stamp.batch.head)), False
    except BadStamp:
        return None, True


def list_batches(*, before: int | None = None) -> list[Batch]:
    """A page of 50 batches, newest first, each with its own stamp if there is one (it covers all before, too)."""
    batches = Batch.objects.select_related("stamp").order_by("-number")
    if before is not None:
        batches = batches.filter(number__lt=before)
    return list(batches[:PAGE_SIZE])


@dataclass(frozen=True, slots=True)
class LetterRow:
    letter: DeadLetter
    kind: str


def list_letters() -> list[LetterRow]:
    """Open dead letters with the kind of their entry, those that failed longest ago first, at most 200. Two queries."""
    letters = list_dead_letters()
    kinds = dict(Entry.objects.filter(pk__in=[it.entry_id for it in letters]).values_list("pk", "kind"))
    return [LetterRow(it, kinds.get(it.entry_id, "")) for it in letters]
