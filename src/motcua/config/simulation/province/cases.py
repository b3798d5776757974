"""What becomes of the index-th dossier: where, by which way, how it ends. Pure, the same for the same seed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from math import gcd
from random import Random
from typing import TypeVar

from motcua.config.simulation.province.quotas import GROUPS, Quotas, spread

_Service = TypeVar("_Service")
COUNTER, BY_NET, BY_POST = 1, 2, 3
# In a hundred: late, on the very day; asked once for a supplement.
_LATE, _ON_DAY, _SUPPLEMENTED = 4, 15, 5
_OBLIGED_POST, _REUSED = 10, 14


@dataclass(frozen=True, slots=True)
class Fate:
    """`group`: of the deciding agency; `end`: finished, open, refused, withdrawn, stopped; `pace`: early, on_time, late
    of a finished one; `rating`: 3, 2, 1, or 0 without an answer."""

    group: str
    channel: int
    end: str
    pace: str = ""
    is_supplemented: bool = False
    is_digitised: bool = True
    is_reused: bool = False
    rating: int = 0


class Fates:
    """All of them, drawn by their number. Each quota is spread over a shuffle of its own, so that no two of them go
    together."""

    def __init__(self, quotas: Quotas, seed: int) -> None:
        self.quotas, self._seed = quotas, seed
        accepted = sum(quotas.accepted.values())
        self._accepted, self.total = accepted, accepted + quotas.refused
        ends = quotas.withdrawn + quotas.stopped + quotas.open
        self._finished = accepted - ends

    def of(self, index: int) -> Fate:
        """index: below `total`."""
        place = _shuffled(index, self.total, self._seed, "all")
        if place >= self._accepted:
            group = GROUPS[(place - self._accepted) % len(GROUPS)]
            return Fate(group, BY_NET, "refused")
        group, number = self._group(place)
        size = self.quotas.accepted[group]
        is_online = spread(_shuffled(number, size, self._seed, group), self.quotas.online[group], size)
        channel = BY_NET if is_online else BY_POST if number % 100 < _OBLIGED_POST else COUNTER
        order = _shuffled(place, self._accepted, self._seed, "ends")
        end = self._end(order)
        return self._finish(group, channel, order) if end == "finished" else Fate(group, channel, end)

    def _group(self, place: int) -> tuple[str, int]:
        """The group, and the number within it."""
        for group in GROUPS:
            if place < self.quotas.accepted[group]:
                return group, place
            place -= self.quotas.accepted[group]
        raise ValueError(place)

    def _end(self, order: int) -> str:
        if order < self._finished:
            return "finished"
        order -= self._finished
        for name, many in (("withdrawn", self.quotas.withdrawn), ("stopped", self.quotas.stopped)):
            if order < many:
                return name
            order -= many
        return "open"

    def _finish(self, group: str, channel: int, order: int) -> Fate:
        quotas, all_ = self.quotas, self._finished
        at = {
            name: _shuffled(order, all_, self._seed, name)
            for name in ("paper", "answer", "pace", "reuse", "asked")
        }
        rating = 0
        if at["answer"] < quotas.answers:
            is_satisfied = spread(at["answer"], quotas.satisfied, quotas.answers)
            rating = (2 + at["answer"] % 2) if is_satisfied else 1
        hundredth = at["pace"] * 100 // all_
        pace = "late" if hundredth < _LATE else "on_time" if hundredth < _LATE + _ON_DAY else "early"
        return Fate(
            group,
            channel,
            "finished",
            pace,
            is_supplemented=at["asked"] * 100 // all_ < _SUPPLEMENTED,
            is_digitised=at["paper"] < quotas.digitised,
            is_reused=at["reuse"] * 100 // all_ < _REUSED,
            rating=rating,
        )


def _shuffled(index: int, size: int, seed: int, name: str) -> int:
    """Where the index lies in a shuffle of so many."""
    start, step = _shuffle(size, seed, name)
    return (start + index * step) % size


@cache
def _shuffle(size: int, seed: int, name: str) -> tuple[int, int]:
    """A start, and a step without a common divisor."""
    random = Random(f"{seed}/{name}/{size}")  # noqa: S311  nothing here is secret
    start, step = random.randrange(size), random.randrange(1, size + 1)
    while gcd(step, size) != 1:
        step += 1
    return start, step


def choose_service(random: Random, services: Sequence[_Service]) -> _Service:
    """Few services have most of the dossiers."""
    return services[int(len(services) * random.random() ** 3)]
