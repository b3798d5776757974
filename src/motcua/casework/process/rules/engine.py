"""What a process does next: tokens move by the semantics of BPMN 2.0.2, chapter 13. Pure; no clock, no I/O.

Given the same marking, outcome and facts the answer is the same, token numbers included.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from motcua.casework.process.rules.model import SCOPE, Definition, Flow, Kind, Node
from motcua.casework.process.rules.model import Step as Task
from motcua.foundation.kernel.conditions import all_hold

Facts = Mapping[str, Any]
Choose = Callable[[Node], tuple[Flow, ...]]

MOST_TOKENS = 200
MOST_MOVES = 2_000


class CannotStep(ValueError):
    """The token, outcome or timer is not there."""


class RunawayProcess(RuntimeError):
    """More than MOST_TOKENS tokens, or MOST_MOVES moves in one step."""


@dataclass(frozen=True, slots=True)
class Token:
    """`arrived`: id of the flow it came by; empty at a start."""

    id: int
    node: str
    arrived: str


@dataclass(frozen=True, slots=True)
class Marking:
    """Where the tokens stand, by rising id. `next_id` is greater than every id ever given."""

    tokens: tuple[Token, ...]
    next_id: int

    def token(self, token_id: int) -> Token:
        """Raises CannotStep."""
        for token in self.tokens:
            if token.id == token_id:
                return token
        raise CannotStep(f"there is no token {token_id}")


@dataclass(frozen=True, slots=True)
class Step:
    """What one step changed. `opened`: tokens that now wait and did not before; `closed`: those that no longer do.

    `ended`: no token is left.
    """

    marking: Marking
    opened: tuple[Token, ...]
    closed: tuple[Token, ...]
    ended: bool


def begin(definition: Definition, facts: Facts) -> Step:
    """Start the process. Raises RunawayProcess."""
    run = Run(definition, Marking((), 1), by_conditions(facts))
    run.moving.append((definition.start, ""))
    return run.settle()


def leave(definition: Definition, marking: Marking, token_id: int, outcome: str, facts: Facts) -> Step:
    """A token's work is done: a task with an outcome; a service, timer or message with "".

    `facts` need not hold this outcome: it counts as `outcome.STEP` at once. Raises CannotStep for a token that
    is not there or waits for others (a join, a call), and an outcome the step does not have; RunawayProcess.
    """
    token = marking.token(token_id)
    node = definition.nodes[token.node]
    if isinstance(node, Task):
        flow = next((flow for flow in node.flows if flow.name == outcome), None)
        facts = {**facts, f"outcome.{node.code}": outcome}
    else:
        leaves = node.kind in {Kind.SERVICE, Kind.TIMER, Kind.MESSAGE} and not outcome
        flow = node.flows[0] if leaves else None
    if not flow:
        raise CannotStep(f"{node.code} cannot be left by {outcome!r}")
    run = Run(definition, marking, by_conditions(facts))
    del run.tokens[token_id]
    run.follow(flow)
    return run.settle()


def fire_boundary(
    definition: Definition, marking: Marking, token_id: int, timer_name: str, facts: Facts
) -> Step:
    """A timer on the edge of the node where the token works has fired. Raises CannotStep, RunawayProcess.

    It fires once a token: the caller remembers which did. An interrupted call takes its own tokens along.
    """
    token = marking.token(token_id)
    node = definition.nodes[token.node]
    timer = next((timer for timer in node.timers if timer.name == timer_name), None)
    if not timer:
        raise CannotStep(f"{node.code} has no timer {timer_name!r}")
    run = Run(definition, marking, by_conditions(facts))
    if timer.interrupts:
        del run.tokens[token_id]
        run.empty(node.code)
    run.follow(Flow(node.code, timer.name, timer.to))
    return run.settle()


def by_conditions(facts: Facts) -> Choose:
    """The flows whose conditions hold: the first of an exclusive gateway, all of an inclusive one, else the default."""

    def choose(node: Node) -> tuple[Flow, ...]:
        *conditional, default = node.flows
        chosen = (flow for flow in conditional if all_hold(flow.conditions, facts))
        if node.kind is Kind.EXCLUSIVE:
            return (next(chosen, default),)
        return tuple(chosen) or (default,)

    return choose


class Run:
    """One step under way: tokens in `moving` travel until every token waits."""

    __slots__ = ("before", "choose", "definition", "moves", "moving", "next_id", "tokens")

    def __init__(self, definition: Definition, before: Marking, choose: Choose) -> None:
        self.definition, self.before, self.choose = definition, before, choose
        self.tokens = {token.id: token for token in before.tokens}
        self.next_id = before.next_id
        self.moving: deque[tuple[str, str]] = deque()
        self.moves = 0

    def follow(self, flow: Flow) -> None:
        self.moving.append((flow.target, flow.id))

    def empty(self, scope: str) -> None:
        """Take away every token in a scope, and those on their way into it; "" is everything."""
        inside = scope + SCOPE if scope else ""
        self.tokens = {key: it for key, it in self.tokens.items() if not it.node.startswith(inside)}
        self.moving = deque(it for it in self.moving if not it[0].startswith(inside))

    def settle(self) -> Step:
        while self.moving or self._join_inclusive() or self._return_from_call():
            while self.moving:
                self._enter(*self.moving.popleft())
        old = {token.id for token in self.before.tokens}
        tokens = tuple(self.tokens.values())
        return Step(
            marking=Marking(tokens, self.next_id),
            opened=tuple(token for token in tokens if token.id not in old),
            closed=tuple(token for token in self.before.tokens if token.id not in self.tokens),
            ended=not tokens,
        )

    def _enter(self, code: str, arrived: str) -> None:
        self.moves += 1
        if self.moves > MOST_MOVES:
            raise RunawayProcess(f"more than {MOST_MOVES} moves in one step, last into {code}")
        node = self.definition.nodes[code]
        if node.kind is Kind.END:
            if node.terminates:
                self.empty(node.scope)
        elif node.kind is Kind.EXCLUSIVE or (node.kind is Kind.INCLUSIVE and not self.definition.joins(code)):
            self._go_on(node)
        elif node.kind is Kind.PARALLEL:
            self._join_parallel(node, arrived)
        else:
            self._wait(code, arrived)
            if node.kind is Kind.CALL:
                self.moving.append((self.definition.starts[code], ""))

    def _wait(self, code: str, arrived: str) -> None:
        if len(self.tokens) >= MOST_TOKENS:
            raise RunawayProcess(f"more than {MOST_TOKENS} tokens, the last at {code}")
        self.tokens[self.next_id] = Token(self.next_id, code, arrived)
        self.next_id += 1

    def _go_on(self, node: Node) -> None:
        for flow in self.choose(node) if node.chooses else node.flows:
            self.follow(flow)

    def _join_parallel(self, node: Node, arrived: str) -> None:
        """One token of every incoming flow is taken, and one put on every way out."""
        if self.definition.joins(node.code):
            self._wait(node.code, arrived)
            first = {flow: key for key, flow in reversed(self._waiting(node.code))}
            if len(first) < len(self.definition.incoming[node.code]):
                return
            for key in first.values():
                del self.tokens[key]
        self._go_on(node)

    def _waiting(self, code: str) -> list[tuple[int, str]]:
        """Tokens at a join: id and the flow they came by, oldest first."""
        return [(key, token.arrived) for key, token in self.tokens.items() if token.node == code]

    def _join_inclusive(self) -> bool:
        """Fire the first inclusive join that nobody needs to wait at any longer; whether there was one.

        It waits for a token that can still come by a flow where none waits, unless that token could also come by
        one where another waits already. One token of each flow is taken.
        """
        for code, reach in self.definition.inclusive_joins.items():
            first = {flow: key for key, flow in reversed(self._waiting(code))}
            if not first:
                continue
            ways = (reach.get(it.node, frozenset()) for it in self.tokens.values() if it.node != code)
            if any(way and way.isdisjoint(first) for way in ways):
                continue
            for key in first.values():
                del self.tokens[key]
            self._go_on(self.definition.nodes[code])
            return True
        return False

    def _return_from_call(self) -> bool:
        """A call is over when no token is left in it; innermost first."""
        if not self.definition.starts:
            return False
        standing = [token.node for token in self.tokens.values()]
        for key, token in reversed(self.tokens.items()):
            if token.node in self.definition.starts:
                inside = token.node + SCOPE
                if not any(node.startswith(inside) for node in standing):
                    del self.tokens[key]
                    self._go_on(self.definition.nodes[token.node])
                    return True
        return False
