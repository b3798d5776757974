"""Puts made-up dossiers into the database, batch by batch, through the rooms' own services."""

from __future__ import annotations

import multiprocessing
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass, field
from datetime import datetime

from motcua.config.simulation import worker
from motcua.config.simulation.batches import Batches, Entered
from motcua.config.simulation.making import NoDesk, lay_basis, set_up
from motcua.config.simulation.plan import Basis, Plan

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
    basis = lay_basis(plan, at=at)
    batches = [range(start, min(start + BATCH, plan.dossiers)) for start in range(0, plan.dossiers, BATCH)]
    entered = _in_processes(basis, batches) if plan.workers > 1 else _here(basis, batches)
    for drafts, by_status in entered:
        outcome.drafts += drafts
        outcome.by_status += by_status
        progress(by_status.total())
    outcome.seconds = time.monotonic() - started
    return outcome


def _here(basis: Basis, batches: list[range]) -> Iterator[Entered]:
    yield from map(Batches(set_up(basis)).enter, batches)


def _in_processes(basis: Basis, batches: list[range]) -> Iterator[Entered]:
    """Each begins anew, so that it inherits no connection."""
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(basis.plan.workers, context, worker.start, (basis,)) as pool:
        try:
            for done in as_completed([pool.submit(worker.enter, batch) for batch in batches]):
                yield done.result()
        except BaseException:
            # Else an error, or who interrupts, waits for all that are left.
            pool.shutdown(wait=False, cancel_futures=True)
            raise
