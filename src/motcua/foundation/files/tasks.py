"""Jobs of the files room. Each may run twice without harm."""

from __future__ import annotations

import logging

from django.utils import timezone
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from motcua.foundation.kernel.jobs import repeats

from .services import quarantine_infected, scan_waiting, sweep_unused

logger = logging.getLogger(__name__)


# For about 15 hours, ever more slowly; what is still not scanned then is left to the job below.
@app.task(name="files.scan_later", retry=RetryStrategy(max_attempts=60, wait=30, linear_wait=30))
def scan_later(sha256: str) -> None:
    quarantine_infected(sha256, at=timezone.now())


@repeats("files.scan_waiting", cron="*/10 * * * *")
def scan_unscanned(timestamp: int) -> None:
    if scanned := scan_waiting(at=timezone.now()):
        logger.info("files_scanned_later contents=%s", scanned)


@repeats("files.sweep", cron="20 19 * * *")  # 02:20 in Việt Nam
def sweep(timestamp: int) -> None:
    outcome = sweep_unused(at=timezone.now())
    logger.info("files_swept erased=%s contents=%s held=%s", outcome.erased, outcome.contents, outcome.held)
