"""Jobs of the signatures room."""

from __future__ import annotations

from django.utils import timezone
from procrastinate.contrib.django import app

from motcua.foundation.signatures import revocation


@app.periodic(cron="17 * * * *")
@app.task(
    name="signatures.refresh_revocation_lists",
    queueing_lock="signatures.refresh_revocation_lists",
    pass_context=False,
)
def refresh_revocation_lists(timestamp: int) -> None:
    """Every hour. What could not be had is in the log; the last good lists stay."""
    revocation.refresh(at=timezone.now())
