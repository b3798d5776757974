"""What is being done: a bar on a terminal, a line now and then elsewhere, nothing when quiet."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from motcua.config.keeping.making import Tell

_SECONDS_BETWEEN_LINES = 10.0


@contextmanager
def telling(*, quiet: bool) -> Iterator[Tell]:
    console = Console(stderr=True, highlight=False)
    if quiet:
        yield lambda what, done, total: None
    elif console.is_terminal:
        columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.completed}"))
        with Progress(*columns, TimeElapsedColumn(), console=console) as bar:
            yield _bars(bar)
    else:
        yield _lines()


def _bars(bar: Progress) -> Tell:
    tasks: dict[str, TaskID] = {}

    def tell(what: str, done: int, total: int) -> None:
        if what not in tasks:
            tasks[what] = bar.add_task(what, total=None)
        bar.update(tasks[what], completed=done, total=total or None)

    return tell


def _lines() -> Tell:
    said: dict[str, float] = {}

    def tell(what: str, done: int, total: int) -> None:
        now = time.monotonic()
        if now - said.get(what, -_SECONDS_BETWEEN_LINES) >= _SECONDS_BETWEEN_LINES or done == total > 0:
            said[what] = now
            amount = f": {done} of {total}" if total else f": {done}" if done else ""
            print(f"{what}{amount}", file=sys.stderr, flush=True)  # noqa: T201

    return tell
