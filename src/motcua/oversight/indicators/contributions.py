"""What rooms add to the figures: numbers that are counted elsewhere than in the tallies.

A measure of the pack names its source. Until a room registers it, the measure has no data and says what is missing;
from then on it has, without a change here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Asked:
    """`scopes`: paths of agencies, each with all below it unless `is_own`, or "/"; the days [first, until). `known_on`:
    as it was known at the end of that day, None for what is known now. `on`: the last day that is over or today."""

    scopes: tuple[str, ...]
    first: date
    until: date
    on: date
    known_on: date | None = None
    is_own: bool = False


# -> {scope: {part: number}}; parts and scopes that are left out are 0. Asks a constant number of queries. May raise
# `rules.measures.NoData`.
Counting = Callable[[Asked], Mapping[str, Mapping[str, int]]]


@dataclass(frozen=True, slots=True)
class Source:
    """`count` None: what belongs to it stands in the tallies, once the source is there. `is_state`: it tells how things
    are on a day, so that days do not add up."""

    name: str
    count: Counting | None = None
    is_state: bool = False


_sources: dict[str, Source] = {}


def register_source(name: str, count: Counting | None = None, *, is_state: bool = False) -> None:
    """Called from `apps.py`. `name`: as in packs/vn/measures.yaml."""
    _sources[name] = Source(name, count, is_state)


def source_named(name: str) -> Source | None:
    return _sources.get(name)
