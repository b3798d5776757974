"""Jobs of the room. Each may run twice without harm."""

from __future__ import annotations

from django.utils import timezone

from motcua.foundation.kernel.jobs import repeats
from motcua.oversight.operations.alerts.evaluating import watch
from motcua.oversight.operations.likely_late import look_ahead as compute


@repeats("operations.watch", cron="* * * * *")
def watch_alerts(timestamp: int) -> None:
    watch(at=timezone.now())


@repeats("operations.look_ahead", cron="*/5 * * * *")
def look_ahead(timestamp: int) -> None:
    compute(at=timezone.now())
