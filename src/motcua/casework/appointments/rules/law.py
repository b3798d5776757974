"""The pack's rules of the queue, as values. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any


@dataclass(frozen=True, slots=True)
class Ground:
    """Why somebody is called before others. names, proof: by language. source: the law; [M] where it is unchecked."""

    code: str
    names: Mapping[str, str]
    proof: Mapping[str, str]
    source: str


@dataclass(frozen=True, slots=True)
class Law:
    """`queue_priority.yaml` and `queue.yaml`. in_row: tickets of priority in a row; remind: latest last."""

    grounds: Mapping[str, Ground]
    in_row: int
    calls_before_no_show: int
    days_ahead: int
    least_ahead: timedelta
    open_per_person: int
    early: timedelta
    late: timedelta
    check_in: timedelta
    remind: tuple[timedelta, timedelta]
    like_weeks: int
    least_measures: int


def parse_law(priority: Mapping[str, Any], rules: Mapping[str, Any]) -> Law:
    """Raises KeyError or ValueError for files that are not ones."""
    grounds = {
        it["code"]: Ground(it["code"], it["names"], it["proof"], it["source"]) for it in priority["grounds"]
    }
    if any(not ground.source or "vi" not in ground.names for ground in grounds.values()):
        raise ValueError("A ground of priority has a name and a source.")
    booked, waiting = rules["appointments"], rules["waiting"]
    first, second = sorted((timedelta(hours=hours) for hours in booked["remind_hours"]), reverse=True)
    law = Law(
        grounds=grounds,
        in_row=int(priority["rule"]["in_row"]),
        calls_before_no_show=int(rules["calls_before_no_show"]),
        days_ahead=int(booked["days_ahead"]),
        least_ahead=timedelta(minutes=booked["minutes_ahead"]),
        open_per_person=int(booked["open_per_person"]),
        early=timedelta(minutes=booked["early_minutes"]),
        late=timedelta(minutes=booked["late_minutes"]),
        check_in=timedelta(minutes=booked["check_in_minutes"]),
        remind=(first, second),
        like_weeks=int(waiting["weeks"]),
        least_measures=int(waiting["least"]),
    )
    if law.in_row < 1 or law.calls_before_no_show < 1:
        raise ValueError("in_row and calls_before_no_show are at least 1.")
    return law
