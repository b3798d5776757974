"""When made-up dossiers are submitted and handled: in working time, before the last day. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random

from motcua.config.simulation.ways import POSTING
from motcua.foundation.worktime.calendars import ONE_DAY, VIETNAM, Calendar
from motcua.foundation.worktime.deadlines import due_moment
from motcua.foundation.worktime.limits import parse_limit
from motcua.foundation.worktime.moments import add_working_time

# Of 100 dossiers, how many stand where; the rest are returned.
_SHARES = (
    *("submitted", "submitted", "submitted_claimed", "incomplete", "accepted", "accepted_claimed"),
    *("verification", "verification_claimed", "opinion_asked", "supplement_asked", "supplemented"),
    *("signing", "signing_claimed", "finished", "finished"),
    *("returned_supplemented",) * 3,
    *("returned_asked",) * 2,
    *("refused", "withdrawn_early", "withdrawn", "stopped", "payment_asked"),
    *("returned_supplemented_twice", "returned_extended", "returned_extended"),
)
# A number without a common factor with 100: neighbours get different states.
_STRIDE = 41
# Working minutes from the act before: least and most. Faster than the timers of the processes (packs/vn/procedures).
_MINUTES = {
    "complete-task": (10, 60),
    "complete-task@examination": (30, 400),
    "give-opinion@visit": (120, 600),
    "give-opinion@opinion_house": (60, 600),
    "give-opinion@opinion_works": (60, 600),
    "give-opinion@opinion_environment": (60, 600),
    "claim": (1, 10),
    "accept": (5, 60),
    "hand-over": (1, 15),
    "request-supplement": (10, 90),
    "supplement": (60, 900),
    "request-opinion": (10, 60),
    "give-opinion": (60, 600),
    "draft-result": (20, 150),
    "submit-for-signature": (1, 15),
    "sign": (10, 90),
    "return-result": (2, 30),
    "refuse": (10, 90),
    "withdraw": (60, 300),
    "stop": (60, 400),
    "request-payment": (20, 200),
    "extend": (10, 30),
}
# One in twenty-five lies four times as long on the drafter's desk: some promises are not kept.
_SLOW, _SLOWER = 0.04, 4
# Working days before the last one: so long ago closed ones were submitted at least; open ones; overdue ones.
_CLOSED_BEFORE, _OPEN_DAYS, _LONG_AGO = 12, (2, 5), (6, 14)
_FIRE, _FIRES_AFTER = "fire@", timedelta(seconds=1)
_WORKING_DAY = 8 * 60
_ENDS = frozenset({"return-result", "refuse", "withdraw", "stop"})
_WAIT = 2 * _WORKING_DAY


def is_closed(state: str) -> bool:
    return state.startswith(("returned", "refused", "withdrawn", "stopped"))


def state_of(index: int, *, signing: bool) -> str:
    """Where the index-th dossier stands; every state occurs among any hundred in a row. Most are returned.

    signing: whether any may wait for a signature; else these stand in verification.
    """
    place = index * _STRIDE % 100
    state = _SHARES[place] if place < len(_SHARES) else "returned"
    return state.replace("signing", "verification") if not signing else state


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
        while on >= self.until - timedelta(days=self.days) or len(found) <= _LONG_AGO[1]:
            if self.calendar.is_working(on):
                found.append(on)
            on -= ONE_DAY
        return found[::-1]


def day_of(random: Random, share: float, state: str, days: Sequence[date], acts: Sequence[str]) -> date:
    """The day of submission: closed dossiers evenly over the period, open ones lately, one in six of them overdue.

    share: how many of the simulation's dossiers came before, from 0 to less than 1.
    """
    if is_closed(state):
        closed = days[: len(days) - _CLOSED_BEFORE]
        return closed[int(share * len(closed))]
    if acts and random.random() < 1 / 6 and not any("@" in act for act in acts):
        return days[-random.randint(*_LONG_AGO)]
    return days[-max(_OPEN_DAYS[len(acts) > 2], _days_for(acts)) - random.randint(0, 1)]


def _days_for(acts: Sequence[str]) -> int:
    """Working days in which open dossiers have surely come so far."""
    minutes = sum(_WAIT if act.startswith(_FIRE) else _minutes(act)[1] for act in acts)
    return 2 + minutes // _WORKING_DAY


def _minutes(act: str) -> tuple[int, int]:
    return _MINUTES.get(act) or _MINUTES[act.partition("@")[0]]


def make_moments(
    random: Random, on: date, acts: Sequence[str], calendar: Calendar, *, pace: int = 1
) -> list[datetime]:
    """The submission between 6:00 and 21:00 (of open ones: in the morning), then each act in working time.

    pace: how many times as long the drafter takes.
    """
    is_open = not acts or acts[-1] not in _ENDS
    latest = 10 if is_open else 21
    seconds = random.randrange(6 * 3600, latest * 3600)
    at = datetime.combine(on, time(), VIETNAM) + timedelta(seconds=seconds)
    moments, slower = [at], 1 if is_open or random.random() >= _SLOW else _SLOWER
    for act in acts:
        if act.startswith(_FIRE):
            at = due_moment(at, parse_limit(POSTING), calendar) + _FIRES_AFTER
            moments.append(at)
            continue
        minutes = random.uniform(*_minutes(act)) * (slower * pace if act == "draft-result" else 1)
        at = add_working_time(at, timedelta(seconds=round(minutes * 60)), calendar)
        moments.append(at)
    return moments
