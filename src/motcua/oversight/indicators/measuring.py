"""Figures of scopes by the measures that the pack declares. Who may see which scope: `policies`."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import date, timedelta
from functools import cached_property

from django.utils import timezone

from motcua.oversight.indicators.contributions import Asked, source_named
from motcua.oversight.indicators.freezing import stock_on
from motcua.oversight.indicators.measures import load_measures
from motcua.oversight.indicators.rules.counts import Count
from motcua.oversight.indicators.rules.measures import (
    NO_SOURCE,
    NOT_FROZEN,
    NOT_KEPT,
    NOT_WHOLE_MONTHS,
    Figure,
    Measure,
    NoData,
    Term,
    counts_of,
    figure_of,
    plain,
    stretches_of,
)
from motcua.oversight.indicators.tallying import (
    Days,
    Open,
    Sums,
    count_procedures,
    sums_of_scopes,
)

_ONE_DAY = timedelta(days=1)


def figures(
    scope: str,
    days: Days,
    *,
    codes: Collection[str] = (),
    known_on: date | None = None,
    is_own: bool = False,
) -> list[Figure]:
    """Every measure, or those of `codes`, in the pack's order, then the plain counts among the codes; where a
    definition changed within the days, each day counts by the one of that day.

    One query for each stretch of days with the same definitions, one for the stock, one for each count of procedures,
    and what the sources ask that are wanted; none for what is not wanted.
    """
    return figures_of([scope], days, codes=codes, known_on=known_on, is_own=is_own)[scope]


def figures_of(
    scopes: Collection[str],
    days: Days,
    *,
    codes: Collection[str] = (),
    known_on: date | None = None,
    is_own: bool = False,
) -> dict[str, list[Figure]]:
    """The same of many scopes, with as many queries as of one."""
    wanted = [it for it in load_measures() if not codes or it.code in codes]
    wanted += [plain(it) for it in Count if it in codes]
    counted = Counted(scopes, days, wanted, known_on=known_on, is_own=is_own)
    return {scope: [counted.figure(it, scope) for it in wanted] for scope in scopes}


class Counted:
    """What the wanted measures count of some scopes in some days; asked once each, when one of them wants it."""

    def __init__(
        self,
        scopes: Collection[str],
        days: Days,
        wanted: Collection[Measure],
        *,
        known_on: date | None,
        is_own: bool,
    ) -> None:
        last = days.until - _ONE_DAY
        today = timezone.localdate()
        on = min(it for it in (last, today, known_on) if it)
        self._asked = Asked(tuple(scopes), days.first, days.until, on, known_on, is_own)
        self._stretches = stretches_of(wanted, days.first, days.until)
        self._counts = counts_of(wanted)
        self._today = today
        self._sums: dict[int, Mapping[str, Sums]] = {}
        self._procedures: dict[Term, Mapping[str, int]] = {}
        self._sources: dict[tuple[str, int], Mapping[str, Mapping[str, int]]] = {}

    def figure(self, measure: Measure, *scopes: str) -> Figure:
        """Of one scope, or of several together."""

        def number(term: Term, place: int) -> int:
            check_needs(measure, self._stretches[place][0])
            return sum(self._number(term, it, place) for it in scopes)

        return figure_of(measure, self._stretches, number)

    def _number(self, term: Term, scope: str, place: int) -> int:
        if term.is_tallied and term.count:
            return self._of_stretch(place).get(scope, Sums()).of(term.count, term.channel)
        if term.source:
            return self._of_source(term, place).get(scope, {}).get(term.part, 0)
        if place < len(self._stretches) - 1:
            # How things stand at the end is told once, by the definition of the last day.
            return 0
        if term.stock:
            return self._open(scope, term.stock)
        return self._of_procedures(term)[scope]

    def _of_stretch(self, place: int) -> Mapping[str, Sums]:
        if place not in self._sums:
            asked, days = self._asked, Days(*self._stretches[place])
            self._sums[place] = sums_of_scopes(
                asked.scopes, days, known_on=asked.known_on, is_own=asked.is_own, counts=self._counts
            )
        return self._sums[place]

    def _of_source(self, term: Term, place: int) -> Mapping[str, Mapping[str, int]]:
        source = source_named(term.source)
        if source is None or source.count is None:
            raise NoData(NO_SOURCE, term.source)
        if source.is_state and place < len(self._stretches) - 1:
            return {}
        if (term.source, place) not in self._sources:
            first, until = self._stretches[place]
            asked = replace(self._asked, first=first, until=until)
            self._sources[term.source, place] = source.count(asked)
        return self._sources[term.source, place]

    def _open(self, scope: str, part: str) -> int:
        if self._stock is None:
            raise NoData(NOT_FROZEN)
        return int(getattr(self._stock[scope], part))

    @cached_property
    def _stock(self) -> Mapping[str, Open] | None:
        asked = self._asked
        return stock_on(asked.scopes, asked.on, known_on=asked.known_on, is_own=asked.is_own)

    def _of_procedures(self, term: Term) -> Mapping[str, int]:
        asked = self._asked
        if asked.known_on and asked.known_on < self._today:
            raise NoData(NOT_KEPT)
        months = whole_months(Days(asked.on.replace(month=1, day=1), asked.until), today=self._today)
        if months is None:
            raise NoData(NOT_WHOLE_MONTHS)
        if term not in self._procedures:
            self._procedures[term] = count_procedures(asked.scopes, months, term, is_own=asked.is_own)
        return self._procedures[term]


def measure_named(code: str) -> Measure:
    """Of the pack, or a plain count. Raises KeyError."""
    for measure in load_measures():
        if measure.code == code:
            return measure
    if code in set(Count):
        return plain(Count(code))
    raise KeyError(code)


def check_needs(measure: Measure, day: date) -> None:
    """Raises NoData where a source is not there that must be, though its numbers stand in the tallies."""
    definition = measure.on(day)
    for name in definition.needs if definition else ():
        if source_named(name) is None:
            raise NoData(NO_SOURCE, name)


def whole_months(days: Days, *, today: date) -> Days | None:
    """The days as months: those that end later than today may end where their month does, as nothing is counted later.
    None where they are no whole months."""
    until = days.until
    if until.day != 1 and until > today:
        until = (until.replace(day=1) + timedelta(days=31)).replace(day=1)
    if days.first.day != 1 or until.day != 1:
        return None
    return Days(days.first, until)
