"""A process that enters batches of a simulation."""

from __future__ import annotations

import gc

from motcua.config.simulation.batches import Batches, Entered

_batches: list[Batches] = []


def start(entering: Batches) -> None:
    """Once a process."""
    _batches[:] = [entering]
    # What is there now stays, and a batch leaves little behind: it is looked for once a batch, not all the time.
    gc.freeze()
    gc.disable()


def enter(indexes: range) -> Entered:
    """See `Batches.enter`."""
    entered = _batches[0].enter(indexes)
    gc.collect()
    # What is kept from one batch to the next is not looked through again.
    gc.freeze()
    return entered
