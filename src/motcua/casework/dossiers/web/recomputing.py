"""Counting due dates anew after a calendar changed: asked for, looked at, confirmed."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from motcua.casework.dossiers.models import RecomputedDossier
from motcua.casework.dossiers.services import recomputing
from motcua.casework.dossiers.timing import list_recomputed
from motcua.casework.dossiers.web.desk import as_uuid
from motcua.casework.dossiers.web.words import when
from motcua.foundation.kernel.actors import Actor
from motcua.foundation.kernel.errors import DomainError
from motcua.foundation.kernel.ids import new_id
from motcua.registry.access.policies import ActingRequest, role_required
from motcua.registry.organisations.selectors import list_agencies_at

State = RecomputedDossier.State


@role_required("leader")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def start(request: ActingRequest) -> HttpResponse:
    """Say what changed; a job looks which due dates that moves, and nothing is changed yet."""
    error, reason = "", request.POST.get("reason", "")[:1000]
    made_id = as_uuid(request.POST.get("id", "")) or new_id()
    if request.method == "POST":
        try:
            recomputing.begin(
                actor=request.actor,
                recomputation_id=made_id,
                agency_path=request.POST.get("agency", ""),
                reason=reason,
                at=timezone.now(),
            )
        except DomainError as refused:
            if refused.status in {403, 404}:
                raise
            error = str(refused)
        else:
            return redirect("desk:recomputation", made_id)
    context = {
        "id": made_id,
        "reason": reason,
        "agencies": _agencies(request.actor),
        "chosen": request.POST.get("agency", ""),
        "errors": [{"href": "#reason", "text": error}] if error else [],
    }
    return render(request, "dossiers/desk_recompute.html", context, status=422 if error else 200)


def _agencies(actor: Actor) -> list[dict[str, str]]:
    """Where the actor decides by a right of their own, with all below. One query."""
    found = list_agencies_at([path for right, path in actor.own_grants if right == "leader"])
    return [{"path": it.path, "name": f"{it.name} {it.place_name}".strip()} for it in found]


@role_required("leader")
@never_cache
@require_safe
def recomputation(request: ActingRequest, recomputation_id: UUID) -> HttpResponse:
    """What would change, from when to when; after the confirmation what became of each."""
    made = recomputing.get_recomputation(request.actor, recomputation_id)
    found = list_recomputed(made, after=request.GET.get("after", ""))
    is_under_way = not made.looked_at or bool(made.confirmed_at and not made.finished_at)
    context = {
        "made": made,
        "rows": [_row(item) for item in found.rows],
        "next": found.following,
        "total": found.total,
        "done": found.done,
        "refused": found.refused,
        "is_watched": is_under_way,
    }
    return render(request, "dossiers/desk_recomputation.html", context)


def _row(item: RecomputedDossier) -> dict[str, Any]:
    words = {
        State.WAITING: ("open", _("would change")),
        State.DONE: ("done", _("changed")),
        State.REFUSED: ("overdue", _("not changed: the dossier moved meanwhile")),
    }
    state, text = words[State(item.state)]
    return {
        "url": reverse("desk:dossier", args=[item.dossier_id]),
        "code": item.dossier.code,
        "before": when(item.due_before),
        "after": when(item.due_after),
        "state": state,
        "words": text,
    }


@require_POST
@role_required("leader")
def confirm(request: ActingRequest, recomputation_id: UUID) -> HttpResponse:
    """Have what was shown done."""
    try:
        recomputing.confirm(actor=request.actor, recomputation_id=recomputation_id, at=timezone.now())
    except DomainError as error:
        if error.status in {403, 404}:
            raise
        messages.error(request, str(error))
    return redirect("desk:recomputation", recomputation_id)
