"""The whole history of a clock: stops, restarts, an extension, the end; and what it means for the due date."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from motcua.foundation.worktime.calendars import Calendar
from motcua.foundation.worktime.deadlines import Due, due
from motcua.foundation.worktime.events import Event, ImpossibleEvent, Kind, Why
from motcua.foundation.worktime.limits import Limit, Unit
from motcua.foundation.worktime.moments import (
    add_working_time,
    local,
    normalise,
    roll_forward,
    working_time_between,
)
from motcua.foundation.worktime.steps import Code, Count, Step, explain, stopped

_CALENDAR_UNITS = frozenset({Unit.DAYS, Unit.MONTHS})
_HOURS = Limit(Unit.WORKING_HOURS)
_NEARLY = Limit(Unit.WORKING_DAYS, 1)


@dataclass(frozen=True, slots=True)
class Counting:
    """How a clock counts; see `due`. nearly: how long before its due date a dossier is nearly due, a local
    threshold (vietnam.md 1.4).
    """

    limit: Limit
    calendar: Calendar
    civil_code: bool = False
    last_hour_next_day: bool = False
    nearly: Limit = _NEARLY


class Standing(StrEnum):
    """Against the original date. The first three when finished: before the due day, on it and not after the
    due moment, after that moment. The others in process: the due moment is over; it is not further away than
    `nearly` while the clock runs; neither.
    """

    EARLY = "early"
    ON_TIME = "on_time"
    LATE = "late"
    OVERDUE = "overdue"
    NEARLY_DUE = "nearly_due"
    IN_PROCESS = "in_process"


class Period(NamedTuple):
    """While the clock ran: `working` is the working time in it. The last one ends when the question is asked."""

    begins: datetime
    ends: datetime
    working: timedelta


@dataclass(frozen=True, slots=True)
class History:
    """What became of a clock.

    due_at: the date for the applicant; None while the clock stands still before it. basis_at: the same
    without the extension, the basis of statistics. periods: while it ran, in order, those before a restart
    included. steps: day by day, in order, everything from receipt to the due date; an EXTENDED step for the
    new date comes last.
    """

    due_at: datetime | None
    basis_at: datetime | None
    provisional: bool
    standing: Standing
    periods: tuple[Period, ...]
    steps: tuple[Step, ...]


def history(received: datetime, counting: Counting, events: Iterable[Event] = (), *, at: datetime) -> History:
    """The clock of what was `received`, after `events` in order of time, as it stands `at` a later moment.

    A stop takes nothing from the limit: working time (for limits in days and months: calendar time) that
    remained is counted from the resumption. A restart gives the whole limit again. An extension replaces the
    applicant's date, once, decided at the latest on the day before; a restart does not make a second one
    possible. What was overdue when it stopped stays overdue.
    Raises ImpossibleEvent; ValueError for a moment without a time zone.
    Source: Decree 61/2018/NĐ-CP Art. 19(4), 19(9); vietnam.md 1.3 (T5, T8, T11), 1.4.
    """
    clock, latest, asked = _Clock(counting, local(received)), local(received), local(at)
    if latest > asked:
        raise ValueError("The question must not be asked before receipt.")
    for event in events:
        if not latest <= local(event.at) <= asked:
            raise ImpossibleEvent(Why.OUT_OF_ORDER, event)
        if clock.finished_at:
            raise ImpossibleEvent(Why.AFTER_THE_END, event)
        latest = local(event.at)
        clock.take(event, latest)
    return clock.as_of(asked)


class _Promise(NamedTuple):
    """A due moment; and `last`, the same before it is rolled on to a working day or to closing time.

    Stops move `last`, so that what rounding gives away is given once.
    """

    at: datetime
    last: datetime

    @classmethod
    def of(cls, found: Due) -> _Promise:
        return cls(found.at, datetime.combine(found.last, found.at.timetz()))


@dataclass(slots=True)
class _Clock:
    counting: Counting
    runs_since: datetime
    stopped_since: datetime | None = None
    finished_at: datetime | None = None
    extended_at: datetime | None = None
    periods: list[Period] = field(default_factory=list)
    steps: list[Step] = field(default_factory=list)
    basis: _Promise = field(init=False)
    promised: _Promise = field(init=False)

    def __post_init__(self) -> None:
        self._count_from(self.runs_since)

    def take(self, event: Event, at: datetime) -> None:
        match event.kind:
            case Kind.STOPPED if self.stopped_since:
                raise ImpossibleEvent(Why.STANDS_STILL, event)
            case Kind.STOPPED:
                self.stopped_since = at
            case Kind.RESUMED if not self.stopped_since:
                raise ImpossibleEvent(Why.RUNS, event)
            case Kind.RESUMED:
                self._resume(at)
            case Kind.RESTARTED:
                self._end_period(at)
                self.steps = self._steps_until(at)
                self._count_from(at, Code.RESTARTED)
            case Kind.EXTENDED:
                self._extend(event, at)
            case Kind.FINISHED:
                self.finished_at = at

    def as_of(self, asked: datetime) -> History:
        end = self.finished_at or asked
        still = self.stopped_since is not None and not self.finished_at
        basis = self._moved(self.basis, end)
        steps = self._steps_until(end) if self.stopped_since else self.steps
        if self.promised != self.basis and not self.stopped_since:
            steps = [*steps, self._extension()]
        due_at = None if still and not self._overran(self.promised) else self._moved(self.promised, end).at
        since = self.stopped_since or end
        return History(
            due_at=due_at,
            basis_at=None if still and not self._overran(self.basis) else basis.at,
            provisional=due_at is not None and due_at.date() > self.counting.calendar.table_until,
            standing=self._standing(basis.at, asked),
            periods=(*self.periods, self._period(since)),
            steps=tuple(steps),
        )

    def _count_from(self, at: datetime, code: Code = Code.STARTED) -> None:
        counting = self.counting
        found = due(
            at,
            counting.limit,
            counting.calendar,
            civil_code=counting.civil_code,
            last_hour_next_day=counting.last_hour_next_day,
        )
        self.runs_since, self.stopped_since = at, None
        self.basis = self.promised = _Promise.of(found)
        self.steps += found.steps if code is Code.STARTED else _begun(code, at, found.steps)

    def _resume(self, at: datetime) -> None:
        if at == self.stopped_since:
            self.stopped_since = None
            return
        self._end_period(at)
        before, overran = self._steps_until(at), self._overran(self.basis)
        self.basis, self.promised = self._moved(self.basis, at), self._moved(self.promised, at)
        self.steps = before + _begun(Code.RESUMED, at, () if overran else self._remaining_steps(at))
        self.runs_since, self.stopped_since = at, None

    def _extend(self, event: Event, at: datetime) -> None:
        until = local(event.until or at)
        sessions = self.counting.calendar.day(until.date()).sessions
        refusals = {
            Why.STANDS_STILL: self.stopped_since is not None,
            Why.EXTENDED_BEFORE: self.extended_at is not None,
            Why.TOO_LATE: at.date() >= self.promised.at.date(),
            Why.NOT_LATER: until <= self.promised.at,
            Why.NOT_WORKING_TIME: not any(opens <= until <= closes for opens, closes in sessions),
        }
        for why, holds in refusals.items():
            if holds:
                raise ImpossibleEvent(why, event)
        self.promised, self.extended_at = _Promise(until, until), at

    def _overran(self, promise: _Promise) -> bool:
        return self.stopped_since is not None and self.stopped_since >= promise.at

    def _moved(self, promise: _Promise, resumed: datetime) -> _Promise:
        """The promise when the clock, if it stands still, goes on at `resumed`."""
        since, calendar, limit = self.stopped_since, self.counting.calendar, self.counting.limit
        if since is None or since == resumed or self._overran(promise):
            return promise
        if limit.unit in _CALENDAR_UNITS:
            last = promise.last + (resumed - since)
            rolled = datetime.combine(roll_forward(last.date(), calendar), last.timetz())
            # Stopped between a last day of rest and the due date it was rolled on to, nothing remains: due at once.
            at = max(normalise(rolled, calendar), normalise(resumed, calendar))
        else:
            at = last = _later(promise.last, working_time_between(since, resumed, calendar), calendar)
        if self.counting.civil_code and limit.unit is not Unit.WORKING_HOURS:
            # The rest of the last day is not part of `last`: whoever stops in it still has that day.
            at = calendar.day(max(at, normalise(resumed, calendar)).date()).ends
        return _Promise(at, last)

    def _end_period(self, at: datetime) -> None:
        self.periods.append(self._period(self.stopped_since or at))

    def _period(self, ends: datetime) -> Period:
        working = working_time_between(self.runs_since, ends, self.counting.calendar)
        return Period(self.runs_since, ends, working)

    def _steps_until(self, at: datetime) -> list[Step]:
        """What was counted until the clock stopped, and the stop; until `at` when it ran."""
        since = self.stopped_since or at
        if since >= self.basis.at:
            return [*self.steps, *stopped(since, at)]
        kept = [step for step in self.steps if step.begins < since]
        if kept and kept[-1].ends > since:
            kept[-1] = self._cut(kept[-1], since)
        return [*kept, *stopped(since, at)]

    def _cut(self, step: Step, ends: datetime) -> Step:
        params = dict(step.params)
        if self.counting.limit.unit not in _CALENDAR_UNITS and step.code in {
            Code.COUNTED,
            Code.DUE,
            *_STARTS,
        }:
            params.pop("number", None)
            worked = working_time_between(step.begins, ends, self.counting.calendar)
            params["seconds"] = int(worked.total_seconds())
        code = Code.COUNTED if step.code is Code.DUE else step.code
        return Step(code, step.begins, ends, params)

    def _remaining_steps(self, resumed: datetime) -> Sequence[Step]:
        """From the resumption to the due date: in working hours, since whole days do not remain."""
        calendar, limit = self.counting.calendar, self.counting.limit
        in_days = limit.unit in _CALENDAR_UNITS
        start, last = normalise(resumed, calendar), self.basis.last.date()
        count = Count(resumed, start, self.basis.at, last, limit if in_days else _HOURS)
        steps = explain(count, calendar)
        return [_unnumbered(step) for step in steps] if in_days else steps

    def _extension(self) -> Step:
        at, decided = self.promised.at, self.extended_at
        begins = max(self.counting.calendar.day(at.date()).begins, self.basis.at)
        return Step(Code.EXTENDED, begins, at, {"decided": decided.date().isoformat()} if decided else {})

    def _standing(self, basis_at: datetime, asked: datetime) -> Standing:
        if finished := self.finished_at:
            if finished > basis_at:
                return Standing.LATE
            return Standing.ON_TIME if finished.date() == basis_at.date() else Standing.EARLY
        if basis_at < asked:
            return Standing.OVERDUE
        if self.stopped_since:
            return Standing.IN_PROCESS
        is_near = due(asked, self.counting.nearly, self.counting.calendar).at >= basis_at
        return Standing.NEARLY_DUE if is_near else Standing.IN_PROCESS


_STARTS = frozenset({Code.STARTED, Code.RESUMED, Code.RESTARTED})


def _later(moment: datetime, stood: timedelta, calendar: Calendar) -> datetime:
    """`moment` moved by the working time that the clock `stood` still."""
    if not stood:
        return moment
    moved = add_working_time(moment, stood, calendar)
    # Closing time and the next opening are one instant of work: an opening stays an opening.
    is_opening = any(opens == moment for opens, _ in calendar.day(moment.date()).sessions)
    return normalise(moved, calendar) if is_opening else moved


def _begun(code: Code, at: datetime, steps: Sequence[Step]) -> list[Step]:
    """The steps with `code` for their start; a mark of its own where they end on the day they begin."""
    if any(step.code is Code.STARTED for step in steps):
        return [step._replace(code=code) if step.code is Code.STARTED else step for step in steps]
    return [Step(code, at, at, {}), *steps]


def _unnumbered(step: Step) -> Step:
    return step._replace(params={key: value for key, value in step.params.items() if key != "number"})
