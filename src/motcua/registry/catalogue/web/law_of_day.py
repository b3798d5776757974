"""Which version a public page shows: that of today, or of the day that was asked for with `?on=2026-07-01`."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from motcua.foundation.ui.formats import format_date
from motcua.registry.catalogue import selectors
from motcua.registry.catalogue.contributions import differences_in_words
from motcua.registry.catalogue.models import ProcedureVersion

_EARLIEST, _LATEST = date(1900, 1, 1), date(2100, 12, 31)


@dataclass(frozen=True, slots=True)
class LawOfDay:
    """`version`: in force on the day, None without one. `is_asked`: a day was asked for; such a page is kept out of
    search engines. `context`: for catalogue/_law_of_day.html."""

    version: ProcedureVersion | None
    is_asked: bool = False
    context: dict[str, Any] = field(default_factory=dict)


def law_of_day(request: HttpRequest, code: str) -> LawOfDay:
    """Two queries at most beside those for what is announced."""
    today = timezone.localdate()
    written = request.GET.get("on", "")
    asked = read_day(written)
    on = asked or today
    versions = selectors.list_spans(code)
    version = selectors.find_version(code, at=on)
    context: dict[str, Any] = {
        "code": code,
        "value": on.isoformat(),
        "has_history": bool(versions),
        "problem": bool(written) and not asked,
    }
    if asked and asked != today:
        context |= _notice(code, versions, version, on)
    elif announced := next((it for it in versions if it.valid_from > today), None):
        context["announced"] = _announced(code, version, announced)
    return LawOfDay(version, bool(written), context)


def read_day(written: str) -> date | None:
    """A day as 2026-07-01, from 1900 to 2100; None for anything else."""
    try:
        day = date.fromisoformat(written) if len(written) == 10 else None
    except ValueError:
        return None
    return day if day and _EARLIEST <= day <= _LATEST else None


def _notice(
    code: str, versions: list[ProcedureVersion], version: ProcedureVersion | None, on: date
) -> dict[str, Any]:
    earlier = [it for it in versions if it.valid_from < (version.valid_from if version else on)]
    later = [it for it in versions if it.valid_from > on]
    return {
        "day": _words(on),
        "is_other": True,
        "number": version.number if version else 0,
        "begins": _words(version.valid_from) if version else "",
        "ends": _words(version.valid_to) if version and version.valid_to else "",
        "previous_url": _url(code, earlier[-1].valid_from) if earlier else "",
        "next_url": _url(code, later[0].valid_from) if later else "",
        "today_url": reverse("catalogue:procedure", args=[code]),
    }


def _announced(code: str, current: ProcedureVersion | None, after: ProcedureVersion) -> dict[str, Any]:
    title = _("From %(day)s something changes") if current else _("Counts from %(day)s")
    return {
        "title": title % {"day": _words(after.valid_from)},
        "differences": differences_in_words(current, after) if current else [],
        "url": _url(code, after.valid_from),
    }


def _url(code: str, day: date) -> str:
    return f"{reverse('catalogue:procedure', args=[code])}?{urlencode({'on': day.isoformat()})}"


def _words(day: date) -> str:
    return format_date(day, get_language() or "vi", weekday=False)
