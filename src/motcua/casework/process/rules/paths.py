"""How long the longest way through a process may take, in working hours. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from motcua.casework.process.rules.model import Definition, Kind, Node, Step
from motcua.foundation.worktime.limits import Limit, Unit, UnreadableLimit, parse_limit

Facts = Mapping[str, Any]
HOURS_A_DAY = 8


def longest_hours(process: Definition, facts: Facts) -> int:
    """Working hours of the longest way from start to end; returns and what these facts rule out do not count.

    Parallel branches run at the same time. Timers that interrupt lead on; those that only warn do not.
    """
    return _Ways(process, facts, _never).longest(process.start, frozenset())


def hours_after(process: Definition, code: str, facts: Facts, *, ends: Callable[[Node], bool]) -> int:
    """Working hours of the longest way that follows a node, as far as the first one at which it `ends`."""
    ways = _Ways(process, facts, ends)
    return max(
        (ways.longest(target, frozenset({code})) for target in _targets(process.nodes[code], facts)),
        default=0,
    )


def _never(node: Node) -> bool:
    return False


class _Ways:
    def __init__(self, process: Definition, facts: Facts, ends: Callable[[Node], bool]) -> None:
        self.process, self.facts, self.ends = process, facts, ends
        self.known: dict[str, int] = {}

    def longest(self, code: str, before: frozenset[str]) -> int:
        node = self.process.nodes[code]
        if code in before or self.ends(node):
            return 0
        if code not in self.known:
            seen, own = before | {code}, _own_hours(node)
            if code in self.process.starts:
                own += self.longest(self.process.starts[code], seen)
            ways = [own + self.longest(target, seen) for target in _targets(node, self.facts)]
            ways += [
                working_hours(it.after) + self.longest(it.to, seen) for it in node.timers if it.interrupts
            ]
            self.known[code] = max(ways, default=own)
        return self.known[code]


def _own_hours(node: Node) -> int:
    return working_hours(node.limit if isinstance(node, Step) else node.after)


def working_hours(written: str) -> int:
    """Working hours a limit leaves at least; 0 for none, and for one that cannot be read, which is found elsewhere."""
    try:
        limit = parse_limit(written)
    except UnreadableLimit:
        return 0
    return _days(limit) * HOURS_A_DAY if limit.unit is not Unit.WORKING_HOURS else limit.count


def _days(limit: Limit) -> int:
    """Working days a limit has at least, wherever in the week it begins; a month has 28 days or more."""
    if limit.unit in {Unit.WORKING_DAYS, Unit.SAME_DAY}:
        return limit.count
    days = limit.count * 28 if limit.unit is Unit.MONTHS else limit.count
    return days // 7 * 5 + max(0, days % 7 - 2)


def _targets(node: Node, facts: Facts) -> list[str]:
    """Where a node may lead under facts of which only some are known."""
    if isinstance(node, Step):
        return [it.to for it in node.outcomes.values() if not it.back]
    targets = []
    for flow in node.flows:
        known = [condition for condition in flow.conditions if condition.field in facts]
        if all(condition.holds(facts) for condition in known):
            targets.append(flow.target)
            if node.kind is Kind.EXCLUSIVE and len(known) == len(flow.conditions):
                break
    return targets
