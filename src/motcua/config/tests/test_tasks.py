"""Finished jobs do not pile up, and one that kills its worker is given up."""

from __future__ import annotations

import asyncio
import logging
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.conf import settings
from django.db import connection
from django.utils import timezone
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app
from procrastinate.jobs import Status

from motcua.config import tasks
from motcua.config.management.commands import worker
from motcua.foundation.kernel.retention import load_rules


def job(status: str, *, days: int) -> int:
    """A job whose last event was so many days ago."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_jobs (queue_name, task_name, status) VALUES ('default', 'test.task', %s) "
            "RETURNING id",
            [status],
        )
        (number,) = cursor.fetchone()
        cursor.execute("DELETE FROM procrastinate_events WHERE job_id = %s", [number])
        cursor.execute(
            "INSERT INTO procrastinate_events (job_id, type, at) VALUES (%s, 'deferred', %s)",
            [number, timezone.now() - timedelta(days=days)],
        )
        cursor.execute(
            "INSERT INTO procrastinate_periodic_defers (task_name, defer_timestamp, job_id, periodic_id) "
            "VALUES ('test.task', %s, %s, '')",
            [number, number],
        )
    return number


def remaining() -> set[int]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM procrastinate_jobs WHERE task_name = 'test.task'")
        return {number for (number,) in cursor.fetchall()}


def test_finished_jobs_go_after_their_period_and_waiting_ones_stay(db, monkeypatch):
    monkeypatch.setattr(tasks, "_AT_ONCE", 2)
    days = load_rules(settings.RETENTION_FILE)["job.finished"].days
    for status in ("succeeded", "failed", "cancelled"):
        job(status, days=days + 1)
    kept = {job("todo", days=days + 1), job("doing", days=days + 1), job("succeeded", days=days - 1)}
    tasks.erase_finished(0)
    assert remaining() == kept


def test_it_runs_every_night_by_itself():
    assert "jobs.erase_finished" in {name for name, _ in app.periodic_registry.periodic_tasks}


class Manager:
    """What the worker asks of procrastinate, and what it told it."""

    def __init__(self, *jobs: SimpleNamespace) -> None:
        self.jobs, self.retried, self.ended = jobs, [], []

    async def get_stalled_jobs(self, *, seconds_since_heartbeat: float) -> tuple[SimpleNamespace, ...]:
        return self.jobs

    async def retry_job(self, job: SimpleNamespace) -> None:
        self.retried.append(job.id)

    async def finish_job(self, job: SimpleNamespace, *, status: Status, delete_job: bool) -> None:
        self.ended.append((job.id, status, delete_job))


@pytest.mark.parametrize(
    ("attempts", "most", "is_retried"),
    [(0, None, True), (3, None, True), (4, None, False), (4, 60, True), (60, 60, False)],
)
def test_a_job_whose_workers_die_again_and_again_is_given_up(caplog, attempts, most, is_retried):
    """Tasks that may be tried more often by themselves are not given up before that."""
    stalled = SimpleNamespace(id=7, attempts=attempts, task_name="test.task")
    strategy = RetryStrategy(max_attempts=most) if most else None
    manager = Manager(stalled)
    running = SimpleNamespace(
        job_manager=manager, tasks={"test.task": SimpleNamespace(retry_strategy=strategy)}
    )
    with caplog.at_level(logging.INFO, logger="motcua.worker"):
        asyncio.run(worker._take_up_stalled(running))
    assert manager.retried == ([7] if is_retried else [])
    assert manager.ended == ([] if is_retried else [(7, Status.FAILED, False)])
    assert ("job_taken_up 7" in caplog.text) is is_retried
    assert ("job_given_up 7 task=test.task" in caplog.text) is not is_retried
