"""Periodic jobs: what is for the night runs at night where the offices are, and never twice at once in the queue."""

from __future__ import annotations

from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings
from procrastinate.contrib.django import app

PERIODIC = {it.task.name: it for it in app.periodic_registry.periodic_tasks.values()}


@pytest.mark.parametrize("name", sorted(PERIODIC))
def test_a_daily_job_runs_at_night_where_the_offices_are(name):
    minute, hour, *_rest = PERIODIC[name].cron.split()
    if not hour.isdecimal():
        return  # several times a day
    # procrastinate reads crons in UTC.
    moment = datetime(2026, 3, 10, int(hour), int(minute), tzinfo=UTC)
    # People are told of something in the morning, not at night.
    earliest, latest = (time(7), time(9)) if name == "dossiers.remind" else (time(1), time(4))
    assert earliest <= moment.astimezone(ZoneInfo(settings.TIME_ZONE)).time() <= latest


@pytest.mark.parametrize("name", sorted(PERIODIC))
def test_a_periodic_job_waits_in_the_queue_once_at_most(name):
    assert PERIODIC[name].task.queueing_lock


@pytest.mark.parametrize("name", sorted(name for name in app.tasks if "builtin" not in name))
def test_every_job_is_tried_again(name):
    """A restart of the database costs no job."""
    assert app.tasks[name].retry_strategy.max_attempts >= 2


def test_there_are_periodic_jobs():
    assert {"files.sweep", "notifications.erase_old", "warehouse.extend_documents"} <= set(PERIODIC)
