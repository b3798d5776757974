"""When one can come: slots of a working day. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

Sessions = Sequence[tuple[datetime, datetime]]


@dataclass(frozen=True, slots=True)
class Slot:
    """starts_at: aware. free: places left, 0 when it is full."""

    starts_at: datetime
    free: int


def slots_of(sessions: Sessions, minutes: int) -> list[datetime]:
    """Beginnings of slots of so many minutes (>= 1) that lie wholly in a session; none on a day off."""
    length = timedelta(minutes=minutes)
    return [
        opens + length * count
        for opens, closes in sessions
        for count in range(int((closes - opens) / length))
    ]


def offered(
    starts: Sequence[datetime], taken: Mapping[datetime, int], *, places: int, after: datetime
) -> list[Slot]:
    """Slots that begin after a moment, with what is left of their places."""
    return [Slot(start, max(0, places - taken.get(start, 0))) for start in starts if start > after]


def lowest_free(taken: set[int], places: int) -> int | None:
    """The lowest place from 1 to `places` that nobody has; None: the slot is full."""
    return next((place for place in range(1, places + 1) if place not in taken), None)
