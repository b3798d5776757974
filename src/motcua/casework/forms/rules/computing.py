"""Values made of answers: sums, differences, ages, looked-up ones. No author's code is executed."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from math import prod
from typing import Any

from .definition import TODAY, Answers, Computed, FormDefinition, Table, at_path

# What is larger, with either sign, is no quantity: nothing is computed of it, and nothing overflows.
_LARGEST = 10**15


def compute_shown(definition: FormDefinition, shown: Answers, today: date | None = None) -> dict[str, Any]:
    """All computed values for `visible_answers`; "" where what it is made of is unanswered.

    Sums, differences, products, counts and ages are numbers, the others texts or what their table holds.
    today: for ages "today"; without it these are "".
    """
    values: dict[str, Any] = dict(shown)
    if today:
        values[TODAY] = today.isoformat()
    computed: dict[str, Any] = {}
    for item in definition.computed:
        values[item.name] = computed[item.name] = _value(item, values)
    return computed


def number(value: Any) -> Decimal | None:
    """A number as it is, without the noise of binary fractions; None for anything else or beyond 10^15."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return Decimal(str(value)) if -_LARGEST <= value <= _LARGEST else None


def age_on(born: Any, day: Any) -> int | None:
    """Completed years on a day; None for a date that is none, or one before the birth."""
    try:
        birth, then = date.fromisoformat(str(born)), date.fromisoformat(str(day))
    except ValueError:
        return None
    age = then.year - birth.year - ((then.month, then.day) < (birth.month, birth.day))
    return age if age >= 0 else None


def _value(item: Computed, values: Mapping[str, Any]) -> Any:
    match item.rule:
        case "count":
            return at_path(values, f"{item.sources[0]}.count")[0]
        case "sum" | "difference" | "product":
            return _calculate(item, values)
        case "age_on":
            born, day = (at_path(values, source) for source in item.sources)
            age = age_on(born[0], day[0]) if born and day else None
            return "" if age is None else age
        case "lookup":
            return _look_up(item.table, at_path(values, item.sources[0]))
    return _words(item, values)


def _words(item: Computed, values: Mapping[str, Any]) -> str:
    sources = [" ".join(map(str, at_path(values, source))) for source in item.sources]
    match item.rule:
        case "first_word_of":
            return sources[0].partition(" ")[0]
        case "choose":
            chosen = dict(zip(item.values, sources, strict=True))
            return chosen.get(str(values.get(item.by)), "")
    return " ".join(filter(None, sources))


def _calculate(item: Computed, values: Mapping[str, Any]) -> Any:
    """A sum leaves out what is unanswered; a difference or product needs all of its sources."""
    found = [[number(value) for value in at_path(values, source)] for source in item.sources]
    terms = [[value for value in numbers if value is not None] for numbers in found]
    flat = [value for numbers in terms for value in numbers]
    if item.rule == "sum":
        return _plain(sum(flat, Decimal(0))) if flat else ""
    if not all(terms):
        return ""
    if item.rule == "product":
        return _plain(prod(flat, start=Decimal(1)))
    return _plain(sum(terms[0], Decimal(0)) - sum((it for rest in terms[1:] for it in rest), Decimal(0)))


def _plain(value: Decimal) -> int | float | str:
    """Rounded to a hundredth; a whole number as one; "" for what is no quantity."""
    if abs(value) > _LARGEST:
        return ""
    rounded = round(value, 2)
    return int(rounded) if rounded == rounded.to_integral_value() else float(rounded)


def _look_up(table: Table, found: list[Any]) -> Any:
    if not found:
        return ""
    if isinstance(table, Mapping):
        return table.get(str(found[0]), "")
    value = number(found[0])
    place = bisect_right([start for start, _result in table], float(value)) if value is not None else 0
    return table[place - 1][1] if place else ""
