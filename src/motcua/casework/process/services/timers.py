"""The sweep that finds timers whose own job was lost."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from motcua.casework.process.models import Timer
from motcua.casework.process.services.running import call_job

_BATCH = 500


@transaction.atomic
def defer_due_timers(*, before: datetime) -> int:
    """Call the jobs of timers that were due before and have not fired; two sweeps at once call each once.

    Returns how many. Which of them still has anything to do, the job finds out.
    """
    waiting = Timer.objects.filter(
        due_at__lt=before, fired_at=None, token__completed_at=None, token__paused_at=None
    ).exclude(token__instance__job="")
    locked = waiting.select_for_update(skip_locked=True, of=("self",)).select_related("token__instance")
    timers = list(locked.order_by("due_at")[:_BATCH])
    for timer in timers:
        call_job(timer.token.instance, timer.token, timer.name)
    return len(timers)
