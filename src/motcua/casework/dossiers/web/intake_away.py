"""At the counter, what cannot be taken in: form 02 for what is missing, form 03 for what is refused."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from motcua.casework.dossiers import selectors
from motcua.casework.dossiers.services.ending import Why
from motcua.casework.dossiers.services.slips import law
from motcua.casework.dossiers.services.turning_away import refuse_at_counter, say_what_is_missing
from motcua.casework.dossiers.web.intake_words import missing_papers, whose
from motcua.casework.dossiers.web.words import language
from motcua.casework.forms.rules.definition import in_language
from motcua.registry.access.policies import ActingRequest, role_required


class AwayForm(forms.Form):
    """Why it is refused, for form 03."""

    ground = forms.ChoiceField(
        label=gettext_lazy("Ground"),
        widget=forms.RadioSelect(attrs={"class": "ds-input"}),
        error_messages={"required": gettext_lazy("Choose the ground.")},
    )
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": gettext_lazy("Enter the reason in one or two sentences.")},
    )

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
        fields: dict[str, Any] = self.fields
        grounds = law().grounds["refusal"].items()
        fields["ground"].choices = [(code, in_language(it.text, language())) for code, it in grounds]


class MissingForm(forms.Form):
    """What is to be brought, for form 02."""

    items = forms.CharField(
        label=gettext_lazy("What is missing"),
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=gettext_lazy("One paper a line: everything at once, it is asked for only once."),
        error_messages={"required": gettext_lazy("Enter what is missing, one paper a line.")},
    )


@role_required("reception")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def away(request: ActingRequest, draft_id: UUID) -> HttpResponse:
    """What cannot be taken in: refused with form 03, or sent home with form 02 for what is missing."""
    draft, now = selectors.get_draft(request.actor, draft_id), timezone.now()
    refusing = AwayForm(request.POST if "refuse" in request.POST else None)
    missing = MissingForm(request.POST if "missing" in request.POST else None)
    missing.initial = {"items": "\n".join(missing_papers(draft))}
    if refusing.is_valid():
        why = Why(refusing.cleaned_data["ground"], refusing.cleaned_data["reason"])
        dossier = refuse_at_counter(actor=request.actor, draft_id=draft.id, why=why, at=now)
        return redirect("desk:taken", dossier.id)
    if missing.is_valid():
        items = missing.cleaned_data["items"].splitlines()
        pdf = say_what_is_missing(actor=request.actor, draft_id=draft.id, items=items, reason="", at=now)
        headers = {"Content-Disposition": 'inline; filename="02.pdf"', "Cache-Control": "private, no-store"}
        return HttpResponse(pdf, content_type="application/pdf", headers=headers)
    context = {"draft": draft, "whose": whose(draft), "refusing": refusing, "missing": missing}
    context["procedure"] = in_language(draft.version.procedure.names, language())
    status = 422 if refusing.is_bound or missing.is_bound else 200
    return render(request, "dossiers/desk_intake_away.html", context, status=status)
