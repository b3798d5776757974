"""Days in answers, and the bounds within which a date must lie."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

# What a question of kind `date` is held to where it says nothing: typing errors of a century are caught.
_FIRST_DAY, _YEARS_AHEAD = date(1900, 1, 1), 20
_ISO_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
_FROM_TODAY = re.compile(r"today(?:([+-][0-9]{1,3})([dy]))?", re.ASCII)


def as_date(value: Any) -> date | None:
    """The date of "2026-03-05", None for anything else."""
    try:
        return date.fromisoformat(value) if _ISO_DATE.fullmatch(str(value)) else None
    except ValueError:
        return None


def is_fixed(bound: str) -> bool:
    """Whether a bound is a day by itself: "2026-03-05", "today", "today+30d", "today-5y"; else it names a question."""
    return bool(as_date(bound) or _FROM_TODAY.fullmatch(bound))


def day_of(bound: str, facts: Mapping[str, Any], today: date) -> date | None:
    """The day that a bound stands for; None where it names a question without a date as its answer."""
    found = _FROM_TODAY.fullmatch(bound)
    if not found:
        return as_date(bound) or as_date(facts.get(bound))
    count = int(found[1] or 0)
    return _years_on(today, count) if found[2] == "y" else today + timedelta(days=count)


def _years_on(day: date, count: int) -> date:
    """The same day so many years later; 28 February for the 29th."""
    try:
        return day.replace(year=day.year + count)
    except ValueError:
        return day.replace(year=day.year + count, day=28)


def day_range(earliest: str, latest: str, facts: Mapping[str, Any], today: date) -> tuple[date, date]:
    """The first and last day that is taken. A bound that is "" or unanswered leaves the usual one."""
    first, last = day_of(earliest, facts, today), day_of(latest, facts, today)
    return first or _FIRST_DAY, last or _years_on(today, _YEARS_AHEAD)
