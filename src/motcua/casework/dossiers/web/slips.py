"""Pages about one dossier's slips: the process control slip (form 05), and how its result is handed over."""

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
from motcua.casework.dossiers.forms import heading
from motcua.casework.dossiers.models import Dossier, ReturnWay
from motcua.casework.dossiers.services import handling
from motcua.casework.dossiers.services.control import list_moves, make_control_slip
from motcua.casework.dossiers.services.form_signing import may_sign, sign_form
from motcua.casework.dossiers.services.returning import Returning, asked_way, carriers
from motcua.casework.dossiers.services.signing import certificate_of
from motcua.casework.dossiers.web.desk import as_uuid, may_begin, target_of
from motcua.casework.dossiers.web.pages import language
from motcua.foundation.kernel.errors import DomainError, Refused
from motcua.registry.access.policies import ActingRequest, officer_required

WAYS = (
    (ReturnWay.WAREHOUSE.value, gettext_lazy("In the applicant's warehouse only")),
    (ReturnWay.COUNTER.value, gettext_lazy("On paper at the counter")),
    (ReturnWay.POST.value, gettext_lazy("On paper by post")),
)
FIELD_OF = {
    "tracking_missing": "tracking",
    "tracking_wrong": "tracking",
    "tracking_mistyped": "tracking",
    "no_such_carrier": "carrier",
    "receiver_missing": "receiver",
    "wrong_way": "way",
}


@officer_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def control(request: ActingRequest, dossier_id: UUID) -> HttpResponse:
    """Who had the dossier when; a POST makes the paper of it, as a new edition."""
    now = timezone.now()
    if request.method == "POST":
        document = make_control_slip(actor=request.actor, dossier_id=dossier_id, at=now)
        return redirect("desk:document", dossier_id, document.pk)
    found = selectors.open_dossier(request.actor, dossier_id, at=now)
    context = {
        "dossier": found,
        "heading": heading(found, language()),
        "rows": list_moves(found) if found.accepted_at else [],
    }
    return render(request, "dossiers/desk_control.html", context)


@officer_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def sign(request: ActingRequest, dossier_id: UUID, document_id: UUID) -> HttpResponse:
    """Sign a form digitally, once it was read; nothing of it can be changed after."""
    now = timezone.now()
    if request.method == "POST":
        try:
            sign_form(actor=request.actor, dossier_id=dossier_id, document_id=document_id, at=now)
        except DomainError as error:
            if error.status in {403, 404}:
                raise
            messages.error(request, str(error))
        else:
            messages.success(request, _("Signed."))
        return redirect("desk:dossier", dossier_id)
    found = selectors.open_document(request.actor, dossier_id, document_id, at=now)
    if not may_sign(request.actor, found, found.dossier):
        raise Refused
    context = {"dossier": found.dossier, "document": found, "certificate": certificate_of(request.actor)}
    return render(request, "dossiers/desk_form_sign.html", context)


class ReturnForm(forms.Form):
    """How the result is handed over."""

    way = forms.ChoiceField(
        label=gettext_lazy("How the result is handed over"),
        choices=WAYS,
        widget=forms.RadioSelect(attrs={"class": "ds-input"}),
        help_text=gettext_lazy("The signed file lies in the applicant's warehouse whichever way is chosen."),
        error_messages={"required": gettext_lazy("Choose how the result is handed over.")},
    )
    receiver = forms.CharField(
        label=gettext_lazy("Who received it at the counter"), max_length=300, required=False
    )
    carrier = forms.ChoiceField(
        label=gettext_lazy("Who carries it"),
        required=False,
        help_text=gettext_lazy("For post only."),
        error_messages={"invalid_choice": gettext_lazy("Choose who carries the result.")},
    )
    tracking = forms.CharField(
        label=gettext_lazy("Tracking number of the consignment"),
        max_length=40,
        required=False,
        help_text=gettext_lazy("For post only, for example EB123456785VN."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["carrier"].choices = [("", _("Choose")), *((it.code, it.name) for it in carriers().values())]

    def clean(self) -> dict[str, Any]:
        sent = super().clean() or self.cleaned_data
        if sent.get("way") == ReturnWay.POST and not sent.get("carrier") and "carrier" not in self.errors:
            self.add_error("carrier", _("Choose who carries the result."))
        return sent


@officer_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def return_result(request: ActingRequest, dossier_id: UUID) -> HttpResponse:
    """Hand over the result another way than at once into the warehouse; what was typed stays when that is refused."""
    if request.method == "POST":
        return _return(request, dossier_id)
    found = may_begin(request, "return-result", dossier_id)
    initial = {"way": asked_way(found), "receiver": found.applicant_facts["full_name"]}
    return _page(request, found, ReturnForm(initial=initial))


def _return(request: ActingRequest, dossier_id: UUID) -> HttpResponse:
    form = ReturnForm(request.POST)
    if form.is_valid():
        returning = Returning(**form.cleaned_data)
        target = target_of(request, dossier_id)
        try:
            handling.return_result(actor=request.actor, target=target, at=timezone.now(), returning=returning)
        except DomainError as error:
            if error.status in {403, 404}:
                raise
            form.add_error(FIELD_OF.get(error.code), str(error))
        else:
            messages.success(request, _("The result is returned."))
            return redirect("desk:dossier", dossier_id)
    return _page(request, selectors.get_dossier(request.actor, dossier_id), form)


def _page(request: ActingRequest, dossier: Dossier, form: ReturnForm) -> HttpResponse:
    context: dict[str, Any] = {
        "dossier": dossier,
        "heading": heading(dossier, language()),
        "form": form,
        "asked": dict(WAYS)[asked_way(dossier)],
        "revision": request.POST.get("revision", dossier.revision),
        "task_id": as_uuid(request.POST.get("task", "") or request.GET.get("task", "")) or "",
    }
    return render(request, "dossiers/desk_return.html", context, status=422 if form.is_bound else 200)
