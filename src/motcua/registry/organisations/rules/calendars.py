"""Working calendars from a pack's file. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, time
from typing import Any

from motcua.foundation.worktime.calendars import Calendar

_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def parse_calendar(data: Mapping[str, Any]) -> Calendar:
    """The calendar of `packs/*/calendars/*.yaml`; its reasons are the codes of the file's `reasons`.

    Raises KeyError or ValueError for a file that is not one.
    """
    return Calendar(
        table_until=_date(data["table_until"]),
        sessions=tuple(
            (time.fromisoformat(opens), time.fromisoformat(closes)) for opens, closes in data["sessions"]
        ),
        weekly_days_off=frozenset(_DAYS.index(day) for day in data["weekly_days_off"]),
        days_off={_date(row["date"]): row["reason"] for row in data["days_off"]},
        working_days={_date(row["date"]): row["reason"] for row in data["working_days"]},
        fixed_holidays={_month_day(row["day"]): row["reason"] for row in data["fixed_holidays"]},
    )


Sessions = tuple[tuple[time, time], ...]


def parse_sessions(pairs: Iterable[Iterable[str]]) -> Sessions:
    """[["07:30", "11:30"], …] as times. Raises ValueError."""
    return tuple((time.fromisoformat(opens), time.fromisoformat(closes)) for opens, closes in pairs)


def own_calendar(
    base: Calendar, *, hours: Mapping[str, Iterable[Iterable[str]]], closed: Iterable[Mapping[str, str]]
) -> Calendar:
    """An agency's calendar: the base with its own opening hours and further days off. Shapes: `AgencyCalendar`.

    Raises ValueError where sessions contradict each other, a reason is missing or no weekday is left.
    """
    sessions = {int(weekday): parse_sessions(pairs) for weekday, pairs in hours.items()}
    days_off = (base.weekly_days_off - sessions.keys()) | {day for day, own in sessions.items() if not own}
    own_days_off = {date.fromisoformat(row["date"]): row["reason"] for row in closed}
    return Calendar(
        table_until=base.table_until,
        sessions=base.sessions,
        weekly_days_off=frozenset(days_off),
        days_off={**base.days_off, **own_days_off},
        working_days={day: why for day, why in base.working_days.items() if day not in own_days_off},
        fixed_holidays=base.fixed_holidays,
        weekday_sessions={day: own for day, own in sessions.items() if own},
    )


def _date(value: date | str) -> date:
    return value if isinstance(value, date) else date.fromisoformat(value)


def _month_day(text: str) -> tuple[int, int]:
    month, day = text.split("-")
    return int(month), int(day)
