"""The tile map: which tiles, in which groups, in how many columns. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

# From so many late dossiers a tile is red.
MANY = 4
# (up to so many rows of tiles, columns): the first that fits; the last whatever comes.
_SHAPES = ((8, 6), (13, 9), (15, 12))


@dataclass(frozen=True, slots=True)
class Unit:
    """An agency that has a tile. `group`: the former province it lies in; "" for none."""

    path: str
    code: str
    name: str
    place: str = ""
    group: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    name: str
    units: tuple[Unit, ...]


def level(late: int) -> str:
    return "many" if late >= MANY else "some" if late else "none"


def grouped(units: Iterable[Unit]) -> list[Group]:
    """By former province in the order of names, without a province last; in a group by the place's code, which runs
    roughly along the map."""
    found: dict[str, list[Unit]] = {}
    for unit in units:
        found.setdefault(unit.group, []).append(unit)
    names = sorted(found, key=lambda name: (not name, -len(found[name]), name))
    return [Group(name, tuple(sorted(found[name], key=lambda it: (it.place, it.code)))) for name in names]


def columns_for(groups: Sequence[Group]) -> int:
    """So that all groups fit a wall; each begins a row, its name takes one tile when there are several."""
    label = 1 if len(groups) > 1 else 0
    for rows, columns in _SHAPES:
        if sum(-(-(len(it.units) + label) // columns) for it in groups) <= rows:
            return columns
    return _SHAPES[-1][1]
