"""What the operations centre shows of an agency with all below it at a moment: one frame, the same for all who look.

A constant number of queries, however many dossiers and agencies there are.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from motcua.casework.appointments.selectors import Line, list_lines
from motcua.casework.dossiers.timing import count_just_late
from motcua.foundation.journal.selectors import followed_by
from motcua.foundation.notifications.selectors import Unsent, count_unsent
from motcua.foundation.worktime.moments import local
from motcua.oversight.indicators.rules.counts import Count
from motcua.oversight.indicators.selectors import FOLLOWER
from motcua.oversight.indicators.tallying import Days, Open, Sums, arrivals, stock_now, sums
from motcua.oversight.operations.alerts.selectors import Showing, list_showing
from motcua.oversight.operations.health import Health
from motcua.oversight.operations.rules.tiles import Unit
from motcua.oversight.operations.rules.usual import (
    SLOT_MINUTES,
    Band,
    Range,
    band_of,
    known_days,
    like_days,
    usual_at,
)
from motcua.registry.organisations.models import Agency
from motcua.registry.organisations.selectors import calendar_of, list_below
from motcua.registry.places.selectors import former_provinces

WEEK = timedelta(days=7)
# On the wall; the list of alerts has all.
MOST_ALERTS = 3


@dataclass(frozen=True, slots=True)
class Behind:
    """How far the figures are behind what happened."""

    seconds: int
    entries: int


@dataclass(frozen=True, slots=True)
class Came:
    """Arrivals of a day until so many minutes after midnight: by quarter of an hour, in all; what is usual by the end
    of each quarter and by then, () and None while too few like days are known (`days` of them are), or on a day off."""

    until: int
    slots: tuple[int, ...]
    count: int
    band: Band
    usual: Range | None
    days: int
    is_off: bool = False


@dataclass(frozen=True, slots=True)
class Satisfied:
    """Answers of seven days; `before`: satisfied and all of the seven days before."""

    rated: int
    very: int
    satisfied: int
    dissatisfied: int
    before: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Frame:
    """`tiles`: by path of the agencies below. What is not known of a past day is None."""

    at: datetime
    position: int
    came: Came
    total: Open
    tiles: Mapping[str, Open]
    behind: Behind | None = None
    lines: Sequence[Line] | None = None
    unsent: Unsent | None = None
    health: Sequence[Health] | None = None
    satisfied: Satisfied | None = None
    alerts: Sequence[Showing] | None = None


def list_units(path: str, *, on: date) -> list[Unit]:
    """The agencies that have a tile: communes by former province, then departments. Two queries."""
    below = list_below(path)
    provinces = former_provinces([it.place_code for it in below if it.place_code], at=on)
    return [_unit(it, provinces) for it in below]


def _unit(agency: Agency, provinces: Mapping[str, str]) -> Unit:
    name = agency.place_name if agency.level == "commune" else agency.name
    group = provinces.get(agency.place_code, "") if agency.level == "commune" else ""
    return Unit(agency.path, agency.code, name or agency.name, agency.place_code, group)


def make_frame(agency: Agency, health: Sequence[Health], *, at: datetime) -> Frame:
    """Of now."""
    path, paths = agency.path, [it.path for it in list_below(agency.path)]
    followed = followed_by(FOLLOWER)
    stock = _late_by_now(stock_now([path, *paths], at=at), path, at)
    moment = local(at)
    seconds = int((at - followed.since).total_seconds()) if followed.since else 0
    return Frame(
        at=at,
        position=followed.position,
        came=came_until(agency, moment.date(), moment.hour * 60 + moment.minute + 1),
        total=stock[path],
        tiles={it: stock[it] for it in paths},
        behind=Behind(max(seconds, 0), followed.entries),
        lines=list_lines(path, at=at),
        unsent=count_unsent([path], at=at),
        health=health,
        satisfied=_satisfied(path, moment.date()),
        alerts=list_showing([path], at=at, limit=MOST_ALERTS)[:MOST_ALERTS],
    )


def came_until(agency: Agency, day: date, minutes: int) -> Came:
    """Arrivals of the day until so many minutes after midnight, and what is usual. One query."""
    is_working = calendar_of(agency, on=day).is_working
    like = like_days(day, is_working)
    counts = arrivals(agency.path, [day, *like])
    begun = -(-minutes // SLOT_MINUTES)
    slots = tuple(count if slot < begun else 0 for slot, count in enumerate(counts.pop(day)))
    band = band_of(counts)
    return Came(
        until=minutes,
        slots=slots,
        count=sum(slots),
        band=band,
        usual=usual_at(band, minutes),
        days=len(known_days(counts)),
        is_off=not is_working(day),
    )


def _late_by_now(stock: Mapping[str, Open], path: str, at: datetime) -> dict[str, Open]:
    """The stock knows days: what was due earlier today is late, too. One query."""
    just = count_just_late(path, at=at)
    return {
        scope: _later(it, sum(n for of, n in just.items() if of.startswith(scope)))
        for scope, it in stock.items()
    }


def _later(stock: Open, count: int) -> Open:
    """Not more than are due today: the journal may tell of a dossier a second after it moved."""
    moved = min(count, stock.due_today)
    return replace(stock, late=stock.late + moved, due_today=stock.due_today - moved)


def _satisfied(path: str, today: date) -> Satisfied | None:
    """None while nobody has ever been asked in these two weeks. One query."""
    until = today + timedelta(days=1)
    found = sums(path, Days(until - 2 * WEEK, until), by="day")
    weeks = [
        [it for day, it in found.items() if first <= day < first + WEEK]
        for first in (until - WEEK, until - 2 * WEEK)
    ]
    now, before = weeks
    if not _of(now, Count.RATED) + _of(before, Count.RATED):
        return None
    return Satisfied(
        _of(now, Count.RATED),
        _of(now, Count.VERY_SATISFIED),
        _of(now, Count.SATISFIED),
        _of(now, Count.DISSATISFIED),
        (_of(before, Count.VERY_SATISFIED) + _of(before, Count.SATISFIED), _of(before, Count.RATED)),
    )


def _of(days: Sequence[Sums], count: Count) -> int:
    return sum(it.of(count) for it in days)
