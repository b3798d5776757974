"""By when somebody is called, which numbers can be called, as the pack says. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from motcua.foundation.worktime.calendars import Calendar
from motcua.foundation.worktime.moments import local

_NOON = time(12)
_SPACING = re.compile(r"[\s.()-]")
_HERE = re.compile(r"0[2-9]\d{7,9}")
_ABROAD = re.compile(r"\+[1-9]\d{7,14}")
# An agency that is closed for longer than this has no calendar worth promising by.
_MOST_DAYS = 60


@dataclass(frozen=True, slots=True)
class Limits:
    """half_days: the call is due at the end of the n-th half of a working day that begins after the request. tries:
    calls after which a request may be closed as not reached. most_open: waiting at one time for one telephone."""

    half_days: int
    tries: int
    most_open: int


def parse_limits(data: Mapping[str, Any]) -> Limits:
    """From the parsed `helping.yaml`. Raises ValueError."""
    names = ("half_days", "tries", "most_open")
    values = [data["call_back"][name] for name in names]
    if not all(isinstance(it, int) and 1 <= it <= 20 for it in values):
        raise ValueError("helping.yaml: call_back: half_days, tries and most_open are numbers from 1 to 20")
    return Limits(*values)


def call_by(asked: datetime, wish: str, half_days: int, calendar: Calendar) -> datetime:
    """The moment by which the call is due: the end of the n-th half day that begins after it was asked for.

    `wish`: "morning" and "afternoon" count only such halves, "any" both. A working day without a break at noon is one
    half. In Vietnamese time. Raises ValueError when no such half comes within 60 days.
    """
    received = local(asked)
    for number, (_begins, ends) in enumerate(_halves(received, wish, calendar), 1):
        if number == half_days:
            return ends
    raise ValueError("The calendar has no working time to call in")


def _halves(received: datetime, wish: str, calendar: Calendar) -> Iterator[tuple[datetime, datetime]]:
    for days in range(_MOST_DAYS):
        sessions = calendar.day(received.date() + timedelta(days=days)).sessions
        for begins, ends in sessions:
            half = "morning" if begins.time() < _NOON else "afternoon"
            if begins >= received and (wish in {"any", half} or len(sessions) == 1):
                yield begins, ends


def callable_number(text: str) -> str:
    """A telephone somebody can be called at, digits only: "0912 345 678" -> "0912345678"; "" if it is none.

    Numbers of other countries need their "+".
    """
    digits = _SPACING.sub("", text)
    if digits.startswith("+84"):
        digits = "0" + digits[3:]
    return digits if _HERE.fullmatch(digits) or _ABROAD.fullmatch(digits) else ""
