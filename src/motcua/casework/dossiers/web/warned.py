"""Limits of the unit's tasks that are near or over: who was warned of them, and what will likely be late."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from motcua.casework.dossiers.services.warnings import load_warnings
from motcua.casework.dossiers.warned import ESCALATED, LATE, WARNED, WarnedRow, list_warned
from motcua.casework.dossiers.web.inbox import inbox_row
from motcua.registry.access.policies import ActingRequest, officer_required

_TITLES = {
    ESCALATED: gettext_lazy("The head was told too"),
    WARNED: gettext_lazy("Who has the task was warned"),
    LATE: gettext_lazy("Likely late, nobody was warned yet"),
}
# What a warning is about, by its clock; then whether the limit is over.
_ABOUT = {
    ("answer", False): gettext_lazy("Warned: the answer is due soon"),
    ("answer", True): gettext_lazy("Warned: the answer is overdue"),
    ("step", False): gettext_lazy("Warned: the step is due soon"),
    ("step", True): gettext_lazy("Warned: the step is overdue"),
    ("due", False): gettext_lazy("Warned: the dossier is due soon"),
    ("due", True): gettext_lazy("Warned: the dossier is overdue"),
}


@officer_required
@never_cache
@require_safe
def warned(request: ActingRequest) -> HttpResponse:
    """The unit's open tasks by what was said of their limits."""
    now, rules = timezone.now(), load_warnings()
    words = {it.code: _ABOUT[it.clock, not it.before] for it in rules}
    groups = [
        {
            "title": _TITLES[found.kind],
            "count": found.count,
            "note": _("the nearest %(count)s") % {"count": len(found.rows)} if found.more else "",
            "rows": [_row(it, words, now) for it in found.rows],
        }
        for found in list_warned(request.actor, rules, at=now)
    ]
    return render(request, "dossiers/desk_warned.html", {"groups": groups})


def _row(found: WarnedRow, words: dict[str, Any], now: datetime) -> dict[str, Any]:
    row = inbox_row(found.row, now)
    if found.code in words:
        row["notes"].append({"state": "look", "text": words[found.code]})
    return row
