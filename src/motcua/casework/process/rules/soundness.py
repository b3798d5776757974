"""Whether a process that can be read can also be run: every token finds its way, whatever is chosen. Pure.

The checks are stricter than BPMN: conditions are not weighed against each other, every choice is tried.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from itertools import combinations

from motcua.casework.process.rules.engine import Marking, Run, RunawayProcess, Token
from motcua.casework.process.rules.findings import Finding
from motcua.casework.process.rules.model import END, GATEWAYS, SCOPE, Definition, Flow, Kind, Node, spread

MOST_MARKINGS = 10_000
MOST_CHOICES = 10  # of one inclusive gateway: every subset is tried
_TWINS = 2  # more tokens that came the same way tell nothing new

Move = Callable[[Run], None]


def find_faults(definition: Definition) -> Iterator[Finding]:
    """What keeps the process from running, in the order of the file; the costlier check only when the rest is right."""
    faults = [
        *_unreachable(definition),
        *_without_end(definition),
        *_idle_loops(definition),
        *_overloaded(definition),
    ]
    yield from faults or _stuck(definition)


def _links(definition: Definition) -> dict[str, set[str]]:
    """Node -> where a token can get from it; a call leads into what it calls."""
    onward: dict[str, set[str]] = {code: set() for code in definition.nodes}
    for flow in definition.flows:
        onward[flow.source].add(flow.target)
    for call, start in definition.starts.items():
        onward[call].add(start)
    return onward


def _unreachable(definition: Definition) -> Iterator[Finding]:
    reached = spread([definition.start], _links(definition))
    lost = [code for code in definition.nodes if code not in reached and not _is_spare_end(definition, code)]
    if lost:
        yield Finding("", f"never reached: {', '.join(lost)}", "unreachable")


def _is_spare_end(definition: Definition, code: str) -> bool:
    """`end` is always there, wanted or not."""
    return code.rpartition(SCOPE)[2] == END and not definition.incoming.get(code)


def _without_end(definition: Definition) -> Iterator[Finding]:
    back: dict[str, set[str]] = {}
    for flow in definition.flows:
        back.setdefault(flow.target, set()).add(flow.source)
    ends = [code for code, node in definition.nodes.items() if node.kind is Kind.END]
    home = spread(ends, back)
    if definition.start not in home:
        yield Finding("", "no outcome leads to the end", "endless")
        return
    for code in definition.nodes:
        if code not in home:
            yield Finding(code, "no way leads from here to an end", "endless")


def _idle_loops(definition: Definition) -> Iterator[Finding]:
    """A way round on which nobody ever waits."""
    onward = {
        code: {flow.target for flow in node.flows if definition.nodes[flow.target].kind in GATEWAYS}
        for code, node in definition.nodes.items()
        if node.kind in GATEWAYS
    }
    for code in onward:
        if code in spread(onward[code], onward):
            yield Finding(code, "goes round in a circle of gateways where nobody waits", "endless")


def _overloaded(definition: Definition) -> Iterator[Finding]:
    for code, node in definition.nodes.items():
        if node.kind is Kind.INCLUSIVE and len(node.flows) > MOST_CHOICES + 1:
            yield Finding(code, f"has more than {MOST_CHOICES} choices")


def _stuck(definition: Definition) -> Iterator[Finding]:
    """Joins where tokens can be left waiting for ever, by trying every choice.

    At each marking only one token moves (with the timers of the calls around it): the moves of others neither
    prevent nor undo its own, so that no marking in which everything stands still is missed.
    """
    blamed: set[str] = set()
    seen: set[Marking] = set()
    waiting = list(_after(definition, Marking((), 1), _begin))
    try:
        while waiting:
            marking = waiting.pop()
            if marking in seen or not marking.tokens:
                continue
            seen.add(marking)
            if len(seen) > MOST_MARKINGS:
                yield Finding("", f"more than {MOST_MARKINGS} ways through it: too many to be checked")
                return
            moves = list(_moves(definition, marking))
            for token in marking.tokens if not moves else ():
                if definition.joins(token.node) and token.node not in blamed:
                    blamed.add(token.node)
                    yield Finding(token.node, _waits_for(definition, marking, token.node), "stuck")
            for move in moves:
                waiting.extend(_after(definition, marking, move))
    except RunawayProcess as error:
        yield Finding("", str(error))


def _begin(run: Run) -> None:
    run.moving.append((run.definition.start, ""))


def _moves(definition: Definition, marking: Marking) -> Iterator[Move]:
    """What one token can do next, and the timers of the calls it stands in; of calls alone when none can."""
    for token in marking.tokens:
        node = definition.nodes[token.node]
        if node.kind is Kind.CALL or definition.joins(token.node):
            continue
        for flow in node.flows:
            yield _leaving(token, flow)
        calls = [it for it in marking.tokens if token.node.startswith(it.node + SCOPE)]
        for around in (token, *calls):
            yield from _timers(definition, around)
        return
    for token in marking.tokens:
        yield from _timers(definition, token)


def _leaving(token: Token, flow: Flow) -> Move:
    def move(run: Run) -> None:
        del run.tokens[token.id]
        run.follow(flow)

    return move


def _timers(definition: Definition, token: Token) -> Iterator[Move]:
    for timer in definition.nodes[token.node].timers:
        flow = Flow(token.node, timer.name, timer.to)

        def move(run: Run, flow: Flow = flow, interrupts: bool = timer.interrupts) -> None:
            if interrupts:
                del run.tokens[token.id]
                run.empty(token.node)
            run.follow(flow)

        yield move


class _Script:
    """Makes the choices it was told, then the first one each time, and remembers how many there were."""

    def __init__(self, told: tuple[int, ...]) -> None:
        self.told = told
        self.sizes: list[int] = []

    def choose(self, node: Node) -> tuple[Flow, ...]:
        options = list(_options(node))
        at = len(self.sizes)
        self.sizes.append(len(options))
        return options[self.told[at] if at < len(self.told) else 0]

    def others(self) -> Iterator[tuple[int, ...]]:
        """Scripts that differ from this one in a choice that it was not told."""
        for at in range(len(self.told), len(self.sizes)):
            for other in range(1, self.sizes[at]):
                yield (*self.told, *([0] * (at - len(self.told))), other)


def _options(node: Node) -> Iterator[tuple[Flow, ...]]:
    if node.kind is Kind.EXCLUSIVE:
        yield from ((flow,) for flow in node.flows)
        return
    *conditional, default = node.flows
    yield (default,)
    for size in range(1, len(conditional) + 1):
        yield from combinations(conditional, size)


def _after(definition: Definition, marking: Marking, move: Move) -> Iterator[Marking]:
    """The markings a move can lead to, one for each way to choose at the gateways."""
    scripts: list[tuple[int, ...]] = [()]
    while scripts:
        script = _Script(scripts.pop())
        run = Run(definition, marking, script.choose)
        move(run)
        yield _plain(definition, run.settle().marking)
        scripts.extend(script.others())


def _plain(definition: Definition, marking: Marking) -> Marking:
    """The marking without what makes no difference: numbers, order, more than two twins, ways to where none joins."""
    counted = Counter((it.node, it.arrived if definition.joins(it.node) else "") for it in marking.tokens)
    places = [place for place, count in sorted(counted.items()) for _ in range(min(count, _TWINS))]
    tokens = tuple(Token(number, *place) for number, place in enumerate(places, start=1))
    return Marking(tokens, len(tokens) + 1)


def _waits_for(definition: Definition, marking: Marking, join: str) -> str:
    come = {token.arrived for token in marking.tokens if token.node == join}
    missing = [flow.source for flow in definition.incoming[join] if flow.id not in come]
    return f"can wait for ever for a token from {', '.join(missing)}"
