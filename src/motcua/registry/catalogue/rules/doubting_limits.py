"""Doubtful time limits. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from motcua.registry.catalogue.rules.captured import Content, limit_value
from motcua.registry.catalogue.rules.doubtful import Doubtful
from motcua.registry.catalogue.rules.places import place

LONGEST_DAYS = 180
LONGEST_HOURS = 8
_STATED = re.compile(
    r"(?<![\d/.,])(\d{1,3})\s*(?:\([^)]{1,30}\)\s*)?(ngày làm việc|ngày|giờ làm việc|giờ|tháng)",
    re.IGNORECASE,
)
# "kể từ ngày", "ngày 01/7/2025" follow no figure; "05 ngày" of a date ("05 ngày 01") is not met in the data.
_UNITS = {"ngày làm việc": "wd", "ngày": "d", "giờ làm việc": "wh", "giờ": "wh", "tháng": "m"}


def stated_limits(words: str) -> list[str]:
    """Every limit a text names, in its order: "Trong thời hạn 05 (năm) ngày làm việc" -> ["5wd"]."""
    plain = " ".join(words.split())
    found = [f"{int(figure)}{_UNITS[unit.lower()]}" for figure, unit in _STATED.findall(plain)]
    return [it for it in found if not it.startswith("0")]


def _groups(content: Content, *keys: str) -> dict[tuple[Any, ...], list[int]]:
    """Rows of channels by the same values."""
    groups: dict[tuple[Any, ...], list[int]] = {}
    for at, row in enumerate(content["channels"]):
        groups.setdefault(tuple(row[key] for key in keys), []).append(at)
    return groups


def units_missing(content: Content) -> Iterator[Doubtful]:
    """A bare figure: the portal shows a number and no unit. A bare 1 often means that nothing is stated."""
    for (time, unit), rows in _groups(content, "time", "unit").items():
        if not time or unit is not None:
            continue
        words = content["channels"][rows[0]]["more"]
        guess, why = _unit_guess(content, time, words)
        yield Doubtful("unit_missing", place("channels", rows, "limit"), time, words, guess, why)


def _unit_guess(content: Content, time: float, words: str) -> tuple[str | None, str]:
    figure = f"{time:g}"
    worded = {it for it in stated_limits(words) if re.sub(r"\D", "", it) == figure}
    if len(worded) == 1:
        return worded.pop(), "words"
    units = {row["unit"] for row in content["channels"] if row["time"] == time and row["unit"]}
    if len(units) == 1:
        return limit_value(time, units.pop()), "channel"
    return ("", "bare") if time == 1 else (None, "")


def limits_missing(content: Content) -> Iterator[Doubtful]:
    """No channel has a figure: the portal states no limit; often the words do."""
    rows = content["channels"]
    if not rows or any(row["time"] for row in rows):
        return
    words = next((row["more"] for row in rows if row["more"]), "")
    stated = stated_limits(words)
    guess = stated[0] if len(stated) == 1 else None
    where = place("channels", range(len(rows)), "limit")
    yield Doubtful("limit_missing", where, None, words, guess, "words" if guess else "")


def odd_limits(content: Content) -> Iterator[Doubtful]:
    """Longer than half a year, more hours than a working day has, or no whole number."""
    for (time, unit), rows in _groups(content, "time", "unit").items():
        if time is None or unit is None or _is_usual(time, unit):
            continue
        guess = f"{int(time) // 24}d" if unit == "hour" and time and time % 24 == 0 else None
        said = f"{time:g} {unit}"
        more = content["channels"][rows[0]]["more"]
        where = place("channels", rows, "limit")
        yield Doubtful("limit_odd", where, said, more, guess, "rule" if guess else "")


def _is_usual(time: float, unit: str) -> bool:
    most = {"hour": LONGEST_HOURS, "month": 24}.get(unit, LONGEST_DAYS)
    return 0 < time <= most and time == int(time)


def limits_beside_words(content: Content) -> Iterator[Doubtful]:
    """The words name one limit, and it is not the figure. Several limits in the words are cases or steps."""
    for (limit, more), rows in _groups(content, "limit", "more").items():
        stated = stated_limits(more)
        is_whole = not content["channels"][rows[0]]["is_cut"]
        if limit and is_whole and len(stated) == 1 and stated[0] != limit:
            where = place("channels", rows, "limit")
            yield Doubtful("limit_words", where, limit, more, stated[0], "words")
