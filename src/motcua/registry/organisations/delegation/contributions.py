"""Where a higher room says which procedures a delegation can be limited to."""

from __future__ import annotations

from collections.abc import Callable

# (code, name in the active language) of each procedure that can be handled here.
ListProcedures = Callable[[], list[tuple[str, str]]]

_listers: list[ListProcedures] = []


def register_procedures(lister: ListProcedures) -> None:
    """Called from the room's `apps.py`; the same twice counts once."""
    if lister not in _listers:
        _listers.append(lister)


def procedure_choices() -> list[tuple[str, str]]:
    return [choice for lister in _listers for choice in lister()]
