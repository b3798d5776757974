"""Jobs of the files room. Each may run twice without harm."""

from __future__ import annotations

import logging

from django.utils import timezone
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from .services import quarantine_infected, sweep_unused

logger = logging.getLogger(__name__)


# For a day: 1, 2, 4 … minutes, then about every hour.
@app.task(name="files.scan_later", retry=RetryStrategy(max_attempts=60, wait=30, linear_wait=30))
def scan_later(sha256: str) -> None:
    quarantine_infected(sha256, at=timezone.now())


@app.periodic(cron="20 19 * * *")  # 02:20 in Việt Nam
@app.task(name="files.sweep", queueing_lock="files.sweep", lock="files.sweep")
def sweep(timestamp: int) -> None:
    outcome = sweep_unused(at=timezone.now())
    logger.info("files_swept erased=%s contents=%s held=%s", outcome.erased, outcome.contents, outcome.held)
