"""Whether a dossier will probably be late: what its remaining steps may take against the working time left. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from motcua.casework.process.rules.model import Definition, Node, Step
from motcua.casework.process.rules.paths import hours_after, working_hours
from motcua.foundation.worktime.calendars import Calendar
from motcua.foundation.worktime.moments import working_time_between


@dataclass(frozen=True, slots=True)
class Open:
    """The step that is open, since when it counts, and when the whole is due. `facts`: what conditions may ask."""

    step: str
    begun: datetime
    due_at: datetime
    facts: Mapping[str, Any]


def time_needed(process: Definition, open_one: Open, calendar: Calendar, *, at: datetime) -> timedelta:
    """Working time that the open step has left by its limit, and the limits of the steps on the longest way after it.

    As far as the result exists: handing it over is not counted against the limit (vietnam.md 1.4).
    """
    step = process.step(open_one.step)
    own = timedelta(hours=working_hours(step.limit)) - working_time_between(open_one.begun, at, calendar)
    following = hours_after(process, step.code, open_one.facts, ends=_has_result)
    return max(own, timedelta()) + timedelta(hours=following)


def is_likely_late(process: Definition, open_one: Open, calendar: Calendar, *, at: datetime) -> bool:
    """Whether less working time is left than the remaining steps may take; never once it is overdue."""
    left = working_time_between(at, open_one.due_at, calendar)
    return at < open_one.due_at and left < time_needed(process, open_one, calendar, at=at)


def _has_result(node: Node) -> bool:
    return isinstance(node, Step) and node.act == "return-result"
