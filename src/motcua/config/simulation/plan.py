"""What is asked of a simulation. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


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
