"""Jobs of the signatures room."""

from __future__ import annotations

from django.utils import timezone

from motcua.foundation.kernel.jobs import repeats
from motcua.foundation.signatures import revocation


@repeats("signatures.refresh_revocation_lists", cron="17 * * * *")
def refresh_revocation_lists(timestamp: int) -> None:
    """Every hour. What could not be had is in the log; the last good lists stay."""
    revocation.refresh(at=timezone.now())
