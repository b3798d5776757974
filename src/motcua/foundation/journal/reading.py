"""Entries as they are sealed and verified: rows in the order of the canonical form's columns."""

from __future__ import annotations

from motcua.foundation.journal.rules.canonical import COLUMNS, MOMENTS

ID, SEQUENCE = COLUMNS.index("id"), COLUMNS.index("sequence")
_AS_THEY_ARE = {"sequence", "transaction_id", "kind", "actor_kind", "object_kind", "detail_digest"}


def _selected(name: str) -> str:
    """What is only passed on stays text: parsing millions of identifiers takes longer than hashing them."""
    if name in MOMENTS:
        return f"e.{name} AT TIME ZONE 'UTC'"
    return f"e.{name}" if name in _AS_THEY_ARE else f"e.{name}::text"


ENTRY_COLUMNS = ", ".join(map(_selected, COLUMNS))
