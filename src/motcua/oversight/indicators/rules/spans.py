"""Days, months, quarters and years that figures are asked for: 2026-03-10, 2026-03, 2026-Q1, 2026. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from motcua.oversight.indicators.rules.periods import BadPeriod, Period, parse_period, period_of

ONE_DAY = timedelta(days=1)
_LENGTH_OF_A_DAY = 10


class Kind(StrEnum):
    DAY = "day"
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"


_MONTHS = {Kind.MONTH: 1, Kind.QUARTER: 3, Kind.YEAR: 12}


@dataclass(frozen=True, slots=True)
class Span:
    """From `first` on, as long as its kind says."""

    kind: Kind
    first: date

    @property
    def until(self) -> date:
        """The first day that is not in it any more."""
        return self.shifted(1).first

    @property
    def last(self) -> date:
        return self.until - ONE_DAY

    @property
    def code(self) -> str:
        return self.first.isoformat() if self.kind is Kind.DAY else self._period.code

    @property
    def has_whole_months(self) -> bool:
        return self.kind is not Kind.DAY

    def shifted(self, steps: int) -> Span:
        """The one so many later, or earlier. Raises OverflowError or ValueError beyond what dates can tell."""
        if self.kind is Kind.DAY:
            return Span(self.kind, self.first + steps * ONE_DAY)
        return Span(self.kind, self._period.shifted(steps).first)

    @property
    def _period(self) -> Period:
        return Period(self.first, _MONTHS[self.kind])


def span_of(day: date, kind: Kind) -> Span:
    """The one of this kind that a day lies in."""
    return Span(kind, day if kind is Kind.DAY else period_of(day, _MONTHS[kind]).first)


def parse_span(text: str) -> Span:
    """Raises BadPeriod."""
    if len(text) != _LENGTH_OF_A_DAY:
        period = parse_period(text)
        kind = next(kind for kind, months in _MONTHS.items() if months == period.months)
        return Span(kind, period.first)
    try:
        day = date.fromisoformat(text)
    except ValueError as error:
        raise BadPeriod(text) from error
    # As for the others: years of four digits that begin with 1 or 2.
    parse_period(text[:7])
    return Span(Kind.DAY, day)
