"""What a decision table leaves open, decides twice or never reaches: exact, each with an example.

Every condition compares an input with values that its table names. So an input's values fall into few classes that no
row tells apart; one of each stands for all. Input after input, the sets of rows that can hold together are collected.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import floor
from typing import Any

from motcua.foundation.kernel.conditions import Condition
from motcua.foundation.kernel.tables import UNIQUE, Table

# Sets of rows that can hold together, on the way through the inputs; a table of people's law has some dozens.
MOST_SETS = 20_000
OTHER = "…"


@dataclass(frozen=True, slots=True)
class Choices:
    """An input that is one of these values. is_open: or of others that nobody lists; may_lack: or not answered."""

    values: tuple[Any, ...]
    is_open: bool = False
    may_lack: bool = False


@dataclass(frozen=True, slots=True)
class Numbers:
    """An input that is a number of a range, both bounds inside; None: without end. whole: no fractions."""

    low: float | None = None
    high: float | None = None
    whole: bool = True
    may_lack: bool = False


Domain = Choices | Numbers


@dataclass(frozen=True, slots=True)
class Fault:
    """kind: "gap", "overlap", "unreachable" or "too_large". rows: from 0.

    example: input name -> value, None for no answer.
    """

    kind: str
    rows: tuple[int, ...]
    example: Mapping[str, Any]


def check_table(table: Table, domains: Mapping[str, Domain]) -> Iterator[Fault]:
    """Gaps, overlaps of a `unique` table, rows that never count. domains: for every input, by its name."""
    found = _row_sets(table, domains)
    if found is None:
        yield Fault("too_large", (), {})
        return
    if 0 in found:
        yield Fault("gap", (), found[0])
    told: set[tuple[int, int]] = set()
    for rows, example in sorted(found.items()):
        held = [at for at in range(len(table.rows)) if rows >> at & 1]
        if table.hit == UNIQUE and len(held) > 1 and (held[0], held[1]) not in told:
            told.add((held[0], held[1]))
            yield Fault("overlap", (held[0], held[1]), example)
    counted = {(rows & -rows).bit_length() - 1 for rows in found if rows}
    for at in range(len(table.rows)):
        if at not in counted and not (table.hit == UNIQUE and any(rows >> at & 1 for rows in found)):
            yield Fault("unreachable", (at,), {})


def _row_sets(table: Table, domains: Mapping[str, Domain]) -> dict[int, dict[str, Any]] | None:
    """Which rows can hold together, as bits, each with values that make them; None: too many to look at."""
    sets: dict[int, dict[str, Any]] = {(1 << len(table.rows)) - 1: {}}
    for source in table.inputs:
        conditions = [[it for it in row.conditions if it.field == source.name] for row in table.rows]
        classes: dict[int, Any] = {}
        for value in _samples(domains[source.name], [it for row in conditions for it in row]):
            held = sum(
                1 << at
                for at, row in enumerate(conditions)
                if all(condition.holds({source.name: value}) for condition in row)
            )
            classes.setdefault(held, value)
        after: dict[int, dict[str, Any]] = {}
        for rows, example in sets.items():
            for held, value in classes.items():
                after.setdefault(rows & held, {**example, source.name: value})
        if len(after) > MOST_SETS:
            return None
        sets = after
    return sets


def _samples(domain: Domain, conditions: list[Condition]) -> Iterator[Any]:
    """One value at least of every class that these conditions tell apart."""
    if isinstance(domain, Choices):
        yield from domain.values
        if domain.is_open:
            yield from (it for condition in conditions for it in condition.named if it not in domain.values)
            yield OTHER
    else:
        yield from _numbers(domain, conditions)
    if domain.may_lack:
        yield None


def _numbers(domain: Numbers, conditions: list[Condition]) -> Iterator[float]:
    named = {
        value
        for condition in conditions
        for value in (condition.value if isinstance(condition.value, tuple) else (condition.value,))
        if isinstance(value, int | float) and not isinstance(value, bool)
    }
    ends = [it for it in (domain.low, domain.high) if it is not None]
    inside = sorted({it for it in (*named, *ends) if _is_in(domain, it)}) or [0]
    if domain.low is None:
        yield floor(inside[0]) - 1
    for at, value in enumerate(inside):
        if not domain.whole or float(value).is_integer():
            yield value
        if at + 1 < len(inside):
            between = floor(value) + 1 if domain.whole else (value + inside[at + 1]) / 2
            if between < inside[at + 1]:
                yield between
    if domain.high is None:
        yield floor(inside[-1]) + 1


def _is_in(domain: Numbers, value: float) -> bool:
    return (domain.low is None or value >= domain.low) and (domain.high is None or value <= domain.high)
