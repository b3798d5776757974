"""Steps along working time."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from motcua.foundation.worktime.calendars import ONE_DAY, VIETNAM, Calendar


def local(moment: datetime) -> datetime:
    """The moment in Vietnamese time. Raises ValueError when it has no time zone."""
    if moment.tzinfo is VIETNAM:
        return moment
    if moment.tzinfo is None:
        raise ValueError("A moment without a time zone is ambiguous.")
    return moment.astimezone(VIETNAM)


def _sessions_from(moment: datetime, calendar: Calendar) -> Iterator[tuple[datetime, datetime]]:
    """Sessions from `moment` (Vietnamese time) on, without end; the first is cut to what is left of it."""
    on = moment.date()
    while True:
        for opens, closes in calendar.day(on).sessions:
            if moment < closes:
                yield max(opens, moment), closes
        on += ONE_DAY


def normalise(moment: datetime, calendar: Calendar) -> datetime:
    """The first moment of working time at or after `moment`.

    Before opening: opening. In the break: start of the afternoon. At or after closing, or on a day off:
    opening of the next working day.
    """
    begun = local(moment)
    on = begun.date()
    while True:
        for opens, closes in calendar.day(on).sessions:
            if begun < closes:
                return max(opens, begun)
        on += ONE_DAY


def add_working_time(moment: datetime, amount: timedelta, calendar: Calendar) -> datetime:
    """The moment when `amount` (more than nothing) of working time has passed; at the latest a closing
    time.
    """
    left, since = amount, local(moment)
    on = since.date()
    while True:
        for opens, closes in calendar.day(on).sessions:
            if since < closes:
                begins = max(opens, since)
                if left <= closes - begins:
                    return begins + left
                left -= closes - begins
        on += ONE_DAY


def working_time_between(earlier: datetime, later: datetime, calendar: Calendar) -> timedelta:
    """Working time in the half-open period from `earlier` to `later`; nothing when `later` is not later."""
    total = timedelta()
    for opens, closes in _sessions_from(local(earlier), calendar):
        if opens >= later:
            return total
        total += min(closes, later) - opens
    raise AssertionError("working sessions never end")


def remaining(at: datetime, due_at: datetime, calendar: Calendar) -> timedelta:
    """Working time left at `at` until `due_at`; negative by as much as it is overdue."""
    return working_time_between(at, due_at, calendar) - working_time_between(due_at, at, calendar)


def roll_forward(on: date, calendar: Calendar) -> date:
    """The day itself when it is worked, else the next working day."""
    while not calendar.day(on).sessions:
        on += ONE_DAY
    return on


def working_days_after(on: date, count: int, calendar: Calendar) -> date:
    """The `count`-th working day after `on`."""
    while count:
        on += ONE_DAY
        if calendar.day(on).sessions:
            count -= 1
    return on
