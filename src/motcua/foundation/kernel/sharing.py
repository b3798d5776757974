"""What many acts in a row read alike is read once: an agency's desk, an officer's name."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from typing import Any, ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")

_found: ContextVar[dict[Hashable, Any] | None] = ContextVar("shared_reads", default=None)


@contextmanager
def sharing_reads() -> Iterator[None]:
    """Within it every `shared` function is asked once for the same arguments. For seconds, not for minutes: what
    changes meanwhile is seen by the next. Nested ones share with the outermost."""
    if _found.get() is not None:
        yield
        return
    token = _found.set({})
    try:
        yield
    finally:
        _found.reset(token)


def is_sharing() -> bool:
    """Whether what is read now is shared with what is read next."""
    return _found.get() is not None


def shared(read: Callable[P, T]) -> Callable[P, T]:
    """For functions that only read, with hashable arguments, and whose answer nobody changes."""

    @wraps(read)
    def once(*args: P.args, **kwargs: P.kwargs) -> T:
        found = _found.get()
        if found is None:
            return read(*args, **kwargs)
        key = (read, args, tuple(sorted(kwargs.items())))
        if key not in found:
            found[key] = read(*args, **kwargs)
        answer: T = found[key]
        return answer

    return once
