"""Search across rooms: each room registers what it can find, and finds only what the person may see."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from django.http import HttpRequest
from django.utils.functional import Promise

from motcua.foundation.ui.contributions import always

SearchArea = Literal["portal", "desk"]


@dataclass(frozen=True, slots=True)
class Hit:
    """One thing found. `state` and `words` make its mark, as in lists; both may be empty."""

    title: str
    url: str
    note: str = ""
    state: str = ""
    words: str = ""


Find = Callable[[HttpRequest, str], Sequence[Hit]]


@dataclass(frozen=True, slots=True)
class SearchSource:
    """What one room finds. `find(request, words)` asks the rights of `request.actor` in its query, best hit first.

    `shows` leaves the source out for who may see nothing of it, before anything is asked.
    """

    area: SearchArea
    title: str | Promise
    find: Find
    order: int
    shows: Callable[[HttpRequest], bool] = always


@dataclass(frozen=True, slots=True)
class FoundGroup:
    title: str
    hits: Sequence[Hit]


_sources: list[SearchSource] = []


def register_search(source: SearchSource) -> None:
    """Adds a source; called from `apps.py`. The same source twice counts once."""
    if source not in _sources:
        _sources.append(source)


def search_all(request: HttpRequest, area: SearchArea, words: str) -> list[FoundGroup]:
    """What the sources of this area find, those that find nothing left out; [] for blank words."""
    if not words.strip():
        return []
    sources = sorted(
        (it for it in _sources if it.area == area and it.shows(request)), key=lambda it: it.order
    )
    groups = [FoundGroup(str(source.title), source.find(request, words)) for source in sources]
    return [group for group in groups if group.hits]
