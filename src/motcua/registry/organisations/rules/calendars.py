"""Working calendars from a pack's file. Pure."""

from __future__ import annotations

from collections.abc import Mapping
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


def _date(value: date | str) -> date:
    return value if isinstance(value, date) else date.fromisoformat(value)


def _month_day(text: str) -> tuple[int, int]:
    month, day = text.split("-")
    return int(month), int(day)
