"""When a dossier of the scenario is handled, so that it ends as it is to. Pure: working time alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random

from motcua.config.simulation.province.cases import BY_NET, Fate
from motcua.foundation.worktime.calendars import ONE_DAY, VIETNAM, Calendar
from motcua.foundation.worktime.deadlines import due_moment
from motcua.foundation.worktime.limits import Limit
from motcua.foundation.worktime.moments import local

_VERIFIED = ("accept", "hand-over")
_ASKED = ("request-supplement", "supplement")
_DONE = ("draft-result", "submit-for-signature", "sign", "return-result")
_MOST_LATE, _OPEN_DAYS = 6, 8


class TooLong(ValueError):
    """What is to be late or on its last day is not due within the year, whenever it comes."""


@dataclass(frozen=True, slots=True)
class Played:
    """moments: of the submission and of each act. finished, answered: where it was."""

    acts: tuple[str, ...]
    moments: tuple[datetime, ...]
    pace: str = ""
    finished: datetime | None = None
    answered: datetime | None = None

    @property
    def accepted(self) -> datetime | None:
        return self.moments[1 + self.acts.index("accept")] if "accept" in self.acts else None


def play(fate: Fate, limit: Limit, days: Sequence[date], calendar: Calendar, random: Random) -> Played:
    """days: the working days of the year, on which all of it lies. Raises TooLong."""
    if fate.end == "finished":
        number = random.randrange(len(days))
        while (found := _finished(fate, limit, (days, number), calendar, random)) is None:
            if not number:
                raise TooLong(limit)
            number = number * 4 // 5
        return found
    number = random.randrange(len(days) - _OPEN_DAYS)
    if fate.end == "open":
        number = len(days) - 1 - random.randrange(_OPEN_DAYS)
    came, accepted = _morning(fate, days[number], random)
    if fate.end == "refused":
        return Played(("refuse",), (came, accepted))
    handed = accepted + timedelta(minutes=5)
    if fate.end == "open":
        return Played(_VERIFIED, (came, accepted, handed))
    act = {"withdrawn": "withdraw", "stopped": "stop"}[fate.end]
    return Played((*_VERIFIED, act), (came, accepted, handed, _at(days[number + 1], 9, 0)))


def _morning(fate: Fate, day: date, random: Random) -> tuple[datetime, datetime]:
    """When it came, and when it was accepted: at a counter in the same moment."""
    accepted = _at(day, 8, random.randrange(60))
    return (
        accepted - timedelta(minutes=random.randint(10, 40)) if fate.channel == BY_NET else accepted
    ), accepted


def _finished(
    fate: Fate, limit: Limit, begins: tuple[Sequence[date], int], calendar: Calendar, random: Random
) -> Played | None:
    """None where it would not be over before the year is."""
    days, number = begins
    came, accepted = _morning(fate, days[number], random)
    acts: tuple[str, ...] = _VERIFIED
    moments = [came, accepted, accepted + timedelta(minutes=5)]
    counted = accepted
    if fate.is_supplemented:
        if number + 2 >= len(days):
            return None
        counted = _at(days[number + 2], 8, 30)
        acts, moments = (*acts, *_ASKED), [*moments, _at(days[number], 10, 0), counted]
    due = due_moment(counted, limit, calendar)
    signed, pace = _signed(fate.pace, counted, due, (days, random))
    if signed is None:
        return None
    drafted = signed - timedelta(minutes=8)
    moments += [drafted, signed - timedelta(minutes=4), signed, signed + timedelta(minutes=20)]
    answered = signed + timedelta(minutes=random.randint(60, 300)) if fate.rating else None
    return Played((*acts, *_DONE), tuple(moments), pace, signed, answered)


def _signed(
    pace: str, counted: datetime, due: datetime, among: tuple[Sequence[date], Random]
) -> tuple[datetime | None, str]:
    """When it is signed for this pace, and the pace that this is: what is due the same day cannot be early."""
    days, random = among
    began, ends = local(counted).date(), local(due).date()
    if pace == "early" and ends > began:
        open_days = [day for day in days if began <= day < ends] or [began]
        day = random.choice(open_days)
        return (max(_at(day, 14, random.randrange(60)), counted + timedelta(hours=1)), pace)
    if pace == "late":
        after = [day for day in days if day > ends][:_MOST_LATE]
        return (_at(random.choice(after), 14, 0), pace) if after else (None, pace)
    if ends > days[-1]:
        return None, pace
    # On the day: after opening, before the hour at which it came.
    return (_at(ends, 7, 20) if ends > began else counted + timedelta(minutes=30)), "on_time"


def _at(day: date, hour: int, minute: int) -> datetime:
    return datetime.combine(day, time(hour, minute), VIETNAM)


def working_days(year: int, calendar: Calendar) -> list[date]:
    """Of a year, in order."""
    first = date(year, 1, 1)
    span = (first + ONE_DAY * number for number in range(366))
    return [day for day in span if day.year == year and calendar.is_working(day)]
