"""The tile map: which tiles, in which groups, in how many columns. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from motcua.oversight.indicators.rules import tiles

# (up to so many tiles, columns): the first that holds them; the last whatever comes.
_SHAPES = ((48, 6), (90, 9), (156, 13))
_KINDS = ("Phường ", "Xã ", "Đặc khu ")


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
    return "many" if late >= tiles.MANY else "some" if late else "none"


def grouped(units: Iterable[Unit]) -> list[Group]:
    return [Group(name, tuple(its)) for name, its in tiles.grouped(units)]


def columns_for(groups: Sequence[Group]) -> int:
    """So that all tiles fit a wall; when there are several groups, the name of each takes a tile, too."""
    count = sum(len(it.units) for it in groups) + (len(groups) if len(groups) > 1 else 0)
    return next((columns for most, columns in _SHAPES if count <= most), _SHAPES[-1][1])


def short(name: str) -> str:
    """ "Xã Thanh Ba" -> "Thanh Ba": the kind is the same on half of all tiles."""
    return next((name[len(kind) :] for kind in _KINDS if name.startswith(kind)), name)
