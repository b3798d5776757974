"""Cases of a procedure: the same procedure with another limit, other papers and fees, chosen by the answers. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from motcua.foundation.kernel.conditions import BadCondition, Condition, all_hold, parse_conditions
from motcua.foundation.kernel.tables import FIELD, BadTable, Table, decide, input_values, parse_table

_KEYS = frozenset({"code", "name", "when", "limit", "components", "fees"})
# What a case may replace; what it does not name stays the procedure's.
_REPLACED = ("limit", "fees")


class BadCase(ValueError):
    """A case that cannot be used; the message names it and says why."""


@dataclass(frozen=True, slots=True)
class Case:
    """One case. `when`: all must hold over answers, computed values and facts; none: it always does. Where the
    procedure has a `case_table`, that decides instead, and no case has a `when`.

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
    cases = tuple(_case(item, f"cases[{position}]") for position, item in enumerate(data))
    if "case_table" in procedure and any(case.when for case in cases):
        raise BadCase("cases: the case_table decides, so no case has a when")
    return cases


def case_table(procedure: Mapping[str, Any]) -> Table | None:
    """The table that decides the case by answers and computed values, None without one. Raises BadCase."""
    if "case_table" not in procedure:
        return None
    try:
        table = parse_table(procedure["case_table"])
    except BadTable as error:
        raise BadCase(f"case_table.{error}") from None
    if any(it.kind != FIELD for it in table.inputs):
        raise BadCase("case_table.inputs: a case hangs on answers and computed values only")
    codes = {case.code for case in parse_cases(procedure)}
    for at, row in enumerate(table.rows):
        if set(row.then) != {"case"} or row.then["case"] not in codes:
            raise BadCase(f"case_table.rows[{at}].then: must be {{case: CODE}} with a code of cases")
    return table


def ways_to(procedure: Mapping[str, Any], case: Case) -> tuple[tuple[Condition, ...], ...]:
    """The conditions over fields under which a case may count: its own, or those of every row that leads to it."""
    table = case_table(procedure)
    if table is None:
        return (case.when,)
    fields = {it.name: it.of for it in table.inputs}
    return tuple(
        tuple(replace(it, field=fields[it.field]) for it in row.conditions)
        for row in table.rows
        if row.then["case"] == case.code
    )


def case_of(procedure: Mapping[str, Any], facts: Mapping[str, Any]) -> str:
    """Code of the first case whose conditions hold, "" when none does: then the procedure's own rules apply."""
    if table := case_table(procedure):
        row = decide(table, input_values(table, facts))
        return str(row.then["case"]) if row else ""
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
