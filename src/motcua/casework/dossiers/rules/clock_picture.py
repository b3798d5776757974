"""A dossier's clock drawn week by week: the hours that count, days off, stops and restarts, the new date. Pure.

Lengths in CSS pixels. A day is a cell; along it lie the hours from 6 to 18, so that half a day looks like half a day.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from motcua.foundation.worktime.steps import Code

CELL, HEIGHT, HEAD, GAP = 42.0, 46.0, 20.0, 3.0
_BAR_TOP, _BAR_HEIGHT = 22.0, 17.0
_OPENS, _CLOSES = 6, 18
# Step -> how its hours look, and the mark where it begins ("due" and "extended": where they end).
LOOKS = {
    Code.CLOSED: "early",
    Code.STARTED: "counted",
    Code.COUNTED: "counted",
    Code.SKIPPED_WEEKEND: "off",
    Code.SKIPPED_HOLIDAY: "off",
    Code.STOPPED: "stopped",
    Code.RESUMED: "counted",
    Code.RESTARTED: "counted",
    Code.DUE: "counted",
    Code.EXTENDED: "extended",
}
_MARKS = {
    Code.STARTED: "start",
    Code.RESUMED: "resume",
    Code.RESTARTED: "restart",
    Code.DUE: "due",
    Code.EXTENDED: "new",
}


@dataclass(frozen=True, slots=True)
class Bar:
    """Hours of a day. `look`: counted, early, stopped or extended."""

    x: float
    y: float
    width: float
    look: str
    height: float = _BAR_HEIGHT


@dataclass(frozen=True, slots=True)
class Mark:
    """A sign at a moment: start, resume, restart, stop, due or new."""

    x: float
    y: float
    sign: str


@dataclass(frozen=True, slots=True)
class Cell:
    """A day. `label`: its number, with the month on the first of a month and at the beginning."""

    x: float
    y: float
    label: str
    is_off: bool


@dataclass(slots=True)
class ClockPicture:
    """`columns`: the middle of each weekday, Monday first. `looks`, `signs`: what is drawn, for the legend."""

    width: float
    height: float
    columns: list[float]
    cells: list[Cell] = field(default_factory=list)
    bars: list[Bar] = field(default_factory=list)
    marks: list[Mark] = field(default_factory=list)

    @property
    def looks(self) -> list[str]:
        drawn = {bar.look for bar in self.bars} | (
            {"off"} if any(cell.is_off for cell in self.cells) else set()
        )
        return [look for look in dict.fromkeys(LOOKS.values()) if look in drawn]

    @property
    def signs(self) -> list[str]:
        return list(dict.fromkeys(mark.sign for mark in self.marks))


def draw_clock(steps: Sequence[Mapping[str, Any]]) -> ClockPicture | None:
    """The picture of a due date's arithmetic as it is stored ({code, begins, ends, params}); None without any."""
    if not steps:
        return None
    parts = [
        (Code(it["code"]), datetime.fromisoformat(it["begins"]), datetime.fromisoformat(it["ends"]))
        for it in steps
    ]
    first = min(begins.date() for _, begins, _ in parts)
    last = max(begins.date() for _, begins, _ in parts)
    monday = first - timedelta(days=first.weekday())
    weeks = (last - monday).days // 7 + 1
    picture = ClockPicture(
        width=7 * CELL, height=HEAD + weeks * HEIGHT, columns=[(day + 0.5) * CELL for day in range(7)]
    )
    off = {begins.date() for code, begins, _ in parts if LOOKS[code] == "off"}
    picture.cells = [
        _cell(monday, monday + timedelta(days=number), first, off) for number in range(weeks * 7)
    ]
    before: tuple[Code, datetime, datetime] | None = None
    for part in parts:
        if before and part[0] is Code.EXTENDED:
            _draw_days_between(picture, monday, before[2], part[1])
        _draw(picture, monday, part, before[0] if before else None)
        before = part
    return picture


def _corner(monday: date, on: date) -> tuple[float, float]:
    weeks, weekday = divmod((on - monday).days, 7)
    return weekday * CELL, HEAD + weeks * HEIGHT


def _cell(monday: date, on: date, first: date, off: set[date]) -> Cell:
    x, y = _corner(monday, on)
    label = f"{on.day}/{on.month}" if on.day == 1 or on == first else str(on.day)
    return Cell(x, y, label, on in off)


def _draw_days_between(picture: ClockPicture, monday: date, since: datetime, until: datetime) -> None:
    """From the due moment to the day of the new date, which has no steps of its own."""
    while since.date() < until.date():
        midnight = since.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
        x, y = _corner(monday, since.date())
        start, stop = _along(since, since.date()), _along(midnight, since.date())
        if stop > start:
            picture.bars.append(Bar(x + start, y + _BAR_TOP, stop - start, "extended"))
        since = midnight


def _draw(
    picture: ClockPicture, monday: date, part: tuple[Code, datetime, datetime], before: Code | None
) -> None:
    code, begins, ends = part
    x, y = _corner(monday, begins.date())
    start, stop = _along(begins, begins.date()), _along(ends, begins.date())
    if LOOKS[code] != "off" and stop > start:
        picture.bars.append(Bar(x + start, y + _BAR_TOP, stop - start, LOOKS[code]))
    if code is Code.STOPPED and before is not Code.STOPPED:
        picture.marks.append(Mark(x + start, y + _BAR_TOP, "stop"))
    elif sign := _MARKS.get(code):
        at = stop if code in {Code.DUE, Code.EXTENDED} else start
        picture.marks.append(Mark(x + at, y + _BAR_TOP, sign))


def _along(moment: datetime, on: date) -> float:
    """Where in its cell a moment of that day lies; the midnight that ends it at the right."""
    hours = moment.hour + moment.minute / 60 if moment.date() == on else float(_CLOSES)
    share = min(max((hours - _OPENS) / (_CLOSES - _OPENS), 0.0), 1.0)
    return round(GAP + share * (CELL - 2 * GAP), 1)
