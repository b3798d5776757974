"""Which warnings of a limit there are: data of the pack (`deadlines.yaml`). Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from motcua.foundation.worktime.calendars import Calendar
from motcua.foundation.worktime.deadlines import due_moment
from motcua.foundation.worktime.limits import Limit, UnreadableLimit, parse_limit

CLOCKS = ("answer", "step", "due")
PEOPLE = ("holder", "head", "leader")


class BadWarning(ValueError):
    """A warning that cannot be given; the message says why."""


@dataclass(frozen=True, slots=True)
class Warning:
    """`before` or `after` the limit, of working time; neither: at the due moment. `to`: some of PEOPLE."""

    code: str
    clock: str
    to: tuple[str, ...]
    before: Limit | None = None
    after: Limit | None = None

    def is_given(self, due_at: datetime, begun: datetime, calendar: Calendar, *, at: datetime) -> bool:
        """Whether its moment has come. One before a limit that was no longer than its own time is never given, and
        none before is given after."""
        if self.before:
            is_longer = due_moment(begun, self.before, calendar) < due_at
            return is_longer and at < due_at <= due_moment(at, self.before, calendar)
        return (due_moment(due_at, self.after, calendar) if self.after else due_at) <= at


def parse_warnings(data: Mapping[str, Any]) -> tuple[Warning, ...]:
    """The warnings of a file, in its order. Raises BadWarning."""
    found = tuple(_warning(row) for row in data["warnings"])
    codes = [it.code for it in found]
    if twice := next((code for code in codes if codes.count(code) > 1), ""):
        raise BadWarning(f"{twice} stands twice")
    return found


def _warning(row: Mapping[str, Any]) -> Warning:
    code, times = str(row.get("code", "")), sorted({"before", "after"} & set(row))
    if not code or set(row) - {"code", "clock", "to", "before", "after"} or len(times) != 1:
        raise BadWarning(f"{code or row}: needs code, clock, to and one of before and after")
    if row["clock"] not in CLOCKS:
        raise BadWarning(f"{code}: clock is one of {', '.join(CLOCKS)}")
    if not row["to"] or set(row["to"]) - set(PEOPLE):
        raise BadWarning(f"{code}: to is one of {', '.join(PEOPLE)}, or several")
    written = str(row[times[0]])
    try:
        limit = None if times == ["after"] and written == "0" else parse_limit(written)
    except UnreadableLimit as error:
        raise BadWarning(f"{code}: {error}") from None
    return Warning(code, row["clock"], tuple(row["to"]), **{times[0]: limit})
