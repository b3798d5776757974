"""A process that enters batches of a simulation. Imports nothing of Django before it is set up."""

from __future__ import annotations

import gc
from typing import TYPE_CHECKING

from motcua.config.simulation.plan import Basis

if TYPE_CHECKING:
    from motcua.config.simulation.batches import Batches, Entered

_batches: list[Batches] = []


def start(basis: Basis) -> None:
    """Set up Django and the stage, once a process."""
    import django

    django.setup()
    from motcua.config.simulation.batches import Batches
    from motcua.config.simulation.making import set_up

    _batches[:] = [Batches(set_up(basis))]
    # What is there now stays, and a batch leaves little behind: it is looked for once a batch, not all the time.
    gc.freeze()
    gc.disable()


def enter(indexes: range) -> Entered:
    """See `Batches.enter`."""
    entered = _batches[0].enter(indexes)
    gc.collect()
    return entered
