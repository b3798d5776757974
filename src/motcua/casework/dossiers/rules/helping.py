"""How long a screen is shown, as the pack says. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any


@dataclass(frozen=True, slots=True)
class ShowingLimits:
    """How long a code can be entered; how long a helper sees the pages once they entered it."""

    code: timedelta
    most: timedelta


def parse_showing(data: Mapping[str, Any]) -> ShowingLimits:
    """From the parsed `helping.yaml`. Raises ValueError for what is no number of minutes from 1 to 240."""
    minutes = [data["showing"][name] for name in ("code_minutes", "most_minutes")]
    if not all(isinstance(it, int) and 1 <= it <= 240 for it in minutes):
        raise ValueError("helping.yaml: showing: code_minutes and most_minutes are numbers from 1 to 240")
    code, most = (timedelta(minutes=it) for it in minutes)
    return ShowingLimits(code, most)
