"""Jobs of the room. Each may run twice without harm."""

from __future__ import annotations

from django.utils import timezone
from procrastinate.contrib.django import app

from motcua.oversight.operations.alerts.evaluating import watch
from motcua.oversight.operations.likely_late import look_ahead as compute


@app.periodic(cron="* * * * *")
@app.task(name="operations.watch", queueing_lock="operations.watch", lock="operations.watch")
def watch_alerts(timestamp: int) -> None:
    watch(at=timezone.now())


@app.periodic(cron="*/5 * * * *")
@app.task(name="operations.look_ahead", queueing_lock="operations.look_ahead", lock="operations.look_ahead")
def look_ahead(timestamp: int) -> None:
    compute(at=timezone.now())
