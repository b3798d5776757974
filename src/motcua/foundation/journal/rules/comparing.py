"""Which of several entries that do not fit their seals were exchanged for one another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import permutations
from typing import Any

from motcua.foundation.journal.rules.canonical import COLUMNS, canonical, leaf_hash


@dataclass(frozen=True, slots=True)
class Mismatch:
    """An entry whose values (in the order of COLUMNS) do not lead to the sealed hash of its position."""

    position: int
    batch: int
    entry_id: str
    sealed: bytes
    values: tuple[Any, ...]


# What may have stayed in place when the rest of two rows was exchanged.
_STAYED = (("id",), ("id", "sequence"), ("id", "sequence", "transaction_id", "recorded_at"))


def find_swaps(mismatches: Sequence[Mismatch]) -> dict[int, int]:
    """Positions whose seal fits the values found at another position, and which one that is.

    The work grows with the square of the number of mismatches: a few hundred at most.
    """
    found: dict[int, int] = {}
    for here, there in permutations(mismatches, 2):
        if here.position not in found and _fits(here, there):
            found[here.position] = there.position
    return found


def _fits(here: Mismatch, there: Mismatch) -> bool:
    # The two seals changed places, or the two entries did, as a whole or but for some columns.
    candidates = [(there.position, here.values), (here.position, there.values)]
    candidates += [(here.position, _mixed(here.values, there.values, names)) for names in _STAYED]
    return any(hash_of(position, values) == here.sealed for position, values in candidates)


def _mixed(kept: tuple[Any, ...], others: tuple[Any, ...], names: Sequence[str]) -> tuple[Any, ...]:
    return tuple(kept[number] if name in names else others[number] for number, name in enumerate(COLUMNS))


def hash_of(position: int, values: tuple[Any, ...]) -> bytes | None:
    """The leaf hash; None for values that no entry can have."""
    try:
        return leaf_hash(canonical(position, values))
    except TypeError:
        return None
