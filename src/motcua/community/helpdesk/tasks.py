"""Jobs of the room. Each may run twice without harm."""

from __future__ import annotations

from django.conf import settings
from django.utils import timezone

from motcua.community.helpdesk import services
from motcua.foundation.kernel.jobs import repeats
from motcua.foundation.kernel.retention import load_rules


@repeats("helpdesk.warn_overdue", cron="*/10 * * * *")
def warn_overdue(timestamp: int) -> None:
    services.warn_overdue(at=timezone.now())


@repeats("helpdesk.erase_closed", cron="20 19 * * *")  # 02:20 in Việt Nam
def erase_closed(timestamp: int) -> None:
    now = timezone.now()
    if before := load_rules(settings.RETENTION_FILE)["call_back.closed"].before(now):
        services.erase_closed(before=before, at=now)
