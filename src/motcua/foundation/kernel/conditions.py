"""Conditions over answers and facts, as forms, processes and cases write them; no author's code is ever executed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

Facts = Mapping[str, Any]


def _number(value: Any) -> float | None:
    """An answer as a number; None when it is none. "1200" counts: browsers send text."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        return float(value)
    except ValueError:
        return None


def _at_least(value: Any, bound: Any) -> bool:
    number = _number(value)
    return number is not None and number >= bound


def _at_most(value: Any, bound: Any) -> bool:
    number = _number(value)
    return number is not None and number <= bound


_TESTS: dict[str, Callable[[Any, Any], bool]] = {
    "equals": lambda value, wanted: value == wanted,
    "not": lambda value, wanted: value != wanted,
    "in": lambda value, wanted: value in wanted,
    "not_in": lambda value, wanted: value not in wanted,
    "at_least": _at_least,
    "at_most": _at_most,
    "filled": lambda value, wanted: (value not in (None, "", [], {})) is wanted,
}
_BOUNDS: dict[str, type | tuple[type, ...]] = {
    "equals": (str, bool, int, float),
    "not": (str, bool, int, float),
    "in": list,
    "not_in": list,
    "at_least": (int, float),
    "at_most": (int, float),
    "filled": bool,
}


class BadCondition(ValueError):
    """A condition that cannot be read; the message says why."""


@dataclass(frozen=True, slots=True)
class Condition:
    """One test of one field. An unanswered one is None: it is not any value, and neither at least nor at most one."""

    field: str
    test: str
    value: Any

    @property
    def named(self) -> tuple[Any, ...]:
        """Values that the field is compared with as they are."""
        if self.test in {"at_least", "at_most", "filled"}:
            return ()
        return self.value if isinstance(self.value, tuple) else (self.value,)

    def holds(self, facts: Facts) -> bool:
        return _TESTS[self.test](facts.get(self.field), self.value)


def parse_condition(data: Any) -> Condition:
    """`{"field": name, TEST: value}` with exactly one test: equals, not, in, not_in, at_least, at_most, filled.

    Raises BadCondition.
    """
    if not isinstance(data, Mapping) or not isinstance(data.get("field"), str):
        raise BadCondition("needs a field")
    tests = [key for key in data if key != "field"]
    if len(tests) != 1 or tests[0] not in _TESTS:
        raise BadCondition(f"needs exactly one of {', '.join(_TESTS)}")
    test, value = tests[0], data[tests[0]]
    if not isinstance(value, _BOUNDS[test]):
        raise BadCondition(f"{test}: {value!r} is of the wrong kind")
    return Condition(data["field"], test, tuple(value) if isinstance(value, list) else value)


def parse_conditions(data: Any) -> tuple[Condition, ...]:
    """One condition or a list of them, all of which must hold. Raises BadCondition."""
    return tuple(parse_condition(item) for item in (data if isinstance(data, list) else [data]))


def all_hold(conditions: tuple[Condition, ...], facts: Facts) -> bool:
    return all(condition.holds(facts) for condition in conditions)
