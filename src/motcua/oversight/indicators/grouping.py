"""One measure, or one count, of many: by day, by agency below, by procedure, sector or channel."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, cast

from motcua.oversight.indicators.measures import load_measures
from motcua.oversight.indicators.measuring import check_needs
from motcua.oversight.indicators.rules.counts import Count
from motcua.oversight.indicators.rules.measures import (
    Definition,
    Figure,
    Measure,
    Term,
    counts_of,
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


@dataclass(frozen=True, slots=True)
class Seen:
    """Whose figures: of a scope with all below, or without; as they were known at the end of a day, or are now."""

    scope: str
    known_on: date | None = None
    is_own: bool = False

    def sums(self, days: Days, by: str = "") -> dict[Any, Sums]:
        return sums(self.scope, days, known_on=self.known_on, is_own=self.is_own, by=by)


def plain(count: Count) -> Measure:
    """A count as a measure of its own, in words of the pages."""
    definition = Definition(date.min, None, (Term(count),), (), "")
    return Measure(str(count), {}, {}, COUNT, "", (definition,))


def find_measure(code: str) -> Measure | None:
    """Of the pack, or a plain count; None for what is neither."""
    found = next((it for it in load_measures() if it.code == code), None)
    return found or (plain(Count(code)) if code in set(Count) else None)


def by_time(measure: Measure, seen: Seen, days: Days, by: By) -> dict[date, Figure]:
    """By day, or by the first day of each month; what is not in it has nothing. One query a stretch."""
    return _grouped(measure, days, lambda it: seen.sums(it, str(by)))


def by_agency(
    measure: Measure, paths: Collection[str], days: Days, *, known_on: date | None = None
) -> dict[str, Figure]:
    """By path, each with all below it. One query a stretch."""
    counts = counts_of([measure])
    return _grouped(measure, days, lambda it: sums_of_scopes(paths, it, known_on=known_on, counts=counts))


def by_procedure(measure: Measure, seen: Seen, days: Days) -> dict[str, Figure]:
    """By code, as it is known now; the days are whole months. One query a stretch."""
    return _grouped(measure, days, lambda it: sums_of_procedures(seen.scope, it, is_own=seen.is_own))


def by_sector(measure: Measure, seen: Seen, days: Days) -> dict[str, Figure]:
    """By sector of the catalogue, "" for procedures that are no longer in it; as it is known now, by whole months. Two
    queries a stretch."""

    def summed(stretch: Days) -> dict[str, Sums]:
        found = sums_of_procedures(seen.scope, stretch, is_own=seen.is_own)
        sectors = dict(Procedure.objects.filter(code__in=found).values_list("code", "sector"))
        return added_up((sectors.get(code, ""), it) for code, it in found.items())

    return _grouped(measure, days, summed)


def by_channel(measure: Measure, seen: Seen, days: Days) -> dict[int, Figure]:
    """By way of submission. One query a stretch."""

    def summed(stretch: Days) -> dict[int, Sums]:
        kept: dict[int, dict[tuple[Count, int], int]] = {it: {} for it in CHANNELS}
        for (count, channel), total in seen.sums(stretch).get("", Sums()).by_channel.items():
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
            check_needs(measure, stretches[place][0])
            return found[place].get(key, nothing).of(cast(Count, term.count), term.channel)

        return figure_of(measure, stretches, number)

    return {key: figure(key) for it in found for key in it}
