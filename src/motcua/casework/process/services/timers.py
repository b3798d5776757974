"""The sweep that finds timers and services whose own job was lost."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from motcua.casework.process.models import Timer, Token
from motcua.casework.process.services.running import call_job_again

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
    return sum(call_job_again(timer.token.instance, timer.token, timer.name) for timer in timers)


@transaction.atomic
def defer_waiting_services(*, before: datetime) -> int:
    """Call the jobs of services that were reached before and have not run: theirs may have failed too often.

    Returns how many.
    """
    # Services have no role: the index of the inbox finds what has none.
    waiting = Token.objects.filter(role="", kind=Token.Kind.SERVICE, completed_at=None, opened_at__lt=before)
    locked = waiting.exclude(instance__job="").select_for_update(skip_locked=True, of=("self",))
    tokens = locked.select_related("instance").order_by("opened_at")[:_BATCH]
    return sum(call_job_again(token.instance, token) for token in tokens)
