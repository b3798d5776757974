"""What a move makes of a process, as rows that are not saved yet: the pure engine's answer with times and people."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from motcua.casework.process.models import Instance, Timer, Token
from motcua.casework.process.rules import engine
from motcua.casework.process.rules.definition import Definition
from motcua.casework.process.rules.model import GATEWAYS, Kind, Lane, Node, Step
from motcua.casework.process.services.definitions import definition_of
from motcua.foundation.worktime.calendars import Calendar
from motcua.foundation.worktime.deadlines import due_moment
from motcua.foundation.worktime.limits import parse_limit


@dataclass(frozen=True, slots=True)
class Place:
    """Whose a task is: the agency's, or one unit's of it."""

    agency_path: str
    unit_id: UUID | None = None


def _no_facts() -> Mapping[str, Any]:
    return {}


@dataclass(frozen=True, slots=True)
class Setting:
    """Where a process runs: whose tasks these are and whose working time counts.

    `facts`: what conditions may ask for, called only for a process that chooses. `place`: whose the tasks of a lane
    with a unit or another agency are; None: those of `agency_path`. `job`: name of the job that moves the process on
    when a timer is due or a service is to run; it is called with `subject`, `token` and `timer`. `latest`: when the
    whole is due, and no step of it later.
    """

    agency_path: str
    calendar: Calendar
    facts: Callable[[], Mapping[str, Any]] = _no_facts
    place: Callable[[Lane], Place] | None = None
    job: str = ""
    latest: datetime | None = None

    def due(self, at: datetime, limit: str) -> datetime:
        return due_moment(at, parse_limit(limit), self.calendar)

    def task_due(self, at: datetime, limit: str) -> datetime:
        """By the step's own limit, but never after the whole is due."""
        due_at = self.due(at, limit)
        return min(due_at, self.latest) if self.latest else due_at

    def place_of(self, lane: Lane | None) -> Place:
        if self.place and lane and (lane.unit or lane.agency):
            return self.place(lane)
        return Place(self.agency_path)


@dataclass(frozen=True, slots=True)
class Move:
    """A token that is left: with which outcome ("" where it is no task), by whom (None: nobody), when."""

    outcome: str
    by: UUID | None
    at: datetime


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a process stands: the instance and its open tokens, by number."""

    instance: Instance
    tokens: list[Token]

    @property
    def definition(self) -> Definition:
        return definition_of(self.instance.definition)

    @property
    def tasks(self) -> list[Token]:
        """Open tasks, oldest first."""
        return [token for token in self.tokens if token.kind == Token.Kind.TASK]

    @property
    def is_paused(self) -> bool:
        """Whether it waits for the citizen; what opens meanwhile waits too."""
        return any(token.paused_at for token in self.tokens)

    def node(self, token: Token) -> Node:
        return self.definition.nodes[token.step]

    def step(self, task: Token) -> Step:
        return self.definition.step(task.step)

    @property
    def marking(self) -> engine.Marking:
        tokens = tuple(engine.Token(it.number, it.step, it.arrived) for it in self.tokens)
        return engine.Marking(tokens, self.instance.next_number)


@dataclass(frozen=True, slots=True)
class Moved:
    """What a move did. `left`: the token it began with; `closed`: others that are over; `opened`: what waits now;
    `words`: the step whose words the citizen read before."""

    left: Token | None
    closed: list[Token]
    opened: list[Token]
    timers: list[Timer] = field(default_factory=list)
    ended: bool = False
    words: str = ""

    @property
    def can_be_recalled(self) -> bool:
        """Whether something waits that can go again, and nothing has begun by itself: no service, no timer, nothing
        joined, not the end of a branch."""
        still = {Token.Kind.TASK, Token.Kind.JOIN}
        return bool(self.opened) and not self.closed and all(it.kind in still for it in self.opened)

    @property
    def steps(self) -> list[str]:
        return [token.step for token in self.opened]


_KINDS = {
    Kind.TASK: Token.Kind.TASK,
    Kind.SERVICE: Token.Kind.SERVICE,
    Kind.TIMER: Token.Kind.TIMER,
    Kind.MESSAGE: Token.Kind.MESSAGE,
    Kind.CALL: Token.Kind.CALL,
} | dict.fromkeys(GATEWAYS, Token.Kind.JOIN)


def facts_of(standing: Standing, setting: Setting) -> dict[str, Any]:
    """What conditions are held against; empty for a process that never chooses."""
    if not any(node.chooses for node in standing.definition.nodes.values()):
        return {}
    outcomes = {f"outcome.{step}": outcome for step, outcome in standing.instance.outcomes.items()}
    return {**setting.facts(), **outcomes}


def begun(instance: Instance, setting: Setting) -> tuple[Standing, Moved]:
    """A new instance and what it opens."""
    standing = Standing(instance, [])
    step = engine.begin(standing.definition, facts_of(standing, setting))
    return standing, apply(standing, step, None, Move("", None, instance.started_at), setting)


def apply(standing: Standing, step: engine.Step, left: Token | None, move: Move, setting: Setting) -> Moved:
    """Let instance and tokens say what the engine answered; `standing` then holds the open tokens."""
    instance, gone = standing.instance, {token.id for token in step.closed}
    words = instance.public_step
    closed = [token for token in standing.tokens if token.number in gone]
    for token in closed:
        token.completed_at = move.at
    if left:
        left.completed_by, left.outcome = move.by, move.outcome
        if move.outcome:
            instance.outcomes = {**instance.outcomes, left.step: move.outcome}
    opened = [_token(standing, new, left, move.at, setting) for new in step.opened]
    standing.tokens[:] = [it for it in standing.tokens if it.number not in gone] + opened
    instance.next_number = step.marking.next_id
    if step.ended:
        instance.ended_at = move.at
    said = [token.step for token in opened if standing.node(token).public]
    instance.public_step = said[0] if said else instance.public_step
    timers = [timer for token in opened for timer in _timers(standing, token, setting)]
    return Moved(left, [it for it in closed if it is not left], opened, timers, step.ended, words)


def _token(
    standing: Standing, new: engine.Token, cause: Token | None, at: datetime, setting: Setting
) -> Token:
    node = standing.definition.nodes[new.node]
    token = Token(
        instance=standing.instance,
        subject=standing.instance.subject,
        number=new.id,
        kind=_KINDS[node.kind],
        step=new.node,
        arrived=new.arrived,
        cause=cause.number if cause else None,
        opened_at=at,
        # A branch may go on while the citizen is waited for; what it leads to waits with the rest.
        paused_at=at if standing.is_paused else None,
    )
    if isinstance(node, Step):
        place = setting.place_of(standing.definition.lanes.get(node.lane))
        token.lane, token.role, token.act = node.lane, node.role, node.act
        token.agency_path, token.unit_id = place.agency_path, place.unit_id
        # Also at an agency below the one that decides: its officers see nothing of those above them.
        token.is_elsewhere = place.agency_path != setting.agency_path
        token.due_at = setting.task_due(at, node.limit)
    return token


def _timers(standing: Standing, token: Token, setting: Setting) -> list[Timer]:
    node = standing.node(token)
    named = [(timer.name, timer.after) for timer in node.timers]
    if token.kind == Token.Kind.TIMER:
        named.append(("", node.after))
    at = token.opened_at
    return [Timer(token=token, name=name, due_at=setting.due(at, after)) for name, after in named]


@dataclass(frozen=True, slots=True)
class Course:
    """A process as far as it went: the instance and its tokens, oldest first; not saved."""

    instance: Instance
    tasks: Sequence[Token]


def build_course(instance: Instance, moves: Sequence[Move], *, setting: Setting) -> Course:
    """What `start_process` and one `complete_task` a move would leave behind: each ends the oldest open task.

    Raises CannotStep for an outcome that a step does not have.
    """
    instance.agency_path = setting.agency_path
    standing, moved = begun(instance, setting)
    tokens = list(moved.opened)
    for move in moves:
        left = standing.tasks[0]
        marking, facts = standing.marking, facts_of(standing, setting)
        step = engine.leave(standing.definition, marking, left.number, move.outcome, facts)
        tokens += apply(standing, step, left, move, setting).opened
    return Course(instance, tokens)
