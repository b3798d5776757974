"""Jobs of the journal. Each may run twice without harm."""

from __future__ import annotations

from django.utils import timezone
from procrastinate.contrib.django import app

from motcua.foundation.journal.nightly import verify_and_keep


# Half past two at night in Vietnam: the schedule is in UTC.
@app.periodic(cron="30 19 * * *")
@app.task(name="verification.nightly", queueing_lock="verification.nightly", lock="verification.nightly")
def verify(timestamp: int) -> None:
    verify_and_keep(at=timezone.now())
