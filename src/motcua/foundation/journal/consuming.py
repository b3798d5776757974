"""Consumers: each follows the journal from its own stored position."""

from __future__ import annotations

import logging
import time
import traceback
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import InterfaceError, OperationalError, connection, transaction

from motcua.foundation.journal.contributions import Consumer, SealedEntry, consumers
from motcua.foundation.journal.errors import EntryLost, NoSuchDeadLetter, PositionAhead, UnknownConsumer
from motcua.foundation.journal.models import ConsumerPosition, DeadLetter, Entry, Leaf
from motcua.foundation.journal.selectors import last_position
from motcua.foundation.kernel.errors import DomainError

log = logging.getLogger(__name__)

STEP_ENTRIES = 500
# Who reads much again (a replay) takes it in larger pieces: what they have in common is written once.
CATCH_UP_ENTRIES = 5_000
_BETWEEN_TRIES = 0.2
# Waits before the second, third … try of an entry; after the last one it becomes a dead letter.
WAITS = tuple(timedelta(seconds=seconds) for seconds in (1, 5, 30, 120))
# The database's own trouble is not the entry's fault: connections, lost serialization and deadlocks, no room, a
# server that shuts down or starts, a lock that could not be had. PostgreSQL 18, appendix A (error codes).
_TROUBLE_CLASSES = {"08", "40", "53"}
_TROUBLES = {"57P01", "57P02", "57P03", "55P03"}


@dataclass(frozen=True, slots=True)
class _Failure:
    sealed: SealedEntry
    error: Exception

    @property
    def reason(self) -> str:
        """Class and code only: the text of an exception may hold personal values."""
        name = type(self.error).__name__
        return (f"{name}: {self.error.code}" if isinstance(self.error, DomainError) else name)[:200]


def find_consumer(name: str) -> Consumer:
    """Raises UnknownConsumer."""
    for consumer in consumers():
        if consumer.name == name:
            return consumer
    raise UnknownConsumer(name=name)


def take_places(consumers: Iterable[Consumer]) -> None:
    """Store where each that is new begins. Before the first sealing: what is sealed until then, it never sees."""
    for consumer in consumers:
        _position_of(consumer)


def consume(consumer: Consumer, *, at: datetime, most: int | None = None) -> int:
    """One step: hand over the next entries, at most 500 or so many, and store how far it came. Returns by how many
    positions.

    0: there is nothing new, another process is at it, or the next entry waits for its next try. Effects in this
    database and the position are one transaction. An entry whose handler raises is tried again by itself later;
    after the last try it goes to the dead letters and the consumer goes on. Raises the database's
    OperationalError and InterfaceError for its own trouble, after which everything of this step is undone.
    """
    row = _position_of(consumer)
    if row.position >= last_position() or _waits(row, at):
        return 0
    with transaction.atomic():
        locked = ConsumerPosition.objects.select_for_update(skip_locked=True).filter(pk=row.pk).first()
        return _step(consumer, locked, at, most or STEP_ENTRIES) if locked and not _waits(locked, at) else 0


def _position_of(consumer: Consumer) -> ConsumerPosition:
    rows = ConsumerPosition.objects.filter(name=consumer.name)
    if row := rows.first():
        return row
    start = last_position() if consumer.starts_at_end else 0
    fresh = ConsumerPosition(name=consumer.name, position=start)
    ConsumerPosition.objects.bulk_create([fresh], ignore_conflicts=True)
    return rows.get()


def _waits(row: ConsumerPosition, at: datetime) -> bool:
    return row.not_before is not None and row.not_before > at


def _step(consumer: Consumer, row: ConsumerPosition, at: datetime, most: int) -> int:
    end = min(row.position + most, last_position())
    entries = _sealed_between(consumer, row.position, end)
    failure = None
    while found := _handle(consumer, entries):
        # All was undone; what comes before the failing entry is done again without it.
        failure, end = found, found.sealed.position - 1
        entries = [it for it in entries if it.position <= end]
    if failure is None or end > row.position:
        return _move(row, end)
    return _count_a_try(consumer, row, failure, at)


def _sealed_between(consumer: Consumer, start: int, end: int) -> list[SealedEntry]:
    """The consumer's kinds among the positions after `start` up to `end`, in order."""
    leaves = Leaf.objects.filter(position__gt=start, position__lte=end)
    entries = Entry.objects.filter(id__in=leaves.values("entry_id"))
    if consumer.kinds is not None:
        entries = entries.filter(kind__in=consumer.kinds)
    found = {entry.id: entry for entry in entries}
    positions = leaves.order_by("position").values_list("entry_id", "position")
    return [SealedEntry(position, found[entry_id]) for entry_id, position in positions if entry_id in found]


def _handle(consumer: Consumer, entries: Sequence[SealedEntry], *, each: bool = False) -> _Failure | None:
    """All of them or none: the first that fails takes back the others.

    Foreign keys are otherwise looked at when the position is committed, too late to say whose fault it was;
    `each`: after every single entry.
    """
    handled = 0
    try:
        with transaction.atomic():
            if consumer.handle_all and entries and not each:
                # Whose fault it was is not known then: as with constraints, one by one finds it.
                handled = len(entries)
                consumer.handle_all(entries)
            for sealed in entries[handled:]:
                consumer.handle(sealed)
                if each:
                    connection.check_constraints()
                handled += 1
            connection.check_constraints()
    except Exception as error:
        if _is_databases_trouble(error):
            raise
        if handled == len(entries):
            return _handle(consumer, entries, each=True)
        failure = _Failure(entries[handled], error)
        # The exception's own text stays out, it may hold personal values: what it was, and where.
        places = traceback.extract_tb(error.__traceback__)[-5:]
        log.warning(
            "consumer_failed consumer=%s position=%s error=%s where=%s",
            consumer.name,
            failure.sealed.position,
            failure.reason,
            " > ".join(f"{place.filename}:{place.lineno}" for place in places),
        )
        return failure
    return None


def _is_databases_trouble(error: Exception) -> bool:
    """Else what an entry makes its handler ask of the database (too much, too long) would stop it for ever."""
    if isinstance(error, InterfaceError):
        return True
    if not isinstance(error, OperationalError):
        return False
    # None: the connection broke before the server could say why.
    state: str | None = getattr(error.__cause__, "sqlstate", None)
    return state is None or state[:2] in _TROUBLE_CLASSES or state in _TROUBLES


def _move(row: ConsumerPosition, position: int) -> int:
    moved = position - row.position
    row.position, row.tries, row.failing_since, row.not_before = position, 0, None, None
    row.save(update_fields=["position", "tries", "failing_since", "not_before"])
    return moved


def _count_a_try(consumer: Consumer, row: ConsumerPosition, failure: _Failure, at: datetime) -> int:
    row.tries += 1
    row.failing_since = row.failing_since or at
    if row.tries <= len(WAITS):
        row.not_before = at + WAITS[row.tries - 1]
        row.save(update_fields=["tries", "failing_since", "not_before"])
        return 0
    DeadLetter.objects.update_or_create(
        consumer=consumer.name,
        position=failure.sealed.position,
        defaults={
            "entry_id": failure.sealed.entry.id,
            "reason": failure.reason,
            "tries": row.tries,
            "first_at": row.failing_since,
            "last_at": at,
            "resolved_at": None,
        },
    )
    log.error("consumer_dead_letter consumer=%s position=%s", consumer.name, failure.sealed.position)
    return _move(row, failure.sealed.position)


def catch_up(
    name: str, *, clock: Callable[[], datetime], progress: Callable[[int], None] | None = None
) -> int:
    """Let a consumer follow all that is sealed now, in this thread; the position it came to. `progress` is told by how
    many positions.

    Waits for the next try of an entry that fails, and while another process is at it. Raises UnknownConsumer.
    """
    consumer, end = find_consumer(name), last_position()
    position = _position_of(consumer).position
    while position < end:
        if not consume(consumer, at=clock(), most=CATCH_UP_ENTRIES):
            time.sleep(_BETWEEN_TRIES)
        before, position = position, _position_of(consumer).position
        if progress:
            progress(position - before)
    return position


@transaction.atomic
def hand_over_again(letter_id: int, *, at: datetime) -> DeadLetter:
    """Hand a dead letter to its consumer again, out of order; `resolved_at` says whether it went through.

    Raises NoSuchDeadLetter (also when it was resolved before), UnknownConsumer, EntryLost.
    """
    name = DeadLetter.objects.filter(pk=letter_id).values_list("consumer", flat=True).first()
    if name is None:
        raise NoSuchDeadLetter(number=letter_id)
    consumer = find_consumer(name)
    # Not while the consumer itself is in the middle of a step or is being replayed.
    ConsumerPosition.objects.select_for_update().get(name=name)
    letter = DeadLetter.objects.select_for_update().filter(pk=letter_id, resolved_at=None).first()
    if letter is None:
        raise NoSuchDeadLetter(number=letter_id)
    entry = Entry.objects.select_related("detail").filter(pk=letter.entry_id).first()
    if entry is None:
        raise EntryLost(number=letter_id)
    failure = _handle(consumer, [SealedEntry(letter.position, entry)])
    letter.tries += 1
    letter.last_at = at
    if failure:
        letter.reason = failure.reason
    else:
        letter.resolved_at = at
    letter.save(update_fields=["tries", "last_at", "reason", "resolved_at"])
    return letter


@transaction.atomic
def set_back(consumer: Consumer, position: int, *, at: datetime) -> None:
    """Undo the consumer's effects after a position and let it go on from there; waits for a step in progress.

    Raises PositionAhead for a position it has not come to.
    """
    ConsumerPosition.objects.bulk_create([ConsumerPosition(name=consumer.name)], ignore_conflicts=True)
    row = ConsumerPosition.objects.select_for_update().get(name=consumer.name)
    if position > row.position:
        raise PositionAhead(name=consumer.name, position=row.position)
    if consumer.reset:
        consumer.reset(position)
    # They get their next chance now; who fails again comes back.
    letters = DeadLetter.objects.filter(consumer=consumer.name, position__gt=position, resolved_at=None)
    letters.update(resolved_at=at)
    _move(row, position)
