"""`motcua worker`: runs jobs, and takes up those a killed worker left behind."""

from __future__ import annotations

import asyncio
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from procrastinate.contrib.django import app


class Command(BaseCommand):
    help = "Run the jobs that services deferred."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--concurrency", type=int, default=2)
        parser.add_argument("--once", action="store_true", help="end when no job waits")

    def handle(self, *args: Any, **options: Any) -> None:
        asyncio.run(_work(options["concurrency"], wait=not options["once"]))


async def _work(concurrency: int, *, wait: bool) -> None:
    worker = app.with_connector(app.connector.get_worker_connector())  # type: ignore[attr-defined]
    async with worker.open_async():
        await _take_up_stalled(worker)
        await worker.run_worker_async(concurrency=concurrency, wait=wait, install_signal_handlers=True)


async def _take_up_stalled(worker: Any) -> None:
    """Jobs whose worker stopped sending heartbeats are done again; tasks are idempotent."""
    for job in await worker.job_manager.get_stalled_jobs():
        await worker.job_manager.retry_job(job)
