"""Due dates, each with its arithmetic."""

from __future__ import annotations

import calendar as gregorian
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from motcua.foundation.worktime.calendars import Calendar
from motcua.foundation.worktime.limits import CUT_OFF, LAST_HOUR, Limit, Unit
from motcua.foundation.worktime.moments import (
    add_working_time,
    local,
    normalise,
    roll_forward,
    working_days_after,
)
from motcua.foundation.worktime.steps import Count, Step, explain

_WHOLE_DAYS = frozenset({Unit.WORKING_DAYS, Unit.DAYS, Unit.MONTHS})


@dataclass(frozen=True, slots=True)
class Due:
    """When something is due and why.

    `start`: when the clock started, inside working time; by the Civil Code the receipt itself. `last`: the
    limit's last day, before rolling on to a working day. `provisional`: beyond the table of holidays.
    `steps`: one for each calendar day from the day of receipt to the due day, in order; the last is DUE.
    """

    at: datetime
    start: datetime
    last: date
    provisional: bool
    steps: tuple[Step, ...]


def due(
    start: datetime,
    limit: Limit,
    calendar: Calendar,
    *,
    civil_code: bool = False,
    last_hour_next_day: bool = False,
) -> Due:
    """The due date of what arrived at `start` (aware, any zone), in Vietnamese time.

    The clock starts at the first working moment. Working hours: working time is used up, breaks are jumped.
    Working days: so many working days on, same time of day. Days and months: so many on (the last day of a
    shorter month), then on to a working day, same time of day. Same day: closing time of that day, or of the
    next working day when received after the cut-off. Stops, restarts and extensions: see `history`.

    civil_code: limits in days, working days and months begin with the day after that of receipt, whether the
    office was open or not, and end at closing time of their last day. The law says midnight; nothing can be
    handed in or fetched after closing, and midnight would show the following date.
    last_hour_next_day: what arrives in the last hour of office time counts from the next working day, as for
    linked procedures (vietnam.md T9).
    Raises ValueError for a moment without a time zone.
    Source: Decree 61/2018/NĐ-CP Art. 17-19; Civil Code 91/2015/QH13 Art. 147-148.
    """
    received = local(start)
    begun = normalise(received, calendar)
    if last_hour_next_day:
        if begun >= calendar.day(begun.date()).ends - LAST_HOUR:
            begun = normalise(calendar.day(begun.date()).ends, calendar)
    elif civil_code and limit.unit in _WHOLE_DAYS:
        begun = received
    at, last = _end(begun, limit, calendar)
    if civil_code and limit.unit is not Unit.WORKING_HOURS:
        at = calendar.day(at.date()).ends
    steps = explain(Count(received, begun, at, last, limit), calendar)
    return Due(at, begun, last, at.date() > calendar.table_until, steps)


def due_moment(start: datetime, limit: Limit, calendar: Calendar) -> datetime:
    """The `at` of `due`, without its arithmetic: for what is due within an office."""
    return _end(normalise(local(start), calendar), limit, calendar)[0]


def hand_over_by(received: datetime, calendar: Calendar, *, cut_off: time = CUT_OFF) -> datetime:
    """Until when the one-stop desk passes a dossier on to the competent unit.

    Closing time of the same working day; opening of the next one when received after the cut-off.
    Source: Decree 61/2018/NĐ-CP Art. 18(2).
    """
    begun = normalise(received, calendar)
    today = calendar.day(begun.date())
    return today.ends if begun.time() <= cut_off else normalise(today.ends, calendar)


def _end(begun: datetime, limit: Limit, calendar: Calendar) -> tuple[datetime, date]:
    """The due moment, and the limit's last day before rolling on to a working day."""
    first = begun.date()
    match limit.unit:
        case Unit.WORKING_HOURS:
            at = add_working_time(begun, timedelta(hours=limit.count), calendar)
            return at, at.date()
        case Unit.SAME_DAY:
            last = first if begun.time() <= limit.cut_off else working_days_after(first, 1, calendar)
            return calendar.day(last).ends, last
        case Unit.WORKING_DAYS:
            last = working_days_after(first, limit.count, calendar)
        case Unit.DAYS:
            last = first + timedelta(days=limit.count)
        case Unit.MONTHS:
            last = _months_after(first, limit.count)
    return datetime.combine(roll_forward(last, calendar), begun.timetz()), last


def _months_after(on: date, count: int) -> date:
    years, month = divmod(on.month - 1 + count, 12)
    year = on.year + years
    return date(year, month + 1, min(on.day, gregorian.monthrange(year, month + 1)[1]))
