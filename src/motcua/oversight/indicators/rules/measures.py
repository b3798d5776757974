"""Measures as the pack declares them: what is divided by what. Pure.

Source: Decision 766/QĐ-TTg, Decrees 42/2022 and 224/2026 (vietnam.md 4, 5.3); the declarations are those of
packs/vn/measures.yaml.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from motcua.oversight.indicators.rules.counts import Count


class BadMeasures(ValueError):
    """Declarations that cannot be counted by; the message says why."""


@dataclass(frozen=True, slots=True)
class Term:
    """A count, of one way of submission or of all (None), added or (sign -1) taken away."""

    count: Count
    channel: int | None = None
    sign: int = 1


@dataclass(frozen=True, slots=True)
class Definition:
    """What a measure meant in [valid_from, valid_to). `other`: what is counted elsewhere than in the tallies, by name
    of its source; then there are no terms. `source`: of law."""

    valid_from: date
    valid_to: date | None
    numerator: tuple[Term, ...]
    denominator: tuple[Term, ...]
    other: str
    source: str


@dataclass(frozen=True, slots=True)
class Measure:
    """`unit`: "percent", "hours", "days" or "number"; `texts`: what it says, for who reads the figure; `row`: of index
    766 ("III.2"), or ""; `definitions`: oldest first."""

    code: str
    names: Mapping[str, str]
    texts: Mapping[str, str]
    unit: str
    row: str
    definitions: tuple[Definition, ...]

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
class Figure:
    """A measure of a scope in a period. `numerator` and `denominator` None: nothing here tells it, `why` is a code:
    "no_source"; a denominator of 0 is no data, too."""

    measure: Measure
    numerator: int | None
    denominator: int | None
    why: str = ""

    @property
    def value(self) -> Decimal | None:
        """The ratio (1 is 100 %), unrounded; None: no data."""
        if not self.denominator or self.numerator is None:
            return None
        return Decimal(self.numerator) / self.denominator


def add_up(terms: tuple[Term, ...], of: Callable[[Count, int | None], int]) -> int:
    """`of`: the sum of a count and a channel."""
    return sum(it.sign * of(it.count, it.channel) for it in terms)


def parse_measures(data: Mapping[str, Any]) -> tuple[Measure, ...]:
    """Those of a file, in its order. Raises BadMeasures."""
    return tuple(_measure(it) for it in data["measures"])


def _measure(row: Mapping[str, Any]) -> Measure:
    definitions = tuple(_definition(row["code"], it) for it in row["definitions"])
    return Measure(row["code"], row["names"], row["texts"], row["unit"], row.get("row", ""), definitions)


def _definition(code: str, row: Mapping[str, Any]) -> Definition:
    other = row.get("other", "")
    if bool(other) == ("numerator" in row):
        raise BadMeasures(f"{code}: numerator and denominator, or other")
    return Definition(
        valid_from=row["valid_from"],
        valid_to=row["valid_to"],
        numerator=_terms(code, row.get("numerator", ())),
        denominator=_terms(code, row.get("denominator", ())),
        other=other,
        source=row["source"],
    )


def _terms(code: str, rows: Iterable[Mapping[str, Any]]) -> tuple[Term, ...]:
    try:
        return tuple(Term(Count(it["count"]), it.get("channel"), it.get("sign", 1)) for it in rows)
    except ValueError as error:
        raise BadMeasures(f"{code}: {error}") from error
