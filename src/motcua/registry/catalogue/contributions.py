"""Where higher rooms say what follows when values of imported procedures were decided."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import datetime

from motcua.foundation.kernel.actors import Actor

# Called in the transaction of the decision, with the codes of the procedures.
Follow = Callable[[Actor, Collection[str], datetime], None]
_followers: list[Follow] = []


def follow_decisions(follow: Follow) -> None:
    """Called from `apps.py`."""
    if follow not in _followers:
        _followers.append(follow)


def tell_decided(actor: Actor, codes: Collection[str], at: datetime) -> None:
    for follow in _followers:
        follow(actor, codes, at)
