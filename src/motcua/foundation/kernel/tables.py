"""Decision tables: rows of conditions over named inputs, each with what it decides; no author's code is ever executed.

    hit: first                              # the first row that holds counts; unique: never may two hold
    inputs:
      days: {days_since: birth_date}        # whole days since a date that was answered
      way: {given: channel}                 # what the caller knows: channel, case
      group: {field: fee_exemption}         # an answer or a computed value
    rows:
      - {when: {days: {at_most: 60}}, then: {amount_vnd: 0}, because: {vi: …, en: …, de: …}}
      - {when: {way: [online, counter], group: poor}, then: …}     # a list: one of these; a plain value: this one

An input that a row leaves out may be anything. Tests are those of `conditions`, several of one input must all hold.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from motcua.foundation.kernel.conditions import BadCondition, Condition, Facts, all_hold, parse_condition

FIRST, UNIQUE = "first", "unique"
FIELD, DAYS_SINCE, GIVEN = "field", "days_since", "given"
_KEYS = {"hit", "inputs", "rows"}
_ROW_KEYS = {"when", "then", "because"}


class BadTable(ValueError):
    """A table that cannot be read. `path` leads to the place ("rows[2].when.days"), `reason` says why."""

    def __init__(self, path: str, reason: str) -> None:
        self.path, self.reason = path, reason
        super().__init__(f"{path}: {reason}")


@dataclass(frozen=True, slots=True)
class Input:
    """kind: FIELD, DAYS_SINCE or GIVEN. of: the field, the date's field, or what the caller gives."""

    name: str
    kind: str
    of: str


@dataclass(frozen=True, slots=True)
class Row:
    """conditions: over the inputs' names, all must hold. because: why, by language, {} where nothing is said."""

    conditions: tuple[Condition, ...]
    then: Mapping[str, Any]
    because: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Table:
    hit: str
    inputs: tuple[Input, ...]
    rows: tuple[Row, ...]


def parse_table(data: Any) -> Table:
    """A table as the module's text shows it. Raises BadTable."""
    if not isinstance(data, Mapping):
        raise BadTable("table", "must have hit, inputs and rows")
    if unknown := sorted(set(map(str, data)) - _KEYS):
        raise BadTable(unknown[0], "is not a known key")
    if data.get("hit") not in {FIRST, UNIQUE}:
        raise BadTable("hit", f"{data.get('hit')!r} is neither first nor unique")
    inputs, rows = data.get("inputs"), data.get("rows")
    if not isinstance(inputs, Mapping) or not inputs:
        raise BadTable("inputs", "must name at least one input")
    if not isinstance(rows, list) or not rows:
        raise BadTable("rows", "must have at least one row")
    parsed = tuple(_input(str(name), source) for name, source in inputs.items())
    names = {it.name for it in parsed}
    return Table(data["hit"], parsed, tuple(_row(row, f"rows[{at}]", names) for at, row in enumerate(rows)))


def _input(name: str, data: Any) -> Input:
    if not isinstance(data, Mapping) or len(data) != 1:
        raise BadTable(f"inputs.{name}", "needs one of field, days_since, given")
    ((kind, of),) = data.items()
    if kind not in {FIELD, DAYS_SINCE, GIVEN} or not isinstance(of, str):
        raise BadTable(f"inputs.{name}", "needs one of field, days_since, given")
    return Input(name, kind, of)


def _row(data: Any, path: str, names: set[str]) -> Row:
    if not isinstance(data, Mapping) or not isinstance(data.get("then"), Mapping):
        raise BadTable(path, "needs then: what the row decides")
    if unknown := sorted(set(map(str, data)) - _ROW_KEYS):
        raise BadTable(f"{path}.{unknown[0]}", "is not a known key")
    when = data.get("when", {})
    if not isinstance(when, Mapping):
        raise BadTable(f"{path}.when", "must be a table of inputs")
    conditions: list[Condition] = []
    for name, cell in when.items():
        if name not in names:
            raise BadTable(f"{path}.when.{name}", "is none of the inputs")
        conditions += _cell(str(name), cell, f"{path}.when.{name}")
    return Row(tuple(conditions), data["then"], data.get("because", {}))


def _cell(name: str, cell: Any, path: str) -> list[Condition]:
    tests = cell if isinstance(cell, Mapping) else {"in" if isinstance(cell, list) else "equals": cell}
    try:
        return [parse_condition({"field": name, test: value}) for test, value in tests.items()]
    except BadCondition as error:
        raise BadTable(path, str(error)) from None


def input_values(
    table: Table, facts: Facts, *, on: date | None = None, given: Facts | None = None
) -> dict[str, Any]:
    """Input name -> value; None for what is not answered. on: the day that days are counted to."""
    return {it.name: _value(it, facts, on, given or {}) for it in table.inputs}


def _value(source: Input, facts: Facts, on: date | None, given: Facts) -> Any:
    if source.kind == GIVEN:
        return given.get(source.of)
    if source.kind == FIELD:
        return facts.get(source.of)
    try:
        return (on - date.fromisoformat(str(facts.get(source.of)))).days if on else None
    except ValueError:
        return None


def decide(table: Table, values: Facts) -> Row | None:
    """The row that counts for values by input name; None in a gap. What may not overlap is found by `table_checks`."""
    return next((row for row in table.rows if all_hold(row.conditions, values)), None)
