"""The desk's side: what waits, one request, and what came of it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from motcua.community.helpdesk import services
from motcua.community.helpdesk.errors import NoOutcome
from motcua.community.helpdesk.models import CallRequest
from motcua.community.helpdesk.policies import SEEING_RIGHTS
from motcua.community.helpdesk.selectors import count_answered, limits, list_open, open_call
from motcua.community.helpdesk.web.forms import WISHES, OutcomeForm, PassOnForm
from motcua.community.helpdesk.web.words import state_words
from motcua.foundation.kernel.errors import NotFound
from motcua.foundation.kernel.text import mask_number
from motcua.registry.access.policies import ActingRequest, role_required
from motcua.registry.organisations.models import Agency
from motcua.registry.organisations.selectors import list_agencies_with_desk, officer_name, officer_names

DAYS = 30
_sees = role_required(*SEEING_RIGHTS)


@_sees
@never_cache
@require_safe
def calls(request: ActingRequest) -> HttpResponse:
    """What waits, earliest first; telephones masked."""
    now, found = timezone.now(), list_open(request.actor)
    names = officer_names({it.claimed_by for it in found if it.claimed_by})
    mine = [it for it in found if it.claimed_by == request.actor.person_id]
    groups = [
        (_("Mine"), mine),
        (_("Nobody’s yet"), [it for it in found if not it.claimed_by]),
        (_("With colleagues"), [it for it in found if it.claimed_by and it not in mine]),
    ]
    context = {
        "groups": [(title, [_row(it, names, now) for it in rows]) for title, rows in groups if rows],
        "figures": count_answered(request.actor, since=now - timedelta(days=DAYS), until=now),
        "days": DAYS,
    }
    return render(request, "helpdesk/desk_calls.html", context)


def _row(call: CallRequest, names: dict[UUID, str], now: Any) -> dict[str, Any]:
    state, words = state_words(call, now)
    return {
        "call": call,
        "phone": mask_number(call.phone),
        "officer": names.get(call.claimed_by, "") if call.claimed_by else "",
        "procedure": _procedure_name(call),
        "state": state,
        "state_words": words,
        "wish": dict(WISHES)[CallRequest.Wish(call.wish)] if call.wish != CallRequest.Wish.ANY else "",
    }


def _procedure_name(call: CallRequest) -> str:
    names = call.procedure.names if call.procedure else {}
    return str(names.get((get_language() or "vi").split("-")[0]) or names.get("vi", ""))


@_sees
@never_cache
@require_safe
def call(request: ActingRequest, call_id: UUID) -> HttpResponse:
    """One request with name and telephone; opening it is journalled."""
    found = open_call(request.actor, call_id, at=timezone.now())
    return _show(request, found, OutcomeForm(), PassOnForm(agencies=_others(found)))


def _others(call: CallRequest) -> list[Agency]:
    return [it for it in list_agencies_with_desk(at=timezone.localdate()) if it.path != call.agency_path]


def _show(
    request: ActingRequest, found: CallRequest, outcome: OutcomeForm, passing: PassOnForm, status: int = 200
) -> HttpResponse:
    claimed = officer_name(found.claimed_by)
    row = _row(found, {found.claimed_by: claimed} if found.claimed_by else {}, timezone.now())
    context = row | {
        "outcome": outcome,
        "passing": passing,
        "is_mine": found.is_open and found.claimed_by == request.actor.person_id,
        "may_claim": found.is_open and request.actor.holds("reception", found.agency_path),
        "tries": limits().tries,
        "is_last_try": found.tries + 1 >= limits().tries,
    }
    return render(request, "helpdesk/desk_call.html", context, status=status)


@_sees
@never_cache
@require_POST
def claim(request: ActingRequest, call_id: UUID) -> HttpResponse:
    services.claim_call(actor=request.actor, call_id=call_id, at=timezone.now())
    return redirect("help-calls:call", call_id)


@_sees
@never_cache
@require_POST
def note(request: ActingRequest, call_id: UUID) -> HttpResponse:
    """Reached or not, by the button that was pressed."""
    form, now = OutcomeForm(request.POST), timezone.now()
    if form.is_valid():
        words = form.cleaned_data["words"]
        try:
            if "not_reached" in request.POST:
                done = services.note_not_reached(actor=request.actor, call_id=call_id, words=words, at=now)
            else:
                done = services.note_done(actor=request.actor, call_id=call_id, outcome=words, at=now)
        except NoOutcome as error:
            form.add_error("words", str(error))
        else:
            messages.success(request, state_words(done, now)[1])
            return redirect("help-calls:list")
    found = open_call(request.actor, call_id, at=now)
    return _show(request, found, form, PassOnForm(agencies=_others(found)), status=422)


@_sees
@never_cache
@require_POST
def pass_on(request: ActingRequest, call_id: UUID) -> HttpResponse:
    found, now = open_call(request.actor, call_id, at=timezone.now()), timezone.now()
    agencies = _others(found)
    form = PassOnForm(request.POST, agencies=agencies)
    if form.is_valid():
        to = next((it for it in agencies if str(it.id) == form.cleaned_data["to"]), None)
        if not to:
            raise NotFound
        try:
            services.pass_on(
                actor=request.actor, call_id=call_id, to=to, reason=form.cleaned_data["reason"], at=now
            )
        except NoOutcome as error:
            form.add_error("reason", str(error))
        else:
            messages.success(request, _("%(agency)s has the request now.") % {"agency": to.name})
            return redirect("help-calls:list")
    return _show(request, found, OutcomeForm(), form, status=422)
