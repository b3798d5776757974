"""The worker and the database's connections."""

from __future__ import annotations

import asyncio

import psycopg
import pytest
from asgiref.sync import sync_to_async
from django.db import connection, connections
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

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


def terminate(backend: int) -> None:
    """By another session of the owner; waits until it is gone."""
    where = connection.get_connection_params()
    keep = {name: where[name] for name in ("host", "port", "dbname", "user", "password") if where.get(name)}
    with psycopg.connect(**keep) as owner:
        owner.execute("SELECT pg_terminate_backend(%s, 5000)", [backend])
