"""Entries as they are sealed and verified: rows in the order of the canonical form's columns."""

from __future__ import annotations

from motcua.foundation.journal.rules.canonical import COLUMNS

# What numbers cannot keep when parsed stays text.
ENTRY_COLUMNS = ", ".join(f"e.{name}::text" if name == "facts" else f"e.{name}" for name in COLUMNS)
ID, SEQUENCE = COLUMNS.index("id"), COLUMNS.index("sequence")
