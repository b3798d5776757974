"""Frames that are made once for everybody who looks, and how many may be followed without end."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from datetime import datetime

from django.utils.translation import get_language

from motcua.foundation.journal.selectors import position_of
from motcua.oversight.indicators.selectors import FOLLOWER
from motcua.oversight.operations.frames import Frame, make_frame
from motcua.oversight.operations.health import Health, observe
from motcua.registry.organisations.models import Agency

# Seconds: a frame is at most one a second; it is made anew after five even when the journal stands still, as queues,
# messages and hours do not.
YOUNG, OLD = 1.0, 5.0
# How the installation is, is the same for all agencies.
HEALTH_OLD = 10.0
# Of the threads of one process (four by default) so many may be held by streams; the others ask again and again.
MOST_STREAMS = 2

streams = threading.BoundedSemaphore(MOST_STREAMS)
# Words are in it, so each language has its own.
_health: dict[str | None, tuple[float, list[Health]]] = {}
_kept: dict[tuple[str, str | None], tuple[float, Frame]] = {}
_lock = threading.Lock()


def watched_frame(agency: Agency, *, now: Callable[[], datetime]) -> Frame:
    """The present frame of an agency, shared by all in this process."""
    key = agency.path, get_language()
    with _lock:
        made, frame = _kept.get(key, (0.0, None))
        age = time.monotonic() - made
        if frame and (age < YOUNG or (age < OLD and position_of(FOLLOWER) == frame.position)):
            return frame
        frame = make_frame(agency, _present_health(now()), at=now())
        _kept[key] = (time.monotonic(), frame)
        return frame


def _present_health(at: datetime) -> list[Health]:
    language = get_language()
    looked, found = _health.get(language, (0.0, []))
    if not found or time.monotonic() - looked > HEALTH_OLD:
        found = observe(at)
        _health[language] = time.monotonic(), found
    return found


def forget() -> None:
    """For tests: nothing is kept."""
    _kept.clear()
    _health.clear()
