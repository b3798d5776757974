"""How a dossier stands against its limit: early, on time, late, in process, overdue, stopped. Pure.

One function for lists, figures, the API and statistics. The original date is the basis: what the applicant was told
later, with an apology, changes nothing here; while the clock stands still nothing becomes overdue.
Source: vietnam.md 1.1, 1.4 (T8, T11); Decree 61/2018/NĐ-CP art. 19(9).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from motcua.casework.dossiers.rules.states import Status
from motcua.foundation.worktime.moments import local

# What counts at all: refused at reception or withdrawn is no delay of anybody's.
UNCOUNTED = frozenset({Status.REFUSED, Status.WITHDRAWN})


class Class(StrEnum):
    """Empty for what has no limit that runs: before acceptance, refused, withdrawn."""

    NONE = ""
    EARLY = "early"
    ON_TIME = "on_time"
    LATE = "late"
    IN_PROCESS = "in_process"
    OVERDUE = "overdue"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True)
class Timing:
    """`basis_at`: the original due date; `stopped_at`: since when the clock stands still; `finished_at`: status 9."""

    status: int
    basis_at: datetime | None
    stopped_at: datetime | None = None
    finished_at: datetime | None = None


class Timed(Protocol):
    """What is classed: a dossier, or the facts of one."""

    @property
    def status(self) -> int: ...
    @property
    def basis_at(self) -> datetime | None: ...
    @property
    def stopped_at(self) -> datetime | None: ...
    @property
    def finished_at(self) -> datetime | None: ...


def class_of(timed: Timed, at: datetime) -> Class:
    """Finished: before the due day, on it and not after the due moment, after it. Else in process until the due moment,
    then overdue. Stopped while the clock stands still, unless the due moment was over already."""
    basis, status = timed.basis_at, Status(timed.status)
    if basis is None or status in UNCOUNTED:
        return Class.NONE
    if finished := timed.finished_at:
        return class_when_finished(basis, finished)
    if status is Status.STOPPED:
        return Class.STOPPED
    if timed.stopped_at and timed.stopped_at <= basis:
        return Class.STOPPED
    return Class.OVERDUE if basis < (timed.stopped_at or at) else Class.IN_PROCESS


def class_when_finished(basis: datetime, finished: datetime) -> Class:
    """`class_of` what is finished and has a limit."""
    if finished > basis:
        return Class.LATE
    return Class.ON_TIME if local(finished).date() == local(basis).date() else Class.EARLY


def answer_class(answer_by: datetime | None, answered_at: datetime | None, at: datetime) -> Class:
    """The acceptance clock of an online dossier: answered on time or late; else in process or overdue.

    Source: Decree 45/2020/NĐ-CP (vietnam.md T2): accepted, asked for a supplement or refused within 8 working hours.
    """
    if answer_by is None:
        return Class.NONE
    if answered_at:
        return Class.ON_TIME if answered_at <= answer_by else Class.LATE
    return Class.OVERDUE if answer_by < at else Class.IN_PROCESS
