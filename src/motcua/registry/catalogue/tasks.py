"""Jobs of the catalogue. Each may run twice without harm."""

from __future__ import annotations

from django.utils import timezone
from procrastinate.contrib.django import app

from motcua.registry.catalogue import services
from motcua.registry.catalogue.counting import count_uses, forget_sought


@app.periodic(cron="25 19 * * *")  # 02:25 in Việt Nam
@app.task(name="catalogue.count", queueing_lock="catalogue.count")
def count(timestamp: int) -> None:
    """Every night: how much procedures are used, so that search puts what many need first among equals."""
    now = timezone.now()
    count_uses(at=now)
    forget_sought(on=timezone.localdate(now))


@app.periodic(cron="0 18 * * *")  # 01:00 in Việt Nam
@app.task(name="catalogue.list_begun", queueing_lock="catalogue.list_begun")
def list_begun(timestamp: int) -> None:
    """Every day: names, limits and fees in lists and search follow the versions that began. Which version is in force
    needs no job."""
    services.list_begun(at=timezone.now())
