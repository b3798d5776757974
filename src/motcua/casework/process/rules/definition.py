"""A process definition as data, and the one question the engine asks of it: what comes next? Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

END = "end"


class BadProcess(ValueError):
    """The definition cannot be run; the message names the place."""


@dataclass(frozen=True, slots=True)
class Step:
    """One user task. `limit` as worktime writes it ("2wh"); `outcomes` lead to a step's code or to `end`.

    `checks`: texts by language, what the one who does the task confirms to have checked.
    """

    code: str
    names: Mapping[str, str]
    lane: str
    role: str
    limit: str
    outcomes: Mapping[str, str]
    checks: tuple[Mapping[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Definition:
    start: str
    steps: Mapping[str, Step]

    def step(self, code: str) -> Step:
        return self.steps[code]


def parse_process(data: Mapping[str, Any]) -> Definition:
    """Raises BadProcess: unknown start, step or target, a step that cannot be reached, no way to the end."""
    try:
        steps = {
            row["name"]: Step(
                code=row["name"],
                names=row["title"],
                lane=row["lane"],
                role=row["role"],
                limit=f"{row['limit_hours']}wh",
                outcomes={outcome["name"]: outcome["to"] for outcome in row["outcomes"]},
                checks=tuple(row.get("checks", ())),
            )
            for row in data["steps"]
        }
        definition = Definition(start=data["start"], steps=steps)
    except (KeyError, TypeError) as error:
        raise BadProcess(f"missing or malformed: {error}") from None
    _check(definition)
    return definition


def _check(definition: Definition) -> None:
    if definition.start not in definition.steps:
        raise BadProcess(f"start: there is no step {definition.start!r}")
    for step in definition.steps.values():
        for outcome, target in step.outcomes.items():
            if target != END and target not in definition.steps:
                raise BadProcess(f"{step.code}.{outcome}: there is no step {target!r}")
    reached = _reachable(definition)
    if lost := sorted(set(definition.steps) - reached):
        raise BadProcess(f"never reached: {', '.join(lost)}")
    if END not in reached:
        raise BadProcess("no outcome leads to the end")


def _reachable(definition: Definition) -> set[str]:
    reached, waiting = set(), [definition.start]
    while waiting:
        code = waiting.pop()
        if code in reached:
            continue
        reached.add(code)
        if code != END:
            waiting.extend(definition.steps[code].outcomes.values())
    return reached


def next_step(definition: Definition, step: str, outcome: str) -> str:
    """The step an outcome leads to, or `end`. Raises KeyError for an outcome the step does not have."""
    return definition.steps[step].outcomes[outcome]
