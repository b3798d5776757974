"""What a frozen day is known by: a digest over its rows in one order and one writing. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import date
from uuid import UUID, uuid5

# Of the days' ids: the same day has the same id in every installation.
_DAYS = UUID("6f1d0a52-7d0e-5d2b-9a34-0d6c7a3f6f10")
# scope, is_below, waiting, running, late, standing, ready, position.
Row = tuple[str, bool, int, int, int, int, int, int]


def id_of(day: date) -> UUID:
    return uuid5(_DAYS, day.isoformat())


def digest(rows: Iterable[Row]) -> str:
    """SHA-256, hexadecimal, over a line a row, sorted by scope and kind ("own" before "below"), UTF-8: values with "|"
    between, each line ended by a line feed."""
    hashed = hashlib.sha256()
    for scope, is_below, *numbers in sorted(rows):
        values = (scope, "below" if is_below else "own", *numbers)
        hashed.update(("|".join(map(str, values)) + "\n").encode())
    return hashed.hexdigest()
