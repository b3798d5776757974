"""Measures as the pack declares them: what is divided by what. Pure.

Source: Decision 766/QĐ-TTg, Decrees 42/2022 and 224/2026 (vietnam.md 4, 5.3); the declarations are those of
packs/vn/measures.yaml.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from typing import Any

from motcua.oversight.indicators.rules.counts import Count
from motcua.oversight.indicators.rules.declared import lint_measures

# Why a figure has no data.
NO_SOURCE = "no_source"
NOT_DEFINED = "not_defined"
NOTHING_COUNTED = "nothing_counted"
NOT_FROZEN = "not_frozen"
NOT_KEPT = "not_kept"
NOT_WHOLE_MONTHS = "not_whole_months"
NOT_ALONE = "not_alone"
# The unit of a plain count: its figure is the numerator.
COUNT = "count"


class BadMeasures(ValueError):
    """Declarations that cannot be counted by; the message says why."""


class NoData(Exception):
    """Something a figure needs is not known. `why`: a code as above; `missing`: the source that is not there."""

    def __init__(self, why: str, missing: str = "") -> None:
        super().__init__(why)
        self.why, self.missing = why, missing


@dataclass(frozen=True, slots=True)
class Term:
    """A number that is added, or taken away (sign -1). Of four kinds:

    a count of the tallies, of one way of submission or of all (`channel` None); with `least` how many procedures have
    at least so many of it in the year; a `stock` at the end of the last day; a `part` of what a `source` counts.
    """

    count: Count | None = None
    channel: int | None = None
    sign: int = 1
    least: int = 0
    stock: str = ""
    source: str = ""
    part: str = ""

    @property
    def is_tallied(self) -> bool:
        """A sum over days, hence over anything the tallies are kept by."""
        return self.count is not None and not self.least


@dataclass(frozen=True, slots=True)
class Definition:
    """What a measure meant in [valid_from, valid_to). `needs`: sources that must be there, though they are not asked;
    `source`: of law; `texts`: what it said then, {} where the measure's own hold."""

    valid_from: date
    valid_to: date | None
    numerator: tuple[Term, ...]
    denominator: tuple[Term, ...]
    source: str
    needs: tuple[str, ...] = ()
    texts: Mapping[str, str] | None = None

    @property
    def terms(self) -> tuple[Term, ...]:
        return self.numerator + self.denominator


@dataclass(frozen=True, slots=True)
class Measure:
    """`unit`, `days`: of `declared.UNITS` and `declared.DAYS`; `texts`: what it says, for who reads the figure; `row`:
    of index 766 ("III.2"), or ""; `scale`: what the numerator is counted in by the unit (60: minutes, shown in hours);
    `definitions`: oldest first."""

    code: str
    names: Mapping[str, str]
    texts: Mapping[str, str]
    unit: str
    row: str
    definitions: tuple[Definition, ...]
    days: str = "received"
    scale: int = 1

    @property
    def is_tallied(self) -> bool:
        """Whether all of it is added up in the tallies, hence by all that they are kept by."""
        return all(term.is_tallied for definition in self.definitions for term in definition.terms)

    def on(self, day: date) -> Definition | None:
        return next(
            (
                it
                for it in self.definitions
                if it.valid_from <= day and not (it.valid_to and it.valid_to <= day)
            ),
            None,
        )


@dataclass(frozen=True, slots=True)
class Part:
    """What was counted by one definition in [first, until)."""

    first: date
    until: date
    definition: Definition
    numerator: int
    denominator: int


@dataclass(frozen=True, slots=True)
class Figure:
    """A measure of a scope in a period, [first, until). `numerator` and `denominator` None: nothing here tells it.

    `why`: a code as above when there is no data, also for a denominator of 0; `missing`: the source that is not there;
    `parts`: by definition, oldest first, where more than one holds in the period: they add up to the whole.
    """

    measure: Measure
    numerator: int | None
    denominator: int | None
    why: str = ""
    missing: str = ""
    first: date | None = None
    until: date | None = None
    definition: Definition | None = None
    parts: tuple[Part, ...] = ()

    @property
    def rate(self) -> Fraction | None:
        """Exact, in the measure's unit (1 is 100 %); None: no data."""
        if not self.denominator or self.numerator is None:
            return None
        return Fraction(self.numerator, self.denominator * self.measure.scale)

    @property
    def value(self) -> Decimal | None:
        """The same as a decimal number of 28 digits; None: no data."""
        rate = self.rate
        return None if rate is None else Decimal(rate.numerator) / rate.denominator

    @property
    def texts(self) -> Mapping[str, str]:
        """What it says, by the latest definition that counted."""
        return (self.definition and self.definition.texts) or self.measure.texts

    @property
    def source(self) -> str:
        """Of law."""
        return self.definition.source if self.definition else ""


def plain(count: Count) -> Measure:
    """A count as a measure of its own, in words of the pages."""
    definition = Definition(date.min, None, (Term(count),), (), "")
    return Measure(str(count), {}, {}, COUNT, "", (definition,))


def half_up(number: Fraction, places: int) -> Decimal:
    """Rounded to so many decimals, half upward: for showing only."""
    doubled = abs(number) * 10**places * 2
    units = (doubled.numerator + doubled.denominator) // (2 * doubled.denominator)
    return Decimal(units if number >= 0 else -units).scaleb(-places)


def stretches_of(measures: Collection[Measure], first: date, until: date) -> list[tuple[date, date]]:
    """The days cut where a definition begins or ends: within a stretch every measure has one meaning."""
    borders = {
        it
        for measure in measures
        for definition in measure.definitions
        for it in (definition.valid_from, definition.valid_to)
        if it and first < it < until
    }
    return list(pairwise(sorted({first, until, *borders})))


def counts_of(measures: Collection[Measure]) -> list[Count]:
    """What these measures add up of the tallies by day, whenever."""
    terms = (term for it in measures for definition in it.definitions for term in definition.terms)
    return sorted({term.count for term in terms if term.is_tallied and term.count})


def figure_of(
    measure: Measure, stretches: Sequence[tuple[date, date]], number: Callable[[Term, int], int]
) -> Figure:
    """A figure from what each term comes to in each stretch: number(term, place of the stretch). It may raise NoData.

    Where the definition changed, each day counts by the one of that day.
    """
    first, until = stretches[0][0], stretches[-1][1]
    parts: list[Part] = []
    for place, (begins, ends) in enumerate(stretches):
        definition = measure.on(begins)
        if definition is None:
            continue
        try:
            top, bottom = (
                sum(it.sign * number(it, place) for it in terms)
                for terms in (definition.numerator, definition.denominator)
            )
        except NoData as error:
            return Figure(measure, None, None, error.why, error.missing, first, until, definition)
        if parts and parts[-1].definition is definition and parts[-1].until == begins:
            last = parts.pop()
            begins, top, bottom = last.first, top + last.numerator, bottom + last.denominator
        parts.append(Part(begins, ends, definition, top, bottom))
    if not parts:
        return Figure(measure, None, None, NOT_DEFINED, first=first, until=until)
    bottom = sum(it.denominator for it in parts)
    return Figure(
        measure,
        sum(it.numerator for it in parts),
        bottom,
        "" if bottom else NOTHING_COUNTED,
        first=first,
        until=until,
        definition=parts[-1].definition,
        parts=tuple(parts) if len(parts) > 1 else (),
    )


def no_data(measure: Measure, why: str, first: date, until: date) -> Figure:
    return Figure(measure, None, None, why, first=first, until=until, definition=measure.definitions[-1])


def parse_measures(data: Mapping[str, Any]) -> tuple[Measure, ...]:
    """Those of a file, in its order. Raises BadMeasures."""
    for at, why in lint_measures(data):
        raise BadMeasures(f"{'/'.join(map(str, at))}: {why}")
    return tuple(_measure(it) for it in data["measures"])


def parse_sources(data: Mapping[str, Any]) -> dict[str, Mapping[str, str]]:
    """What is counted elsewhere than in the tallies: code -> what to say while it is not there, by language."""
    return {it["code"]: it["missing"] for it in data.get("sources", ())}


def _measure(row: Mapping[str, Any]) -> Measure:
    definitions = (_definition(it) for it in row["definitions"])
    return Measure(
        code=row["code"],
        names=row["names"],
        texts=row["texts"],
        unit=row["unit"],
        row=row.get("row", ""),
        definitions=tuple(sorted(definitions, key=lambda it: it.valid_from)),
        days=row["days"],
        scale=row.get("scale", 1),
    )


def _definition(row: Mapping[str, Any]) -> Definition:
    return Definition(
        valid_from=row["valid_from"],
        valid_to=row["valid_to"],
        numerator=_terms(row["numerator"]),
        denominator=_terms(row["denominator"]),
        source=row["source"],
        needs=tuple(row.get("needs", ())),
        texts=row.get("texts"),
    )


def _terms(rows: Iterable[Mapping[str, Any]]) -> tuple[Term, ...]:
    return tuple(Term(**{**it, **({"count": Count(it["count"])} if "count" in it else {})}) for it in rows)
