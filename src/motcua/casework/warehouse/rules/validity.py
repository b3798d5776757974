"""How long a document is good for, and what can be said of it on a day. Pure."""

from __future__ import annotations

from calendar import monthrange
from datetime import date
from typing import Literal

State = Literal["valid", "revoked", "replaced", "expired"]


def months_after(day: date, months: int) -> date:
    """The same day so many months on; the last day of a shorter month (Civil Code 2015 art. 148)."""
    count = day.month - 1 + months
    year, month = day.year + count // 12, count % 12 + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def state_on(day: date, *, ended_as: str, valid_to: date | None) -> State:
    """What holds on a day. valid_to: the first day on which the document is no longer good; None: it stays so."""
    if ended_as == "revoked":
        return "revoked"
    if ended_as == "replaced":
        return "replaced"
    return "expired" if valid_to and day >= valid_to else "valid"
