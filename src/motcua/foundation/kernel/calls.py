"""Which call of the API is being answered in this thread: for the log and the journal."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from uuid import UUID


@dataclass(slots=True)
class Call:
    """`correlation_id`: 8 to 64 of `A-Z a-z 0-9 . _ -`, the caller's or made here. `through`: the program through
    which a person acts; None for programs that act for themselves."""

    correlation_id: str
    through: UUID | None = None

    def facts(self) -> dict[str, str]:
        """What the journal says of the call by which something was done."""
        found = {"call": self.correlation_id}
        return found | {"through": str(self.through)} if self.through else found


_running: ContextVar[Call | None] = ContextVar("motcua_call", default=None)


def running_call() -> Call | None:
    return _running.get()


@contextmanager
def answering(correlation_id: str) -> Iterator[Call]:
    """Inside the block everything that is logged and journalled belongs to this call."""
    call = Call(correlation_id)
    token = _running.set(call)
    try:
        yield call
    finally:
        _running.reset(token)


class CallFormatter(logging.Formatter):
    """Lines that are written while a call is answered end with its correlation id."""

    def format(self, record: logging.LogRecord) -> str:
        line, call = super().format(record), running_call()
        if not call:
            return line
        first, newline, rest = line.partition("\n")
        return f"{first} call={call.correlation_id}{newline}{rest}"
