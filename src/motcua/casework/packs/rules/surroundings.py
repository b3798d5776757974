"""What a procedure's folder may refer to in the pack around it. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any


@dataclass(frozen=True, slots=True)
class Held:
    """Something that a register of the state has. `papers`: what papers about it are called, in small letters."""

    code: str
    register: str
    papers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Surroundings:
    """None: not known, and then nothing is said of it. `today`: for what has expired."""

    sectors: frozenset[str] | None = None
    fees: frozenset[str] | None = None
    life_events: frozenset[str] | None = None
    results: frozenset[str] | None = None
    held: Sequence[Held] = field(default_factory=tuple)
    today: date | None = None


def read_held(data: Any) -> tuple[Held, ...]:
    """From `held` of personal_data.yaml: [{code, register: {vi}, papers: [words]}]."""
    rows = data.get("held", []) if isinstance(data, Mapping) else []
    if not isinstance(rows, list) or not all(_is_held(it) for it in rows):
        return ()
    return tuple(
        Held(str(it["code"]), str(it["register"]["vi"]), tuple(str(word).lower() for word in it["papers"]))
        for it in rows
    )


def _is_held(row: Any) -> bool:
    return (
        isinstance(row, Mapping)
        and isinstance(row.get("register"), Mapping)
        and "vi" in row["register"]
        and isinstance(row.get("papers"), list)
        and "code" in row
    )
