"""The tile map of agencies: one tile each, what is open, how many are late, and how bad that is. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

# From so many late ones on a tile is bad (look/README.md, "Tiles").
MANY_LATE = 4


class TileState(StrEnum):
    """Of `foundation.ui`'s states, each with a shape of its own."""

    NONE = "open"
    GOOD = "done"
    SOME_LATE = "soon"
    MANY_LATE = "overdue"


@dataclass(frozen=True, slots=True)
class Tile:
    """`path`: of the agency, with all below it; `group`: the former province it lies in, "" unknown."""

    path: str
    name: str
    group: str
    open: int
    late: int

    @property
    def state(self) -> TileState:
        if self.late >= MANY_LATE:
            return TileState.MANY_LATE
        if self.late:
            return TileState.SOME_LATE
        return TileState.GOOD if self.open else TileState.NONE


def grouped(tiles: Iterable[Tile]) -> list[tuple[str, list[Tile]]]:
    """(group, its tiles in their order), in the order of the alphabet, the unknown last."""
    found: dict[str, list[Tile]] = {}
    for tile in tiles:
        found.setdefault(tile.group, []).append(tile)
    return sorted(found.items(), key=lambda it: (not it[0], it[0]))
