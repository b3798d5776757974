"""Mandates: what one gave and what one holds; giving, accepting and ending them."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from motcua.casework.dossiers.models import Dossier
from motcua.casework.dossiers.selectors import get_dossier
from motcua.doors.portal.web.mandate_form import MandateForm
from motcua.doors.portal.web.words import mandate_rows
from motcua.foundation.kernel.errors import DomainError
from motcua.registry.access.policies import ActingRequest, citizen_required
from motcua.registry.people import services
from motcua.registry.people.selectors import list_mandates


@citizen_required
@never_cache
@require_safe
def mandate_list(request: ActingRequest) -> HttpResponse:
    given, held = list_mandates(request.actor)
    rows = mandate_rows([*given, *held])
    context = {"given": rows[: len(given)], "held": rows[len(given) :]}
    return render(request, "portal/mandates.html", context)


def _dossier(request: ActingRequest) -> Dossier | None:
    """The dossier that the page was asked for, if the person may see it. Raises NotFound."""
    text = request.GET.get("dossier", "")
    try:
        wanted = UUID(text)
    except ValueError:
        return None
    return get_dossier(request.actor, wanted)


@citizen_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def give(request: ActingRequest) -> HttpResponse:
    now = timezone.now()
    dossier = _dossier(request)
    form = MandateForm(
        request.POST if request.method == "POST" else None,
        today=timezone.localdate(now),
        dossier_id=dossier.id if dossier else None,
    )
    if form.is_valid():
        try:
            services.give_mandate(actor=request.actor, offer=form.offer(), at=now)
        except DomainError as error:
            form.add_error(form.place_of(error), str(error))
        else:
            messages.success(request, _("The mandate is given. It counts once the other accepts it."))
            return redirect("portal:mandates")
    context = {"form": form, "dossier": dossier}
    return render(request, "portal/mandate_give.html", context, status=422 if form.is_bound else 200)


@citizen_required
@require_POST
def accept(request: ActingRequest, mandate_id: UUID) -> HttpResponse:
    try:
        services.accept_mandate(actor=request.actor, mandate_id=mandate_id, at=timezone.now())
    except DomainError as error:
        if error.status == 404:
            raise
        messages.error(request, str(error))
    else:
        messages.success(request, _("You accepted the mandate. Choose for whom you act under your name."))
    return redirect("portal:mandates")


@citizen_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def end(request: ActingRequest, mandate_id: UUID) -> HttpResponse:
    """Asks for the reason first: an ended mandate does not come back."""
    given, held = list_mandates(request.actor)
    row = next((it for it in mandate_rows([*given, *held]) if it["id"] == mandate_id), None)
    reason, problem, now = request.POST.get("reason", "")[:1000], "", timezone.now()
    if request.method == "POST" or row is None:
        try:
            services.end_mandate(actor=request.actor, mandate_id=mandate_id, reason=reason, at=now)
        except DomainError as error:
            if error.status in {403, 404} or row is None:
                raise
            problem = str(error)
        else:
            messages.success(request, _("The mandate has ended."))
            return redirect("portal:mandates")
    errors = [{"href": "#reason", "text": problem}] if problem else []
    context = {"row": row, "reason": reason, "problem": problem, "errors": errors}
    return render(request, "portal/mandate_end.html", context, status=422 if problem else 200)
