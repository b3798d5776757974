"""What became of a result that went by post, and handing it over again when it came back."""

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
from motcua.casework.dossiers.errors import ActNotAllowed
from motcua.casework.dossiers.forms import heading
from motcua.casework.dossiers.models import Consignment, Dossier, ReturnWay
from motcua.casework.dossiers.services.posting import (
    Noted,
    find_consignment,
    hand_again,
    may_note,
    note_outcome,
)
from motcua.casework.dossiers.services.returning import Returning
from motcua.casework.dossiers.web.desk import as_uuid
from motcua.casework.dossiers.web.post_words import post_item
from motcua.casework.dossiers.web.slips import FIELD_OF, WAYS, ReturnForm
from motcua.casework.dossiers.web.words import language
from motcua.foundation.kernel.errors import DomainError, Refused
from motcua.foundation.ui.fields import DayField
from motcua.registry.access.policies import ActingRequest, officer_required

_OUTCOMES = (
    (Consignment.Outcome.DELIVERED.value, gettext_lazy("Delivered")),
    (Consignment.Outcome.CAME_BACK.value, gettext_lazy("It came back to us")),
)


class OutcomeForm(forms.Form):
    """What the carrier says of a consignment."""

    outcome = forms.ChoiceField(
        label=gettext_lazy("What became of it"),
        choices=_OUTCOMES,
        widget=forms.RadioSelect(attrs={"class": "ds-input"}),
        error_messages={"required": gettext_lazy("Choose what became of it.")},
    )
    on = DayField(label=gettext_lazy("On which day"))
    reason = forms.CharField(
        label=gettext_lazy("Why it came back"),
        max_length=500,
        required=False,
        help_text=gettext_lazy("As it stands on the envelope, for example: moved, not found, not fetched."),
    )


class AgainForm(ReturnForm):
    """How what came back is handed over: not into the warehouse, where it lies already."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["way"].choices = WAYS[1:]


@officer_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def post(request: ActingRequest, dossier_id: UUID) -> HttpResponse:
    """The latest consignment: its outcome is noted, or what came back is handed over again."""
    now = timezone.now()
    found = selectors.open_dossier(request.actor, dossier_id, at=now)
    if not may_note(request.actor, found):
        raise Refused
    sent = find_consignment(found)
    if not sent or (sent.outcome and (sent.settled_at or sent.outcome == Consignment.Outcome.DELIVERED)):
        raise ActNotAllowed
    is_back = bool(sent.outcome)
    form: forms.Form = _form(request, found, is_back=is_back)
    if form.is_bound and form.is_valid() and _done(request, found, form, is_back=is_back):
        return redirect("desk:dossier", dossier_id)
    context = {
        "dossier": found,
        "heading": heading(found, language()),
        "post": post_item(sent),
        "consignment": sent,
        "form": form,
    }
    return render(request, "dossiers/desk_post.html", context, status=422 if form.is_bound else 200)


def _form(request: ActingRequest, dossier: Dossier, *, is_back: bool) -> forms.Form:
    sent = request.POST if request.method == "POST" else None
    if not is_back:
        return OutcomeForm(sent, initial={"on": timezone.localdate()})
    initial = {"way": ReturnWay.COUNTER, "receiver": dossier.applicant_facts["full_name"]}
    return AgainForm(sent, initial=initial)


def _done(request: ActingRequest, dossier: Dossier, form: forms.Form, *, is_back: bool) -> bool:
    by: dict[str, Any] = {"actor": request.actor, "dossier_id": dossier.id, "at": timezone.now()}
    try:
        if is_back:
            hand_again(returning=Returning(**form.cleaned_data), **by)
        else:
            consignment = as_uuid(request.POST.get("consignment", ""))
            if consignment is None:
                raise ActNotAllowed
            note_outcome(consignment_id=consignment, noted=Noted(**form.cleaned_data), **by)
    except DomainError as error:
        if error.status in {403, 404}:
            raise
        field = str(error.fields.get("field", FIELD_OF.get(error.code, "")))
        field = "reason" if error.code == "return_reason_missing" else field
        form.add_error(field if field in form.fields else None, str(error))
        return False
    messages.success(request, _("The result is handed over again.") if is_back else _("Noted."))
    return True
