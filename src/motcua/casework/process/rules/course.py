"""How far a process went: what a picture and its list show of each step. Pure.

The officer sees every step; the applicant sees stages: steps with the same public words are one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from motcua.casework.process.rules.layout import Edge, without_circles
from motcua.casework.process.rules.model import (
    GATEWAYS,
    SCOPE,
    Definition,
    Flow,
    Kind,
    Node,
    Texts,
    spread,
    ways_out,
)

START = "process.start"
_PASSED = GATEWAYS | {Kind.END}  # nobody stays there


class State(StrEnum):
    DONE = "done"
    NOW = "now"
    NEXT = "next"


@dataclass(frozen=True, slots=True)
class Visit:
    """A stay at a node. `outcome`: of a task, or the boundary timer that ended it (`timed_out`); `by`: who did it, in
    words."""

    node: str
    opened_at: datetime
    done_at: datetime | None = None
    outcome: str = ""
    by: str = ""
    timed_out: bool = False


@dataclass(frozen=True, slots=True)
class Course:
    """What happened in one running or ended process, oldest first; empty for a definition as such."""

    definition: Definition
    visits: Sequence[Visit] = ()
    is_ended: bool = False


@dataclass(frozen=True, slots=True)
class Stand:
    """A step, or a stage of several: `nodes`. `visits`: the stays there, oldest first."""

    names: Texts
    nodes: tuple[str, ...]
    state: State
    visits: tuple[Visit, ...] = ()


def drawn_nodes(definition: Definition) -> dict[str, Node]:
    """What a picture shows: the nodes that something leads to, not those inside of calls."""
    wanted = {definition.start, *definition.incoming}
    return {code: it for code, it in definition.nodes.items() if code in wanted and SCOPE not in code}


def node_states(course: Course) -> dict[str, State]:
    """The state of every drawn node. Work inside a call counts for the call.

    What was done before a return led back behind it is still to come. A gateway is done when a way through it was
    taken, an end when the process ended there.
    """
    nodes, onward = drawn_nodes(course.definition), _onward(course.definition)
    opened: dict[str, datetime] = {}
    done: dict[str, datetime] = {}
    for visit in course.visits:
        code = visit.node.partition(SCOPE)[0]
        if visit.done_at is None:
            opened[code] = visit.opened_at
        else:
            done[code] = visit.done_at
    for code, since in opened.items():
        for later in _beyond(code, onward):
            if later in done and done[later] <= since:
                del done[later]
    found = dict.fromkeys(nodes, State.NEXT)
    found |= dict.fromkeys(done, State.DONE) | dict.fromkeys(opened, State.NOW)
    ways = taken_ways(course, found)
    ends = {one for one, _other in ways}, {other for _one, other in ways}
    for code, node in nodes.items():
        if node.kind in _PASSED and code in ends[1] and (code in ends[0] or node.kind is Kind.END):
            found[code] = State.DONE
    return found


def taken_ways(course: Course, found: Mapping[str, State]) -> set[tuple[str, str]]:
    """Pairs of nodes between which a token went, as far as the visits tell; START is before the first."""
    nodes, onward = drawn_nodes(course.definition), _onward(course.definition)
    last = {it.node: it for it in course.visits if it.done_at and found.get(it.node) is State.DONE}
    ways = {(START, course.definition.start)} if course.visits else set()
    for code, visit in last.items():
        ways |= {
            (code, flow.target) for flow in ways_out(nodes[code]) if _was_taken(flow, visit, nodes[code])
        }
    waiting = [other for _one, other in ways if nodes[other].kind in GATEWAYS]
    seen: set[str] = set()
    while waiting:
        code = waiting.pop()
        if code in seen:
            continue
        seen.add(code)
        targets = [flow.target for flow in nodes[code].flows]
        went = [it for it in targets if _leads(it, nodes, found, frozenset())]
        if (
            nodes[code].kind is not Kind.PARALLEL
        ):  # who went the long way also comes to where the short way leads
            went = [it for it in went if not any(it in _beyond(other, onward) for other in went)]
        if not went and course.is_ended:
            went = [it for it in targets if nodes[it].kind is Kind.END]
        ways |= {(code, target) for target in went}
        waiting += [it for it in went if nodes[it].kind in GATEWAYS]
    return ways


def _was_taken(flow: Flow, visit: Visit, node: Node) -> bool:
    return flow.name == visit.outcome if visit.outcome else flow in node.flows


def _leads(code: str, nodes: Mapping[str, Node], found: Mapping[str, State], seen: frozenset[str]) -> bool:
    """Whether somebody is or was there, or behind the gateways there."""
    node = nodes[code]
    if node.kind not in GATEWAYS:
        return node.kind is not Kind.END and found[code] is not State.NEXT
    return code not in seen and any(_leads(it.target, nodes, found, seen | {code}) for it in node.flows)


def drawn_edges(definition: Definition) -> list[Edge]:
    """One for each pair of nodes, however many flows lead that way; the first from START."""
    pairs = {(START, definition.start): None}
    for node in drawn_nodes(definition).values():
        pairs |= {(node.code, flow.target): None for flow in ways_out(node)}
    return [Edge(f"{one} {other}", one, other) for one, other in pairs]


def _onward(definition: Definition) -> dict[str, set[str]]:
    """Where each node leads, returns left out."""
    onward: dict[str, set[str]] = {}
    for edge in without_circles(drawn_edges(definition), START)[0]:
        onward.setdefault(edge.source, set()).add(edge.target)
    return onward


def _beyond(here: str, onward: Mapping[str, set[str]]) -> set[str]:
    """Where one can get from here without going back."""
    return spread(onward.get(here, ()), onward)


def list_stands(course: Course, order: Iterable[str]) -> list[Stand]:
    """The officer's list: every step in the picture's order; an end only if it has a name."""
    nodes, found = drawn_nodes(course.definition), node_states(course)
    return [
        Stand(nodes[code].names, (code,), found[code], _visits(course, {code}))
        for code in order
        if code in nodes
        and nodes[code].kind not in GATEWAYS
        and (nodes[code].kind is not Kind.END or nodes[code].names)
    ]


def list_stages(course: Course, order: Iterable[str]) -> list[Stand]:
    """The applicant's list: stages in the picture's order. Once it is over, those that were not needed are left out."""
    nodes, found = drawn_nodes(course.definition), node_states(course)
    words = public_words(course.definition)
    stages: dict[tuple[tuple[str, str], ...], list[str]] = {}
    for code in order:
        if code in nodes and nodes[code].kind not in _PASSED:
            stages.setdefault(tuple(sorted(words[code].items())), []).append(code)
    stands = [
        Stand(
            words[codes[0]],
            tuple(codes),
            _together(found[code] for code in codes),
            _visits(course, set(codes)),
        )
        for codes in stages.values()
    ]
    return [it for it in stands if not course.is_ended or it.state is not State.NEXT]


def public_words(definition: Definition) -> dict[str, Texts]:
    """The applicant's words for each drawn node: its own, else those of the step before; a process that has none at
    all shows the titles."""
    nodes = drawn_nodes(definition)
    if not any(it.public for it in nodes.values()):
        return {code: it.names for code, it in nodes.items()}
    words: dict[str, Texts] = {}
    waiting = [(definition.start, nodes[definition.start].names)]
    for code, before in waiting:
        if code not in words:
            words[code] = nodes[code].public or before
            waiting += [(flow.target, words[code]) for flow in ways_out(nodes[code])]
    return words


def _together(states: Iterable[State]) -> State:
    present = set(states)
    if State.NOW in present:
        return State.NOW
    return State.DONE if State.DONE in present else State.NEXT


def _visits(course: Course, codes: set[str]) -> tuple[Visit, ...]:
    return tuple(it for it in course.visits if it.node.partition(SCOPE)[0] in codes)
