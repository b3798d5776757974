"""What higher floors add to the operations centre: how the parts of the installation are."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime



@dataclass(frozen=True, slots=True)
class Part:
    """A part that works by itself. `state`: "done" it works, "look" not for long or not safely, "overdue" it does not.
    `says`: one sentence."""

    name: str
    state: str
    says: str


# Given the present moment.
Source = Callable[[datetime], Sequence[Part]]

_sources: list[Source] = []


def register_parts(source: Source) -> None:
    if source not in _sources:
        _sources.append(source)


def parts(at: datetime) -> list[Part]:
    return [part for source in _sources for part in source(at)]
