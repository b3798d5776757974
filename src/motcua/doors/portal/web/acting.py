"""In whose name a person acts: for themselves, an organisation they represent, or who gave them a mandate."""

from __future__ import annotations

from typing import cast

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from motcua.doors.portal.web.words import choice_note, procedure_names
from motcua.registry.access.contributions import ACTING_AS, identify
from motcua.registry.access.models import Account
from motcua.registry.access.policies import ActingRequest, citizen_required
from motcua.registry.people.selectors import list_choices


@citizen_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def acting(request: ActingRequest) -> HttpResponse:
    """Choose; the choice is kept in the session and counts only as long as it is right."""
    if request.method == "POST":
        return _choose(request)
    choices = list_choices(request.actor, at=timezone.now())
    names = procedure_names(choice.held for choice in choices)
    rows = [
        {
            "key": choice.key,
            "name": choice.name,
            "note": choice_note(choice.held, names),
            "current": choice.held.id == request.actor.mandate_id,
        }
        for choice in choices
    ]
    return render(request, "portal/acting.html", {"rows": rows, "next": _next(request)})


def _choose(request: ActingRequest) -> HttpResponse:
    key = request.POST.get("key", "")[:60]
    if not key:
        request.session.pop(ACTING_AS, None)
        messages.success(request, _("You act for yourself."))
        return redirect(_next(request) or "portal:home")
    identity = identify(cast(Account, request.user), key)
    if identity is None or identity.has_lapsed:
        messages.error(request, _("You may not act for them, or not any more. Choose again."))
        return redirect("portal:acting")
    request.session[ACTING_AS] = key
    return redirect(_next(request) or "dossiers:list")


def _next(request: ActingRequest) -> str:
    """Where one was going. A page of a dossier or draft is another's in another name, so only from the sign-in."""
    target = request.POST.get("next", "") or request.GET.get("next", "")
    return target if url_has_allowed_host_and_scheme(target, allowed_hosts={request.get_host()}) else ""
