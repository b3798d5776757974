"""What a time stamp says."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


class BadStamp(Exception):
    """A token that is broken, or stamps another digest."""


@dataclass(frozen=True, slots=True)
class StampFacts:
    """`at`: the authority's time, aware. `trusted`: the authority is on the trust list of who checks."""

    at: datetime
    authority: str
    trusted: bool
