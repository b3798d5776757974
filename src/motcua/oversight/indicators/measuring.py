"""Figures of a scope by the measures that the pack declares."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date
from itertools import pairwise

from motcua.oversight.indicators.measures import load_measures
from motcua.oversight.indicators.rules.measures import Definition, Figure, Measure, add_up
from motcua.oversight.indicators.tallying import Days, Sums, sums

NO_SOURCE = "no_source"


def figures(
    scope: str,
    days: Days,
    *,
    codes: Collection[str] = (),
    known_on: date | None = None,
    is_own: bool = False,
) -> list[Figure]:
    """Every measure, or those of `codes`, in the pack's order; where a definition changed within the days, each day
    counts by the one of that day. One query for each stretch of days with the same definitions."""
    wanted = [it for it in load_measures() if not codes or it.code in codes]
    stretches = {
        it: sums(scope, it, known_on=known_on, is_own=is_own).get("", Sums())
        for it in _stretches(wanted, days)
    }
    return [_figure(it, stretches) for it in wanted]


def _stretches(measures: Collection[Measure], days: Days) -> Iterator[Days]:
    starts = {it.valid_from for measure in measures for it in measure.definitions}
    ends = {it.valid_to for measure in measures for it in measure.definitions if it.valid_to}
    cuts = sorted({days.first, days.until, *(it for it in starts | ends if days.first < it < days.until)})
    yield from (Days(first, until) for first, until in pairwise(cuts))


def _figure(measure: Measure, stretches: dict[Days, Sums]) -> Figure:
    found: list[tuple[Definition, Sums]] = [
        (definition, counted) for days, counted in stretches.items() if (definition := measure.on(days.first))
    ]
    if not found or any(it.other for it, _ in found):
        return Figure(measure, None, None, NO_SOURCE)

    top = sum(add_up(it.numerator, counted.of) for it, counted in found)
    bottom = sum(add_up(it.denominator, counted.of) for it, counted in found)
    return Figure(measure, top, bottom)
