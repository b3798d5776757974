"""Points of a dossier, scores of many, and the levels they reach, by rules that are data. Pure.

Source: Circular 01/2018/TT-VPCP art. 13 (vietnam.md 1.8); the rules are those of packs/vn/indicators.yaml.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from motcua.casework.dossiers.rules.classes import Class
from motcua.oversight.indicators.rules.following import Facts, finished_class

MEASURES = ("class", "steps", "rounds", "agencies", "one_stop", "channel", "none")
# The nine indices in the Circular's order.
CODES = (
    "time", "units", "contacts", "agencies", "one_stop", "publicity", "attitude", "feedback", "online",
)  # fmt: skip
HIGHEST = 2
_ONLINE = 2
_WORST_FIRST = (Class.LATE, Class.ON_TIME, Class.EARLY)
_TENTH = Decimal("0.1")


class BadRules(ValueError):
    """Rules that cannot be counted by; the message says why."""


@dataclass(frozen=True, slots=True)
class Point:
    """When a dossier gets so many points: the measure is one of `among`, or a number of at most `at_most`; without
    both, everything else does."""

    points: int
    texts: Mapping[str, str]
    among: frozenset[str] = frozenset()
    at_most: int | None = None

    def holds(self, value: str | int) -> bool:
        if self.at_most is not None:
            return isinstance(value, int) and value <= self.at_most
        return not self.among or value in self.among


@dataclass(frozen=True, slots=True)
class Index:
    """One of the nine. `officers`: it counts for an officer, too; `points`: most first, none without data."""

    code: str
    number: int
    names: Mapping[str, str]
    measure: str
    officers: bool
    source: str
    points: tuple[Point, ...] = ()

    def score(self, value: str | int | None) -> int | None:
        """Points for what was measured; None: there is no data."""
        if value is None:
            return None
        return next((it.points for it in self.points if it.holds(value)), None)


@dataclass(frozen=True, slots=True)
class Level:
    code: str
    least: Decimal
    names: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Rules:
    """For dossiers finished in [valid_from, valid_to). `agencies`, `officers`: levels, best first."""

    valid_from: date
    valid_to: date | None
    source: str
    indices: tuple[Index, ...]
    agencies: tuple[Level, ...]
    officers: tuple[Level, ...]


@dataclass(frozen=True, slots=True)
class Score:
    """What many dossiers reached in one index: the sum of their points, and how many have any data."""

    code: str
    points: int
    dossiers: int

    @property
    def mean(self) -> Decimal | None:
        """Sum over dossiers, one decimal, half a tenth upward; None: no data."""
        if not self.dossiers:
            return None
        return (Decimal(self.points) / self.dossiers).quantize(_TENTH, ROUND_HALF_UP)


@dataclass(frozen=True, slots=True)
class Total:
    """Sum of the scores that have data. `of`: the most these could reach; `highest`: with those that have none, too;
    `lowest_level`, `highest_level`: where the whole lies when the missing ones were 0, and when they were 2."""

    points: Decimal
    of: int
    highest: int
    lowest_level: Level
    highest_level: Level

    @property
    def level(self) -> Level | None:
        """None while the missing indices could decide it."""
        return self.lowest_level if self.lowest_level == self.highest_level else None


def total(scores: Iterable[Score], levels: Sequence[Level]) -> Total | None:
    """None when no index has data."""
    all_scores = list(scores)
    means = [mean for it in all_scores if (mean := it.mean) is not None]
    if not means:
        return None
    points, missing = sum(means, Decimal()), len(all_scores) - len(means)
    return Total(
        points=points,
        of=HIGHEST * len(means),
        highest=HIGHEST * len(all_scores),
        lowest_level=level_of(points, levels),
        highest_level=level_of(points + HIGHEST * missing, levels),
    )


def level_of(points: Decimal, levels: Sequence[Level]) -> Level:
    """The best level that so many points reach; the last one is for everything below."""
    return next((it for it in levels if points >= it.least), levels[-1])


def measured(facts: Facts, steps: Sequence[Mapping[str, str]]) -> dict[str, str | int | None]:
    """What each measure says of a finished dossier. `steps`: those whose time is asked for, of an officer or of all."""
    whole = finished_class(facts.basis_at, facts.finished_at) if facts.finished_at else Class.NONE
    return {
        "class": str(whole) or None,
        "steps": worst(steps),
        "rounds": facts.rounds,
        "agencies": len(facts.agencies) or None,
        "one_stop": _one_stop(facts),
        "channel": "online" if facts.channel == _ONLINE else "other",
        "none": None,
    }


def worst(steps: Iterable[Mapping[str, str]]) -> str | None:
    """The worst class of these steps; None where no step has a limit that is known."""
    classes = {step["class"] for step in steps}
    return next((str(it) for it in _WORST_FIRST if it in classes), None)


def _one_stop(facts: Facts) -> str | None:
    """None for what the law decided before anybody received it."""
    if not facts.accepted_at:
        return None
    if not facts.has_receipt:
        return "missing"
    handed = [step for step in facts.steps if step["kind"] == "dossier.handed_over"]
    return "late" if worst(handed) == Class.LATE else "kept"


def points_of(rules: Rules, values: Mapping[str, str | int | None]) -> dict[str, int | None]:
    """Points by index."""
    return {it.code: it.score(values[it.measure]) for it in rules.indices}


def rules_on(all_rules: Sequence[Rules], day: date) -> Rules:
    """Raises BadRules when none counts on that day."""
    found = next(
        (it for it in all_rules if it.valid_from <= day and not (it.valid_to and it.valid_to <= day)), None
    )
    if not found:
        raise BadRules(f"no rules count on {day}")
    return found


def parse_rules(data: Mapping[str, Any]) -> tuple[Rules, ...]:
    """The sets of a file, in its order. Raises BadRules."""
    return tuple(_rules(row) for row in data["rules"])


def _rules(row: Mapping[str, Any]) -> Rules:
    indices = tuple(_index(it, number) for number, it in enumerate(row["indices"], 1))
    if tuple(it.code for it in indices) != CODES:
        raise BadRules(f"the indices are, in this order: {', '.join(CODES)}")
    levels = row["levels"]
    return Rules(
        valid_from=row["valid_from"],
        valid_to=row["valid_to"],
        source=row["source"],
        indices=indices,
        agencies=_levels(levels["agencies"]),
        officers=_levels(levels["officers"]),
    )


def _index(row: Mapping[str, Any], number: int) -> Index:
    code, measure = row["code"], row["measure"]
    if measure not in MEASURES:
        raise BadRules(f"{code}: measure is one of {', '.join(MEASURES)}")
    points = tuple(_point(code, value, it) for value, it in (row.get("points") or {}).items())
    if [it.points for it in points] != sorted((it.points for it in points), reverse=True):
        raise BadRules(f"{code}: points are tried from the most down")
    if bool(points) == (measure == "none"):
        raise BadRules(f"{code}: points, or measure none")
    return Index(code, number, row["names"], measure, bool(row["officers"]), row["source"], points)


def _point(code: str, value: int, row: Mapping[str, Any]) -> Point:
    conditions = {"is", "at_most", "else"} & set(row)
    if len(conditions) != 1 or value not in range(HIGHEST + 1):
        raise BadRules(f"{code}: 0, 1 or 2 points under one of is, at_most, else")
    return Point(value, row["text"], frozenset(row.get("is", ())), row.get("at_most"))


def _levels(rows: Sequence[Mapping[str, Any]]) -> tuple[Level, ...]:
    levels = tuple(Level(it["code"], Decimal(it["from"]), it["names"]) for it in rows)
    if not levels or [it.least for it in levels] != sorted((it.least for it in levels), reverse=True):
        raise BadRules("levels stand best first")
    return levels
