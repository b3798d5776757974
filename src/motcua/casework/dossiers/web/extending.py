"""The page on which the head of the agency apologises for a delay and names a new date: written, looked at, sent."""

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
from motcua.casework.dossiers.errors import DossierMoved
from motcua.casework.dossiers.models import Dossier, OfficialDocument
from motcua.casework.dossiers.services import extending
from motcua.casework.dossiers.services.extending import Extension
from motcua.casework.dossiers.services.signing import certificate_of
from motcua.casework.dossiers.web.desk import may_begin, revision_sent, target_of
from motcua.casework.dossiers.web.pages import language
from motcua.foundation.kernel.errors import DomainError
from motcua.registry.access.policies import ActingRequest, officer_required

_DAY: dict[str, Any] = {"type": "date"}
_TEXT: dict[str, Any] = {"rows": 3}


class ExtendForm(forms.Form):
    """The new day and why it will be late."""

    on = forms.DateField(
        label=gettext_lazy("New day for the result"),
        help_text=gettext_lazy("A working day after the due date; the hour stays the same."),
        widget=forms.DateInput(attrs=_DAY, format="%Y-%m-%d"),
        error_messages={
            "required": gettext_lazy("Enter the new day."),
            "invalid": gettext_lazy("Enter the new day as a date."),
        },
    )
    reason = forms.CharField(
        label=gettext_lazy("Reason of the delay"),
        max_length=1000,
        help_text=gettext_lazy("The applicant reads it in the apology."),
        widget=forms.Textarea(attrs=_TEXT),
        error_messages={"required": gettext_lazy("Enter the reason of the delay; the applicant reads it.")},
    )


@officer_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def extend(request: ActingRequest, dossier_id: UUID) -> HttpResponse:
    """First what the applicant will read is shown; it is sent by a second click, for it cannot be taken back.

    Where the date can be moved no more, the page says why instead of asking."""
    dossier = may_begin(request, "extend", dossier_id)
    form = ExtendForm(request.POST if request.method == "POST" else None)
    until, is_stale = None, False
    if form.is_valid() and "again" not in request.POST:
        extension = Extension(**form.cleaned_data)
        try:
            until = extending.check_extension(dossier, extension.on, at=timezone.now())
            if "confirm" in request.POST:
                target, at = target_of(request, dossier_id), timezone.now()
                slip = extending.extend(actor=request.actor, target=target, extension=extension, at=at)
                messages.success(
                    request, _("The due date is moved. The applicant gets the apology and the new date.")
                )
                return _to_sign(request, slip)
        except DomainError as error:
            if error.status in {403, 404}:
                raise
            until, is_stale = None, isinstance(error, DossierMoved)
            form.add_error("on" if error.code == "new_date_wrong" else None, str(error))
    context = {
        "dossier": dossier,
        "heading": selectors.dossier_heading(dossier, language()),
        "form": form,
        "until": until,
        "refused": "" if form.is_bound else _refused(dossier),
        "revision": revision_sent(request, dossier, is_stale=is_stale),
    }
    return render(request, "dossiers/desk_extend.html", context, status=422 if form.errors else 200)


def _refused(dossier: Dossier) -> str:
    """Why the date cannot be moved at all; empty where it can."""
    try:
        extending.check_still(dossier, at=timezone.now())
    except DomainError as error:
        return str(error)
    return ""


def _to_sign(request: ActingRequest, slip: OfficialDocument) -> HttpResponse:
    """Form 04 is the head's to sign: at once by who has a certificate, by hand by who has none."""
    if certificate_of(request.actor):
        return redirect("desk:form-sign", slip.dossier_id, slip.pk)
    return redirect("desk:dossier", slip.dossier_id)
