"""What higher rooms add: checks of files of a pack that they own."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from motcua.casework.packs.rules.findings import Fault

# {file name: its parsed content}, of those that are there and could be read -> faults. What it raises for a content of
# another shape is told as such.
Lint = Callable[[Mapping[str, Any]], Iterable[Fault]]
_lints: dict[tuple[str, ...], Lint] = {}


def register_lint(names: tuple[str, ...], lint: Lint) -> None:
    """Called from `apps.py`. names: files at the top of a pack, each of one room only; any of them may be missing."""
    _lints[names] = lint


def contributed_lints() -> Mapping[tuple[str, ...], Lint]:
    return _lints


def is_contributed(name: str) -> bool:
    """Whether some room reads a file of this name."""
    return any(name in names for names in _lints)
