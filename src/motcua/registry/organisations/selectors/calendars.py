"""Working calendars: of the pack, and of agencies."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

import yaml
from django.conf import settings

from motcua.foundation.worktime.calendars import Calendar
from motcua.registry.organisations.models import Agency, AgencyCalendar, valid_on
from motcua.registry.organisations.rules.calendars import own_calendar, parse_calendar


@lru_cache(maxsize=8)
def _calendar_file(name: str) -> dict[str, Any]:
    path = settings.PACKS / "vn" / "calendars" / f"{name}.yaml"
    return dict(yaml.safe_load(path.read_text(encoding="utf-8")))


@lru_cache(maxsize=8)
def get_calendar(name: str = "default") -> Calendar:
    """A working calendar of the pack, for what no agency does; an agency's own: `calendar_of`."""
    return parse_calendar(_calendar_file(name))


def list_calendars() -> list[tuple[str, dict[str, str]]]:
    """The pack's calendars: code and names by language."""
    files = sorted((settings.PACKS / "vn" / "calendars").glob("*.yaml"))
    return [(path.stem, dict(_calendar_file(path.stem)["name"])) for path in files]


def day_off_words(reason: str, language: str, name: str = "default") -> str:
    """Why a day is off, in words: "tet" -> "Tết Âm lịch". An agency's own reason is words already."""
    words = _calendar_file(name)["reasons"].get(reason, {})
    return str(words.get(language) or words.get("vi") or reason)


@dataclass(frozen=True, slots=True)
class _Kept:
    depth: int
    valid_from: date
    valid_to: date | None
    calendar: Calendar


def calendar_of(agency: Agency, *, on: date) -> Calendar:
    """The working calendar of an agency on a day: its own, else its superior's, at last the pack's default.

    Kept by process under the stamp in the agency's row, which changes with the calendars: no query for what is
    kept, and no process goes on with an old one. Deadlines count by the calendar of the day they begin on.
    """
    # Without a stamp nobody ever set one.
    above = _calendars_above(agency.path, agency.calendar_stamp) if agency.calendar_stamp else ()
    for kept in above:
        if kept.valid_from <= on and (kept.valid_to is None or on < kept.valid_to):
            return kept.calendar
    return get_calendar()


@lru_cache(maxsize=4096)
def _calendars_above(path: str, stamp: int) -> tuple[_Kept, ...]:
    """Calendars of the agency and those above it, the nearest first. One query."""
    rows = AgencyCalendar.objects.filter(agency__path__in=paths_above(path)).select_related("agency")
    kept = [
        _Kept(
            row.agency.path.count("/"),
            row.valid_from,
            row.valid_to,
            own_calendar(get_calendar(row.base), hours=row.hours, closed=row.closed),
        )
        for row in rows
    ]
    return tuple(sorted(kept, key=lambda it: (-it.depth, it.valid_from)))


def paths_above(path: str) -> list[str]:
    """ "/H44/H44.25/" -> ["/H44/", "/H44/H44.25/"]: the agency's own path last."""
    codes = path.strip("/").split("/")
    return [f"/{'/'.join(codes[:count])}/" for count in range(1, len(codes) + 1)]


def find_calendar(agency: Agency, *, on: date) -> AgencyCalendar | None:
    """The row that holds for an agency on a day, its own or the nearest superior's; None: the pack's default."""
    rows = AgencyCalendar.objects.filter(valid_on(on), agency__path__in=paths_above(agency.path))
    return max(rows.select_related("agency"), key=lambda row: len(row.agency.path), default=None)
