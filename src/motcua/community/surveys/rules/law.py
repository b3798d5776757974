"""What the pack says about the question and the case. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from motcua.foundation.worktime.limits import Limit, parse_limit

LANGUAGES = ("vi", "en", "de")


@dataclass(frozen=True, slots=True)
class Law:
    """`open_for`, `kiosk_for`: how long after the return of a result an answer is taken. `reasons`: names by language,
    by code, in the order they are shown. `smallest_group`: fewer answers, and their words are not given away."""

    ask_after: timedelta
    open_for: timedelta
    kiosk_for: timedelta
    answer_within: Limit
    escalated_within: Limit
    close_after: timedelta
    smallest_group: int
    reasons: Mapping[str, Mapping[str, str]]

    def is_open(self, returned_at: datetime, at: datetime) -> bool:
        return returned_at <= at < returned_at + self.open_for

    def is_open_at_kiosk(self, returned_at: datetime, at: datetime) -> bool:
        return returned_at <= at < returned_at + self.kiosk_for


def parse_law(data: Mapping[str, Any]) -> Law:
    """From the parsed `satisfaction.yaml`. Raises ValueError, KeyError."""
    counts = ("ask_after_hours", "open_days", "kiosk_days", "close_after_days", "smallest_group")
    wrong = [name for name in counts if not isinstance(data[name], int) or not 1 <= data[name] <= 1_000]
    if wrong:
        raise ValueError(f"satisfaction.yaml: {wrong[0]} is a whole number from 1 to 1000")
    reasons = {
        str(it["code"]): {name: str(it["names"][name]) for name in LANGUAGES} for it in data["reasons"]
    }
    if len(reasons) != len(data["reasons"]):
        raise ValueError("satisfaction.yaml: a reason stands there twice")
    return Law(
        ask_after=timedelta(hours=data["ask_after_hours"]),
        open_for=timedelta(days=data["open_days"]),
        kiosk_for=timedelta(days=data["kiosk_days"]),
        answer_within=parse_limit(data["answer_within"]),
        escalated_within=parse_limit(data["escalated_within"]),
        close_after=timedelta(days=data["close_after_days"]),
        smallest_group=data["smallest_group"],
        reasons=reasons,
    )
