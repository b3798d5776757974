"""`motcua deadline FROM LIMIT`: when something is due, and why."""

from __future__ import annotations

import json
import re
from argparse import ArgumentParser
from datetime import datetime
from typing import Any, NoReturn

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import translation
from django.utils.translation import gettext as _

from motcua.casework.dossiers.rules.promises import due_steps
from motcua.foundation.ui.arithmetic import step_words
from motcua.foundation.ui.formats import format_date
from motcua.foundation.worktime.calendars import VIETNAM, Calendar
from motcua.foundation.worktime.deadlines import Due, due
from motcua.foundation.worktime.limits import Limit, Unit, UnreadableLimit, parse_limit
from motcua.foundation.worktime.moments import working_time_between
from motcua.foundation.worktime.steps import Code, Step
from motcua.registry.organisations.selectors import day_off_words, get_calendar

_LOCAL = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(:[0-9]{2})?")
_BAD_INPUT = 2
_LANGUAGES = [code for code, _words in settings.LANGUAGES]


class Command(BaseCommand):
    help = "Say when something is due and show the arithmetic, day by day. Needs no database."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("start", metavar="FROM", help="local time of receipt: 2026-03-02T14:00")
        parser.add_argument("limit", metavar="LIMIT", help="3wd, 8wh, 20d, 1m or sameday")
        parser.add_argument("--calendar", default="default", metavar="NAME", help="of packs/vn/calendars")
        parser.add_argument("--civil-code", action="store_true", help="end at closing of the last day")
        parser.add_argument("--last-hour-next-day", action="store_true", help="as for linked procedures")
        parser.add_argument("--language", default="en", choices=_LANGUAGES)
        parser.add_argument("--json", action="store_true", help="one JSON object on one line, nothing else")

    def handle(self, *args: Any, **options: Any) -> None:
        start, limit = _moment(options["start"]), _limit(options["limit"])
        calendar = _calendar(options["calendar"])
        try:
            found = due(
                start,
                limit,
                calendar,
                civil_code=options["civil_code"],
                last_hour_next_day=options["last_hour_next_day"],
            )
        except (OverflowError, ValueError):
            _refuse("The due date lies outside the calendar, which ends with the year 9999.")
        if options["json"]:
            self.stdout.write(json.dumps(_facts(found, limit, options)))
            return
        with translation.override(options["language"]):
            self.stdout.write("\n".join(_table(found, limit, calendar, options)))


def _refuse(sentence: str) -> NoReturn:
    raise CommandError(sentence, returncode=_BAD_INPUT)


def _moment(text: str) -> datetime:
    if not _LOCAL.fullmatch(text):
        _refuse(f"{text!r} is no local time; write it as 2026-03-02T14:00.")
    try:
        return datetime.fromisoformat(text).replace(tzinfo=VIETNAM)
    except ValueError:
        _refuse(f"{text} does not exist in the calendar.")


def _limit(text: str) -> Limit:
    try:
        return parse_limit(text)
    except UnreadableLimit as problem:
        _refuse(str(problem))


def _calendar(name: str) -> Calendar:
    known = sorted(path.stem for path in (settings.PACKS / "vn" / "calendars").glob("*.yaml"))
    if name not in known:
        _refuse(f"There is no calendar {name!r} in packs/vn/calendars; known: {', '.join(known) or 'none'}.")
    try:
        return get_calendar(name)
    except (KeyError, ValueError, TypeError) as problem:
        _refuse(f"packs/vn/calendars/{name}.yaml is no calendar: {problem!r}.")


def _local(moment: datetime) -> str:
    """As FROM is written: no zone, seconds only where there are any."""
    return moment.replace(tzinfo=None).isoformat(timespec="seconds" if moment.second else "minutes")


def _facts(found: Due, limit: Limit, options: dict[str, Any]) -> dict[str, Any]:
    return {
        "from": options["start"],
        "limit": str(limit),
        "calendar": options["calendar"],
        "start": _local(found.start),
        "due": _local(found.at),
        "provisional": found.provisional,
        "steps": due_steps(found),
    }


def _table(found: Due, limit: Limit, calendar: Calendar, options: dict[str, Any]) -> list[str]:
    language, name = options["language"], options["calendar"]

    def reason_words(reason: str, wanted: str) -> str:
        return day_off_words(reason, wanted, name)

    rows = [
        (
            format_date(step.day, language).replace("\N{NO-BREAK SPACE}", " "),
            step_words(str(step.code), step.params, language, reason_words=reason_words),
            _left(step, found, limit, calendar),
        )
        for step in found.steps
    ]
    widths = [max(len(row[column]) for row in rows) for column in range(3)]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in rows]
    answer = f"{options['start']} + {limit} = {_local(found.at)}"
    provisional = [f"Provisional: the table of holidays ends on {calendar.table_until}."] * found.provisional
    return [*(line.rstrip() for line in lines), "", answer, *provisional]


def _left(step: Step, found: Due, limit: Limit, calendar: Calendar) -> str:
    """What remains of the limit when the step's day is over, in hours or days; empty where nothing is counted."""
    if step.code is Code.DUE:
        left = "0"
    elif limit.unit is Unit.WORKING_HOURS:
        minutes = int(working_time_between(step.ends, found.at, calendar).total_seconds()) // 60
        left = f"{minutes // 60}:{minutes % 60:02d}"
    elif limit.unit is Unit.WORKING_DAYS and step.code in {Code.STARTED, Code.COUNTED}:
        left = str(limit.count - int(step.params.get("number", 0)))
    elif limit.unit in {Unit.DAYS, Unit.MONTHS} and step.day >= found.start.date():
        left = str(max((found.last - step.day).days, 0))
    else:
        return ""
    return _("%(amount)s left") % {"amount": left}
