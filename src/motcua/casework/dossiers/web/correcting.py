"""The officer's page that corrects a slip: first which answer, then what stands there instead, and why."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from motcua.casework.dossiers import selectors
from motcua.casework.dossiers.errors import DossierMoved
from motcua.casework.dossiers.forms import PlacesOn, form_of
from motcua.casework.dossiers.models import Dossier
from motcua.casework.dossiers.services.correcting import Correction, correct_data, correctable
from motcua.casework.dossiers.web.desk import may_begin, revision_sent, target_of
from motcua.casework.dossiers.web.pages import language
from motcua.casework.forms.django_forms import Asking, PageForm, page_form
from motcua.casework.forms.rules.definition import Field, Group, in_language
from motcua.foundation.kernel.errors import DomainError
from motcua.registry.access.policies import ActingRequest, officer_required


@officer_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def correct(request: ActingRequest, dossier_id: UUID) -> HttpResponse:
    """`?field=` names the answer; without it the page lists what can be corrected."""
    dossier = may_begin(request, "correct", dossier_id)
    task = request.POST.get("task", "") or request.GET.get("task", "")
    context: dict[str, Any] = {
        "dossier": dossier,
        "heading": selectors.dossier_heading(dossier, language()),
        "task_id": task,
    }
    fields = correctable(dossier)
    named = request.POST.get("field", "") or request.GET.get("field", "")
    asked = next((it for it in fields if it.name == named), None)
    if not asked:
        context["fields"] = [(it.name, in_language(it.label, language())) for it in fields]
        return render(request, "dossiers/desk_correct_which.html", context)
    is_sent = request.method == "POST"
    form = _form(dossier, asked, dict(request.POST.lists()) if is_sent else None)
    error: DomainError | None = None
    if is_sent and form.is_valid():
        error = _problem(request, dossier_id, form.answers.get(asked.name))
        if not error:
            messages.success(request, _("Corrected. The applicant reads what stood there before, and why."))
            return redirect("desk:dossier", dossier_id)
    reason = request.POST.get("reason", "")[:1000]
    if reason.strip():
        place, words = f"#id_{named}", str(error)
    else:
        place, words = "#reason", _("Enter the reason in one or two sentences.")
    context |= {
        "field": asked.name,
        "form": form,
        "reason": reason,
        "is_reason_missing": bool(error) and not reason.strip(),
        "revision": revision_sent(request, dossier, is_stale=isinstance(error, DossierMoved)),
        "errors": [{"href": place, "text": words}] if error else [],
        "has_errors": bool(error or (is_sent and form.errors)),
    }
    status = 422 if context["has_errors"] else 200
    return render(request, "dossiers/desk_correct.html", context, status=status)


def _form(dossier: Dossier, asked: Field, raw: dict[str, Any] | None) -> PageForm:
    """The question as the applicant was asked it, with the answer that stands there."""
    definition, day = form_of(dossier.version), timezone.localdate(dossier.submitted_at)
    groups = (Group(fields=(asked,)),)
    page = replace(definition.pages[0], name="correct", groups=groups, lead=None, preview=None)
    return page_form(definition, page, Asking(today=day, answers=dossier.answers, places=PlacesOn(day)), raw)


def _problem(request: ActingRequest, dossier_id: UUID, value: Any) -> DomainError | None:
    """Correct it; why that could not be done."""
    named, reason = request.POST.get("field", ""), request.POST.get("reason", "")
    try:
        correct_data(
            actor=request.actor,
            target=target_of(request, dossier_id),
            correction=Correction(named, value, reason),
            at=timezone.now(),
        )
    except DomainError as error:
        if error.status in {403, 404}:
            raise
        return error
    return None
