"""Verification: reads everything, computes every hash here and not in the database, and names each fault.

What each kind of fault means stands in docs/journal.md. The database is only believed to hand out its rows: a
superuser may have changed tables, triggers and functions.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from django.conf import settings
from django.db import DataError, connection, transaction

from motcua.foundation.journal import heads
from motcua.foundation.journal.models import Batch
from motcua.foundation.journal.outside import KnownHeads, check_stamps
from motcua.foundation.journal.proving import link_of
from motcua.foundation.journal.reading import ENTRY_COLUMNS
from motcua.foundation.journal.report import Fault, Report
from motcua.foundation.journal.rules.canonical import COLUMNS, DIGEST, detail_digest, tag_of
from motcua.foundation.journal.rules.comparing import Mismatch, find_swaps, hash_of
from motcua.foundation.journal.rules.merkle import GENESIS, root_of

ROWS_AT_ONCE = 5_000
_BATCHES_AT_ONCE = 1_000
# Not 0: what lies below the first position was not put there by the sealer.
_BEFORE_ALL = -(2**63)
_MOST_IN_A_BATCH = 100_000
_MOST_COMPARED = 200
_MOST_LOST_NAMED = 1_000
_MOST_UNSEALED_NAMED = 1_000
_NUMBERS_AT_ONCE = 50_000

# One look into an index for each leaf: a piece of a table of a hundred million rows must not read it whole.
_PLAN = "SELECT " + ", ".join(
    f"set_config('enable_{way}', 'off', true)" for way in ("hashjoin", "mergejoin", "seqscan")
)
_LEAVES = f"""
SELECT l.position, l.entry_id::text, l.hash, l.tag, l.batch, d.salt, d.values::text, {ENTRY_COLUMNS}
FROM foundation_journal_leaf l
LEFT JOIN foundation_journal_entry e ON e.id = l.entry_id
LEFT JOIN foundation_journal_detail d ON d.entry_id = e.id
WHERE l.position > %s ORDER BY l.position LIMIT %s
"""  # noqa: S608
_LEAVES_ALONE = """
SELECT position, entry_id::text, hash, tag, batch, NULL, NULL
FROM foundation_journal_leaf WHERE position > %s ORDER BY position LIMIT 1
"""
# In one statement, since a sealer may be at work: its leaves and their batch are committed together.
_BEYOND = """
SELECT position, batch, entry_id FROM foundation_journal_leaf
WHERE position > (SELECT coalesce(max(last_position), %s) FROM foundation_journal_batch)
ORDER BY position LIMIT 10000
"""
# Numbers that are settled and yet have no seal: written behind the sealer's back.
_NUMBERS = """
SELECT max(sequence) FROM (
    SELECT sequence FROM foundation_journal_entry WHERE sequence > %s AND sequence <= %s ORDER BY sequence LIMIT %s
) AS piece
"""
_UNSEALED = """
SELECT e.sequence, e.id FROM foundation_journal_entry e
WHERE e.sequence > %s AND e.sequence <= %s
  AND NOT EXISTS (SELECT FROM foundation_journal_leaf l WHERE l.entry_id = e.id)
ORDER BY e.sequence LIMIT %s
"""


Progress = Callable[[int], None]


def _silent(count: int) -> None:
    """For who does not look."""


def verify_journal(*, from_position: int = 1, progress: Progress = _silent) -> Report:
    """Compare everything sealed with its seals, from the batch that holds `from_position` on.

    progress: is told, now and then, how many more leaves were read. Looks at what is sealed when it begins, in pieces
    of one short statement each: what is sealed does not change, and no snapshot is held that would keep vacuum
    waiting. Database errors come through.
    """
    report = Report()
    # Before the batches: a line is written after its row was committed, so all of them are there.
    written = heads.size()
    start, end = None, Batch.objects.order_by("-number").first()
    if from_position > 1:
        start = Batch.objects.filter(last_position__lt=from_position).order_by("-number").first()
    after, until = start.number if start else 0, end.number if end else 0
    known = KnownHeads(written, after=after)
    last = _Verification(report, known).run(start, until, progress)
    report.heads_until = known.last_number
    if written is None and last is not None:
        report.unchecked.append("heads_file")
    check_stamps(report, known.stamps, after=after, until=until)
    report.faults.sort(key=lambda fault: (fault.position is None, fault.position or 0))
    return report


def _rows(query: str, values: Sequence[Any] = ()) -> list[Sequence[Any]]:
    """One statement, by its indexes, in a transaction of its own."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_PLAN)
        cursor.execute(query, values)
        return list(cursor.fetchall())


class _Verification:
    def __init__(self, report: Report, known: KnownHeads) -> None:
        self.report = report
        self.known = known
        self.key = settings.JOURNAL_KEY.encode()
        self.mismatches: list[Mismatch] = []

    def run(self, start: Batch | None, until: int, progress: Progress) -> Batch | None:
        """Batches after `start`, up to number `until`. Returns the last one."""
        leaves = _Leaves(start.last_position if start else _BEFORE_ALL, progress)
        last = start
        for batch in _batches_between(start.number if start else _BEFORE_ALL, until):
            self._check_link(batch, last)
            self._check_leaves(batch, leaves)
            last = batch
        for position, number, entry_id in _rows(_BEYOND, [_BEFORE_ALL]):
            self._fault("inserted", position, number, entry_id, "a seal beyond the last batch")
        self._name_mismatches()
        self._check_tail(last)
        self._check_unsealed(last)
        return last

    def _fault(
        self, kind: str, position: int | None, batch: int | None, entry: Any = None, note: str = ""
    ) -> None:
        self.report.add(Fault(kind, position, batch, str(entry) if entry else None, note))

    def _check_link(self, batch: Batch, last: Batch | None) -> None:
        self.report.batches += 1
        number, first = (last.number + 1, last.last_position + 1) if last else (1, 1)
        head = bytes(last.head) if last else GENESIS
        follows = (batch.number, batch.first_position) == (number, first) and batch.last_position >= first
        if (
            not follows
            or bytes(batch.previous_head) != head
            or link_of(batch).head(head) != bytes(batch.head)
        ):
            self._fault("chain_broken", first, batch.number)
        known = self.known.head_of(batch.number)
        if known is not None and known != bytes(batch.head):
            self._fault("chain_rewritten", first, batch.number, note="another head was written down")

    def _check_leaves(self, batch: Batch, leaves: _Leaves) -> None:
        hashes: list[bytes] = []
        fits, expected = True, batch.first_position
        for row in leaves.until(batch.last_position):
            if row[0] < expected:
                self._fault("inserted", row[0], batch.number, row[1], "one seal too many")
                fits = False
                continue
            if row[0] > expected:
                self._lost(expected, row[0], batch.number)
                fits = False
            expected = row[0] + 1
            fits &= self._leaf_fits(row, batch.number)
            if len(hashes) < _MOST_IN_A_BATCH:
                hashes.append(bytes(row[2]))
        if expected <= batch.last_position:
            self._lost(expected, batch.last_position + 1, batch.number)
            fits = False
        self.report.entries += len(hashes)
        # Else what is wrong has been named already, and the root cannot fit.
        if fits and root_of(hashes) != bytes(batch.root):
            self._fault("root_rewritten", batch.first_position, batch.number)

    def _lost(self, first: int, end: int, batch: int) -> None:
        for position in range(first, min(end, first + _MOST_LOST_NAMED)):
            self._fault("lost", position, batch, note="its seal too")
        if end - first > _MOST_LOST_NAMED:
            self._fault("lost", first + _MOST_LOST_NAMED, batch, note=f"and all up to position {end - 1}")

    def _leaf_fits(self, row: Sequence[Any], batch: int) -> bool:
        position, entry_id, digest, tag, own_batch, salt, details = row[:7]
        digest, values = bytes(digest), tuple(row[7:])
        if tag_of(self.key, digest) != bytes(tag):
            self._fault("leaf_rewritten", position, batch, entry_id)
        elif values[0] is None:
            self._fault("lost", position, batch, entry_id)
        elif hash_of(position, values) != digest:
            if len(self.mismatches) < _MOST_COMPARED:
                self.mismatches.append(Mismatch(position, batch, entry_id, digest, values))
            else:
                self._fault("changed", position, batch, entry_id)
        elif own_batch != batch:
            self._fault("leaf_rewritten", position, batch, entry_id, "another batch is named")
        elif salt is not None and not _detail_fits(bytes(salt), details, values[DIGEST]):
            self._fault("detail_changed", position, batch, entry_id)
        else:
            return True
        return False

    def _name_mismatches(self) -> None:
        swapped = find_swaps(self.mismatches)
        for it in self.mismatches:
            if other := swapped.get(it.position):
                self._fault("swapped", it.position, it.batch, it.entry_id, f"with position {other}")
            else:
                self._fault("changed", it.position, it.batch, it.entry_id)

    def _check_tail(self, last: Batch | None) -> None:
        """What the file outside the database knows of and the database does not have."""
        if missing := self.known.beyond(last.number if last else 0):
            position = last.last_position + 1 if last else 1
            note = f"{missing.count} batches are missing, up to position {missing.last_position}"
            self._fault("tail_cut", position, missing.first_number, note=note)

    def _check_unsealed(self, last: Batch | None) -> None:
        number, settled, named = _BEFORE_ALL, last.settled_sequence if last else 0, 0
        while named < _MOST_UNSEALED_NAMED:
            piece_end = _rows(_NUMBERS, [number, settled, _NUMBERS_AT_ONCE])[0][0]
            if piece_end is None:
                return
            for sequence, entry_id in _rows(_UNSEALED, [number, piece_end, _MOST_UNSEALED_NAMED - named]):
                self._fault("inserted", None, None, entry_id, f"number {sequence}, never sealed")
                named += 1
            number = piece_end


def _detail_fits(salt: bytes, values: str, digest: bytes | None) -> bool:
    return digest is not None and detail_digest(salt, json.loads(values)) == bytes(digest)


class _Leaves:
    """Leaves with their entries and details, in order of position, read in pieces."""

    def __init__(self, position: int, progress: Progress) -> None:
        self._rows = _read_leaves(position, progress)
        self._ahead: Sequence[Any] | None = None

    def until(self, position: int) -> Iterator[Sequence[Any]]:
        while (row := self._ahead or next(self._rows, None)) is not None:
            self._ahead = row if row[0] > position else None
            if self._ahead:
                return
            yield row


def _read_leaves(position: int, progress: Progress) -> Iterator[Sequence[Any]]:
    rows: list[Sequence[Any]] = [()]
    while rows:
        rows = _piece(position)
        yield from rows
        progress(len(rows))
        position = rows[-1][0] if rows else position


def _piece(position: int) -> list[Sequence[Any]]:
    for size in (ROWS_AT_ONCE, 1):
        try:
            return _rows(_LEAVES, [position, size])
        except DataError:
            # A value that cannot be read, as no entry has it: the rows one by one, to find which.
            continue
    return [(*row, *[""] * len(COLUMNS)) for row in _rows(_LEAVES_ALONE, [position])]


def _batches_between(number: int, until: int) -> Iterator[Batch]:
    found = Batch.objects.filter(number__lte=until).order_by("number")
    while batches := list(found.filter(number__gt=number)[:_BATCHES_AT_ONCE]):
        yield from batches
        number = batches[-1].number
