"""What stands outside the database, compared with it: the file of heads, and the authority's time stamps."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from motcua.foundation.journal import heads
from motcua.foundation.journal.contributions import BadStamp, TimeStamper, time_stamper
from motcua.foundation.journal.models import Batch, Stamp
from motcua.foundation.journal.report import Fault, Report

_STAMPS_AT_ONCE = 1_000


@dataclass(frozen=True, slots=True)
class Missing:
    """Batches that were written down and are no longer there."""

    first_number: int
    count: int
    last_position: int


class KnownHeads:
    """The lines of the file beside the batches, both in order of number; read once, as it goes.

    after: the batches up to this number are not asked for. `stamps`: digests of the tokens that were written down
    for later ones; complete when the reading has ended.
    """

    def __init__(self, written: int | None, *, after: int = 0) -> None:
        self.last_number = 0
        self.stamps: dict[int, bytes] = {}
        self._after = after
        self._lines = self._read(written)
        self._ahead = next(self._lines, None)

    def _read(self, written: int | None) -> Iterator[tuple[int, int, bytes]]:
        for line in heads.lines(written or 0, after=self._after):
            if "stamped" in line:
                self._note_stamp(line)
                continue
            try:
                number, position, head = int(line["number"]), int(line["last"]), bytes.fromhex(line["head"])
            except (KeyError, TypeError, ValueError):
                continue
            if number > self.last_number:
                self.last_number = number
                yield number, position, head

    def _note_stamp(self, line: dict[str, Any]) -> None:
        try:
            number, digest = int(line["stamped"]), bytes.fromhex(line["sha256"])
        except (KeyError, TypeError, ValueError):
            return
        if number > self._after:
            self.stamps[number] = digest

    def head_of(self, number: int) -> bytes | None:
        """The head that was written down for a batch, None if none was. Numbers must come in rising order."""
        while self._ahead and self._ahead[0] < number:
            self._ahead = next(self._lines, None)
        return self._ahead[2] if self._ahead and self._ahead[0] == number else None

    def beyond(self, number: int) -> Missing | None:
        """All lines of later batches; None if there are none. Ends the reading."""
        self.head_of(number + 1)
        first, count, position = (self._ahead[0] if self._ahead else 0), 0, 0
        while self._ahead:
            count, position = count + 1, self._ahead[1]
            self._ahead = next(self._lines, None)
        return Missing(first, count, position) if count else None


def check_stamps(report: Report, noted: dict[int, bytes], *, after: int, until: int) -> None:
    """Look at the stamps on batches with a number above `after`, up to `until`. noted: `KnownHeads.stamps`.

    Every token is compared with what was written down when it came. The signatures of the last one of each day,
    of the very last, and of those nothing was written down about are checked; each covers all before it.
    """
    noted, stamper = dict(noted), time_stamper()
    seen: Stamp | None = None
    for stamp in _stamps_between(after, until):
        if seen is not None:
            _check(report, seen, noted, stamper, is_last=seen.made_at.date() != stamp.made_at.date())
        seen = stamp
    if seen is not None:
        _check(report, seen, noted, stamper, is_last=True)
        if stamper is None:
            report.unchecked.append("stamps")
    for number in noted:
        batch = Batch.objects.filter(number=number).first()
        if batch:  # else its loss has been named
            report.add(Fault("stamp_missing", batch.last_position, number))


def _check(
    report: Report, stamp: Stamp, noted: dict[int, bytes], stamper: TimeStamper | None, *, is_last: bool
) -> None:
    batch, token = stamp.batch, bytes(stamp.token)
    digest = noted.pop(stamp.batch_id, None)
    report.stamps += 1
    problem = "" if digest in (None, hashlib.sha256(token).digest()) else "another token was written down"
    if not problem and stamper and (is_last or digest is None):
        problem = _problem_of(stamper, token, bytes(batch.head))
        if not problem:
            report.stamped_until = batch.last_position
    if problem:
        report.add(Fault("stamp_bad", batch.last_position, batch.number, note=problem))


def _problem_of(stamper: TimeStamper, token: bytes, head: bytes) -> str:
    try:
        facts = stamper.check(token, head)
    except BadStamp:
        return "broken, or on another head"
    return "" if facts.trusted else f"the authority is not trusted: {facts.authority}"


def _stamps_between(number: int, until: int) -> Iterator[Stamp]:
    stamps = Stamp.objects.select_related("batch").filter(batch_id__lte=until).order_by("batch_id")
    while found := list(stamps.filter(batch_id__gt=number)[:_STAMPS_AT_ONCE]):
        yield from found
        number = found[-1].batch_id
