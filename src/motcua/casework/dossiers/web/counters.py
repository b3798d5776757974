"""Dossiers that the counter took in for other agencies: their list, the counter's part of each, and what it does."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from motcua.casework.dossiers import counters
from motcua.casework.dossiers.models import Dossier, ReturnWay, Transport
from motcua.casework.dossiers.rules.states import Status
from motcua.casework.dossiers.selectors import status_label
from motcua.casework.dossiers.services import handling, supplements
from motcua.casework.dossiers.services.acting import Target
from motcua.casework.dossiers.services.returning import Returning, asked_way
from motcua.casework.dossiers.services.transporting import listed
from motcua.casework.dossiers.web.fees import AT_COUNTER, fee_context
from motcua.casework.dossiers.web.pages import document_items
from motcua.casework.dossiers.web.prints import document_response
from motcua.casework.dossiers.web.slips import WAYS
from motcua.casework.dossiers.web.supplements import bring_page
from motcua.casework.dossiers.web.transport_words import paper_words, state_of, transport_rows
from motcua.casework.dossiers.web.transports import Parcel
from motcua.casework.dossiers.web.words import language
from motcua.casework.forms.rules.definition import in_language
from motcua.foundation.kernel.errors import DomainError
from motcua.registry.access.policies import ActingRequest, role_required

FORM = require_http_methods(["GET", "HEAD", "POST"])


@role_required("reception")
@never_cache
@FORM
def taken_in(request: ActingRequest) -> HttpResponse:
    """The list, with paper to send; a POST sends what is ticked."""
    now, parcel = timezone.now(), Parcel(request, Transport.Kind.PAPERS)
    if request.method == "POST" and parcel.send():
        return redirect("desk:taken-in")
    found, more = counters.list_taken_in(request.actor, after=request.GET.get("after", ""))
    year = timezone.localtime(now).replace(month=1, day=1, hour=0, minute=0, second=0, microsecond=0)
    rows = [_row(it, now, it.dossier.pk in parcel.chosen) for it in found]
    context = parcel.context | {
        "rows": rows,
        "more": more,
        "count": counters.count_taken_in(request.actor, since=year),
        "year": year.year,
        "has_paper": any(it["to_send"] for it in rows),
    }
    return render(request, "dossiers/desk_taken_in.html", context, status=422 if parcel.form.errors else 200)


def _row(row: counters.Row, now: datetime, checked: bool) -> dict[str, Any]:
    latest = row.transports[-1] if row.transports else None
    where = {"state": "", "words": _("no paper"), "under": ""}
    if latest:
        where = state_of(latest, now)
    elif row.to_send:
        where = {"state": "look", "words": _("paper to be sent"), "under": ""}
    return where | {
        "dossier": row.dossier,
        "procedure": in_language(row.dossier.version.procedure.names, language()),
        "status": status_label(row.dossier.status),
        "to_send": row.to_send,
        "checked": checked,
    }


@role_required("reception")
@never_cache
@require_safe
def part(request: ActingRequest, dossier_id: UUID) -> HttpResponse:
    """The counter's part of a dossier."""
    now = timezone.now()
    found = counters.open_part(request.actor, dossier_id, at=now)
    dossier = found.dossier
    context = fee_context(dossier, request.actor, AT_COUNTER) | {
        "dossier": dossier,
        "procedure": in_language(dossier.version.procedure.names, language()),
        "status": status_label(dossier.status),
        "handed_in": paper_words(listed(found.handed_in)),
        "documents": document_items(found.documents, "desk:counter-document"),
        "asked": found.asked,
        "transports": transport_rows(found.transports, now),
        "may_return": dossier.status == Status.FINISHED,
        "asked_way": dict(WAYS)[asked_way(dossier)],
        "return_way": dict(WAYS).get(dossier.return_way, ""),
    }
    return render(request, "dossiers/desk_counter_part.html", context)


@role_required("reception")
@never_cache
@require_safe
def document(request: ActingRequest, dossier_id: UUID, document_id: UUID) -> HttpResponseBase:
    """A form that is handed to the applicant at this counter."""
    found = counters.open_counter_document(request.actor, dossier_id, document_id, at=timezone.now())
    return document_response(request, found)


@role_required("reception")
@never_cache
@FORM
def bring(request: ActingRequest, dossier_id: UUID) -> HttpResponse:
    """What the applicant brings to this counter for the agency that asked for it."""
    counters.get_part(request.actor, dossier_id)
    template = "dossiers/desk_counter_supplement.html"
    return bring_page(request, dossier_id, template=template, back="desk:counter-part")


@role_required("reception")
@require_POST
def remove_paper(request: ActingRequest, dossier_id: UUID, paper_id: int) -> HttpResponse:
    supplements.remove_paper(actor=request.actor, dossier_id=dossier_id, paper_id=paper_id)
    return redirect("desk:counter-supplement", dossier_id)


class HandOutForm(forms.Form):
    """Who takes the result at the counter."""

    receiver = forms.CharField(
        label=gettext_lazy("Who received it at the counter"),
        max_length=300,
        error_messages={"required": gettext_lazy("Enter who received the result.")},
    )


@role_required("reception")
@never_cache
@FORM
def return_result(request: ActingRequest, dossier_id: UUID) -> HttpResponse:
    """Hand the result out at the counter that took the dossier in."""
    dossier = counters.get_part(request.actor, dossier_id)
    if dossier.status != Status.FINISHED and request.method != "POST":
        # Not yet, or not any more: the counter's part says how it stands.
        return redirect("desk:counter-part", dossier.pk)
    initial = {"receiver": dossier.applicant_facts["full_name"]}
    form = HandOutForm(request.POST if request.method == "POST" else None, initial=initial)
    if form.is_valid() and _return(request, dossier, form):
        return redirect("desk:counter-part", dossier.pk)
    context = {
        "dossier": dossier,
        "form": form,
        "procedure": in_language(dossier.version.procedure.names, language()),
        "revision": request.POST.get("revision", dossier.revision),
    }
    return render(request, "dossiers/desk_counter_return.html", context, status=422 if form.errors else 200)


def _return(request: ActingRequest, dossier: Dossier, form: HandOutForm) -> bool:
    text = request.POST.get("revision", "")
    target = Target(dossier.pk, int(text) if text.isdecimal() and len(text) < 10 else 0)
    returning = Returning(ReturnWay.COUNTER.value, receiver=form.cleaned_data["receiver"])
    try:
        handling.return_result(actor=request.actor, target=target, at=timezone.now(), returning=returning)
    except DomainError as error:
        if error.status in {403, 404}:
            raise
        form.add_error(None, str(error))
        return False
    messages.success(
        request, _("The result is returned at the counter. Print the slip of return to be signed.")
    )
    return True
