"""Jobs of the catalogue. Each may run twice without harm."""

from __future__ import annotations

from django.utils import timezone

from motcua.foundation.kernel.jobs import repeats
from motcua.registry.catalogue import services
from motcua.registry.catalogue.counting import count_uses, forget_sought


@repeats("catalogue.count", cron="25 19 * * *")  # 02:25 in Việt Nam
def count(timestamp: int) -> None:
    """Every night: how much procedures are used, so that search puts what many need first among equals."""
    now = timezone.now()
    count_uses(at=now)
    forget_sought(on=timezone.localdate(now))


@repeats("catalogue.list_begun", cron="0 18 * * *")  # 01:00 in Việt Nam
def list_begun(timestamp: int) -> None:
    """Every day: names, limits and fees in lists and search follow the versions that began. Which version is in force
    needs no job."""
    services.list_begun(at=timezone.now())
