"""Where one is signed in: listed, ended one by one or all others."""

from __future__ import annotations

from typing import cast
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from motcua.registry.access.models import Account
from motcua.registry.access.policies import ActingRequest, citizen_required
from motcua.registry.access.services.accounts import own_actor
from motcua.registry.access.services.sessions import end_own_sessions, list_sessions


def _account(request: ActingRequest) -> Account:
    return cast(Account, request.user)


@citizen_required
@never_cache
@require_safe
def session_list(request: ActingRequest) -> HttpResponse:
    rows = list(list_sessions(_account(request), at=timezone.now()))
    current = request.session.session_key
    context = {"rows": rows, "current": current, "others": any(it.session_key != current for it in rows)}
    return render(request, "people/sessions.html", context)


@require_POST
@citizen_required
def end_session(request: ActingRequest, session_id: UUID) -> HttpResponse:
    own = _account(request)
    end_own_sessions(actor=own_actor(own), account=own, only=session_id, at=timezone.now())
    messages.success(request, _("The session was ended."))
    return redirect("people:sessions")


@require_POST
@citizen_required
def end_others(request: ActingRequest) -> HttpResponse:
    own, kept = _account(request), request.session.session_key
    end_own_sessions(actor=own_actor(own), account=own, but=kept, at=timezone.now())
    messages.success(request, _("All other sessions were ended."))
    return redirect("people:sessions")
