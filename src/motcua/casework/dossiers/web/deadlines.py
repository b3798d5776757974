"""How the dossiers of a leader's agencies stand against their limits."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from motcua.casework.dossiers.rules.classes import Class
from motcua.casework.dossiers.timing import (
    Shown,
    count_answers,
    count_own_classes,
    count_shown,
    list_entered_later,
)
from motcua.casework.dossiers.web.clock import class_words
from motcua.registry.access.policies import ActingRequest, role_required, within
from motcua.registry.organisations.selectors import find_agency

DAYS = 30
_UNDER_WAY = (Class.IN_PROCESS, Class.OVERDUE, Class.STOPPED)


@role_required("leader")
@never_cache
@require_safe
def overview(request: ActingRequest) -> HttpResponse:
    """What is under way by class; how online dossiers of the last 30 days were answered and shown."""
    now = timezone.now()
    since = now - timedelta(days=DAYS)
    counts = count_own_classes(request.actor, at=now)
    mine = within("agency_path", request.actor.scopes("leader"))
    answers = count_answers(mine & Q(submitted_at__gte=since), at=now)
    own = find_agency(request.actor.agency_id)
    shown = count_shown(own, since=since, at=now) if own else Shown(0, 0)
    context: dict[str, Any] = {
        "days": DAYS,
        "entered_later": list_entered_later(request.actor),
        "now": now,
        "classes": [_fact(capfirst(class_words(it)), counts[it]) for it in _UNDER_WAY],
        "answers": [
            _fact(_("Answered within 8 working hours"), answers.on_time),
            _fact(_("Answered later"), answers.late),
            _fact(_("Waiting, still in time"), answers.waiting),
            _fact(_("Waiting, the time is over"), answers.overdue),
        ],
        "shown": [
            _fact(_("In an officer's list within 2 working hours"), shown.within),
            _fact(_("In an officer's list later than that"), shown.later),
        ],
    }
    return render(request, "dossiers/desk_deadlines.html", context)


def _fact(label: str, value: int) -> dict[str, str]:
    """A row for components/fact_list."""
    return {"label": label, "value": str(value)}
