"""The arithmetic of a due date in words, for pages and for the command line."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from motcua.foundation.ui import formats

# How a row looks in components/arithmetic.
_KINDS = {
    "closed": "skipped",
    "skipped_weekend": "skipped",
    "skipped_holiday": "skipped",
    "stopped": "skipped",
    "due": "total",
    "extended": "total",
}


def arithmetic_rows(
    steps: Sequence[Mapping[str, Any]], language: str, *, reason_words: Callable[[str, str], str]
) -> list[dict[str, str]]:
    """Rows {label, value, kind} for components/arithmetic, one for each step.

    steps: {code, begins, ends, params} as worktime's steps are stored, moments in ISO 8601.
    reason_words: a holiday's code and a language to its name.
    """
    rows = []
    for step in steps:
        begins, ends = datetime.fromisoformat(step["begins"]), datetime.fromisoformat(step["ends"])
        match step["code"]:
            case "started" | "resumed" | "restarted":
                value = formats.format_datetime(begins, language, year=False)
            case "due" | "extended":
                value = formats.format_datetime(ends, language, year=False)
            case _:
                value = formats.format_date(begins, language, year=False)
        label = step_words(step["code"], step["params"], language, reason_words=reason_words)
        rows.append({"label": label, "value": value, "kind": _KINDS.get(step["code"], "")})
    return rows


def step_words(
    code: str, params: Mapping[str, Any], language: str, *, reason_words: Callable[[str, str], str]
) -> str:
    """What one day means for the due date, in the active language; why a day of rest is worked in brackets."""
    reason = reason_words(str(params["reason"]), language) if "reason" in params else ""
    words = _words(code, {**params, "reason": reason}, language)
    return f"{words} ({reason})" if reason and code != "skipped_holiday" else words


def _words(code: str, params: Mapping[str, Any], language: str) -> str:
    match code:
        case "closed" if "last_hour" in params:
            return _("Received after %(time)s: counts from the next working day") % {
                "time": params["last_hour"]
            }
        case "started" if params.get("cut_off"):
            return _("Start; too late for the same day (%(time)s)") % {"time": params["cut_off"]}
        case "skipped_holiday":
            return _("Day off: %(reason)s") % params
        case "counted" if "number" in params:
            return _("Day %(number)s") % params
        case "counted" if "seconds" in params:
            return _hours(params["seconds"])
        case "extended" if "decided" in params:
            day = formats.format_date(date.fromisoformat(params["decided"]), language, year=False)
            return _("New date, announced on %(day)s") % {"day": day}
    return {
        "closed": _("Received after opening hours"),
        "started": _("Start"),
        "resumed": _("The clock goes on"),
        "restarted": _("Start again, with the whole limit"),
        "skipped_weekend": _("Weekend, not counted"),
        "stopped": _("Clock stopped"),
        "counted": _("Counted"),
        "due": _("Due"),
        "extended": _("New date"),
    }[code]


def _hours(seconds: int) -> str:
    hours, minutes = divmod(seconds // 60, 60)
    if not minutes:
        return ngettext("%(count)d hour counted", "%(count)d hours counted", hours) % {"count": hours}
    return _("%(time)s hours counted") % {"time": f"{hours}:{minutes:02d}"}
