"""Whose tasks lie where, and moving them when somebody leaves or is away."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from motcua.casework.dossiers import reassigning
from motcua.casework.dossiers.web.bulk_lists import reassign_context
from motcua.casework.dossiers.web.inbox import bulk_row
from motcua.foundation.ui.templatetags.ui import viet_date
from motcua.registry.access.policies import ActingRequest, role_required


@role_required("leader")
@never_cache
@require_safe
def loads(request: ActingRequest) -> HttpResponse:
    """Officers with open tasks at the leader's agencies; who left or is away first."""
    rows = [_load(it) for it in reassigning.list_loads(request.actor, at=timezone.now())]
    return render(request, "dossiers/desk_reassign.html", {"rows": rows})


def _load(load: reassigning.Load) -> dict[str, Any]:
    if load.has_left:
        state, words = "overdue", _("holds no post")
    elif load.away_until:
        state, words = "soon", _("back on %(day)s") % {"day": viet_date(load.away_until)}
    else:
        state, words = "done", _("there")
    return {"load": load, "state": state, "words": words}


@role_required("leader")
@never_cache
@require_safe
def tasks_of(request: ActingRequest, officer_id: UUID) -> HttpResponse:
    """An officer's tasks, to be given to another or back to the unit."""
    now = timezone.now()
    officer, rows, more = reassigning.list_tasks_of(
        request.actor, officer_id, after=request.GET.get("after", "")
    )
    group = {
        "title": _("Open tasks"),
        "count": len(rows),
        "note": "",
        "rows": [bulk_row(it, now) for it in rows],
    }
    context = {
        "officer": officer,
        "groups": [group] if rows else [],
        "more": more,
        "bulk": reassign_context(rows),
    }
    return render(request, "dossiers/desk_reassign_officer.html", context)
