"""What a check answers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class State(StrEnum):
    """WARN: works, and will not for long or not safely. FAIL: something does not work."""

    OK = "ok"
    WARN = "warn"
    FAIL = "fail"


@dataclass(frozen=True, slots=True)
class Finding:
    """One sentence on how it is, one on what to do, and the command to run where there is one."""

    state: State
    says: str
    mend: str = ""
    command: str = ""


# Given the present moment.
Check = Callable[[datetime], Finding | None]


def fine(says: str) -> Finding:
    return Finding(State.OK, says)


def warn(says: str, mend: str, command: str = "") -> Finding:
    return Finding(State.WARN, says, mend, command)


def fail(says: str, mend: str, command: str = "") -> Finding:
    return Finding(State.FAIL, says, mend, command)
