"""When a due date may be moved, and to when. Pure.

Source: Decree 61/2018/NĐ-CP art. 19(9), kept since (vietnam.md T8): at least one day before the due date, once only.
The day is taken as a working day [M]: an apology on the Sunday before a Monday reaches nobody.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta

from motcua.foundation.worktime.calendars import Calendar
from motcua.foundation.worktime.moments import local

# Longer is a slip of the pen: the law gives no extension of years, and the date can be moved only once.
MOST = timedelta(days=366)


def last_day_to_extend(due_at: datetime, calendar: Calendar) -> date:
    """The last working day before the due day; what is due the same day it came could never be moved."""
    on = local(due_at).date() - timedelta(days=1)
    while not calendar.is_working(on):
        on -= timedelta(days=1)
    return on


def may_still_extend(due_at: datetime, calendar: Calendar, *, at: datetime) -> bool:
    """Whether there is at least that one working day left."""
    return local(at).date() <= last_day_to_extend(due_at, calendar)


def new_due(due_at: datetime, on: date, calendar: Calendar) -> datetime | None:
    """The due moment on another day: at the same hour, or at closing where the office is closed then. None on a day
    off, and for a day that is not later or more than a year away."""
    due = local(due_at)
    if not due.date() < on <= due.date() + MOST or not calendar.is_working(on):
        return None
    moment = due.replace(year=on.year, month=on.month, day=on.day)
    day = calendar.day(on)
    is_open = any(opens <= moment <= closes for opens, closes in day.sessions)
    return moment if is_open else day.ends
