"""Where higher rooms say what they keep under a person's id, so that it follows when two entries become one."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

Move = Callable[[UUID, UUID], int]
_movers: dict[str, Move] = {}


def register_mover(name: str, move: Move) -> None:
    """`move(gone, kept)` puts everything of one person under the other's id, in the caller's transaction.

    Gives how many things it moved; the journal says so under `name`.
    """
    _movers[name] = move


def move_all(gone: UUID, kept: UUID) -> dict[str, int]:
    """Name -> how many, in the order of registration."""
    return {name: move(gone, kept) for name, move in _movers.items()}
