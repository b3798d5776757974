"""A figure broken down: by day, month, channel, agency, procedure, sector; and agencies of a level together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
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

WAYS = ("day", "month", "channel", "agency", "procedure", "sector")
_ONE_DAY = timedelta(days=1)
Keyed = list[tuple[Any, Figure]]
# A stretch with the sums of each key in it.
Table = tuple[tuple[date, date], Mapping[Any, Sums]]


def breakdown(scope: str, days: Days, code: str, by: str, *, known_on: date | None = None) -> Keyed:
    """(key, figure) of a measure; by: of WAYS. The keys: date; first day of a month; 1, 2, 3; path (that of the scope:
    its own dossiers without those below); code of a procedure; sector, "" for what is not in the catalogue.

    The numerators, and the denominators, add up to those of the whole, but for agencies where a procedure counts once.
    [] where the measure cannot be told so: what is not a sum over days by anything but agencies, procedures and sectors
    for days that are no whole months, or as they were known on a past day. Raises KeyError for an unknown measure.
    One query a stretch of days with the same definition; for sectors one more; by agency as for figures, twice.
    """
    measure = measure_named(code)
    if by == "agency":
        return _by_agency(scope, days, code, known_on)
    stretches = stretches_of([measure], days.first, days.until)
    if not _is_tallied(measure, stretches):
        return []
    if by in {"procedure", "sector"}:
        return _by_procedure(scope, measure, stretches, known_on, by)
    if by == "channel":
        return _by_channel(scope, measure, stretches, known_on)
    tables = [(it, sums(scope, Days(*it), known_on=known_on, by=by)) for it in stretches]
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


def _by_agency(scope: str, days: Days, code: str, known_on: date | None) -> Keyed:
    depth = scope.strip("/").count("/") + 1 if scope != ALL else 0
    paths = [it for it in agencies_of(scope, days) if it.strip("/").count("/") == depth]
    found = figures_of(paths, days, codes=[code], known_on=known_on) if paths else {}
    rows = [(path, found[path][0]) for path in paths]
    if scope == ALL:
        return rows
    own = figures_of([scope], days, codes=[code], known_on=known_on, is_own=True)[scope][0]
    return [(scope, own), *rows]


def _by_channel(
    scope: str, measure: Measure, stretches: Sequence[tuple[date, date]], known_on: date | None
) -> Keyed:
    tables = [sums(scope, Days(*it), known_on=known_on).get("", Sums()) for it in stretches]

    def of(channel: int) -> Figure:
        def number(term: Term, place: int) -> int:
            if term.count is None or term.channel not in {None, channel}:
                return 0
            return tables[place].of(term.count, channel)

        return figure_of(measure, stretches, number)

    return [(it, of(it)) for it in CHANNELS]


def _by_procedure(
    scope: str, measure: Measure, stretches: Sequence[tuple[date, date]], known_on: date | None, by: str
) -> Keyed:
    today = timezone.localdate()
    months = [whole_months(Days(*it), today=today) for it in stretches]
    if None in months or (known_on and known_on < today):
        return []
    found = [sums_of_procedures(scope, it) for it in months if it]
    if by == "sector":
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


def _is_tallied(measure: Measure, stretches: Sequence[tuple[date, date]]) -> bool:
    found = [definition for first, _ in stretches if (definition := measure.on(first))]
    try:
        for first, _ in stretches:
            check_needs(measure, first)
    except NoData:
        return False
    return bool(found) and all(term.is_tallied for it in found for term in it.terms)


def _spans(days: Days, by: str) -> Iterator[tuple[date, date]]:
    """Days or months of a period; the first one by its first day, even where the period begins later."""
    first = days.first if by == "day" else days.first.replace(day=1)
    while first < days.until:
        following = first + _ONE_DAY if by == "day" else (first + timedelta(days=31)).replace(day=1)
        yield first, following
        first = following


def _meets(table: Table, first: date, until: date) -> bool:
    return table[0][0] < until and first < table[0][1]


def _clipped(table: Table, first: date, until: date) -> Table:
    (begins, ends), found = table
    return (max(begins, first), min(ends, until)), found
