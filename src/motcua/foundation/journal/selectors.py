"""Reading the journal. Who may read which entries is decided by the room that owns the object."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from motcua.foundation.journal.models import Entry


def list_entries(object_ids: Iterable[UUID], *, limit: int = 200) -> list[Entry]:
    """Entries about the given objects, oldest first, with their details (None when erased)."""
    entries = Entry.objects.filter(object_id__in=list(object_ids)).select_related("detail")
    return list(entries.order_by("sequence")[:limit])


def list_readings(concerns_id: UUID, *, kinds: Iterable[str], limit: int = 50) -> list[Entry]:
    """Who looked: reading entries that concern one person, latest first."""
    entries = Entry.objects.filter(concerns_id=concerns_id, kind__in=list(kinds))
    return list(entries.order_by("-sequence")[:limit])
