"""What this machine can do, so that figures of different machines can be compared."""

from __future__ import annotations

import hashlib
import os
import platform
import time
from collections.abc import Callable
from dataclasses import dataclass

# Measured on the reference machine of the budget (2 cores): loops a second, megabytes hashed a second.
REFERENCE_LOOPS, REFERENCE_MEGABYTES = 21.0, 1350.0
_ROUNDS = 5
_BLOCK = b"\x5a" * (1024 * 1024)


@dataclass(frozen=True, slots=True)
class Machine:
    """`factor`: CPU times here times the factor are those of the reference machine, roughly."""

    processor: str
    cores: int
    python: str
    loops_per_second: float
    megabytes_per_second: float
    # Processes that wanted a core in the minute before: above 0.5 others disturb the measurement.
    load: float

    @property
    def factor(self) -> float:
        # Most of the work is interpreted Python.
        return self.loops_per_second / REFERENCE_LOOPS


def calibrate() -> Machine:
    """Run the two fixed loops, the best of five rounds each, in CPU time; about a second."""
    return Machine(
        load=os.getloadavg()[0],
        processor=_processor(),
        cores=os.cpu_count() or 1,
        python=platform.python_version(),
        loops_per_second=1 / min(_seconds(_loop) for _ in range(_ROUNDS)),
        megabytes_per_second=32 / min(_seconds(_hash) for _ in range(_ROUNDS)),
    )


def _seconds(work: Callable[[], object]) -> float:
    started = time.process_time()
    work()
    return time.process_time() - started


def _loop() -> int:
    """What interpreters spend their time on: calls, dictionaries, texts, sums."""
    counts: dict[str, int] = {}
    for number in range(200_000):
        key = f"k{number % 1000}"
        counts[key] = counts.get(key, 0) + len(key)
    return sum(sorted(counts.values()))


def _hash() -> bytes:
    digest = hashlib.sha256()
    for _ in range(32):
        digest.update(_BLOCK)
    return digest.digest()


def _processor() -> str:
    try:
        with open("/proc/cpuinfo", encoding="utf-8") as file:
            return next(line.split(":", 1)[1].strip() for line in file if line.startswith("model name"))
    except (OSError, StopIteration):
        return platform.processor() or platform.machine()
