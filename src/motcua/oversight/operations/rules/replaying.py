"""How what stands open changed in the course of a day that is over. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from motcua.foundation.worktime.moments import local
from motcua.oversight.indicators.rules.counts import Share, Stock

SLOTS = 96
LATE, DUE_TODAY = "late", "due_today"


@dataclass(frozen=True, slots=True)
class Change:
    """In a quarter of an hour (0 to 95) an agency has one more or less of a kind: a `Stock`, or of those running
    "late" or "due_today"."""

    slot: int
    path: str
    kind: str
    by: int


def slot_of(at: datetime) -> int:
    moment = local(at)
    return moment.hour * 4 + moment.minute // 15


def kind_of(share: Share, day: date) -> str:
    """As what a dossier counts in the course of the day; "" when it is not open. What is due that day is not late
    before its end."""
    if share.stock is None:
        return ""
    if share.stock is not Stock.RUNNING or share.due_on is None or share.due_on > day:
        return str(share.stock)
    return LATE if share.due_on < day else DUE_TODAY


def changes_of(before: tuple[str, Share], after: tuple[str, Share], at: datetime) -> list[Change]:
    """What an entry changed. `before`, `after`: (agency's path, what the dossier adds to it)."""
    day, slot = local(at).date(), slot_of(at)
    old, new = ((path, kind_of(share, day)) for path, share in (before, after))
    if old == new:
        return []
    return [Change(slot, path, kind, by) for (path, kind), by in ((old, -1), (new, 1)) if kind]


def summed(changes: Iterable[Change], path: str, until: int) -> Counter[str]:
    """By kind, of an agency with all below it, in the slots before `until`; at the day's end what was due is late."""
    found: Counter[str] = Counter()
    for it in changes:
        if it.slot < until and it.path.startswith(path):
            found[it.kind] += it.by
    return found
