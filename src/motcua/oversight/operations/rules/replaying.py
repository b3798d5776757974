"""How what stands open changed in the course of a day that is over. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from motcua.foundation.worktime.calendars import VIETNAM
from motcua.foundation.worktime.moments import local
from motcua.oversight.indicators.rules.booking import Standing, slot_of
from motcua.oversight.indicators.rules.counts import Share, Stock

SLOTS = 96
LATE, DUE_TODAY = "late", "due_today"


@dataclass(frozen=True, slots=True)
class Past:
    """A moment of a day that is over: its first so many quarters of an hour; 96 is the day's end."""

    day: date
    slot: int

    @property
    def at(self) -> datetime:
        """Of the end the last second, so that it is of the day."""
        midnight = datetime.combine(self.day, time.min, VIETNAM)
        return midnight + min(timedelta(minutes=15) * self.slot, timedelta(hours=23, minutes=59, seconds=59))

    @property
    def clock(self) -> str:
        """ "09:15"; the day's end is "24:00"."""
        return clock_of(self.slot)


@dataclass(frozen=True, slots=True)
class Change:
    """In a quarter of an hour (0 to 95) an agency has one more or less of a kind: a `Stock`, or of those running
    "late" or "due_today"."""

    slot: int
    path: str
    kind: str
    by: int


def clock_of(slot: int) -> str:
    return f"{slot // 4:02d}:{slot % 4 * 15:02d}"


def kind_of(share: Share, day: date) -> str:
    """As what a dossier counts in the course of the day; "" when it is not open. What is due that day is not late
    before its end."""
    if share.stock is None:
        return ""
    if share.stock is not Stock.RUNNING or share.due_on is None or share.due_on > day:
        return str(share.stock)
    return LATE if share.due_on < day else DUE_TODAY


def changes_of(before: Standing, after: Standing, day: date, at: datetime) -> list[Change]:
    """What an entry changed on that day; nothing when it counts on another. `at`: when it happened."""
    if after.moved_on != day:
        return []
    old, new = ((it.whose[0], kind_of(it.share, day)) for it in (before, after))
    moment = local(at)
    # Told of the day on another one: its hour is not known.
    slot = slot_of(moment) if moment.date() == day else SLOTS - 1
    return [Change(slot, path, kind, by) for (path, kind), by in ((old, -1), (new, 1)) if kind and old != new]


def summed(changes: Iterable[Change], path: str, until: int) -> Counter[str]:
    """By kind, of an agency with all below it, in the slots before `until`."""
    found: Counter[str] = Counter()
    for it in changes:
        if it.slot < until and it.path.startswith(path):
            found[it.kind] += it.by
    return found
