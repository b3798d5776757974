"""Which days and hours count as working time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta, timezone
from itertools import pairwise
from typing import NamedTuple

VIETNAM = timezone(timedelta(hours=7), "+07:00")
ONE_DAY = timedelta(days=1)

_A_COMMON_YEAR = 2001


class Day(NamedTuple):
    """One day of a calendar: its sessions as moments (none on a day off) and why it is, or is not, worked.

    `begins`, `ends`: opening to closing; midnight to midnight on a day off. `reason` is the table's own text
    (a holiday, a swap) and empty on ordinary working days and weekly days off.
    """

    sessions: tuple[tuple[datetime, datetime], ...]
    begins: datetime
    ends: datetime
    working_seconds: int
    reason: str


@dataclass(frozen=True)
class Calendar:
    """Working hours and days of an agency.

    sessions: office hours of each working day, in order, opening included and closing not.
    weekday_sessions: other hours of single weekdays, as `date.weekday()`.
    weekly_days_off: as `date.weekday()`, Monday is 0.
    days_off: what is fixed year by year, with its reason: Tết, Hùng Kings, the day beside 2 September,
    swaps.
    working_days: days of rest that are worked in exchange, with the reason.
    fixed_holidays: (month, day) to reason. One that falls on a weekly day off moves to the next working day
    that is no holiday itself; such moves do not belong into `days_off`.
    table_until: last day that `days_off` and `working_days` speak about; a due date beyond it is provisional.

    The mappings must not change afterwards. Raises ValueError for a calendar that contradicts itself.
    Source: Labour Code 45/2019/QH14 Art. 111 (move), 112 (holidays).
    """

    table_until: date
    sessions: tuple[tuple[time, time], ...] = ((time(7), time(11, 30)), (time(13, 30), time(17)))
    weekly_days_off: frozenset[int] = frozenset({5, 6})
    days_off: Mapping[date, str] = field(default_factory=dict)
    working_days: Mapping[date, str] = field(default_factory=dict)
    fixed_holidays: Mapping[tuple[int, int], str] = field(default_factory=dict)
    weekday_sessions: Mapping[int, tuple[tuple[time, time], ...]] = field(default_factory=dict)
    _days: dict[date, Day] = field(default_factory=dict, init=False, repr=False, compare=False)
    _moved: dict[int, dict[date, str]] = field(default_factory=dict, init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        for sessions in (self.sessions, *self.weekday_sessions.values()):
            edges = [edge for session in sessions for edge in session]
            if not edges or any(early >= late for early, late in pairwise(edges)):
                raise ValueError("Sessions must be in order, each longer than nothing.")
        if self.weekly_days_off >= set(range(7)):
            raise ValueError("At least one day of the week must be worked.")
        if not all([*self.days_off.values(), *self.working_days.values(), *self.fixed_holidays.values()]):
            raise ValueError("A holiday or a worked day of rest needs a reason.")
        if both := self.days_off.keys() & self.working_days.keys():
            raise ValueError(f"{min(both)} is both a day off and a working day.")
        for month, day in self.fixed_holidays:
            date(_A_COMMON_YEAR, month, day)

    def is_working(self, on: date) -> bool:
        """Whether the office is open at all on this day."""
        return bool(self.day(on).sessions)

    def day(self, on: date) -> Day:
        """The day with its sessions and reason."""
        try:
            return self._days[on]
        except KeyError:
            return self._days.setdefault(on, self._look_up(on))

    def _look_up(self, on: date) -> Day:
        is_off, reason = self._rest(on)
        if not is_off and (moved := self._moved_into(on.year).get(on)):
            is_off, reason = True, moved
        if is_off:
            midnight = datetime.combine(on, time(), VIETNAM)
            return Day((), midnight, midnight + ONE_DAY, 0, reason)
        sessions = tuple(
            (datetime.combine(on, opens, VIETNAM), datetime.combine(on, closes, VIETNAM))
            for opens, closes in self.weekday_sessions.get(on.weekday(), self.sessions)
        )
        seconds = sum((closes - opens).seconds for opens, closes in sessions)
        return Day(sessions, sessions[0][0], sessions[-1][1], seconds, reason)

    def _rest(self, on: date) -> tuple[bool, str]:
        """Whether the day is off by table, rule or week, and the reason; moved holidays apart."""
        if on in self.working_days:
            return False, self.working_days[on]
        if on in self.days_off:
            return True, self.days_off[on]
        reason = self.fixed_holidays.get((on.month, on.day), "")
        return bool(reason) or on.weekday() in self.weekly_days_off, reason

    def _moved_into(self, year: int) -> dict[date, str]:
        if year not in self._moved:
            self._moved[year] = self._moves(year - 1) | self._moves(year)
        return self._moved[year]

    def _moves(self, year: int) -> dict[date, str]:
        moves: dict[date, str] = {}
        for (month, day), reason in sorted(self.fixed_holidays.items()):
            on = date(year, month, day)
            if on.weekday() not in self.weekly_days_off or on in self.working_days:
                continue
            while self._rest(on)[0] or on in moves:
                on += ONE_DAY
            moves[on] = reason
        return moves
