"""Puts made-up dossiers into the database, batch by batch, through the rooms' own services."""

from __future__ import annotations

import multiprocessing
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass, field
from datetime import datetime

from django.db import connections

from motcua.config.simulation import worker
from motcua.config.simulation.batches import Batches, Entered, make_draft
from motcua.config.simulation.making import NoDesk, set_up
from motcua.config.simulation.plan import Plan

__all__ = ["NoDesk", "Outcome", "Plan", "simulate"]

BATCH = 1000


@dataclass(slots=True)
class Outcome:
    """What was entered: dossiers by status, drafts rendered, seconds."""

    seconds: float = 0.0
    drafts: int = 0
    by_status: Counter[int] = field(default_factory=Counter)


def simulate(plan: Plan, *, at: datetime, progress: Callable[[int], None] = lambda entered: None) -> Outcome:
    """Enter the planned dossiers, one transaction a batch. `progress` is told how many a batch entered.

    The same plan on the same data gives the same people, answers and moments; ids and codes differ.
    Raises NoDesk, NotFound (a procedure is not published).
    """
    started, outcome = time.monotonic(), Outcome()
    entering = Batches(set_up(plan, at=at))
    batches = [range(start, min(start + BATCH, plan.dossiers)) for start in range(0, plan.dossiers, BATCH)]
    entered = _in_processes(entering, batches) if plan.workers > 1 else map(entering.enter, batches)
    for drafts, by_status in entered:
        for drafting in drafts:
            make_draft(drafting)
        outcome.drafts += len(drafts)
        outcome.by_status += by_status
        progress(by_status.total())
    outcome.seconds = time.monotonic() - started
    return outcome


def _in_processes(entering: Batches, batches: list[range]) -> Iterator[Entered]:
    """Each is a fork, with all that was read and imported: to begin anew takes as long as thousands of dossiers."""
    _let_go()
    context = multiprocessing.get_context("fork")
    with ProcessPoolExecutor(entering.stage.plan.workers, context, worker.start, (entering,)) as pool:
        try:
            for done in as_completed([pool.submit(worker.enter, batch) for batch in batches]):
                yield done.result()
        except BaseException:
            # Else an error, or who interrupts, waits for all that are left.
            pool.shutdown(wait=False, cancel_futures=True)
            raise


def _let_go() -> None:
    """Of connections, and of the pool's threads: neither can be shared with a fork."""
    connections.close_all()
    for connection in connections.all():
        if close_pool := getattr(connection, "close_pool", None):
            close_pool()
