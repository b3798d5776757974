"""What an entry may hold. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_PLAIN = frozenset({str, int, bool, type(None)})


def refuse_floats(value: Any, name: str) -> None:
    """PostgreSQL writes some of them differently (1e16, -0.0), so a digest over them would not hold."""
    if isinstance(value, float):
        raise TypeError(f"{name}: a journal entry holds no floats; write a whole number or a text")
    if isinstance(value, Mapping):
        for key, part in value.items():
            if type(part) not in _PLAIN:
                refuse_floats(part, f"{name}.{key}")
    elif isinstance(value, list | tuple):
        for part in value:
            if type(part) not in _PLAIN:
                refuse_floats(part, name)
