"""The tile map: a tile for each agency right below one, what is open there and how many of it are late. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

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


def grouped(tiles: Iterable[Tile]) -> list[tuple[str, list[Tile]]]:
    """By former province in the order of names, what has none last; in a group by the place's code, which runs roughly
    along the map."""
    found: dict[str, list[Tile]] = {}
    for tile in tiles:
        found.setdefault(tile.group, []).append(tile)
    ordered = sorted(found.items(), key=lambda it: (not it[0], it[0]))
    return [(name, sorted(it, key=lambda tile: (tile.place, tile.path))) for name, it in ordered]
