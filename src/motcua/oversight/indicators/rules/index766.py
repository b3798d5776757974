"""Index 766: points of an agency's figures, the total as a range while rows have no data, ranking. Pure.

Source: Decision 766/QĐ-TTg (vietnam.md 4); the rows are those of packs/vn/index766.yaml. Arithmetic is exact: what is
rounded is only shown (`half_up`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from motcua.oversight.indicators.rules.declared import HUNDRED, lint_index
from motcua.oversight.indicators.rules.measures import Figure


class BadIndex(ValueError):
    """An index that cannot be counted by, or none for a day; the message says why."""


@dataclass(frozen=True, slots=True)
class Row:
    """`measure`: by its code; `full`: the rate that gets all points (1 is 100 %)."""

    code: str
    names: Mapping[str, str]
    measure: str
    max: Fraction
    full: Fraction
    source: str

    def points(self, figure: Figure) -> Fraction | None:
        """max × min(1, rate ÷ full); None: no data. A row without points needs none."""
        if not self.max:
            return Fraction()
        rate = figure.rate
        return None if rate is None else self.max * max(Fraction(), min(Fraction(1), rate / self.full))


@dataclass(frozen=True, slots=True)
class Group:
    code: str
    names: Mapping[str, str]
    max: Fraction
    source: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Band:
    """From so many points."""

    code: str
    least: Fraction
    names: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Index:
    """For days in [valid_from, valid_to). `bands`: best first."""

    valid_from: date
    valid_to: date | None
    source: str
    groups: tuple[Group, ...]
    bands: tuple[Band, ...]

    @property
    def rows(self) -> tuple[Row, ...]:
        return tuple(row for group in self.groups for row in group.rows)

    @property
    def measures(self) -> tuple[str, ...]:
        """Codes of what it is made of."""
        return tuple(row.measure for row in self.rows)

    def band(self, points: Fraction) -> Band:
        return next((it for it in self.bands if points >= it.least), self.bands[-1])


@dataclass(frozen=True, slots=True)
class RowScore:
    """`points` None: no data."""

    row: Row
    figure: Figure
    points: Fraction | None


@dataclass(frozen=True, slots=True)
class GroupScore:
    """`points`: of the rows that have data; `of`: what these could reach; `highest`: the points, and all of the rows
    without data. `points` None: no row with points has data."""

    group: Group
    rows: tuple[RowScore, ...]
    points: Fraction | None
    of: Fraction
    highest: Fraction


@dataclass(frozen=True, slots=True)
class Score:
    """As of a group, over all. Nothing is scaled up: the whole lies between `points` and `highest`."""

    index: Index
    groups: tuple[GroupScore, ...]
    points: Fraction | None
    of: Fraction
    highest: Fraction

    @property
    def rows(self) -> tuple[RowScore, ...]:
        return tuple(row for group in self.groups for row in group.rows)

    @property
    def lowest_band(self) -> Band:
        """Where the whole lies when the missing rows were 0 …"""
        return self.index.band(self.points or Fraction())

    @property
    def highest_band(self) -> Band:
        """… and when they had all points."""
        return self.index.band(self.highest)

    @property
    def band(self) -> Band | None:
        """None while the missing rows could decide it, or nothing has data."""
        return self.lowest_band if self.points is not None and self.lowest_band == self.highest_band else None


@dataclass(frozen=True, slots=True)
class Ranked:
    """`place`: from 1, shared by those with the same points; None: no data, hence not ranked."""

    path: str
    place: int | None
    score: Score


def score(index: Index, figures: Iterable[Figure]) -> Score:
    """`figures`: those of `index.measures`, in any order. Raises KeyError for one that is not there."""
    by_code = {it.measure.code: it for it in figures}
    groups = tuple(_group(it, by_code) for it in index.groups)
    known = [it.points for it in groups if it.points is not None]
    return Score(
        index=index,
        groups=groups,
        points=sum(known, Fraction()) if known else None,
        of=sum((it.of for it in groups), Fraction()),
        highest=sum((it.highest for it in groups), Fraction()),
    )


def _group(group: Group, figures: Mapping[str, Figure]) -> GroupScore:
    rows = tuple(RowScore(it, figures[it.measure], it.points(figures[it.measure])) for it in group.rows)
    known = [(it.points, it.row.max) for it in rows if it.points is not None and it.row.max]
    points, of = sum((it for it, _ in known), Fraction()), sum((it for _, it in known), Fraction())
    return GroupScore(group, rows, points if known else None, of, points + group.max - of)


def rank(scores: Mapping[str, Score]) -> list[Ranked]:
    """Agencies beside each other, most points first, the same points by path; without data last, with no place.

    By the points that are sure: what nobody knows helps nobody.
    """
    known = {path: it.points for path, it in scores.items() if it.points is not None}
    ordered = sorted(known, key=lambda path: (-known[path], path))
    places = {path: 1 + sum(other > known[path] for other in known.values()) for path in ordered}
    without = sorted(scores.keys() - known.keys())
    return [Ranked(it, places.get(it), scores[it]) for it in (*ordered, *without)]


def index_on(indices: Sequence[Index], day: date) -> Index:
    """Raises BadIndex when none holds on that day."""
    found = next(
        (it for it in indices if it.valid_from <= day and not (it.valid_to and it.valid_to <= day)), None
    )
    if not found:
        raise BadIndex(f"no index holds on {day}")
    return found


def parse_index(data: Mapping[str, Any]) -> tuple[Index, ...]:
    """Those of a file, oldest first. Raises BadIndex."""
    for at, why in lint_index(data):
        raise BadIndex(f"{'/'.join(map(str, at))}: {why}")
    return tuple(sorted((_index(it) for it in data["index"]), key=lambda it: it.valid_from))


def _index(data: Mapping[str, Any]) -> Index:
    return Index(
        valid_from=data["valid_from"],
        valid_to=data["valid_to"],
        source=data["source"],
        groups=tuple(_read_group(it) for it in data["groups"]),
        bands=tuple(Band(it["code"], Fraction(it["from"]), it["names"]) for it in data["bands"]),
    )


def _read_group(data: Mapping[str, Any]) -> Group:
    rows = tuple(
        Row(
            code=it["code"],
            names=it["names"],
            measure=it["measure"],
            max=Fraction(it["max"]),
            full=Fraction(it.get("full_at", HUNDRED)) / HUNDRED,
            source=it["source"],
        )
        for it in data["rows"]
    )
    return Group(data["code"], data["names"], Fraction(data["max"]), data["source"], rows)
