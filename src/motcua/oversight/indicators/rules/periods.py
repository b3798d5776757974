"""Months, quarters and years, as they are named: 2026-09, 2026-Q3, 2026; and single days, 2026-09-17. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

_VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")
_FORM = re.compile(r"(?P<year>[12]\d{3})(-(Q(?P<quarter>[1-4])|(?P<month>0[1-9]|1[0-2])))?", re.ASCII)
_DAY = re.compile(r"[12]\d{3}-\d{2}-\d{2}", re.ASCII)
_MONTHS = 12


class BadPeriod(ValueError):
    """No period is named so."""


@dataclass(frozen=True, slots=True)
class Period:
    """`months`: 1, 3 or 12, from `first`, a first day of a month."""

    first: date
    months: int

    @property
    def code(self) -> str:
        if self.months == _MONTHS:
            return f"{self.first.year}"
        if self.months == 1:
            return f"{self.first:%Y-%m}"
        return f"{self.first.year}-Q{(self.first.month + 2) // 3}"

    @property
    def begins(self) -> datetime:
        return datetime.combine(self.first, time(), _VIETNAM)

    @property
    def ends(self) -> datetime:
        """The first moment that is not in it any more."""
        return self.shifted(1).begins

    def shifted(self, steps: int) -> Period:
        """The period so many later, or earlier."""
        months = self.first.year * _MONTHS + self.first.month - 1 + steps * self.months
        return Period(date(months // _MONTHS, months % _MONTHS + 1, 1), self.months)


def parse_period(text: str) -> Period:
    """Raises BadPeriod."""
    found = _FORM.fullmatch(text)
    if not found:
        raise BadPeriod(text)
    year, quarter, month = int(found["year"]), found["quarter"], found["month"]
    if month:
        return Period(date(year, int(month), 1), 1)
    if quarter:
        return Period(date(year, int(quarter) * 3 - 2, 1), 3)
    return Period(date(year, 1, 1), _MONTHS)


def parse_days(text: str) -> tuple[date, date]:
    """The days [first, until) of a period, or of a single day. Raises BadPeriod."""
    if _DAY.fullmatch(text):
        try:
            day = date.fromisoformat(text)
        except ValueError:
            raise BadPeriod(text) from None
        return day, day + timedelta(days=1)
    period = parse_period(text)
    return period.first, period.shifted(1).first


def period_of(day: date, months: int) -> Period:
    """The month (1), quarter (3) or year (12) a day lies in."""
    return Period(date(day.year, (day.month - 1) // months * months + 1, 1), months)
