"""What follows when a limit is changed: its words, and its length in working hours. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from .editing import Path, value_at
from .listed import limit_text

_HOURS = {"wd": 8, "wh": 1}


def following(procedure: Any, changes: Mapping[Path, Any]) -> dict[Path, Any]:
    """The changes, and what follows from a changed limit.

    Where nobody changed its words, the old number in them becomes the new one, if it stands there as usual ("3 working
    days"); its `working_hours` follow where they stand.
    """
    found = dict(changes)
    for path, value in changes.items():
        above = path[:-1]
        if path[-1] != "value" or not above or above[-1] != "limit" or not isinstance(value, str):
            continue
        before = limit_text(str(value_at(procedure, path, "")))
        for language, words in limit_text(value).items():
            place = (*above, "text", language)
            text = value_at(procedure, place, "")
            old = before.get(language, "").removesuffix(".")
            if place not in changes and old and old in str(text):
                found[place] = str(text).replace(old, words.removesuffix("."))
        hours = (*above, "working_hours")
        if value_at(procedure, hours) is not None and (length := _working_hours(value)):
            found[hours] = length
    return found


def _working_hours(value: str) -> int:
    written = re.fullmatch(r"(\d+)(wd|wh)", value)
    return int(written[1]) * _HOURS[written[2]] if written else 0
