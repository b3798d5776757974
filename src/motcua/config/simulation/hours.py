"""When made-up dossiers are submitted and handled: in working time, before the last day. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random

from motcua.foundation.worktime.calendars import ONE_DAY, VIETNAM, Calendar
from motcua.foundation.worktime.moments import add_working_time

# How many acts are done, submission included.
STATES = {"submitted": 1, "accepted": 2, "verification": 3, "signing": 5, "finished": 6, "returned": 7}
# Of 100 dossiers, how many stand where; the rest are returned.
_SHARES = (
    ("submitted",) * 3 + ("accepted",) * 2 + ("verification",) * 3 + ("signing",) * 2 + ("finished",) * 2
)
# A number without a common factor with 100: neighbours get different states.
_STRIDE = 41
# Working minutes from one act to the next: least and most.
_MINUTES = ((5, 60), (1, 15), (20, 150), (1, 15), (10, 90), (2, 30))
# One in twenty-five lies four times as long on the drafter's desk: some promises are not kept.
_SLOW, _SLOWER = 0.04, 4
_OPEN_DAYS, _CLOSED_BEFORE = 2, 3


def state_of(index: int, *, signing: bool) -> str:
    """Where the index-th dossier stands; every state occurs among any hundred in a row. Most are returned.

    signing: whether any may wait for a signature; else these stand in verification.
    """
    place = index * _STRIDE % 100
    state = _SHARES[place] if place < len(_SHARES) else "returned"
    return "verification" if state == "signing" and not signing else state


@dataclass(frozen=True, slots=True)
class Period:
    """Working days of `days` calendar days before `until`, which is not one of them."""

    until: date
    days: int
    calendar: Calendar

    def working_days(self) -> list[date]:
        """In order, at least as many as are needed to tell open dossiers from closed ones."""
        found: list[date] = []
        on = self.until - ONE_DAY
        while on >= self.until - timedelta(days=self.days) or len(found) <= _CLOSED_BEFORE:
            if self.calendar.is_working(on):
                found.append(on)
            on -= ONE_DAY
        return found[::-1]


def day_of(index: int, total: int, state: str, days: list[date]) -> date:
    """The day of submission: closed dossiers evenly over the period in order, open ones on its last days."""
    if state != "returned":
        return days[-1 - index % _OPEN_DAYS]
    closed = days[:-_CLOSED_BEFORE]
    return closed[index * len(closed) // total]


def make_moments(random: Random, on: date, state: str, calendar: Calendar) -> list[datetime]:
    """The submission between 6:00 and 21:00 (of open ones: in the morning), then each act in working time."""
    latest = 21 if state == "returned" else 10
    seconds = random.randrange(6 * 3600, latest * 3600)
    at = datetime.combine(on, time(), VIETNAM) + timedelta(seconds=seconds)
    moments, slow = [at], state == "returned" and random.random() < _SLOW
    for number, (least, most) in enumerate(_MINUTES[: STATES[state] - 1], start=1):
        minutes = random.uniform(least, most) * (_SLOWER if slow and number == 3 else 1)
        at = add_working_time(at, timedelta(seconds=round(minutes * 60)), calendar)
        moments.append(at)
    return moments
