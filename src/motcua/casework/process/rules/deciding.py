"""A decision table of an exclusive gateway, as the choices it stands for. Pure."""

from __future__ import annotations

from typing import Any

from motcua.foundation.kernel.tables import FIELD, BadTable, parse_table


def choices_of(data: Any) -> list[dict[str, Any]]:
    """`[{if: conditions, to: step}]`, a row each, in order. Inputs are fields: answers, computed values, case.

    Every row names a condition, and `then: {to: STEP}`; what no row decides goes `otherwise`. Raises BadTable.
    """
    table = parse_table(data)
    fields = {it.name: it.of for it in table.inputs}
    for it in table.inputs:
        if it.kind != FIELD:
            raise BadTable(f"inputs.{it.name}", "a process knows fields only: answers, computed values, case")
    choices = []
    for at, row in enumerate(table.rows):
        if set(row.then) != {"to"} or not isinstance(row.then["to"], str):
            raise BadTable(f"rows[{at}].then", "must be {to: STEP}")
        conditions = [
            {"field": fields[it.field], it.test: list(it.value) if isinstance(it.value, tuple) else it.value}
            for it in row.conditions
        ]
        choices.append({"if": conditions, "to": row.then["to"]})
    return choices
