"""Jobs of the room. Each may run twice without harm."""

from __future__ import annotations

from django.conf import settings
from django.utils import timezone
from procrastinate.contrib.django import app

from motcua.community.helpdesk import services
from motcua.foundation.kernel.retention import load_rules


@app.periodic(cron="*/10 * * * *")
@app.task(name="helpdesk.warn_overdue", queueing_lock="helpdesk.warn_overdue")
def warn_overdue(timestamp: int) -> None:
    services.warn_overdue(at=timezone.now())


@app.periodic(cron="20 19 * * *")  # 02:20 in Việt Nam
@app.task(name="helpdesk.erase_closed", queueing_lock="helpdesk.erase_closed")
def erase_closed(timestamp: int) -> None:
    now = timezone.now()
    if before := load_rules(settings.RETENTION_FILE)["call_back.closed"].before(now):
        services.erase_closed(before=before, at=now)
