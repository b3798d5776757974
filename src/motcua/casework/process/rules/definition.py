"""A process definition as data: read, checked, and with the processes it calls put in their places. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from motcua.casework.process.rules.findings import BadProcess, Finding
from motcua.casework.process.rules.model import (
    END,
    SCOPE,
    BoundaryTimer,
    Definition,
    Flow,
    Kind,
    Lane,
    Node,
    Outcome,
    Step,
)
from motcua.casework.process.rules.reading import Reader
from motcua.casework.process.rules.soundness import find_faults
from motcua.foundation.kernel.conditions import Condition

__all__ = [
    "END", "BadProcess", "BoundaryTimer", "Definition", "Finding", "Flow", "Kind", "Lane", "Node", "Outcome", "Step",
    "parse_process", "with_called",
]  # fmt: skip

_KEYS = {"code", "start", "lanes", "steps", "called"}
_CODE = re.compile(r"[A-Za-z0-9._-]{0,40}", re.ASCII)
_DEEPEST = 5  # calls in calls
MOST_NODES = 500  # those of calls included
LONGEST_NAME = 120  # of a node or lane, with the calls it is in: "CALL/NODE"


def parse_process(data: Mapping[str, Any]) -> Definition:
    """Read a process as process.yaml writes it (docs/process.md). `called`: code -> the processes it calls.

    Raises BadProcess with everything that is wrong: what cannot be read, else what cannot be run.
    """
    called = data.get("called") if isinstance(data, Mapping) else None
    definition = _read(data, called if isinstance(called, Mapping) else {}, ())
    if faults := tuple(find_faults(definition)):
        raise BadProcess(faults)
    return definition


def with_called(
    data: Mapping[str, Any], find: Callable[[str], Mapping[str, Any] | None]
) -> Mapping[str, Any]:
    """The process together with those it calls, directly or through others: what is published runs alone.

    `find`: code -> the process as data, None when there is none (then `parse_process` says so).
    """
    called: dict[str, Any] = {}
    waiting = [data]
    while waiting:
        process = waiting.pop()
        steps = process.get("steps") if isinstance(process, Mapping) else None
        for row in steps if isinstance(steps, list) else ():
            code = row.get("process") if isinstance(row, Mapping) else None
            if isinstance(code, str) and code not in called and (found := find(code)):
                called[code] = found
                waiting.append(found)
    return {**data, "called": called} if called else data


def _read(data: Any, called: Mapping[str, Any], path: tuple[str, ...]) -> Definition:
    """One process with its calls put in; `path`: codes of those that called it. Raises BadProcess."""
    if not isinstance(data, Mapping):
        raise BadProcess([Finding("", "must be a table with start and steps")])
    reader = Reader()
    if unknown := sorted(set(map(str, data)) - _KEYS):
        reader.wrong("", f"nobody reads {', '.join(unknown)} here")
    code, start = str(data.get("code", "")), data.get("start")
    if not _CODE.fullmatch(code):
        reader.wrong("code", "must be of letters without accents, digits, dots, - and _, at most 40")
    lanes, nodes = reader.lanes(data.get("lanes", {})), reader.nodes(data.get("steps"))
    findings = [*reader.findings, *_loose_ends(start, lanes, nodes)]
    if findings:
        raise BadProcess(findings)
    nodes.setdefault(END, Node(code=END, kind=Kind.END))
    definition = Definition(code=code, start=str(start), nodes=nodes, lanes=lanes)
    for node in list(nodes.values()):
        if node.kind is Kind.CALL:
            definition = _with_call(definition, node, called, (*path, code))
    return definition


def _with_call(
    definition: Definition, call: Node, called: Mapping[str, Any], path: tuple[str, ...]
) -> Definition:
    """The definition with the nodes of what `call` calls, each under "CALL/NODE"."""
    if call.process not in called:
        raise BadProcess([Finding(call.code, f"calls {call.process}, which is not there")])
    if call.process in path or len(path) > _DEEPEST:
        raise BadProcess(
            [Finding(call.code, f"calls {call.process} from within itself, or calls go too deep")]
        )
    try:
        inner = _read(called[call.process], called, path)
    except BadProcess as error:
        inside = (Finding(f"{call.code}{SCOPE}{it.place}", it.why, it.kind) for it in error.findings)
        raise BadProcess(inside) from None
    if len(definition.nodes) + len(inner.nodes) > MOST_NODES:
        raise BadProcess([Finding(call.code, f"makes it more than {MOST_NODES} steps, with those of calls")])
    prefix = call.code + SCOPE
    if len(prefix) + max(map(len, (*inner.nodes, *inner.lanes))) > LONGEST_NAME:
        raise BadProcess([Finding(call.code, f"with names it calls is longer than {LONGEST_NAME} letters")])
    moved = {prefix + code: _moved(node, prefix, set(inner.nodes)) for code, node in inner.nodes.items()}
    return replace(
        definition,
        nodes={**definition.nodes, **moved},
        lanes={**definition.lanes, **{prefix + name: lane for name, lane in inner.lanes.items()}},
        starts={
            **definition.starts,
            call.code: prefix + inner.start,
            **{prefix + code: prefix + start for code, start in inner.starts.items()},
        },
    )


def _moved(node: Node, prefix: str, inner: set[str]) -> Node:
    """The same node in the scope of a call."""

    def condition(one: Condition) -> Condition:
        step = one.field.removeprefix("outcome.")
        named = one.field.startswith("outcome.") and step in inner
        return replace(one, field=f"outcome.{prefix}{step}") if named else one

    changes: dict[str, Any] = {
        "code": prefix + node.code,
        "flows": tuple(
            Flow(prefix + it.source, it.name, prefix + it.target, tuple(map(condition, it.conditions)))
            for it in node.flows
        ),
        "timers": tuple(replace(it, to=prefix + it.to) for it in node.timers),
    }
    if isinstance(node, Step):
        changes |= {
            "lane": prefix + node.lane,
            "did": prefix + node.did if node.did else "",
            "outcomes": {name: replace(it, to=prefix + it.to) for name, it in node.outcomes.items()},
        }
    return replace(node, **changes)


def _loose_ends(start: Any, lanes: Mapping[str, Lane], nodes: Mapping[str, Node]) -> list[Finding]:
    """Names that lead nowhere."""
    found = []
    known = {*nodes, END}

    def refer(place: str, name: Any, among: set[str], what: str = "step") -> None:
        if name and str(name) not in among:
            found.append(Finding(place, f"there is no {what} {name!r}", "unknown-step"))

    if start is None:
        found.append(Finding("start", "is missing"))
    refer("start", start, set(nodes))
    tasks = {code for code, node in nodes.items() if node.kind is Kind.TASK}
    for code, node in nodes.items():
        for flow in node.flows:
            place = f"{code}.{flow.name}" if node.kind is Kind.TASK else code
            refer(place, flow.target, known)
            for one in flow.conditions:
                if one.field.startswith("outcome."):
                    refer(place, one.field.removeprefix("outcome."), tasks, "task")
        for timer in node.timers:
            refer(f"{code}.{timer.name}", timer.to, known)
        if isinstance(node, Step):
            refer(f"{code}.person", node.did, tasks, "task")
            refer(f"{code}.lane", node.lane, set(lanes) if lanes else {node.lane}, "lane")
    return found
