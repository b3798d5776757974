"""`motcua worker`: runs jobs, takes up those a killed worker left behind, outlives a restart of the database."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import signal
from argparse import ArgumentParser
from typing import Any

import psycopg
from asgiref.sync import sync_to_async
from django.core.management.base import BaseCommand
from django.db import connections
from procrastinate.contrib.django import app
from procrastinate.exceptions import ConnectorException, UniqueViolation
from procrastinate.jobs import Job, Status
from procrastinate.manager import JobManager

HEARTBEAT_SECONDS = 5
# After three missed heartbeats a worker counts as dead, and its jobs are done by another.
STALLED_SECONDS = 20
RESCUE_EVERY_SECONDS = 5
# A job that was under way each time its worker died is probably why.
MOST_ATTEMPTS = 5
_LOST = (ConnectorException, psycopg.OperationalError, OSError)

logger = logging.getLogger("motcua.worker")


class Jobs(JobManager):
    """Procrastinate's, where one job of a kind waits at most."""

    async def retry_job(self, job: Job, *args: Any, **when: Any) -> None:
        """If one of its kind waits already, it will do the same; this one ends."""
        try:
            await super().retry_job(job, *args, **when)
        except UniqueViolation:
            await self.finish_job(job, status=Status.FAILED, delete_job=True)


class Command(BaseCommand):
    help = "Run the jobs that services deferred."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--concurrency", type=int, default=2)
        parser.add_argument("--once", action="store_true", help="end when no job waits")

    def handle(self, *args: Any, **options: Any) -> None:
        asyncio.run(_work(options["concurrency"], wait=not options["once"]))


async def _work(concurrency: int, *, wait: bool) -> None:
    stopping = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stopping.set)
    while not stopping.is_set():
        try:
            await _run(concurrency, wait, stopping)
        except _LOST as error:
            logger.warning("database_lost %s", type(error).__name__)
        else:
            if not wait:
                return
        # procrastinate also ends without an error when its connection breaks.
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(stopping.wait(), timeout=1)


async def _run(concurrency: int, wait: bool, stopping: asyncio.Event) -> None:
    """Until there is no more to do (with `wait`: until it is told to stop, or loses the database)."""
    # Jobs that repeat are deferred over Django's connection of this thread, which outlives a worker: one that broke
    # would end every worker after it, too.
    await sync_to_async(connections.close_all)()
    worker = app.with_connector(app.connector.get_worker_connector())  # type: ignore[attr-defined]
    worker.job_manager = Jobs(worker.connector)
    async with worker.open_async():
        await _take_up_stalled(worker)
        tasks = {
            asyncio.create_task(
                worker.run_worker_async(
                    concurrency=concurrency,
                    wait=wait,
                    install_signal_handlers=False,
                    update_heartbeat_interval=HEARTBEAT_SECONDS,
                    stalled_worker_timeout=STALLED_SECONDS,
                )
            ),
            asyncio.create_task(stopping.wait()),
            asyncio.create_task(_rescue(worker)),
        }
        done, rest = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in rest:
            task.cancel()
        # Jobs under way are finished before the worker's task ends.
        await asyncio.gather(*rest, return_exceptions=True)
        for task in done:
            task.result()


async def _rescue(worker: Any) -> None:
    while True:
        await asyncio.sleep(RESCUE_EVERY_SECONDS)
        await _take_up_stalled(worker)


async def _take_up_stalled(worker: Any) -> None:
    """Jobs whose worker stopped sending heartbeats are done again; tasks are idempotent.

    One that began five times is given up, or after as many times as its task is tried by itself, if that is more.
    """
    for job in await worker.job_manager.get_stalled_jobs(seconds_since_heartbeat=STALLED_SECONDS):
        if job.attempts + 1 >= MOST_ATTEMPTS and job.attempts >= _own_attempts(worker, job.task_name):
            await worker.job_manager.finish_job(job, status=Status.FAILED, delete_job=False)
            logger.error("job_given_up %s task=%s attempts=%s", job.id, job.task_name, job.attempts + 1)
            continue
        await worker.job_manager.retry_job(job)
        logger.info("job_taken_up %s", job.id)


def _own_attempts(worker: Any, task_name: str) -> int:
    task = worker.tasks.get(task_name)
    return getattr(task.retry_strategy, "max_attempts", None) or 0 if task else 0
