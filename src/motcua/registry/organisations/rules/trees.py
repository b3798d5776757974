"""Trees of units. Pure."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import TypeVar

Id = TypeVar("Id", bound=Hashable)


def would_circle(parents: Mapping[Id, Id | None], unit: Id, parent: Id | None) -> bool:
    """Whether `unit` would lie below itself if it were put under `parent`. parents: as they are now."""
    seen = set()
    while parent is not None and parent not in seen:
        if parent == unit:
            return True
        seen.add(parent)
        parent = parents.get(parent)
    return False
