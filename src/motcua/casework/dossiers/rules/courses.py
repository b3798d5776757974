"""A dossier's whole course at once: what a row of acts makes of its process, by the same tables as act by act. Pure.

For processes, or the part of one, where a single task is open at a time. Moments are not known here: they are named by
the number of the act that sets them, 0 for the submission.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from motcua.casework.dossiers.rules.outcomes import outcomes_for, step_kind
from motcua.casework.dossiers.rules.states import ACTS, Act, Status, is_allowed
from motcua.casework.process.rules import engine
from motcua.casework.process.rules.definition import END
from motcua.casework.process.rules.model import Definition, Step


class DoesNotFit(ValueError):
    """The acts are not those that the process and the state table allow one after the other."""


@dataclass(slots=True)
class Stay:
    """A task as the course leaves it. `opened`, `due_from`, `claimed`, `paused`, `done`: numbers of acts; None: never.

    `cause`: the number of the task whose end opened it.
    """

    number: int
    step: Step
    arrived: str
    cause: int | None
    opened: int
    due_from: int
    claimed: int | None = None
    paused: int | None = None
    done: int | None = None
    outcome: str = ""
    version: int = 1


@dataclass(frozen=True, slots=True)
class Done:
    """One act of a course. `step`: at which it was done, "" without one; `following`: where it led, if it ended a task.

    `stay`: index of the task that was open; `status`, `revision`: of the dossier after it.
    """

    act: Act
    right: str
    step: str
    stay: int
    outcome: str
    following: str
    status: Status
    revision: int


@dataclass(slots=True)
class Course:
    """`last_move`: number of the task that may be taken back, by which right it was done, the status before it, the
    revision after it."""

    stays: list[Stay] = field(default_factory=list)
    acts: list[Done] = field(default_factory=list)
    outcomes: dict[str, str] = field(default_factory=dict)
    public_step: str = ""
    ended: int | None = None
    next_number: int = 1
    version: int = 1
    status: Status = Status.SUBMITTED
    revision: int = 1
    last_move: tuple[int, str, int, int] | None = None
    # The status to which a supplement leads back; None while none is asked for.
    asked_from: Status | None = None


# Acts beside the task that is open: the applicant's, and the answer of who was asked beside the process.
BESIDE = {"supplement": "", "give-opinion": "leader"}


def course(definition: Definition, codes: Sequence[str], facts: Mapping[str, Any]) -> Course:
    """The course of a dossier that was submitted and had these acts done. Raises DoesNotFit, CannotStep."""
    made = Course()
    marking = _arrive(made, engine.begin(definition, facts), None, 0, definition)
    for number, code in enumerate(codes, start=1):
        stay, act = made.stays[-1], ACTS[code]
        kind = None if code in BESIDE else step_kind(stay.step)
        if made.ended or (code not in BESIDE and not is_allowed(act, status=made.status, kind=kind)):
            raise DoesNotFit(f"{code} in status {made.status} at {stay.step.code}")
        right = BESIDE.get(code, act.right or stay.step.role)
        before, outcome, following = made.status, "", ""
        _mark(made, stay, code, number)
        made.status = act.target or made.status
        made.revision += act.changes
        if act.ends and code not in BESIDE:
            outcome = _outcome(definition, stay.step, code)
            stay.done, stay.outcome = number, outcome
            step = engine.leave(definition, marking, stay.number, outcome, {**facts, **_named(made)})
            made.outcomes[stay.step.code] = outcome
            made.version += 1
            marking = _arrive(made, step, stay, number, definition)
            following = END if made.ended else made.stays[-1].step.code
            may_recall = act.recallable and not made.ended
            made.last_move = (stay.number, right, int(before), made.revision) if may_recall else None
        at_step = "" if code in BESIDE else stay.step.code
        index = made.stays.index(stay)
        made.acts.append(Done(act, right, at_step, index, outcome, following, made.status, made.revision))
    return made


def _named(made: Course) -> dict[str, str]:
    return {f"outcome.{step}": outcome for step, outcome in made.outcomes.items()}


def _mark(made: Course, stay: Stay, code: str, number: int) -> None:
    """What acts that end nothing do to the open task, as `claim_task`, `pause_process` and `resume_process` do."""
    if code == "claim":
        stay.claimed, stay.version = number, stay.version + 1
    elif code == "request-supplement":
        stay.paused, stay.version, made.asked_from = number, stay.version + 1, made.status
    elif code == "supplement":
        if made.asked_from is None:
            raise DoesNotFit("nothing was asked for")
        stay.paused, stay.due_from = None, number
        made.status, made.asked_from = made.asked_from, None


def _outcome(definition: Definition, step: Step, code: str) -> str:
    fitting = outcomes_for(definition, step, code)
    if not fitting:
        raise DoesNotFit(f"{step.code} has no outcome for {code}")
    return fitting[0].name


def _arrive(
    made: Course, step: engine.Step, cause: Stay | None, number: int, definition: Definition
) -> engine.Marking:
    """Open what follows: one task, or the end."""
    made.next_number = step.marking.next_id
    if step.ended:
        made.ended = number
        return step.marking
    node = definition.nodes[step.opened[0].node] if len(step.opened) == 1 else None
    if not isinstance(node, Step) or node.timers or node.did or len(step.marking.tokens) != 1:
        raise DoesNotFit("more than one task is open, or none, or one with timers")
    opened = step.opened[0]
    made.stays.append(Stay(opened.id, node, opened.arrived, cause.number if cause else None, number, number))
    if node.public:
        made.public_step = node.code
    return step.marking
