"""Where higher rooms say which stored files they use. A file that nobody uses is erased after a while."""

from __future__ import annotations

from collections.abc import Callable, Collection
from uuid import UUID

InUse = Callable[[Collection[UUID]], set[UUID]]

_users: dict[str, InUse] = {}


def register_user(name: str, in_use: InUse) -> None:
    """Called in `apps.py`. `in_use` gets up to 1,000 ids of stored files and returns those that `name` uses."""
    _users[name] = in_use


def used(ids: Collection[UUID]) -> set[UUID]:
    """Those of the files that anybody uses. Raises RuntimeError when nobody is registered: then nobody knows."""
    if not _users:
        raise RuntimeError("No room has said which files it uses")
    return set().union(*(in_use(ids) for in_use in _users.values()))
