"""What higher rooms add: what differs between versions, what follows when imported values were decided."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import datetime

from motcua.foundation.kernel.actors import Actor
from motcua.registry.catalogue.models import ProcedureVersion

# (the version before, the version after) -> what differs, one sentence each, in the active language.
Describe = Callable[[ProcedureVersion, ProcedureVersion], list[str]]
_describe: list[Describe] = []


def register_differences(describe: Describe) -> None:
    """Who puts the difference of two versions into words for the public page."""
    _describe[:] = [describe]


def differences_in_words(before: ProcedureVersion, after: ProcedureVersion) -> list[str]:
    return _describe[0](before, after) if _describe else []


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
