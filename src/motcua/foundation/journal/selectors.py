"""Reading the journal. Who may read which entries is decided by the room that owns the object."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from motcua.foundation.journal.models import Entry, Hold


def list_entries(object_ids: Iterable[UUID], *, without: Iterable[str] = (), limit: int = 200) -> list[Entry]:
    """The latest entries about the given objects, oldest first, with their details (None when erased).

    `without`: kinds to leave out, so that many readings do not crowd out the acts.
    """
    entries = Entry.objects.filter(object_id__in=list(object_ids)).exclude(kind__in=list(without))
    return list(entries.select_related("detail").order_by("-sequence")[:limit])[::-1]


def list_readings(
    concerns_id: UUID, *, kinds: Iterable[str], object_id: UUID, limit: int = 50
) -> list[Entry]:
    """Who looked at one object: reading entries that concern one person, latest first."""
    entries = Entry.objects.filter(concerns_id=concerns_id, kind__in=list(kinds), object_id=object_id)
    return list(entries.order_by("-sequence")[:limit])


def held(object_ids: Iterable[UUID]) -> set[UUID]:
    """Those of the given objects that a legal hold lies on: nothing about them may be erased."""
    holds = Hold.objects.filter(object_id__in=list(object_ids), released_at__isnull=True)
    return set(holds.values_list("object_id", flat=True))
