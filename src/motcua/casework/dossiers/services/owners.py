"""What two entries of one person keep here comes together."""

from __future__ import annotations

from uuid import UUID

from motcua.casework.dossiers.models import Dossier, Draft, LinkedCase


def move_dossiers(gone: UUID, kept: UUID) -> int:
    """Drafts and dossiers of one person become the other's, in the caller's transaction. Gives how many changed."""
    # Reminders stay where they were given: both may have been reminded of the same, and it is told once more at most.
    return sum(
        model._default_manager.filter(**{field: gone}).update(**{field: kept})
        for model in (Draft, Dossier, LinkedCase)
        for field in ("owner_person", "applicant")
    )
