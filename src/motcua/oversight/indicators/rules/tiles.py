"""The tile map: a tile for each agency right below one, what is open there and how many of it are late. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol, TypeVar

# From so many late ones on a tile is red (look/README.md).
MANY = 4


@dataclass(frozen=True, slots=True)
class Tile:
    """`path`: the agency with all below it; `place`: its place's code; `group`: the former province it lies in, ""."""

    path: str
    name: str
    place: str
    group: str
    open: int
    late: int

    @property
    def state(self) -> str:
        """Of the states of `foundation.ui`, each with a shape: none late, some, many; nothing open."""
        if self.late:
            return "overdue" if self.late >= MANY else "soon"
        return "done" if self.open else "open"


class Placed(Protocol):
    """An agency on the map. `place`: its place's code; `group`: the former province it lies in, ""."""

    @property
    def path(self) -> str: ...
    @property
    def place(self) -> str: ...
    @property
    def group(self) -> str: ...


OnTheMap = TypeVar("OnTheMap", bound=Placed)


def grouped(agencies: Iterable[OnTheMap]) -> list[tuple[str, list[OnTheMap]]]:
    """By former province, that with the most agencies first, what has none last; in a group by the place's code, which
    runs roughly along the map."""
    found: dict[str, list[OnTheMap]] = {}
    for it in agencies:
        found.setdefault(it.group, []).append(it)
    ordered = sorted(found.items(), key=lambda it: (not it[0], -len(it[1]), it[0]))
    return [(name, sorted(its, key=lambda it: (it.place, it.path))) for name, its in ordered]
