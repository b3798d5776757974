"""Jobs of the catalogue. Each may run twice without harm."""

from __future__ import annotations

from django.utils import timezone
from procrastinate.contrib.django import app

from motcua.registry.catalogue import services


@app.periodic(cron="5 17 * * *")  # 00:05 in Việt Nam
@app.task(name="catalogue.list_begun", queueing_lock="catalogue.list_begun")
def list_begun(timestamp: int) -> None:
    """Every day: names, limits and fees in lists and search follow the versions that began. Which version is in force
    needs no job."""
    services.list_begun(at=timezone.now())
