"""Who came after whom. Pure: ids and days come in, ids go out."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from typing import TypeVar

Id = TypeVar("Id", bound=Hashable)


def follow(links: Iterable[tuple[Id, Id]], start: Id, is_wanted: Callable[[Id], bool]) -> list[Id]:
    """The nearest wanted ids on every way from `start`, itself included, in the order they are met.

    links: (from, to). A way ends where it meets a wanted id; circles do no harm.
    """
    onward: dict[Id, list[Id]] = {}
    for source, target in links:
        onward.setdefault(source, []).append(target)
    found, seen, ahead = [], {start}, [start]
    while ahead:
        here = ahead.pop(0)
        if is_wanted(here):
            found.append(here)
            continue
        fresh = [target for target in dict.fromkeys(onward.get(here, [])) if target not in seen]
        ahead += fresh
        seen.update(fresh)
    return found
