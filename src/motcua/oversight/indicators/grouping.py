"""One measure, or one count, of many: by day, by agency below, by procedure, sector or channel."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import date
from enum import StrEnum
from typing import Any, cast

from motcua.oversight.indicators.measures import load_measures
from motcua.oversight.indicators.rules.counts import Count
from motcua.oversight.indicators.rules.measures import (
    Definition,
    Figure,
    Measure,
    Term,
    figure_of,
    stretches_of,
)
from motcua.oversight.indicators.tallying import (
    CHANNELS,
    Days,
    Sums,
    sums,
    sums_of_procedures,
    sums_of_scopes,
)
from motcua.registry.catalogue.models import Procedure

# The unit of a plain count: its figure is the numerator.
COUNT = "count"


class By(StrEnum):
    DAY = "day"
    MONTH = "month"
    AGENCY = "agency"
    PROCEDURE = "procedure"
    SECTOR = "sector"
    CHANNEL = "channel"


def plain(count: Count) -> Measure:
    """A count as a measure of its own, in words of the pages."""
    definition = Definition(date.min, None, (Term(count),), (), "")
    return Measure(str(count), {}, {}, COUNT, "", (definition,))


def find_measure(code: str) -> Measure | None:
    """Of the pack, or a plain count; None for what is neither."""
    found = next((it for it in load_measures() if it.code == code), None)
    return found or (plain(Count(code)) if code in Count else None)


def by_time(
    measure: Measure, scope: str, days: Days, by: By, *, known_on: date | None = None, is_own: bool = False
) -> dict[date, Figure]:
    """By day, or by the first day of each month; what is not in it has nothing. One query a stretch."""
    return _grouped(
        measure, days, lambda it: sums(scope, it, known_on=known_on, is_own=is_own, by=str(by))
    )


def by_agency(
    measure: Measure, paths: Collection[str], days: Days, *, known_on: date | None = None
) -> dict[str, Figure]:
    """By path, each with all below it. One query a stretch."""
    return _grouped(measure, days, lambda it: sums_of_scopes(paths, it, known_on=known_on))


def by_procedure(measure: Measure, scope: str, days: Days, *, is_own: bool = False) -> dict[str, Figure]:
    """By code; the days are whole months. One query a stretch."""
    return _grouped(measure, days, lambda it: sums_of_procedures(scope, it, is_own=is_own))


def by_sector(measure: Measure, scope: str, days: Days, *, is_own: bool = False) -> dict[str, Figure]:
    """By sector of the catalogue, "" for procedures that are no longer in it; the days are whole months."""
    sectors: dict[str, str] = {}

    def summed(stretch: Days) -> dict[str, Sums]:
        found = sums_of_procedures(scope, stretch, is_own=is_own)
        if missing := found.keys() - sectors.keys():
            rows = Procedure.objects.filter(code__in=missing).values_list("code", "sector")
            sectors.update(dict.fromkeys(missing, "") | dict(rows))
        return added_up((sectors[code], it) for code, it in found.items())

    return _grouped(measure, days, summed)


def by_channel(
    measure: Measure, scope: str, days: Days, *, known_on: date | None = None, is_own: bool = False
) -> dict[int, Figure]:
    """By way of submission. One query a stretch."""

    def summed(stretch: Days) -> dict[int, Sums]:
        found = sums(scope, stretch, known_on=known_on, is_own=is_own).get("", Sums())
        kept: dict[int, dict[tuple[Count, int], int]] = {it: {} for it in CHANNELS}
        for (count, channel), total in found.by_channel.items():
            kept[channel][count, channel] = total
        return {channel: Sums(it) for channel, it in kept.items()}

    return _grouped(measure, days, summed)


def added_up(found: Iterable[tuple[str, Sums]]) -> dict[str, Sums]:
    """Sums of the same key together."""
    kept: dict[str, dict[tuple[Count, int], int]] = {}
    for key, it in found:
        mine = kept.setdefault(key, {})
        for name, total in it.by_channel.items():
            mine[name] = mine.get(name, 0) + total
    return {key: Sums(it) for key, it in kept.items()}


def can_be_grouped(measure: Measure) -> bool:
    """Whether all of it is added up in the tallies, hence by all that they are kept by."""
    return all(term.is_tallied for definition in measure.definitions for term in definition.terms)


def _grouped(measure: Measure, days: Days, asked: Callable[[Days], Mapping[Any, Sums]]) -> dict[Any, Figure]:
    stretches = stretches_of([measure], days.first, days.until)
    found = [asked(Days(*it)) for it in stretches]
    nothing = Sums()

    def figure(key: Any) -> Figure:
        def number(term: Term, place: int) -> int:
            return found[place].get(key, nothing).of(cast(Count, term.count), term.channel)

        return figure_of(measure, stretches, number)

    return {key: figure(key) for it in found for key in it}
