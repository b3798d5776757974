"""Reading the journal. Who may read which entries is decided by the room that owns the object."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection
from django.db.models import Count, F, Max, Q, QuerySet
from django.db.models.fields.json import KeyTextTransform

from motcua.foundation.journal.contributions import Criteria, SealedEntry, consumers
from motcua.foundation.journal.errors import TooManyEntries
from motcua.foundation.journal.heads import last_head_written as last_head_written
from motcua.foundation.journal.models import (
    Batch,
    ConsumerPosition,
    DeadLetter,
    Entry,
    Hold,
    Leaf,
    Stamp,
    Verification,
)
from motcua.foundation.journal.proving import make_proof as make_proof


def list_entries(object_ids: Iterable[UUID], *, without: Iterable[str] = (), limit: int = 200) -> list[Entry]:
    """The latest entries about the given objects, oldest first, with their details (None when erased).

    `without`: kinds to leave out, so that many readings do not crowd out the acts.
    """
    entries = Entry.objects.filter(object_id__in=list(object_ids)).exclude(kind__in=list(without))
    return list(entries.select_related("detail").order_by("-sequence")[:limit])[::-1]


def list_readings(
    concerns_id: UUID, *, kinds: Iterable[str], object_id: UUID, limit: int = 50
) -> list[Entry]:
    """Who looked at one object or at entries about it, or searched for it or for the person, latest first.

    Only what concerns this person.
    """
    at_entries = Q(object_kind="entry", facts__object=str(object_id))
    searched = Q(object_kind="journal", facts__found__in=[str(object_id), str(concerns_id)])
    about = Q(object_id=object_id) | at_entries | searched
    entries = Entry.objects.filter(about, concerns_id=concerns_id, kind__in=list(kinds))
    return list(entries.order_by("-sequence")[:limit])


def list_readings_about(
    concerns_id: UUID, *, kinds: Iterable[str], object_ids: Iterable[UUID], limit: int = 200
) -> list[Entry]:
    """Who looked at these objects, or in another one at a document of these (fact `document`), latest first.

    Only what concerns this person or organisation.
    """
    ids = list(object_ids)
    about = Q(object_id__in=ids) | Q(facts__document__in=[str(it) for it in ids])
    entries = Entry.objects.filter(about, concerns_id=concerns_id, kind__in=list(kinds))
    return list(entries.order_by("-sequence")[:limit])


def last_readings(
    concerns_id: UUID, *, kinds: Iterable[str], object_ids: Iterable[UUID]
) -> dict[UUID, datetime]:
    """When each of these objects was last looked at, in itself or in another one (fact `document`). One query."""
    ids = set(object_ids)
    about = Q(object_id__in=ids) | Q(facts__document__in=[str(it) for it in ids])
    entries = Entry.objects.filter(about, concerns_id=concerns_id, kind__in=list(kinds))
    grouped = entries.values_list("object_id", KeyTextTransform("document", "facts")).annotate(Max("at"))
    found: dict[UUID, datetime] = {}
    for object_id, document, at in grouped.order_by():
        key = UUID(document) if document else object_id
        found[key] = max(found.get(key, at), at)
    return found


def is_entry_about(entry_id: UUID, *, object_id: UUID, concerns_id: UUID) -> bool:
    """Whether an entry is about this object, or about an entry about it, and concerns this person."""
    about = Q(object_id=object_id) | Q(object_kind="entry", facts__object=str(object_id))
    return Entry.objects.filter(about, pk=entry_id, concerns_id=concerns_id).exists()


def list_sealed_among(entry_ids: Iterable[UUID]) -> set[UUID]:
    """Those of the given entries that have their seal, and so a proof."""
    return set(Leaf.objects.filter(entry_id__in=list(entry_ids)).values_list("entry_id", flat=True))


def positions_of(entry_ids: Iterable[UUID]) -> dict[UUID, int]:
    """Entry -> its position in the journal; those that are not sealed yet are left out. One query."""
    leaves = Leaf.objects.filter(entry_id__in=list(entry_ids))
    return dict(leaves.values_list("entry_id", "position"))


def is_sealed_here(position: int, leaf: bytes) -> bool:
    """Whether this journal's entry of that position has this leaf hash: a proof that fits may be of another journal."""
    return Leaf.objects.filter(position=position, hash=leaf).exists()


def held(object_ids: Iterable[UUID]) -> set[UUID]:
    """Those of the given objects that a legal hold lies on: nothing about them may be erased."""
    holds = Hold.objects.filter(object_id__in=list(object_ids), released_at__isnull=True)
    return set(holds.values_list("object_id", flat=True))


def last_position() -> int:
    """The highest position given so far; 0 when nothing is sealed."""
    return Leaf.objects.order_by("-position").values_list("position", flat=True).first() or 0


@dataclass(frozen=True, slots=True)
class JournalRow:
    """An entry as an auditor's list shows it. `position`, `batch`: None while it is not sealed."""

    entry: Entry
    position: int | None
    batch: int | None


@dataclass(frozen=True, slots=True)
class JournalPage:
    """`after`: pass it as `before` for the next, older page; None on the last."""

    rows: tuple[JournalRow, ...]
    after: int | None


def list_sealed(criteria: Criteria, *, before: int | None = None, limit: int = 50) -> JournalPage:
    """Entries across the whole journal, latest first, with their details and positions; two queries.

    before: the sequence of the last row of the page before. limit: 1 to 200. Not access-checked, and
    nothing is recorded: whose role allows it decides the caller, who records a look at one person's entries.
    """
    limit = min(max(limit, 1), 200)
    entries = Entry.objects.filter(_matching(criteria))
    if before is not None:
        entries = entries.filter(sequence__lt=before)
    # The sum keeps the planner from reading the journal backwards until it meets a person's few entries.
    newest = (F("sequence") + 0).desc() if criteria.person else "-sequence"
    found = list(entries.select_related("detail").order_by(newest)[: limit + 1])
    shown = found[:limit]
    seals = {leaf.entry_id: leaf for leaf in Leaf.objects.filter(entry_id__in=[it.id for it in shown])}
    rows = []
    for entry in shown:
        leaf = seals.get(entry.id)
        rows.append(JournalRow(entry, leaf.position if leaf else None, leaf.batch if leaf else None))
    return JournalPage(tuple(rows), shown[-1].sequence if len(found) > limit else None)


def _matching(criteria: Criteria) -> Q:
    """Every filter has its index; see migration 0004."""
    wanted = {
        "account_id": criteria.account,
        "agency_id": criteria.agency,
        "object_id": criteria.object,
        "concerns_id": criteria.concerns,
        "at__gte": criteria.begins,
        "at__lt": criteria.ends,
    }
    matching = Q(**{name: value for name, value in wanted.items() if value is not None})
    if criteria.kind.endswith("."):
        matching &= Q(kind__startswith=criteria.kind)
    elif criteria.kind:
        matching &= Q(kind=criteria.kind)
    if criteria.officer is not None:
        matching &= Q(person_id=criteria.officer)
    if criteria.within is not None:
        matching &= Q(agency_id__in=criteria.within)
    if criteria.person is not None:
        matching &= Q(person_id=criteria.person) | Q(concerns_id=criteria.person)
    return matching


def list_extract(criteria: Criteria, *, limit: int) -> list[SealedEntry]:
    """The sealed entries that match, in order of position. Raises TooManyEntries when more than `limit` match."""
    entries = Entry.objects.filter(_matching(criteria)).select_related("detail").order_by("sequence")
    found = {entry.id: entry for entry in entries[: limit + 1]}
    if len(found) > limit:
        raise TooManyEntries(limit=limit)
    leaves = Leaf.objects.filter(entry_id__in=list(found)).order_by("position")
    return [SealedEntry(leaf.position, found[leaf.entry_id]) for leaf in leaves]


def batches_of(positions: Iterable[int]) -> list[Batch]:
    """The batches that hold these positions, in order."""
    numbers = Leaf.objects.filter(position__in=list(positions)).values("batch")
    return list(Batch.objects.filter(number__in=numbers).order_by("number"))


@dataclass(frozen=True, slots=True)
class Seal:
    """Where an entry is sealed. `stamped_at`: the time of the first stamp that covers it; None until there is one."""

    position: int
    batch: Batch
    stamped_at: datetime | None


def seal_of(entry_id: UUID) -> Seal | None:
    """None while the entry is not sealed, or there is none."""
    leaf = Leaf.objects.filter(entry_id=entry_id).first()
    if leaf is None:
        return None
    stamps = Stamp.objects.filter(batch_id__gte=leaf.batch).order_by("batch_id")
    return Seal(
        leaf.position,
        Batch.objects.get(number=leaf.batch),
        stamps.values_list("made_at", flat=True).first(),
    )


@dataclass(frozen=True, slots=True)
class ConsumerState:
    """`lag`: sealed entries it has not gone past. `not_before`: when a failing entry is tried again."""

    name: str
    position: int
    lag: int
    tries: int
    not_before: datetime | None
    dead_letters: int


@dataclass(frozen=True, slots=True)
class JournalState:
    """`unsealed` is counted up to UNSEALED_COUNTED; `sealed` is the highest position."""

    unsealed: int
    sealed: int
    last_batch: Batch | None
    last_stamp: Stamp | None
    last_verification: Verification | None
    consumers: tuple[ConsumerState, ...]
    dead_letters: int


UNSEALED_COUNTED = 100_000
# As the sealer looks: above the floor, one look into an index for each entry.
_UNSEALED = """
SELECT count(*) FROM (
    SELECT 1 FROM foundation_journal_entry e
    WHERE e.sequence > coalesce((SELECT settled_sequence FROM foundation_journal_batch ORDER BY number DESC LIMIT 1), 0)
      AND (SELECT l.position FROM foundation_journal_leaf l WHERE l.entry_id = e.id) IS NULL
    LIMIT %s) AS unsealed
"""


def journal_state() -> JournalState:
    """How far sealer, stamper, verification and consumers are; seven queries."""
    with connection.cursor() as cursor:
        cursor.execute(_UNSEALED, [UNSEALED_COUNTED])
        unsealed = cursor.fetchone()[0]
    sealed = last_position()
    open_letters = DeadLetter.objects.filter(resolved_at=None)
    letters = dict(open_letters.values_list("consumer").annotate(Count("id")))
    stored = {row.name: row for row in ConsumerPosition.objects.all()}
    # Registered ones that never ran too; a stored one that is no longer registered is nobody's lag.
    states = [
        _state_of(stored.get(it.name) or ConsumerPosition(name=it.name), sealed, letters)
        for it in consumers()
    ]
    return JournalState(
        unsealed=unsealed,
        sealed=sealed,
        last_batch=Batch.objects.order_by("-number").first(),
        last_stamp=Stamp.objects.order_by("-batch_id").first(),
        last_verification=Verification.objects.order_by("-at", "-id").first(),
        consumers=tuple(states),
        dead_letters=sum(letters.values()),
    )


def _state_of(row: ConsumerPosition, sealed: int, letters: dict[str, int]) -> ConsumerState:
    lag = max(0, sealed - row.position)
    return ConsumerState(row.name, row.position, lag, row.tries, row.not_before, letters.get(row.name, 0))


_OLDEST_UNSEALED = """
SELECT e.recorded_at FROM foundation_journal_entry e
WHERE e.sequence > coalesce((SELECT settled_sequence FROM foundation_journal_batch ORDER BY number DESC LIMIT 1), 0)
  AND (SELECT l.position FROM foundation_journal_leaf l WHERE l.entry_id = e.id) IS NULL
ORDER BY e.sequence LIMIT 1
"""


@dataclass(frozen=True, slots=True)
class Followed:
    """How far a consumer is. `entries`: sealed ones it has not gone past; `since`: when the oldest entry was recorded
    that it has not followed, sealed or not; None: it is up to date."""

    position: int
    entries: int
    since: datetime | None


def followed_by(name: str) -> Followed:
    """Three queries, four while it is behind."""
    position = position_of(name)
    next_one = Leaf.objects.filter(position__gt=position).order_by("position").values("entry_id")[:1]
    since = Entry.objects.filter(pk__in=next_one).values_list("recorded_at", flat=True).first()
    if since is None:
        with connection.cursor() as cursor:
            cursor.execute(_OLDEST_UNSEALED)
            since = (cursor.fetchone() or (None,))[0]
    return Followed(position, max(last_position() - position, 0), since)


def position_of(name: str) -> int:
    """How far a consumer is; 0 before it began. One query."""
    return ConsumerPosition.objects.filter(name=name).values_list("position", flat=True).first() or 0


_NOT_FOLLOWED = """
SELECT EXISTS (
    SELECT 1 FROM foundation_journal_leaf l JOIN foundation_journal_entry e ON e.id = l.entry_id
    WHERE l.position > %(position)s AND e.recorded_at < %(moment)s
    UNION ALL
    SELECT 1 FROM foundation_journal_entry e
    WHERE e.sequence > coalesce((SELECT settled_sequence FROM foundation_journal_batch ORDER BY number DESC LIMIT 1), 0)
      AND e.recorded_at < %(moment)s
      AND (SELECT l.position FROM foundation_journal_leaf l WHERE l.entry_id = e.id) IS NULL)
"""


def followed_until(consumer: str, moment: datetime) -> int | None:
    """The consumer's position, once it has gone past every entry that was recorded before a moment; else None. Two
    queries, short for who is not far behind."""
    stored = ConsumerPosition.objects.filter(name=consumer).first()
    position = stored.position if stored else 0
    with connection.cursor() as cursor:
        cursor.execute(_NOT_FOLLOWED, {"position": position, "moment": moment})
        return None if cursor.fetchone()[0] else position


def list_dead_letters(*, resolved: bool = False, limit: int = 200) -> list[DeadLetter]:
    """Open (or resolved) dead letters, oldest first."""
    letters = DeadLetter.objects.filter(resolved_at__isnull=not resolved)
    return list(letters.order_by("last_at", "id")[:limit])


def locked_holds(object_ids: Iterable[UUID]) -> set[UUID]:
    """As `held`, for whoever erases: waits for a hold that is being placed, and none is placed until they commit.

    Raises RuntimeError outside a transaction.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("Holds are asked for in the transaction that erases")
    with connection.cursor() as cursor:
        cursor.execute("LOCK TABLE foundation_journal_hold IN SHARE MODE")
    return held(object_ids)


def list_accesses(
    concerned: Collection[UUID],
    criteria: Criteria,
    *,
    kinds: Iterable[str],
    before: int | None = None,
    limit: int,
) -> list[Entry]:
    """Entries of the given kinds about a person by anybody but that person, latest first.

    concerned: every id under which entries are about them; none: no entries. before: the sequence of the last row of
    the page before.
    """
    found = _accesses(concerned, kinds).filter(_matching(criteria))
    if before is not None:
        found = found.filter(sequence__lt=before)
    return list(found.order_by("-sequence")[:limit])


def find_access(entry_id: UUID, *, concerned: Collection[UUID], kinds: Iterable[str]) -> Entry | None:
    """One of `list_accesses`; None also for an entry that concerns somebody else."""
    return _accesses(concerned, kinds).filter(pk=entry_id).first()


def _accesses(concerned: Collection[UUID], kinds: Iterable[str]) -> QuerySet[Entry]:
    found = Entry.objects.filter(concerns_id__in=list(concerned), kind__in=list(kinds))
    return found.exclude(actor_kind="citizen", person_id__in=list(concerned))
