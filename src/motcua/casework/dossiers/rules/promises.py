"""Due dates as they are stored with a dossier and shown as a month. Pure."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from motcua.foundation.worktime.deadlines import Due
from motcua.foundation.worktime.history import History
from motcua.foundation.worktime.steps import Code


def due_steps(promise: Due | History) -> list[dict[str, Any]]:
    """The arithmetic as JSON: code, begins and ends (ISO 8601 with offset), params."""
    return [
        {
            "code": str(step.code),
            "begins": step.begins.isoformat(),
            "ends": step.ends.isoformat(),
            "params": dict(step.params),
        }
        for step in promise.steps
    ]


# How a step's day looks in components/due_picture.
_LOOKS = {
    Code.STARTED: "counted",
    Code.COUNTED: "counted",
    Code.RESUMED: "counted",
    Code.RESTARTED: "counted",
    Code.DUE: "due",
    Code.EXTENDED: "due",
    Code.STOPPED: "stopped",
    Code.SKIPPED_WEEKEND: "off",
    Code.SKIPPED_HOLIDAY: "off",
    Code.CLOSED: "early",
}


def month_weeks(steps: list[dict[str, Any]]) -> list[list[dict[str, Any]]]:
    """Whole weeks, Monday first, from the first step's week to the last one's: {number, state, code} a day."""
    if not steps:
        return []
    days: dict[date, str] = {datetime.fromisoformat(step["begins"]).date(): step["code"] for step in steps}
    first, last = min(days), max(days)
    day = first - timedelta(days=first.weekday())
    end = last + timedelta(days=6 - last.weekday())
    weeks: list[list[dict[str, Any]]] = []
    while day <= end:
        if day.weekday() == 0:
            weeks.append([])
        code = days.get(day, "")
        weeks[-1].append(
            {"number": day.day, "state": _LOOKS.get(Code(code), "plain") if code else "plain", "code": code}
        )
        day += timedelta(days=1)
    return weeks
