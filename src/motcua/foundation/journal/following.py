"""The follower: sealer, stamper and consumers, each in a thread of its own."""

from __future__ import annotations

import logging
import math
import threading
import time
from collections.abc import Callable

from django.conf import settings
from django.db import InterfaceError, OperationalError, connection
from django.utils import timezone

from motcua.foundation.journal.consuming import consume, take_places
from motcua.foundation.journal.contributions import Consumer, consumers, time_stamper
from motcua.foundation.journal.sealing import BATCH_ENTRIES, Sealer
from motcua.foundation.journal.stamping import Stamper, is_stamp_overdue

log = logging.getLogger(__name__)

POLL_SECONDS = 0.2
_SLOW_SECONDS = 1.0  # between passes while the time-stamp authority is away
_TROUBLE_SECONDS = (0.5, 30.0)  # first and longest wait after an error
_LAST_WORDS_SECONDS = 10  # for steps in progress when asked to stop


class Follower:
    """Runs until it is told to stop. A killed one leaves nothing half done: every step is one transaction."""

    def __init__(self) -> None:
        self._ending = threading.Event()

    def stop(self) -> None:
        """End after the steps in progress. May be called from a signal handler."""
        self._ending.set()

    def run(self) -> None:
        """Returns after `stop`, at most ten seconds later: who waits for an authority by then is left behind."""
        threads = [
            threading.Thread(target=self._repeat, args=(name, step, pause), name=name, daemon=True)
            for name, step, pause in self._tasks()
        ]
        for thread in threads:
            thread.start()
        self._ending.wait()
        give_up_at = time.monotonic() + _LAST_WORDS_SECONDS
        for thread in threads:
            thread.join(max(0.0, give_up_at - time.monotonic()))

    def _tasks(self) -> list[tuple[str, Callable[[], int], float]]:
        tasks = [("sealer", _sealing(), POLL_SECONDS)]
        tasks += [(f"consumer {it.name}", _consuming(it), POLL_SECONDS) for it in consumers()]
        if time_stamper() is not None:
            tasks.append(("stamper", _stamping(), float(settings.JOURNAL_STAMP_EVERY_SECONDS)))
        return tasks

    def _repeat(self, name: str, step: Callable[[], int], pause: float) -> None:
        """Again at once while there is more; a connection is held only while something is done."""
        trouble = 0.0
        while not self._ending.is_set():
            began = time.monotonic()
            try:
                more, trouble = step(), 0.0
            except (OperationalError, InterfaceError) as error:
                # The database is restarting, or a lock went against us: said once, tried again.
                if not trouble:
                    log.warning("follower_waits_for_database task=%s error=%s", name, type(error).__name__)
                more, trouble = 0, _longer(trouble)
            except Exception:
                log.exception("follower_task_failed task=%s", name)
                more, trouble = 0, _longer(trouble)
            if not more:
                _let_go()
                # Looking for work never takes more than a fifth of a core.
                self._ending.wait(trouble or max(pause, 4 * (time.monotonic() - began)))
        _let_go()


def _sealing(clock: Callable[[], float] = time.monotonic) -> Callable[[], int]:
    """What came during a pass waits for the next poll: many small batches cost more than they are worth.

    While the time stamp is overdue for a second, since a proof holds every batch up to the next stamp.
    """
    sealer, not_before, in_place = Sealer(), -math.inf, False

    def step() -> int:
        nonlocal not_before, in_place
        if clock() < not_before:
            return 0
        if not in_place:
            take_places(consumers())
            in_place = True
        now = timezone.now()
        sealed = sealer.seal(at=now)
        if 0 < sealed < BATCH_ENTRIES and is_stamp_overdue(now):
            not_before = clock() + _SLOW_SECONDS
        return sealed // BATCH_ENTRIES

    return step


def _consuming(consumer: Consumer) -> Callable[[], int]:
    return lambda: consume(consumer, at=timezone.now())


def _stamping() -> Callable[[], int]:
    """Once in each period, whether it worked or not."""
    stamper = Stamper()

    def step() -> int:
        stamper.stamp()
        return 0

    return step


def _longer(trouble: float) -> float:
    first, longest = _TROUBLE_SECONDS
    return min(longest, 2 * trouble) or first


def _let_go() -> None:
    try:
        connection.close()
    except (OperationalError, InterfaceError):
        log.info("follower_connection_was_lost")


def follow_once(*, stamp: bool = False, only: str = "") -> int:
    """Seal and hand over everything there is, in this thread; entries that consumers add included.

    only: to the consumer of this name; the others have it before them. Returns how many entries were sealed. Entries
    whose handler failed wait for their next try as usual.
    """
    take_places(consumers())
    total, sealer = 0, Sealer()
    more = 1
    while more:
        sealed = sealer.seal(at=timezone.now())
        total += sealed
        following = [it for it in consumers() if only in {"", it.name}]
        more = sealed + sum(consume(consumer, at=timezone.now()) for consumer in following)
    if stamp:
        Stamper().stamp()
    return total
