"""What people are reminded of, and on which days: data of the pack (`reminders.yaml`). Pure."""

from __future__ import annotations

from calendar import isleap
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

EVENTS = ("age", "child_age", "paper", "document")
_KEYS = {
    "code", "event", "years", "registered_by", "kinds", "ahead", "still", "settled", "procedure", "title", "text",
    "source",
}  # fmt: skip


class BadReminder(ValueError):
    """A reminder that cannot be given; the message says why."""


@dataclass(frozen=True, slots=True)
class ReminderRule:
    """A reminder of the pack; the file says what each field means. `ahead`, `still`, `settled`: calendar days.

    `procedure`, `registered_by`: codes, "" for none; `kinds`: of papers or results; `title`, `text`: by language.
    """

    code: str
    event: str
    ahead: int
    still: int
    settled: int
    title: Mapping[str, str]
    text: Mapping[str, str]
    source: str
    years: tuple[int, ...] = ()
    kinds: tuple[str, ...] = ()
    procedure: str = ""
    registered_by: str = ""

    def window(self, today: date) -> tuple[date, date]:
        """The first and the last day of an occasion that is due today, both included."""
        return today - timedelta(days=self.still), today + timedelta(days=self.ahead)

    def occasion(self, born: date, today: date) -> date | None:
        """The day in today's window on which who was born then reaches one of `years`; None: there is none."""
        first, last = self.window(today)
        days = (anniversary(born, years) for years in self.years)
        return next((day for day in days if first <= day <= last), None)


def anniversary(born: date, years: int) -> date:
    """The day on which somebody reaches an age; 28 February for 29 February where the year has none.

    Source: Civil Code 91/2015/QH13 art. 148 [M].
    """
    year = born.year + years
    if (born.month, born.day) == (2, 29) and not isleap(year):
        return date(year, 2, 28)
    return born.replace(year=year)


def births(years: int, first: date, last: date) -> tuple[date, date]:
    """The dates of birth, first and last included, whose `anniversary` lies within `first` and `last`."""
    return _earliest(first, first.year - years), _latest(last, last.year - years)


def _earliest(day: date, year: int) -> date:
    if (day.month, day.day) == (2, 29) and not isleap(year):
        return date(year, 3, 1)
    return day.replace(year=year)


def _latest(day: date, year: int) -> date:
    if (day.month, day.day) == (2, 28) and isleap(year) and not isleap(day.year):
        return date(year, 2, 29)
    if (day.month, day.day) == (2, 29) and not isleap(year):
        return date(year, 2, 28)
    return day.replace(year=year)


def parse_reminders(data: Mapping[str, Any]) -> tuple[ReminderRule, ...]:
    """The reminders of a file, in its order. Raises BadReminder."""
    found = tuple(_rule(row) for row in data["reminders"])
    codes = [it.code for it in found]
    if twice := next((code for code in codes if codes.count(code) > 1), ""):
        raise BadReminder(f"{twice} stands twice")
    return found


def _rule(row: Mapping[str, Any]) -> ReminderRule:
    code, event = str(row.get("code", "")), row.get("event")
    if not code or set(row) - _KEYS or event not in EVENTS:
        raise BadReminder(f"{code or row}: needs a code, an event of {', '.join(EVENTS)}, and no other words")
    by_age = event in {"age", "child_age"}
    if bool(row.get("years")) != by_age or bool(row.get("kinds")) == by_age:
        raise BadReminder(f"{code}: {event} needs {'years' if by_age else 'kinds'} and not the other")
    if bool(row.get("registered_by")) != (event == "child_age"):
        raise BadReminder(f"{code}: registered_by belongs to child_age")
    for name in ("title", "text"):
        if "vi" not in row.get(name, {}):
            raise BadReminder(f"{code}: {name} needs at least Vietnamese")
    if not row.get("source"):
        raise BadReminder(f"{code}: needs a source")
    ahead, still = _days(row, "ahead"), _days(row, "still")
    return ReminderRule(
        code=code,
        event=str(event),
        ahead=ahead,
        still=still,
        settled=_days(row, "settled") if "settled" in row else ahead + still,
        title=dict(row["title"]),
        text=dict(row["text"]),
        source=str(row["source"]),
        years=tuple(row.get("years", ())),
        kinds=tuple(row.get("kinds", ())),
        procedure=row.get("procedure", ""),
        registered_by=row.get("registered_by", ""),
    )


def _days(row: Mapping[str, Any], name: str) -> int:
    days = row.get(name)
    # Less than a year together, or two birthdays would lie in one window.
    if not isinstance(days, int) or not 0 <= days <= (3650 if name == "settled" else 180):
        raise BadReminder(f"{row['code']}: {name} is a number of days, 0 to 180")
    return days
