"""Jobs of the room. Each may run twice without harm."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.utils import timezone
from procrastinate.contrib.django import app

from motcua.foundation.kernel.jobs import repeats
from motcua.foundation.kernel.retention import load_rules
from motcua.foundation.notifications import delivery
from motcua.foundation.notifications.services import keeping


@app.task(name="notifications.deliver", retry=5)
def deliver(message_id: str) -> None:
    delivery.deliver(UUID(message_id), at=timezone.now())


@repeats("notifications.sweep", cron="*/2 * * * *")
def sweep(timestamp: int) -> None:
    delivery.sweep(at=timezone.now())


@repeats("notifications.erase_old", cron="40 19 * * *")  # 02:40 in Việt Nam
def erase_old(timestamp: int) -> None:
    now = timezone.now()
    if before := load_rules(settings.RETENTION_FILE)["notification.message"].before(now):
        keeping.erase_old(before=before, at=now)
