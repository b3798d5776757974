"""The arithmetic of a due date, day by day: to be said in any language or drawn as a month."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum
from functools import partial
from typing import NamedTuple

from motcua.foundation.worktime.calendars import ONE_DAY, VIETNAM, Calendar, Day
from motcua.foundation.worktime.limits import LAST_HOUR, Limit, Unit
from motcua.foundation.worktime.moments import local, working_time_between

Params = dict[str, str | int]

_COUNTS_REST = frozenset({Unit.DAYS, Unit.MONTHS})


class Code(StrEnum):
    """What a day means for the due date."""

    CLOSED = "closed"  # received after closing, or in a last hour that does not count: nothing is counted
    STARTED = "started"
    COUNTED = "counted"
    SKIPPED_WEEKEND = "skipped_weekend"
    SKIPPED_HOLIDAY = "skipped_holiday"
    STOPPED = "stopped"
    RESUMED = "resumed"  # the clock goes on with what remained
    RESTARTED = "restarted"  # the clock starts again with the whole limit
    DUE = "due"
    EXTENDED = "extended"  # the date that the applicant was told instead


class Step(NamedTuple):
    """One day of the arithmetic.

    `begins`, `ends`: the part of the day that is meant, from receipt, opening or midnight to the due moment,
    closing or midnight. `params`, each only where it says something: `number` of the day within the limit,
    `seconds` of working time used up, `reason` of a holiday or of a day of rest that is worked, `cut_off`
    ("15:00") that was missed, `last_hour` ("16:00") from which on nothing counts any more, `decided`
    ("2026-03-04"), the day of an extension.
    """

    code: Code
    begins: datetime
    ends: datetime
    params: Mapping[str, str | int]

    @property
    def day(self) -> date:
        return self.begins.date()


# A third of the cost of Step(...), and there is one for each day.
_step: Callable[[tuple[Code, datetime, datetime, Params]], Step] = partial(tuple.__new__, Step)


@dataclass(frozen=True, slots=True)
class Count:
    """What is to be explained: received, clock started, due; `last` is the limit's last day before any
    rolling on.
    """

    received: datetime
    start: datetime
    at: datetime
    last: date
    limit: Limit


def explain(count: Count, calendar: Calendar) -> tuple[Step, ...]:
    """One step for each calendar day from the day of receipt to the due day, in order; the last is DUE."""
    steps = list(_before(count, calendar))
    if count.start.date() < count.at.date():
        ends = _end_of_day(count.start, calendar)
        steps.append(Step(Code.STARTED, count.start, ends, _started(count, calendar, ends)))
    steps.extend(_between(count, calendar))
    due_day = calendar.day(count.at.date())
    steps.append(Step(Code.DUE, max(due_day.begins, count.start), count.at, _due(count, calendar, due_day)))
    return tuple(steps)


def stopped(since: datetime, until: datetime) -> tuple[Step, ...]:
    """One STOPPED step for each calendar day that the clock stood still, days of rest included; empty for
    no time.
    """
    begins, until = local(since), local(until)
    steps = []
    while begins < until:
        midnight = begins.replace(hour=0, minute=0, second=0, microsecond=0) + ONE_DAY
        steps.append(Step(Code.STOPPED, begins, min(midnight, until), {}))
        begins = midnight
    return tuple(steps)


def _before(count: Count, calendar: Calendar) -> Iterator[Step]:
    """From receipt to the day on which the clock starts: closed already, then days off."""
    begins = count.received
    while begins.date() < count.start.date():
        day = calendar.day(begins.date())
        midnight = datetime.combine(begins.date() + ONE_DAY, time(), VIETNAM)
        params = _reason(day)
        if begins < day.ends and day.sessions:
            params["last_hour"] = (day.ends - LAST_HOUR).time().isoformat("minutes")
        yield Step(_skipped(day) if not day.sessions else Code.CLOSED, begins, midnight, params)
        begins = midnight


def _end_of_day(moment: datetime, calendar: Calendar) -> datetime:
    """Closing; midnight when the office is closed already, as it may be for the Civil Code."""
    ends = calendar.day(moment.date()).ends
    return ends if moment < ends else datetime.combine(moment.date() + ONE_DAY, time(), VIETNAM)


def _between(count: Count, calendar: Calendar) -> Iterator[Step]:
    """The whole days between the first and the due day."""
    unit, last, number = count.limit.unit, count.last, 0
    counts_rest, in_hours, counted = unit in _COUNTS_REST, unit is Unit.WORKING_HOURS, Code.COUNTED
    key = "seconds" if in_hours else "number"
    on, final = count.start.date() + ONE_DAY, count.at.date()
    while on < final:
        day = calendar.day(on)
        params = _reason(day) if day.reason else {}
        if day.sessions or (counts_rest and on <= last):
            number += 1
            params[key] = day.working_seconds if in_hours else number
        code = counted if day.sessions or (counts_rest and on < last) else _skipped(day)
        yield _step((code, day.begins, day.ends, params))
        on += ONE_DAY


def _skipped(day: Day) -> Code:
    return Code.SKIPPED_HOLIDAY if day.reason else Code.SKIPPED_WEEKEND


def _reason(day: Day) -> Params:
    return {"reason": day.reason} if day.reason else {}


def _started(count: Count, calendar: Calendar, ends: datetime) -> Params:
    params = _reason(calendar.day(count.start.date()))
    if count.limit.unit is Unit.WORKING_HOURS:
        params["seconds"] = _seconds(count.start, ends, calendar)
    elif count.limit.unit is Unit.SAME_DAY:
        params["cut_off"] = count.limit.cut_off.isoformat("minutes")
    return params


def _due(count: Count, calendar: Calendar, day: Day) -> Params:
    params = _reason(day)
    if count.limit.unit is Unit.WORKING_HOURS:
        params["seconds"] = _seconds(max(day.begins, count.start), count.at, calendar)
    elif count.limit.unit is Unit.WORKING_DAYS:
        params["number"] = count.limit.count
    elif count.limit.unit in _COUNTS_REST and count.last == count.at.date():
        params["number"] = (count.last - count.start.date()).days
    return params


def _seconds(begins: datetime, ends: datetime, calendar: Calendar) -> int:
    return int(working_time_between(begins, ends, calendar).total_seconds())
