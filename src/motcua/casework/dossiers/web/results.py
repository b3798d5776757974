"""What became of a dossier's result, for officers: whether it is in force, and that it counts no longer."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from motcua.casework.dossiers import selectors
from motcua.casework.dossiers.models import Dossier
from motcua.casework.dossiers.web.reuse import document_state
from motcua.casework.warehouse.policies import may_end
from motcua.casework.warehouse.selectors import find_document_of
from motcua.casework.warehouse.services import Ending, end_document
from motcua.foundation.kernel.actors import Actor
from motcua.foundation.kernel.errors import DomainError, NotFound, Refused
from motcua.registry.access.policies import ActingRequest, officer_required

_TEXT: dict[str, Any] = {"rows": 3}


class EndResultForm(forms.Form):
    """Why a result counts no longer."""

    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=1000,
        help_text=gettext_lazy("The owner reads it; who checks the paper does not."),
        widget=forms.Textarea(attrs=_TEXT),
        error_messages={"required": gettext_lazy("Enter the reason in one or two sentences.")},
    )
    ground = forms.CharField(
        label=gettext_lazy("Decision it rests on"),
        max_length=300,
        help_text=gettext_lazy("Number and date, and the article of the law where there is one."),
        error_messages={"required": gettext_lazy("Enter the decision that revokes or replaces it.")},
    )
    replaced_by = forms.CharField(
        label=gettext_lazy("Number of the document that replaces it"),
        max_length=60,
        required=False,
        help_text=gettext_lazy("Left empty: it is revoked and nothing takes its place."),
    )


def result_context(actor: Actor, dossier: Dossier) -> dict[str, Any]:
    """The issued document of a finished dossier, in words, and whether the actor may end it."""
    issued = find_document_of(dossier.id) if dossier.finished_at else None
    if not issued:
        return {}
    state, words = document_state(issued)
    can_end = not issued.ended_as and may_end(actor, issued.agency.path)
    return {"issued": issued, "issued_state": state, "issued_words": words, "may_end_result": can_end}


@officer_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def end_result(request: ActingRequest, dossier_id: UUID) -> HttpResponse:
    """Mark a result as revoked or replaced; what was typed stays when that is refused."""
    dossier = selectors.get_dossier(request.actor, dossier_id)
    document = find_document_of(dossier.id)
    if not document:
        raise NotFound
    if not may_end(request.actor, document.agency.path):
        raise Refused
    form = EndResultForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            end_document(
                actor=request.actor, subject=dossier.id, ending=Ending(**form.cleaned_data), at=timezone.now()
            )
        except DomainError as error:
            form.add_error("replaced_by" if error.code == "no_such_replacement" else None, str(error))
        else:
            messages.success(request, _("The document counts no longer. Whoever checks it is told so."))
            return redirect("desk:dossier", dossier.id)
    context = {"dossier": dossier, "document": document, "form": form}
    status = 422 if form.is_bound else 200
    return render(request, "dossiers/desk_end_result.html", context, status=status)
