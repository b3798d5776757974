"""When the versions of a procedure are in force: each day one, from the first on. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date


@dataclass(frozen=True, slots=True)
class Span:
    """A version's days, half-open; `ends` None: until another begins. One that ends as it begins never counts."""

    number: int
    begins: date
    ends: date | None = None

    @property
    def is_empty(self) -> bool:
        return self.ends == self.begins

    def holds(self, day: date) -> bool:
        return self.begins <= day and (self.ends is None or day < self.ends)


def in_force(spans: Sequence[Span], day: date) -> Span | None:
    return next((span for span in spans if span.holds(day)), None)


def with_new(spans: Sequence[Span], number: int, day: date) -> list[Span]:
    """The spans once a version begins on a day: what was in force then ends, and what was announced for later stays.

    >>> spans = with_new([Span(1, date(2026, 1, 1))], 2, date(2026, 3, 1))
    >>> [(span.number, span.ends) for span in spans]
    [(1, datetime.date(2026, 3, 1)), (2, None)]
    """
    cut = in_force(spans, day)
    later = [span.begins for span in spans if span.begins > day and not span.is_empty]
    ended = [replace(span, ends=day) if span == cut else span for span in spans]
    return [*ended, Span(number, day, min(later, default=None))]


def without(spans: Sequence[Span], number: int) -> list[Span]:
    """The spans once a version is taken back: the one before it goes on for as long as it would have been in force."""
    gone = next(span for span in spans if span.number == number)
    if gone.is_empty:
        return list(spans)
    kept = []
    for span in spans:
        if span == gone:
            span = replace(span, ends=span.begins)
        elif span.ends == gone.begins and not span.is_empty:
            span = replace(span, ends=gone.ends)
        kept.append(span)
    return kept
