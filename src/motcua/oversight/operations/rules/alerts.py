"""Rules of alerts: when one is raised, goes on, and ends. Pure.

Whatever is watched comes as one whole number (dossiers, working minutes, percent away from the usual) that is held
against two bounds: raised at the upper, ended under the lower, so that it does not flap between them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import datetime, timedelta
from enum import StrEnum
from string import Formatter
from typing import Any

LANGUAGES = ("vi", "en", "de")


class Kind(StrEnum):
    THRESHOLD = "threshold"
    DEPARTURE = "departure"
    SILENCE = "silence"


@dataclass(frozen=True, slots=True)
class Measure:
    """What a rule may watch. `unit`: "number", "minutes" or "percent"; `figures`: numbers besides `value` that its
    words may show; `is_machine`: of the installation, not of an agency."""

    kind: Kind
    unit: str = "number"
    figures: tuple[str, ...] = ()
    is_machine: bool = False


MEASURES: Mapping[str, Measure] = {
    # Dossiers whose original due day is over; how many days the oldest is over it.
    "late": Measure(Kind.THRESHOLD, figures=("days",)),
    # Online dossiers not accepted, supplemented or refused within their 8 working hours (vietnam.md T2).
    "unanswered": Measure(Kind.THRESHOLD, figures=("hours",)),
    "likely_late": Measure(Kind.THRESHOLD, figures=("untaken",)),
    # How long who waits longest at the counter has waited; how many wait.
    "queue_wait": Measure(Kind.THRESHOLD, "minutes", ("waiting",)),
    # How far today's arrivals are outside what is usual by this time.
    "arrivals": Measure(Kind.DEPARTURE, "percent", ("today", "low", "high")),
    # Working time in which dossiers waited and nothing came, was accepted, was signed.
    "arriving": Measure(Kind.SILENCE, "minutes", ("usual",)),
    "accepting": Measure(Kind.SILENCE, "minutes", ("waiting",)),
    "signing": Measure(Kind.SILENCE, "minutes", ("waiting",)),
    "journal_lag": Measure(Kind.THRESHOLD, is_machine=True),
    "unsealed": Measure(Kind.SILENCE, "minutes", ("waiting",), is_machine=True),
    "dead_letters": Measure(Kind.THRESHOLD, is_machine=True),
    "failed_messages": Measure(Kind.THRESHOLD, is_machine=True),
    "stalled_jobs": Measure(Kind.THRESHOLD, is_machine=True),
    "waiting_jobs": Measure(Kind.THRESHOLD, "minutes", ("waiting",), is_machine=True),
    "silent_schedules": Measure(Kind.SILENCE, is_machine=True),
}


class BadRule(ValueError):
    """A rule that cannot be watched by; the message says why."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """Raised at `raise_at`, ended when under `clear_below` for `calm_minutes`; red from `overdue_at` (0: never).

    `minimum`: smaller numbers say nothing (the usual ones of a departure or a silence). `escalate_minutes`: working
    time until the next level is told of what nobody acknowledged, 0: nobody is. `repeat_minutes`: working time until
    it is raised again after a person ended it while it went on.
    """

    raise_at: int
    clear_below: int
    overdue_at: int = 0
    calm_minutes: int = 0
    minimum: int = 0
    escalate_minutes: int = 0
    repeat_minutes: int = 480

    def problems(self) -> tuple[str, ...]:
        """Names of the fields that cannot be so."""
        wrong = [it.name for it in fields(self) if not 0 <= getattr(self, it.name) <= 1_000_000]
        if self.raise_at < 1:
            wrong.append("raise_at")
        if not 1 <= self.clear_below <= self.raise_at:
            wrong.append("clear_below")
        if self.overdue_at and self.overdue_at < self.raise_at:
            wrong.append("overdue_at")
        if self.repeat_minutes < 1:
            wrong.append("repeat_minutes")
        return tuple(dict.fromkeys(wrong))

    def as_json(self) -> dict[str, int]:
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Rule:
    """`names`: of the rule; `titles`, `words`: of an alert by it, with {agency}, {value} and its measure's figures; all
    by language. `version`: 0 as in the pack, else that of the installation's change."""

    code: str
    measure: str
    names: Mapping[str, str]
    titles: Mapping[str, str]
    words: Mapping[str, str]
    bounds: Bounds
    source: str
    is_enabled: bool = True
    version: int = 0

    @property
    def watched(self) -> Measure:
        return MEASURES[self.measure]

    def severity(self, value: int) -> str:
        over = self.bounds.overdue_at
        return "overdue" if over and value >= over else "look"


def parse_rules(data: Mapping[str, Any]) -> tuple[Rule, ...]:
    """Those of the parsed `alerts.yaml`, in its order. Raises BadRule."""
    rules = tuple(_rule(row, data["source"]) for row in data["rules"])
    codes = [it.code for it in rules]
    if len(set(codes)) != len(codes):
        raise BadRule("A code stands twice")
    return rules


def _rule(row: Mapping[str, Any], source: str) -> Rule:
    code, measure = row["code"], row["measure"]
    if measure not in MEASURES:
        raise BadRule(f"{code}: nothing is measured as {measure}")
    bounds = Bounds(**row["bounds"])
    if wrong := bounds.problems():
        raise BadRule(f"{code}: {', '.join(wrong)}")
    known = {"agency", "value", *MEASURES[measure].figures}
    for texts in (row["names"], row["titles"], row["words"]):
        if set(texts) != set(LANGUAGES):
            raise BadRule(f"{code}: words in {', '.join(LANGUAGES)}")
        for text in texts.values():
            if unknown := {name for _, name, _, _ in Formatter().parse(text) if name} - known:
                raise BadRule(f"{code}: {', '.join(sorted(unknown))} is no figure of {measure}")
    return Rule(
        code,
        measure,
        row["names"],
        row["titles"],
        row["words"],
        bounds,
        row.get("source", source),
        is_enabled=row.get("enabled", True),
    )


@dataclass(frozen=True, slots=True)
class State:
    """What is known of a rule and a scope before one looks. `is_held`: a person ended it while it went on;
    `may_repeat`: so long ago that it is raised again."""

    is_open: bool = False
    calm_since: datetime | None = None
    is_held: bool = False
    may_repeat: bool = False


class Outcome(StrEnum):
    NOTHING = "nothing"
    RAISED = "raised"
    STILL = "still"
    CLEARED = "cleared"
    # Held by a person, and now the condition has ended: the next time it is raised at once.
    RELEASED = "released"


@dataclass(frozen=True, slots=True)
class Verdict:
    outcome: Outcome
    calm_since: datetime | None = None


def judge(bounds: Bounds, value: int, state: State, *, at: datetime) -> Verdict:
    """What a value means for a scope in this state."""
    is_calm = value < bounds.clear_below
    if state.is_open:
        if not is_calm:
            return Verdict(Outcome.STILL)
        since = state.calm_since or at
        over = at - since >= timedelta(minutes=bounds.calm_minutes)
        return Verdict(Outcome.CLEARED if over else Outcome.STILL, since)
    if state.is_held and is_calm:
        return Verdict(Outcome.RELEASED)
    if value >= bounds.raise_at and (not state.is_held or state.may_repeat):
        return Verdict(Outcome.RAISED)
    return Verdict(Outcome.NOTHING)


@dataclass(frozen=True, slots=True)
class Band:
    """What is usual: most days lie within; `middle`: half of the days had no more."""

    low: int
    middle: int
    high: int


def usual_band(days: Sequence[int]) -> Band | None:
    """Of the counts of like days, the highest and the lowest tenth left out (one of each from five days on); None for
    fewer than three days, which make nothing usual."""
    if len(days) < 3:
        return None
    ordered = sorted(days)
    cut = max(1, len(days) // 10) if len(days) >= 5 else 0
    return Band(ordered[cut], ordered[(len(ordered) - 1) // 2], ordered[len(ordered) - 1 - cut])


def departure(count: int, band: Band, *, minimum: int) -> int:
    """How far outside the band, in whole percent of its edge; 0 within it, and where all is smaller than `minimum`."""
    if max(count, band.middle) < minimum:
        return 0
    if count > band.high:
        return (count - band.high) * 100 // max(band.high, 1)
    return (band.low - count) * 100 // band.low if count < band.low else 0
