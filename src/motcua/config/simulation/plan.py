"""What is asked of a simulation. Pure: worker processes read it before they set Django up."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Plan:
    """`until`: all acts lie before this day. `agency`: code, empty for all with a desk. `workers`: processes.

    One worker is this very process.
    """

    dossiers: int
    seed: int
    until: date
    agency: str = ""
    workers: int = 1


@dataclass(frozen=True, slots=True)
class Basis:
    """What the processes of one simulation share: the stored paper that everybody hands in, the number of the first
    person, and when it is made up."""

    plan: Plan
    paper_id: UUID
    first: int
    at: datetime
