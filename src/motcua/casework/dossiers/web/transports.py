"""Paper on its way between counters: what is expected, what was sent, and what arrived."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from motcua.casework.dossiers.counters import get_transport, list_on_their_way, list_results_to_send
from motcua.casework.dossiers.models import Transport
from motcua.casework.dossiers.services.returning import carriers
from motcua.casework.dossiers.services.transporting import (
    Received,
    Sending,
    may_receive,
    receive_papers,
    send_papers,
)
from motcua.casework.dossiers.web.desk import as_uuid
from motcua.casework.dossiers.web.transport_words import paper_words, transport_row, transport_rows
from motcua.casework.dossiers.web.words import language
from motcua.casework.forms.rules.definition import in_language
from motcua.foundation.kernel.errors import DomainError
from motcua.foundation.kernel.ids import new_id
from motcua.registry.access.policies import ActingRequest, role_required

_FIELDS = {
    "tracking_missing": "tracking",
    "tracking_wrong": "tracking",
    "tracking_mistyped": "tracking",
    "no_such_carrier": "carrier",
}


class ParcelForm(forms.Form):
    """Who carries the paper."""

    carrier = forms.ChoiceField(
        label=gettext_lazy("Who carries the paper"),
        required=False,
        error_messages={"invalid_choice": gettext_lazy("Choose who carries the paper.")},
    )
    tracking = forms.CharField(
        label=gettext_lazy("Tracking number of the consignment"),
        max_length=40,
        required=False,
        help_text=gettext_lazy("For post only, for example EB123456785VN."),
    )

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        fields: dict[str, Any] = self.fields
        named = ((it.code, it.name) for it in carriers().values())
        fields["carrier"].choices = [("", _("Own messenger")), *named]


class Parcel:
    """The form of a parcel on a page of dossiers to tick, and what becomes of it when it is sent."""

    def __init__(self, request: ActingRequest, kind: str) -> None:
        self.request, self.kind = request, kind
        self.form = ParcelForm(request.POST if request.method == "POST" else None)
        sent = (as_uuid(text) for text in request.POST.getlist("chosen"))
        self.chosen = [one for one in sent if one]
        self.id = as_uuid(request.POST.get("parcel", "")) or new_id()

    def send(self) -> bool:
        """Whether it was sent; what was refused stands with the form."""
        if not self.form.is_valid():
            return False
        sending = Sending(self.id, self.kind, self.chosen, **self.form.cleaned_data)
        try:
            slips = send_papers(actor=self.request.actor, sending=sending, at=timezone.now())
        except DomainError as error:
            if error.status in {403, 404}:
                raise
            self.form.add_error(_FIELDS.get(error.code), str(error))
            return False
        numbers = ", ".join(slip.content["number"] for slip in slips)
        text = ngettext(
            "Hand-over slip %(numbers)s is made. Print it and put it into the parcel.",
            "Hand-over slips %(numbers)s are made. Print them and put them into the parcels.",
            len(slips),
        )
        messages.success(self.request, text % {"numbers": numbers})
        return True

    @property
    def context(self) -> dict[str, Any]:
        return {"form": self.form, "parcel_id": self.id, "chosen": set(self.chosen)}


@role_required("reception")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def transports(request: ActingRequest) -> HttpResponse:
    """What is expected and what was sent; a POST sends ticked results back to the counters that took them in."""
    now, parcel = timezone.now(), Parcel(request, Transport.Kind.RESULT)
    if request.method == "POST" and parcel.send():
        return redirect("desk:transports")
    rows = transport_rows(list_on_their_way(request.actor), now)
    arriving = [it for it in rows if may_receive(request.actor, it["transport"])]
    context = parcel.context | {
        "arriving": arriving,
        "sent": [it for it in rows if it not in arriving],
        "results": [
            {
                "dossier": it,
                "procedure": in_language(it.version.procedure.names, language()),
                "checked": it.pk in parcel.chosen,
            }
            for it in list_results_to_send(request.actor)
        ],
    }
    return render(
        request, "dossiers/desk_transports.html", context, status=422 if parcel.form.errors else 200
    )


class ReceiveForm(forms.Form):
    """Which papers arrived."""

    there = forms.MultipleChoiceField(
        label=gettext_lazy("What arrived"),
        required=False,
        widget=forms.CheckboxSelectMultiple(attrs={"class": "ds-input"}),
        help_text=gettext_lazy("What is not ticked is noted as missing, and is to be sent again."),
    )
    remark = forms.CharField(
        label=gettext_lazy("Remark"),
        max_length=500,
        required=False,
        help_text=gettext_lazy("For both counters, for example in what state the papers are."),
    )

    def __init__(self, transport: Transport, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["there"].choices = [(str(n), it) for n, it in enumerate(paper_words(transport.listed))]


@role_required("reception")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def transport(request: ActingRequest, transport_id: UUID) -> HttpResponse:
    """A parcel of one dossier; a POST notes what arrived."""
    found, now = get_transport(request.actor, transport_id), timezone.now()
    may = may_receive(request.actor, found) and not found.received_at
    everything = {"there": [str(n) for n in range(len(found.listed))]}
    form = ReceiveForm(found, request.POST if request.method == "POST" else None, initial=everything)
    if form.is_valid() and _receive(request, found, form):
        return redirect("desk:transports")
    context = transport_row(found, now) | {
        "form": form,
        "may": may,
        "procedure": in_language(found.dossier.version.procedure.names, language()),
    }
    return render(request, "dossiers/desk_transport.html", context, status=422 if form.errors else 200)


def _receive(request: ActingRequest, found: Transport, form: ReceiveForm) -> bool:
    received = Received({int(n) for n in form.cleaned_data["there"]}, form.cleaned_data["remark"])
    try:
        receive_papers(actor=request.actor, transport_id=found.pk, received=received, at=timezone.now())
    except DomainError as error:
        if error.status in {403, 404}:
            raise
        form.add_error(None, str(error))
        return False
    messages.success(request, _("Noted. Both counters see what arrived."))
    return True
