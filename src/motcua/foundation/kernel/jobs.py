"""Jobs that repeat, and when a job is tried again."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

# Enough for a restart of the database.
AGAIN = RetryStrategy(max_attempts=5, wait=10)

Job = Callable[[int], None]


def repeats(name: str, *, cron: str) -> Callable[[Job], Any]:
    """A job that the worker runs by itself, given the moment that was meant (seconds since 1970). `cron` is in UTC.

    One runs and one waits at most. One that fails is tried again.
    """

    def register(run: Job) -> Any:
        return app.periodic(cron=cron)(app.task(name=name, queueing_lock=name, lock=name, retry=AGAIN)(run))

    return register
