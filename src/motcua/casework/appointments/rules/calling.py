"""Who is called next. Pure.

Priority goes before, and nobody waits for ever: what a counter calls out of turn counts against everybody it passes
over, and once `in_row` were passed over, the longest waiting of all that counter's groups is called.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Waiting:
    """A ticket that waits. group: which counters may call it. is_first: priority, or an appointment whose time has
    come. since: what its lane is ordered by; number breaks ties."""

    id: UUID
    group: UUID
    is_first: bool
    since: datetime
    number: int = 0


@dataclass(frozen=True, slots=True)
class Call:
    """chosen: who is called. passed: how often the ordinary lane of each group has now been passed over."""

    chosen: Waiting
    passed: Mapping[UUID, int]
    is_turn: bool


def is_due(starts_at: datetime, *, at: datetime, early: timedelta) -> bool:
    """Whether the time of an appointment has come, as far as the queue goes."""
    return at >= starts_at - early


def choose(waiting: Sequence[Waiting], passed: Mapping[UUID, int], *, in_row: int) -> Call | None:
    """Whom a counter calls next among those it may call; None: nobody waits.

    passed: per group, how often others were called before its ordinary tickets since one of them was called. At most
    `in_row` (>= 1) of the first lane come in a row while others wait; both lanes keep their order.
    """
    first = min((it for it in waiting if it.is_first), key=_order, default=None)
    ordinary = [it for it in waiting if not it.is_first]
    longest = min(ordinary, key=_order, default=None)
    groups = {it.group for it in ordinary}
    owed = max((passed.get(group, 0) for group in groups), default=0) >= in_row
    if first and not (longest and owed):
        return Call(first, {**passed, **{group: passed.get(group, 0) + 1 for group in groups}}, is_turn=False)
    if not longest:
        return None
    return Call(longest, {**passed, longest.group: 0}, is_turn=first is not None)


def in_order(waiting: Sequence[Waiting], passed: Mapping[UUID, int], *, in_row: int) -> list[Waiting]:
    """All of them in the order in which one counter would call them now."""
    left, found, counts = list(waiting), [], dict(passed)
    while call := choose(left, counts, in_row=in_row):
        found.append(call.chosen)
        left.remove(call.chosen)
        counts = dict(call.passed)
    return found


def _order(ticket: Waiting) -> tuple[datetime, int]:
    return ticket.since, ticket.number
