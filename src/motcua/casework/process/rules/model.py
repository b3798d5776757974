"""A process as a graph: nodes, flows, lanes. Names follow BPMN 2.0.2 (ISO/IEC 19510). Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property

from motcua.foundation.kernel.conditions import Condition

END = "end"
SCOPE = "/"  # parts a call from a node of what it calls: "inspection/visit"

Texts = Mapping[str, str]  # by language


class Kind(StrEnum):
    TASK = "task"
    SERVICE = "service"
    EXCLUSIVE = "exclusive"
    PARALLEL = "parallel"
    INCLUSIVE = "inclusive"
    TIMER = "timer"
    MESSAGE = "message"
    CALL = "call"
    END = "end"


GATEWAYS = frozenset({Kind.EXCLUSIVE, Kind.PARALLEL, Kind.INCLUSIVE})
# Where a token is at work for a while, so that a timer may stand on its edge.
ACTIVITIES = frozenset({Kind.TASK, Kind.SERVICE, Kind.MESSAGE, Kind.CALL})


@dataclass(frozen=True, slots=True)
class Flow:
    """A sequence flow. `name`: the outcome or boundary timer it belongs to, or its number at a gateway.

    `conditions`: all must hold; empty at a default flow and wherever nothing is to be chosen.
    """

    source: str
    name: str
    target: str
    conditions: tuple[Condition, ...] = ()

    @property
    def id(self) -> str:
        return f"{self.source}>{self.name}"


@dataclass(frozen=True, slots=True)
class Outcome:
    """One way to end a task. `back`: a return, which needs a reason."""

    name: str
    to: str
    label: Texts = field(default_factory=dict)
    back: bool = False


@dataclass(frozen=True, slots=True)
class BoundaryTimer:
    """`after` (as worktime writes it) counts from the arrival of the token. Unless it interrupts, the work goes on."""

    name: str
    after: str
    to: str
    interrupts: bool


@dataclass(frozen=True, slots=True)
class Lane:
    """Who does the steps of a lane: `unit` of the deciding agency, or officers of another `agency`."""

    name: str
    names: Texts
    unit: str = ""
    agency: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Node:
    """A node that is no task. Of `after`, `message`, `service` and `process` only its kind's own is filled.

    `flows`: ways out in order, boundary timers not among them; the last of a choosing gateway is the default.
    `public`: the citizen's words while a token stands here. `terminates`: an end that ends everything else too.
    """

    code: str
    kind: Kind
    names: Texts = field(default_factory=dict)
    public: Texts = field(default_factory=dict)
    flows: tuple[Flow, ...] = ()
    timers: tuple[BoundaryTimer, ...] = ()
    after: str = ""
    message: str = ""
    service: str = ""
    process: str = ""
    terminates: bool = False

    @property
    def scope(self) -> str:
        """The call this node belongs to; empty at the top."""
        return self.code.rpartition(SCOPE)[0]

    @property
    def chooses(self) -> bool:
        return self.kind in {Kind.EXCLUSIVE, Kind.INCLUSIVE} and len(self.flows) > 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Step(Node):
    """A task. `limit` as worktime writes it ("2wh"); `checks`: what who does it confirms to have checked.

    `role`: the right needed; `act`: the act of the dossier's table that does this task; `did`: the step whose last
    doer does this one too.
    """

    lane: str
    role: str
    limit: str
    outcomes: Mapping[str, Outcome]
    act: str = ""
    did: str = ""
    checks: tuple[Texts, ...] = ()


@dataclass(frozen=True)
class Definition:
    """A sound process. `nodes` holds those of called processes too, under "CALL/NODE"; `starts`: where a scope starts.

    Compared by content.
    """

    code: str
    start: str
    nodes: Mapping[str, Node]
    lanes: Mapping[str, Lane] = field(default_factory=dict)
    starts: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def steps(self) -> Mapping[str, Step]:
        """The tasks, in the order of the file."""
        return {code: node for code, node in self.nodes.items() if isinstance(node, Step)}

    def step(self, code: str) -> Step:
        return self.steps[code]

    @cached_property
    def flows(self) -> tuple[Flow, ...]:
        """Every flow, those of boundary timers included."""
        return tuple(flow for node in self.nodes.values() for flow in ways_out(node))

    @cached_property
    def incoming(self) -> Mapping[str, tuple[Flow, ...]]:
        """Flows into each node that has any."""
        arriving: dict[str, list[Flow]] = {}
        for flow in self.flows:
            arriving.setdefault(flow.target, []).append(flow)
        return {code: tuple(flows) for code, flows in arriving.items()}

    def joins(self, code: str) -> bool:
        """Whether tokens wait for each other here."""
        waits = self.nodes[code].kind in {Kind.PARALLEL, Kind.INCLUSIVE}
        return waits and len(self.incoming.get(code, ())) > 1

    @cached_property
    def inclusive_joins(self) -> Mapping[str, Mapping[str, frozenset[str]]]:
        """Inclusive join -> node -> those incoming flows of the join that a token at the node can still come by,
        without passing the join (BPMN 2.0.2, 13.4.3)."""
        return {
            code: self._reach(code)
            for code, node in self.nodes.items()
            if node.kind is Kind.INCLUSIVE and self.joins(code)
        }

    def _reach(self, join: str) -> Mapping[str, frozenset[str]]:
        reach: dict[str, set[str]] = {}
        for last in self.incoming[join]:
            waiting = [last.source]
            while waiting:
                code = waiting.pop()
                if code == join or last.id in reach.setdefault(code, set()):
                    continue
                reach[code].add(last.id)
                waiting.extend(flow.source for flow in self.incoming.get(code, ()))
        return {code: frozenset(flows) for code, flows in reach.items()}


def ways_out(node: Node) -> Iterator[Flow]:
    """A node's flows, then those of its boundary timers."""
    yield from node.flows
    for timer in node.timers:
        yield Flow(node.code, timer.name, timer.to)


def spread(starts: Iterable[str], onward: Mapping[str, set[str]]) -> set[str]:
    """Nodes that can be reached from any of `starts`, these among them, by the links of each node."""
    reached: set[str] = set()
    waiting = list(starts)
    while waiting:
        code = waiting.pop()
        if code not in reached:
            reached.add(code)
            waiting.extend(onward.get(code, ()))
    return reached
