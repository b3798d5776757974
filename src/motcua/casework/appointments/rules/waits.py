"""How long one will probably wait. Pure."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Measured:
    """Mean seconds at the counter and how many were measured: on days like today, and on all days looked at."""

    like_mean: float | None = None
    like_count: int = 0
    mean: float | None = None
    count: int = 0


def service_seconds(measured: Measured, *, least: int) -> float | None:
    """Mean of days like today where at least `least` (>= 1) were measured, else of all days; None: no data."""
    if measured.like_mean is not None and measured.like_count >= least:
        return measured.like_mean
    return measured.mean if measured.count >= least else None


def expected_minutes(ahead: int, seconds: float | None, counters: int) -> int | None:
    """Whole minutes, rounded up, until one is called with `ahead` people before one; None: no data, no counter."""
    if seconds is None or counters < 1:
        return None
    return -int(-(ahead * seconds / counters) // 60)
