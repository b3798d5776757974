"""The worker and the database's connections."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import psycopg
import pytest
from asgiref.sync import sync_to_async
from django.db import OperationalError, connection, connections
from django.utils import timezone
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from motcua.config import tasks
from motcua.config.management.commands import worker


@pytest.fixture
def db(shared_database):
    """Several connections, and what they commit goes with the copy."""


def test_the_worker_goes_on_when_the_connection_that_jobs_are_deferred_over_broke(db):
    """As after a restart of the database: that connection belongs to a thread which outlives every worker."""

    def backend() -> int:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            return cursor.fetchone()[0]

    async def work() -> None:
        terminate(await sync_to_async(backend)())
        await worker._run(1, False, asyncio.Event())

    async def close() -> None:
        await sync_to_async(connections.close_all)()

    waiting = app.configure_task("jobs.erase_finished").defer(timestamp=0)
    connection.close()
    try:
        asyncio.run(work())
    finally:
        asyncio.run(close())
    assert ProcrastinateJob.objects.get(pk=waiting).status == "succeeded"


@pytest.mark.parametrize("another_waits", [False, True])
def test_a_job_that_lost_the_database_is_tried_again_unless_one_of_its_kind_waits(
    db, monkeypatch, another_waits
):
    failing = app.configure_task("jobs.erase_finished").defer(timestamp=0)
    others: list[int] = []

    def lose_the_database(**_):
        if another_waits:
            later = timezone.now() + timedelta(minutes=1)
            others.append(app.configure_task("jobs.erase_finished", schedule_at=later).defer(timestamp=1))
        raise OperationalError("terminating connection due to administrator command")

    monkeypatch.setattr(tasks, "erase_jobs", lose_the_database)
    connection.close()
    asyncio.run(worker._run(1, False, asyncio.Event()))
    waiting = ProcrastinateJob.objects.filter(task_name="jobs.erase_finished", status="todo")
    if another_waits:
        assert [job.pk for job in waiting] == others
        assert not ProcrastinateJob.objects.filter(pk=failing).exists()
    else:
        [job] = waiting
        assert (job.pk, job.attempts) == (failing, 1)


def terminate(backend: int) -> None:
    """By another session of the owner; waits until it is gone."""
    where = connection.get_connection_params()
    keep = {name: where[name] for name in ("host", "port", "dbname", "user", "password") if where.get(name)}
    with psycopg.connect(**keep) as owner:
        owner.execute("SELECT pg_terminate_backend(%s, 5000)", [backend])
