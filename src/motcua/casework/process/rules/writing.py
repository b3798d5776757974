"""A definition as data, in the form of process.yaml. Pure."""

from __future__ import annotations

from typing import Any

from motcua.casework.process.rules.model import END, SCOPE, Definition, Flow, Kind, Lane, Node, Step
from motcua.foundation.kernel.conditions import Condition

Row = dict[str, Any]


def write_process(definition: Definition) -> Row:
    """What `parse_process` reads as this definition. What it calls is named, not written."""
    lanes = {name: _lane(lane) for name, lane in definition.lanes.items() if SCOPE not in name}
    nodes = [node for code, node in definition.nodes.items() if SCOPE not in code]
    steps = [_node(node) for node in nodes if node != Node(code=END, kind=Kind.END)]
    return (
        {"code": definition.code, "start": definition.start}
        | ({"lanes": lanes} if lanes else {})
        | {"steps": steps}
    )


def _lane(lane: Lane) -> Row:
    if not lane.unit and not lane.agency:
        return dict(lane.names)
    return _filled({"title": dict(lane.names), "unit": lane.unit, "agency": dict(lane.agency)})


def _filled(row: Row) -> Row:
    return {key: value for key, value in row.items() if value}


def _node(node: Node) -> Row:
    row: Row = {"name": node.code}
    if node.kind is not Kind.TASK:
        row["kind"] = str(node.kind)
    row |= _filled(
        {
            "title": dict(node.names),
            "public": dict(node.public),
            "after": node.after,
            "message": node.message,
            "service": node.service,
            "process": node.process,
            "terminates": node.terminates,
        }
    )
    row |= _task(node) if isinstance(node, Step) else _onward(node)
    timers = [
        {"name": it.name, "after": it.after, "to": it.to, "interrupts": it.interrupts} for it in node.timers
    ]
    return row | _filled({"timers": timers})


def _task(step: Step) -> Row:
    return _filled(
        {
            "lane": step.lane,
            "role": step.role,
            "person": {"did": step.did} if step.did else {},
            "act": step.act,
            "limit": step.limit,
            "checks": [dict(it) for it in step.checks],
            "outcomes": [
                {"name": it.name}
                | _filled({"label": dict(it.label)})
                | {"to": it.to}
                | _filled({"back": it.back})
                for it in step.outcomes.values()
            ],
        }
    )


def _onward(node: Node) -> Row:
    if node.kind is Kind.END:
        return {}
    if node.kind is Kind.PARALLEL:
        return {"to": [flow.target for flow in node.flows]}
    if not node.chooses:
        return {"to": node.flows[0].target}
    *choices, default = node.flows
    return {"choices": [{"if": _if(it), "to": it.target} for it in choices], "otherwise": default.target}


def _if(flow: Flow) -> Row | list[Row]:
    rows = [_condition(it) for it in flow.conditions]
    return rows[0] if len(rows) == 1 else rows


def _condition(one: Condition) -> Row:
    return {"field": one.field, one.test: list(one.value) if isinstance(one.value, tuple) else one.value}
