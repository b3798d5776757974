"""Cases of a procedure: the same procedure with another limit, other papers and fees, chosen by the answers. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from motcua.foundation.kernel.conditions import BadCondition, Condition, all_hold, parse_conditions

_KEYS = frozenset({"code", "name", "when", "limit", "components", "fees"})
# What a case may replace; what it does not name stays the procedure's.
_REPLACED = ("limit", "fees")


class BadCase(ValueError):
    """A case that cannot be used; the message names it and says why."""


@dataclass(frozen=True, slots=True)
class Case:
    """One case. `when`: all must hold over answers, computed values and facts; none: it always does.

    components: codes of the procedure's components this case needs, None: all of them.
    """

    code: str
    name: Mapping[str, str]
    when: tuple[Condition, ...]
    components: tuple[str, ...] | None
    replaced: Mapping[str, Any]


def parse_cases(procedure: Mapping[str, Any]) -> tuple[Case, ...]:
    """The cases of a parsed procedure.yaml, in its order; () when it has none. Raises BadCase."""
    data = procedure.get("cases", [])
    if not isinstance(data, list):
        raise BadCase("cases: must be a list")
    return tuple(_case(item, f"cases[{position}]") for position, item in enumerate(data))


def case_of(procedure: Mapping[str, Any], facts: Mapping[str, Any]) -> str:
    """Code of the first case whose conditions hold, "" when none does: then the procedure's own rules apply."""
    return next((case.code for case in parse_cases(procedure) if all_hold(case.when, facts)), "")


def find_case(procedure: Mapping[str, Any], code: str) -> Case | None:
    """The case of that code, None for "" and for a code the procedure does not have."""
    return next((case for case in parse_cases(procedure) if code and case.code == code), None)


def under_case(procedure: Mapping[str, Any], code: str) -> Mapping[str, Any]:
    """The procedure as it applies in a case: limit and fees replaced, components narrowed. "": as it is."""
    case = find_case(procedure, code)
    if case is None:
        return procedure
    components = [
        item for item in procedure["components"] if case.components is None or item["code"] in case.components
    ]
    return {**procedure, **case.replaced, "components": components}


def _case(data: Any, path: str) -> Case:
    if not isinstance(data, Mapping) or not data.get("code") or not isinstance(data["code"], str):
        raise BadCase(f"{path}: has no code")
    if unknown := sorted(set(data) - _KEYS):
        raise BadCase(f"{path}: {unknown[0]!r} is not a known key")
    components = data.get("components")
    if not (components is None or isinstance(components, list)):
        raise BadCase(f"{path}.components: must be a list of codes")
    try:
        when = parse_conditions(data.get("when", []))
    except BadCondition as error:
        raise BadCase(f"{path}.when: {error}") from None
    return Case(
        code=data["code"],
        name=data.get("name", {}),
        when=when,
        components=None if components is None else tuple(components),
        replaced={key: data[key] for key in _REPLACED if key in data},
    )
