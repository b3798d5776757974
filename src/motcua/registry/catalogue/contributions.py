"""What higher rooms add: what differs between versions, what follows when imported values were decided, how long
dossiers took."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date, datetime

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


@dataclass(frozen=True, slots=True)
class Taken:
    """How long finished dossiers of a procedure took: working hours without stops, rounded up, within which half and 80
    % of the `cases` were finished. `late_percent`: of those with a limit, rounded down; None: too few to tell.

    `path`: of the agency they are of, with all below it, and its name; "/" and "" for all. The months [first, until).
    """

    cases: int
    half: int
    most: int
    late_percent: int | None
    path: str
    name: str
    first: date
    until: date


# The procedure's code, an agency's path ("/": of all), today -> None: too few cases, or nobody counts.
TimesTaken = Callable[[str, str, date], Taken | None]
_times: list[TimesTaken] = []


def register_times_taken(read: TimesTaken) -> None:
    """Who knows how long dossiers took; a widening to more agencies is said in the answer. Two queries, or three."""
    _times[:] = [read]


def times_taken(procedure: str, path: str, on: date) -> Taken | None:
    return _times[0](procedure, path, on) if _times else None
