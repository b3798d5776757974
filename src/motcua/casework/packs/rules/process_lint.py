"""Checks of a procedure's steps: whether they lead from start to end, and their texts. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from motcua.casework.process.rules import findings as process_findings
from motcua.casework.process.rules.definition import BadProcess, Definition, Step, parse_process

from .findings import At, Fault, did_you_mean, fault
from .texts import missing_languages

FILE = "process.yaml"
_ABSENT = re.compile(r"there is no (\w+) '(.*)'")
_SEGMENT = re.compile(r"([^.\[\]]+)|\[(\d+)\]")


def lint_process(process: Any) -> tuple[Definition | None, list[Fault]]:
    """The process, None where it cannot be run, and what is wrong with it."""
    try:
        definition = parse_process(process)
    except BadProcess as error:
        return None, [_fault(process, it) for it in error.findings]
    return definition, list(_texts(process, definition))


def _fault(process: Any, found: process_findings.Finding) -> Fault:
    at = process_at(process, found.place)
    place = found.place or "the process"
    hint, absent = "", _ABSENT.search(found.why)
    match found.kind:
        case "unknown-step":
            if at and (names := _names(process, absent[1] if absent else "step")):
                hint = did_you_mean(absent[2] if absent else "", names)
            to = (*at, "to") if "outcomes" in at or "timers" in at else at
            return fault(FILE, to, "unknown-step", place=place, why=found.why, hint=hint or "add it")
        case "unreachable":
            lost = found.why.removeprefix("never reached: ").partition(",")[0]
            return fault(FILE, process_at(process, lost), "unreachable", why=found.why)
    return fault(FILE, at, found.kind, place=place, why=found.why)


def _names(process: Mapping[str, Any], what: str) -> list[str]:
    if what == "lane":
        return [str(it) for it in process.get("lanes", {})]
    return [str(it.get("name")) for it in process["steps"] if isinstance(it, Mapping)] + ["end"]


def process_at(process: Any, place: str) -> At:
    """Where in process.yaml stands what a finding of the process names: "node", "node.outcome", "lanes.NAME"."""
    first, *rest = [name or int(number) for name, number in _SEGMENT.findall(place.partition("/")[0])] or [""]
    if first in {"start", "code", "lanes", "steps"}:
        return (first, *rest)
    steps = process.get("steps") if isinstance(process, Mapping) else None
    if str(first).startswith("step ") and str(first)[5:].isdigit():
        return ("steps", int(str(first)[5:]) - 1)
    for number, row in enumerate(steps if isinstance(steps, list) else ()):
        if isinstance(row, Mapping) and row.get("name") == first:
            return ("steps", number, *_inside(row, rest))
    return ()


def _inside(row: Mapping[str, Any], rest: list[str | int]) -> At:
    """A named outcome or timer of a step, else the keys as they are."""
    for key in ("outcomes", "timers"):
        rows = row.get(key)
        for number, inner in enumerate(rows if isinstance(rows, list) else ()):
            if rest and isinstance(inner, Mapping) and inner.get("name") == rest[0]:
                return (key, number, *rest[1:])
    if rest and rest[0] not in row and rest[0] == "limit":
        return ("limit_hours",)
    return tuple(rest)


def _texts(process: Any, definition: Definition) -> Iterator[Fault]:
    for lane in definition.lanes.values():
        yield from _missing(process, f"lanes.{lane.name}", lane.names)
    for node in definition.nodes.values():
        named: list[tuple[str, Any]] = [("public", node.public)] if node.public else []
        if node.names or isinstance(node, Step):
            named.append(("title", node.names))
        if isinstance(node, Step):
            named += [(it.name, it.label) for it in node.outcomes.values() if it.label]
            named += [(f"checks[{at}]", it) for at, it in enumerate(node.checks)]
        for part, texts in named:
            yield from _missing(process, f"{node.code}.{part}", texts)


def _missing(process: Any, place: str, texts: Any) -> Iterator[Fault]:
    if missing := missing_languages(texts):
        yield fault(
            FILE, process_at(process, place), "missing-language", place=place, languages=", ".join(missing)
        )
