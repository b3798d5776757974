"""A figure broken down: by day, month, channel, agency, procedure, sector; and agencies of a level together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from django.db.models import Q
from django.utils import timezone

from motcua.foundation.kernel.paths import below
from motcua.oversight.indicators.measuring import (
    Counted,
    check_needs,
    figures_of,
    measure_named,
    whole_months,
)
from motcua.oversight.indicators.rules.counts import ALL
from motcua.oversight.indicators.rules.measures import Figure, Measure, NoData, Term, figure_of, stretches_of
from motcua.oversight.indicators.tallying import CHANNELS, Days, Sums, sums, sums_of_procedures
from motcua.registry.catalogue.models import Procedure
from motcua.registry.organisations.models import Agency

_ONE_DAY = timedelta(days=1)
Keyed = list[tuple[Any, Figure]]
# A stretch with the sums of each key in it.
Table = tuple[tuple[date, date], Mapping[Any, Sums]]


class By(StrEnum):
    DAY = "day"
    MONTH = "month"
    CHANNEL = "channel"
    AGENCY = "agency"
    PROCEDURE = "procedure"
    SECTOR = "sector"


@dataclass(frozen=True, slots=True)
class Seen:
    """Whose figures: of a scope with all below, or without; as they were known at the end of a day, or are now."""

    scope: str
    known_on: date | None = None
    is_own: bool = False

    def sums(self, days: Days, by: str = "") -> dict[Any, Sums]:
        return sums(self.scope, days, known_on=self.known_on, is_own=self.is_own, by=by)


def breakdown(seen: Seen, days: Days, code: str, by: By) -> Keyed:
    """(key, figure) of a measure or a plain count. The keys: date; first day of a month; 1, 2, 3; path (that of the
    scope: its own dossiers without those below); code of a procedure; sector, "" for what is not in the catalogue.

    The numerators, and the denominators, add up to those of the whole, but for agencies where a procedure counts once.
    [] where the measure cannot be told so: what is not a sum over days by anything but agencies, procedures and sectors
    for days that are no whole months, or as they were known on a past day. Raises KeyError for an unknown measure.
    One query a stretch of days with the same definition; for sectors one more; by agency as for figures, twice.
    """
    measure = measure_named(code)
    if by is By.AGENCY:
        return _by_agency(seen, days, code)
    stretches = stretches_of([measure], days.first, days.until)
    if not _can_be_broken(measure, stretches):
        return []
    if by in {By.PROCEDURE, By.SECTOR}:
        return _by_procedure(seen, measure, stretches, by)
    if by is By.CHANNEL:
        return _by_channel(seen, measure, stretches)
    tables = [(it, seen.sums(Days(*it), by)) for it in stretches]
    return [
        (
            first,
            _of_key(
                measure, [_clipped(it, first, until) for it in tables if _meets(it, first, until)], first
            ),
        )
        for first, until in _spans(days, by)
    ]


def by_level(scope: str, days: Days, code: str, *, known_on: date | None = None) -> list[tuple[str, Figure]]:
    """(level, figure) of the agencies of each level there, all together, each without those below it. [] where agencies
    do not add up: where a procedure counts once. One query for the agencies, then as for figures."""
    measure = measure_named(code)
    terms = [it for definition in measure.definitions for it in definition.terms]
    if any(it.least for it in terms):
        return []
    paths: dict[str, list[str]] = {}
    for path, level in agencies_of(scope, days).items():
        paths.setdefault(level, []).append(path)
    every = [it for group in paths.values() for it in group]
    counted = Counted(every, days, [measure], known_on=known_on, is_own=True)
    return [(level, counted.figure(measure, *paths[level])) for level in sorted(paths)]


def agencies_of(scope: str, days: Days) -> dict[str, str]:
    """path -> level, of the agencies there that existed in the days, by path. One query."""
    there = Q() if scope == ALL else below("path", scope)
    rows = Agency.objects.filter(there, valid_from__lt=days.until).exclude(valid_to__lte=days.first)
    return dict(rows.order_by("path", "valid_from").values_list("path", "level"))


def _by_agency(seen: Seen, days: Days, code: str) -> Keyed:
    scope, known_on = seen.scope, seen.known_on
    depth = scope.strip("/").count("/") + 1 if scope != ALL else 0
    there = {} if seen.is_own else agencies_of(scope, days)
    paths = [it for it in there if it.strip("/").count("/") == depth]
    found = figures_of(paths, days, codes=[code], known_on=known_on) if paths else {}
    rows = [(path, found[path][0]) for path in paths]
    if scope == ALL:
        return rows
    own = figures_of([scope], days, codes=[code], known_on=known_on, is_own=True)[scope][0]
    return [(scope, own), *rows]


def _by_channel(seen: Seen, measure: Measure, stretches: Sequence[tuple[date, date]]) -> Keyed:
    tables = [seen.sums(Days(*it)).get("", Sums()) for it in stretches]

    def of(channel: int) -> Figure:
        def number(term: Term, place: int) -> int:
            if term.count is None or term.channel not in {None, channel}:
                return 0
            return tables[place].of(term.count, channel)

        return figure_of(measure, stretches, number)

    return [(it, of(it)) for it in CHANNELS]


def _by_procedure(seen: Seen, measure: Measure, stretches: Sequence[tuple[date, date]], by: By) -> Keyed:
    today = timezone.localdate()
    months = [whole_months(Days(*it), today=today) for it in stretches]
    if None in months or (seen.known_on and seen.known_on < today):
        return []
    found = [sums_of_procedures(seen.scope, it, is_own=seen.is_own) for it in months if it]
    if by is By.SECTOR:
        codes = {code for table in found for code in table}
        sectors = dict(Procedure.objects.filter(pk__in=codes).values_list("code", "sector"))
        found = [_merged(it, sectors) for it in found]
    tables: list[Table] = list(zip(stretches, found, strict=True))
    figures = [(key, _of_key(measure, tables, key)) for key in {it for table in found for it in table}]
    counted = [(key, it) for key, it in figures if it.numerator or it.denominator]
    return sorted(counted, key=lambda it: (-(it[1].denominator or 0), it[0]))


def _merged(table: Mapping[str, Sums], sectors: Mapping[str, str]) -> dict[str, Sums]:
    kept: dict[str, dict[Any, int]] = {}
    for code, counted in table.items():
        into = kept.setdefault(sectors.get(code, ""), {})
        for key, value in counted.by_channel.items():
            into[key] = into.get(key, 0) + value
    return {sector: Sums(it) for sector, it in kept.items()}


def _of_key(measure: Measure, tables: Sequence[Table], key: Any) -> Figure:
    def number(term: Term, place: int) -> int:
        return tables[place][1].get(key, Sums()).of(term.count, term.channel) if term.count else 0

    return figure_of(measure, [stretch for stretch, _ in tables], number)


def _can_be_broken(measure: Measure, stretches: Sequence[tuple[date, date]]) -> bool:
    try:
        for first, _ in stretches:
            check_needs(measure, first)
    except NoData:
        return False
    return measure.is_tallied


def _spans(days: Days, by: By) -> Iterator[tuple[date, date]]:
    """Days or months of a period; the first one by its first day, even where the period begins later."""
    first = days.first if by is By.DAY else days.first.replace(day=1)
    while first < days.until:
        following = first + _ONE_DAY if by is By.DAY else (first + timedelta(days=31)).replace(day=1)
        yield first, following
        first = following


def _meets(table: Table, first: date, until: date) -> bool:
    return table[0][0] < until and first < table[0][1]


def _clipped(table: Table, first: date, until: date) -> Table:
    (begins, ends), found = table
    return (max(begins, first), min(ends, until)), found
