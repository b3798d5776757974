"""How long most took, from how many took how long. Pure."""

from __future__ import annotations

from collections.abc import Sequence


def within(histogram: Sequence[tuple[int, int]], percent: int) -> int:
    """The shortest time in which at least so many percent (1 to 100) were done: the nearest rank of the sorted times.

    histogram: (time, how many took so long), shortest first, not empty; nobody counts below 1.
    """
    wanted = sum(count for _, count in histogram) * percent
    done = 0
    for time, count in histogram:
        done += count
        if done * 100 >= wanted:
            return time
    raise ValueError("Nobody: there is no time in which they were done.")
