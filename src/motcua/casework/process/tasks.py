"""Jobs of the process room. Each may run twice without harm."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from motcua.casework.process.services import defer_due_timers, defer_waiting_services
from motcua.foundation.kernel.jobs import repeats

# Timers and services have jobs of their own at their time; the sweep is for those whose job was lost.
_GRACE = timedelta(minutes=2)


@repeats("process.sweep_timers", cron="*/5 * * * *")
def sweep_timers(timestamp: int) -> None:
    before = timezone.now() - _GRACE
    defer_due_timers(before=before)
    defer_waiting_services(before=before)
