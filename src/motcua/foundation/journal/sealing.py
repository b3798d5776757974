"""The sealer: gives committed entries their positions, hashes and batches.

One pass is one transaction under an advisory lock that ends with it: one sealer at a time, and the next takes
over as soon as the database notices that a process was killed. Memory between passes only saves work.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper

from motcua.foundation.journal import heads
from motcua.foundation.journal.models import Batch, Leaf
from motcua.foundation.journal.reading import ENTRY_COLUMNS, ID, SEQUENCE
from motcua.foundation.journal.rules.canonical import canonical, leaf_hash, tag_of
from motcua.foundation.journal.rules.merkle import GENESIS, Link, root_of
from motcua.foundation.kernel.rows import insert_many

BATCH_ENTRIES = 5_000
PASS_BATCHES = 4
LISTED_AT_ONCE = 500_000
_MARKS = 64

_LOCK = "SELECT pg_try_advisory_xact_lock(1836020835, 1)"
# Tables of a hundred million rows whose statistics are old: never read one as a whole.
_NO_FULL_READING = "SELECT set_config('enable_seqscan', 'off', true)"
_DRAWN = "SELECT CASE WHEN is_called THEN last_value ELSE 0 END FROM foundation_journal_entry_sequence"
_OWN_ID = "SELECT pg_current_xact_id()::text::bigint"
# In the order of commits where the database keeps their times, else in the order in which numbers were drawn.
# The inner select is not joined on purpose: it stays one look into an index for each entry above the floor.
_UNSEALED = """
SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint, ARRAY(
    SELECT e.sequence FROM foundation_journal_entry e
    WHERE e.sequence > %s
      AND (SELECT l.position FROM foundation_journal_leaf l WHERE l.entry_id = e.id) IS NULL
    ORDER BY CASE WHEN current_setting('track_commit_timestamp') = 'on'
                  THEN pg_xact_commit_timestamp(e.xmin) END NULLS FIRST, e.sequence
    LIMIT %s)
"""
_ENTRIES = f"SELECT {ENTRY_COLUMNS} FROM foundation_journal_entry e WHERE e.sequence = ANY(%s::bigint[])"  # noqa: S608


@dataclass(frozen=True, slots=True)
class _Mark:
    """All numbers up to `sequence` were drawn by transactions with an id below `transaction_id`."""

    transaction_id: int
    sequence: int


class Sealer:
    """Seals what is committed. Keep one for a process, so that idle passes cost next to nothing."""

    def __init__(self) -> None:
        self._head: bytes | None = None
        self._forget(0)

    def _forget(self, floor: int) -> None:
        self._floor = self._settled = floor
        self._marks: list[_Mark] = []
        self._waiting: list[int] = []

    def seal(self, *, at: datetime) -> int:
        """One pass. Returns how many entries were sealed: at most 20,000; 0 also when another sealer is at work.

        Entries of transactions that still run are left for later and block nobody. After the commit the heads
        go to the file outside the database, those that are still missing there included.
        """
        try:
            with transaction.atomic():
                sealed = self._pass(at)
        except BaseException:
            self._head = None
            self._forget(0)
            raise
        if not connection.in_atomic_block:
            heads.catch_up()
        return sealed

    def _pass(self, at: datetime) -> int:
        with connection.cursor() as cursor:
            if not _value(cursor, _LOCK):
                return 0
            last = Batch.objects.order_by("-number").first()
            head = bytes(last.head) if last else GENESIS
            if head != self._head:
                self._forget(last.settled_sequence if last else 0)
            if not self._waiting:
                self._look(cursor)
            sealed = 0
            for _ in range(PASS_BATCHES):
                if not self._waiting:
                    break
                chunk, self._waiting = self._waiting[:BATCH_ENTRIES], self._waiting[BATCH_ENTRIES:]
                if not self._waiting:
                    self._floor = self._settled
                last = self._seal_batch(cursor, chunk, last, at)
                sealed += len(chunk)
            self._head = bytes(last.head) if last else GENESIS
            return sealed

    def _look(self, cursor: CursorWrapper) -> None:
        """List the unsealed entries, and find up to which number nothing more can come."""
        drawn = _value(cursor, _DRAWN)
        if drawn <= self._floor:
            return
        cursor.execute(_NO_FULL_READING)
        if not self._marks or drawn > self._marks[-1].sequence:
            # In this order: who drew a number up to `drawn` had an id before we got ours.
            self._marks.append(_Mark(_value(cursor, _OWN_ID), drawn))
        cursor.execute(_UNSEALED, [self._floor, LISTED_AT_ONCE])
        oldest_running, self._waiting = cursor.fetchone()
        if len(self._waiting) == LISTED_AT_ONCE:
            return
        self._settled = max(
            [self._floor, *(it.sequence for it in self._marks if it.transaction_id <= oldest_running)]
        )
        self._marks = [it for it in self._marks if it.transaction_id > oldest_running]
        if len(self._marks) > _MARKS:
            del self._marks[1::2]
        if not self._waiting:
            self._floor = self._settled

    def _seal_batch(
        self, cursor: CursorWrapper, sequences: Sequence[int], last: Batch | None, at: datetime
    ) -> Batch:
        previous = bytes(last.head) if last else GENESIS
        first = last.last_position + 1 if last else 1
        number = last.number + 1 if last else 1
        cursor.execute(_ENTRIES, [list(sequences)])
        rows = {row[SEQUENCE]: row for row in cursor.fetchall()}
        leaves = _leaves([rows[sequence] for sequence in sequences], first, number)
        insert_many(Leaf, leaves)
        link = Link(number, first, first + len(leaves) - 1, root_of([bytes(leaf.hash) for leaf in leaves]))
        return Batch.objects.create(
            number=number,
            first_position=first,
            last_position=link.last,
            count=len(leaves),
            root=link.root,
            previous_head=previous,
            head=link.head(previous),
            settled_sequence=self._floor,
            sealed_at=at,
        )


def _leaves(rows: Sequence[tuple[Any, ...]], first: int, batch: int) -> list[Leaf]:
    key = settings.JOURNAL_KEY.encode()
    leaves = []
    for position, row in enumerate(rows, first):
        digest = leaf_hash(canonical(position, row))
        leaves.append(
            Leaf(
                position=position,
                entry_id=UUID(row[ID]),
                hash=digest,
                tag=tag_of(key, digest),
                batch=batch,
            )
        )
    return leaves


def _value(cursor: CursorWrapper, query: str) -> Any:
    cursor.execute(query)
    return cursor.fetchone()[0]
