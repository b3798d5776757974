"""A dossier's whole course at once: what a row of acts makes of its process, by the same tables as act by act. Pure.

An act is a code of the state table, "CODE@STEP" where several tasks are open; "fire@STEP" is a timer that the process
waits for. Moments are not known here: they are named by the number of the act that sets them, 0 for the submission.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from motcua.casework.dossiers.rules.outcomes import outcomes_for, step_kind
from motcua.casework.dossiers.rules.states import ACTS, Act, Status, is_allowed
from motcua.casework.process.rules import engine
from motcua.casework.process.rules.definition import END
from motcua.casework.process.rules.model import Definition, Kind, Node, Step


class DoesNotFit(ValueError):
    """The acts are not those that the process and the state table allow one after the other."""


@dataclass(slots=True)
class Stay:
    """A token as the course leaves it. `opened`, `due_from`, `claimed`, `paused`, `done`: numbers of acts; None: never.

    `cause`: the number of the token whose end opened it. `by`: the act whose doer ended it, None for a timer and for
    what was joined. `meant`: the act whose doer it is meant for. `closed`: it did not end, the whole process did.
    """

    number: int
    node: Node
    arrived: str
    cause: int | None
    opened: int
    due_from: int
    claimed: int | None = None
    meant: int | None = None
    paused: int | None = None
    done: int | None = None
    by: int | None = None
    outcome: str = ""
    version: int = 1
    closed: bool = False

    @property
    def step(self) -> Step:
        """Raises DoesNotFit for what is no task."""
        if not isinstance(self.node, Step):
            raise DoesNotFit(f"{self.node.code} is no task")
        return self.node


@dataclass(frozen=True, slots=True)
class Done:
    """One act of a course. `step`: at which it was done, "" without one; `following`: where it led, if it ended a task.

    `stay`: index of the token it was done at, None without one; `right`: "" for the applicant and for what happens by
    itself; `status`, `revision`: of the dossier after it.
    """

    act: Act
    right: str
    step: str
    stay: int | None
    outcome: str
    following: str
    status: Status
    revision: int


@dataclass(frozen=True, slots=True)
class LastMove:
    """What may be taken back: `number` of the token, `act` that left it, the status and the public words before it,
    the revision after it."""

    number: int
    act: int
    status: int
    revision: int
    words: str


@dataclass(slots=True)
class Course:
    """What the acts made of a dossier and its process."""

    stays: list[Stay] = field(default_factory=list)
    acts: list[Done] = field(default_factory=list)
    outcomes: dict[str, str] = field(default_factory=dict)
    public_step: str = ""
    ended: int | None = None
    next_number: int = 1
    version: int = 1
    status: Status = Status.SUBMITTED
    revision: int = 1
    last_move: LastMove | None = None
    # The status to which a supplement leads back, and the token where it was asked; None while none is asked for.
    asked_from: tuple[Status, int] | None = None

    @property
    def open(self) -> list[Stay]:
        """Tokens that still wait, oldest first."""
        return [stay for stay in self.stays if stay.done is None]


FIRE = "fire"
_FIRED = Act(FIRE, "dossier.timer_fired", frozenset(Status), frozenset(), ends=True)
# Acts beside the open tasks unless a step is named: the applicant's, and the answer of who was asked beside them.
BESIDE = {"supplement": "", "give-opinion": "leader", "withdraw": "", "stop": "leader", "extend": "leader"}
# Acts that end the dossier without a result, and the process with it; acts that let its tasks wait.
CLOSING, PAUSING = (
    frozenset({"refuse", "withdraw", "stop"}),
    frozenset({"request-supplement", "request-payment"}),
)


def course(definition: Definition, acts: Sequence[str], facts: Mapping[str, Any]) -> Course:
    """The course of a dossier that was submitted and had these acts done. Raises DoesNotFit, CannotStep."""
    made = Course()
    _arrive(made, engine.begin(definition, facts), None, 0, definition)
    for number, written in enumerate(acts, start=1):
        code, _, step = written.partition("@")
        if code in BESIDE and not step:
            _beside(made, ACTS[code], number)
        elif code == FIRE:
            _end(made, _FIRED, _waiting(made, step), number, (definition, facts))
        else:
            _at_task(made, ACTS[code], _task(made, step), number, (definition, facts))
        if code in CLOSING:
            _close(made, number)
    return made


def _at_task(
    made: Course, act: Act, stay: Stay, number: int, process: tuple[Definition, Mapping[str, Any]]
) -> None:
    if made.ended or stay.paused or not is_allowed(act, status=made.status, kind=step_kind(stay.step)):
        raise DoesNotFit(f"{act.code} in status {made.status} at {stay.node.code}")
    if act.ends:
        _end(made, act, stay, number, process)
        return
    if act.code == "claim":
        stay.claimed, stay.version = number, stay.version + 1
    elif act.code in PAUSING:
        made.asked_from = made.status, made.stays.index(stay)
        for waiting in made.open:
            waiting.paused, waiting.version = number, waiting.version + 1
    _note(made, act, stay, "", "")


def _beside(made: Course, act: Act, number: int) -> None:
    """An act at no task: of the applicant, of the head of the agency, or of who was asked beside the process."""
    target = act.target
    if made.status not in act.sources:
        raise DoesNotFit(f"{act.code} in status {made.status}")
    if act.code == "supplement":
        if made.asked_from is None:
            raise DoesNotFit("nothing was asked for")
        target, _ = made.asked_from
        for stay in made.open:
            stay.paused, stay.due_from = None, number
        made.asked_from = None
    made.status = target or made.status
    made.revision += act.changes
    made.acts.append(Done(act, BESIDE[act.code], "", None, "", "", made.status, made.revision))


def _close(made: Course, number: int) -> None:
    """As `close_process`: what is open ends where it stands."""
    for stay in made.open:
        stay.done, stay.closed, stay.version = number, True, stay.version + 1
    made.ended, made.version, made.last_move = number, made.version + 1, None


def _end(
    made: Course, act: Act, stay: Stay, number: int, process: tuple[Definition, Mapping[str, Any]]
) -> None:
    """The act leaves the token: what is joined with it ends too, and what follows opens."""
    definition, facts = process
    before, words = made.status, made.public_step
    outcome = "" if act is _FIRED else _outcome(definition, stay.step, act.code)
    marking = engine.Marking(
        tuple(engine.Token(it.number, it.node.code, it.arrived) for it in made.open), made.next_number
    )
    named = {f"outcome.{step}": name for step, name in made.outcomes.items()}
    moved = engine.leave(definition, marking, stay.number, outcome, {**facts, **named})
    stay.outcome, stay.by = outcome, None if act is _FIRED else number
    if outcome:
        made.outcomes[stay.node.code] = outcome
    made.version += 1
    gone = {token.id for token in moved.closed}
    closed = [it for it in made.open if it.number in gone]
    for it in closed:
        it.done = number
    opened = _arrive(made, moved, stay, number, definition)
    following = END if made.ended is not None else " ".join(it.node.code for it in opened)
    _note(made, act, stay, outcome, following)
    if act is _FIRED:
        return
    goes_back = opened and closed == [stay] and all(it.node.kind is not Kind.TIMER for it in opened)
    may = act.recallable and goes_back
    made.last_move = LastMove(stay.number, number, int(before), made.revision, words) if may else None


def _note(made: Course, act: Act, stay: Stay, outcome: str, following: str) -> None:
    right = "" if act is _FIRED else act.right or stay.step.role
    made.status = act.target or made.status
    made.revision += act.changes
    index = made.stays.index(stay)
    made.acts.append(Done(act, right, stay.node.code, index, outcome, following, made.status, made.revision))


def _task(made: Course, step: str) -> Stay:
    """The open task, or the one at a step. Raises DoesNotFit."""
    tasks = [it for it in made.open if isinstance(it.node, Step) and step in {"", it.node.code}]
    if len(tasks) != 1:
        raise DoesNotFit(f"{len(tasks)} tasks are open at {step or 'any step'}")
    return tasks[0]


def _waiting(made: Course, step: str) -> Stay:
    found = [it for it in made.open if it.node.kind is Kind.TIMER and it.node.code == step]
    if not found:
        raise DoesNotFit(f"no timer runs at {step}")
    return found[0]


def _outcome(definition: Definition, step: Step, code: str) -> str:
    fitting = outcomes_for(definition, step, code)
    if not fitting:
        raise DoesNotFit(f"{step.code} has no outcome for {code}")
    return fitting[0].name


def _arrive(
    made: Course, step: engine.Step, cause: Stay | None, number: int, definition: Definition
) -> list[Stay]:
    """Open what follows, and end the process when nothing does."""
    made.next_number = step.marking.next_id
    made.ended = number if step.ended else None
    opened = [
        Stay(it.id, definition.nodes[it.node], it.arrived, cause.number if cause else None, number, number)
        for it in step.opened
    ]
    for stay in opened:
        if stay.node.kind in {Kind.SERVICE, Kind.MESSAGE, Kind.CALL}:
            raise DoesNotFit(f"{stay.node.code} is a {stay.node.kind}")
        if isinstance(stay.node, Step) and stay.node.did:
            did = [it.by for it in made.stays if it.node.code == stay.node.did and it.by is not None]
            stay.meant = did[-1] if did else None
    said = [it.node.code for it in opened if it.node.public]
    made.public_step = said[0] if said else made.public_step
    made.stays += opened
    return opened
