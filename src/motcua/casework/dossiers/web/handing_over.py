"""Hand-over slips on the desk: choose dossiers, make the slip, print it."""

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
from django.views.decorators.http import require_http_methods, require_safe

from motcua.casework.dossiers import selectors
from motcua.casework.dossiers.models import Dossier, HandOver
from motcua.casework.dossiers.services.handing_over import (
    LIMIT,
    Handing,
    list_handed_over,
    list_slips,
    make_hand_over,
    open_slip,
    own_agency,
    receivers,
)
from motcua.casework.dossiers.web.desk import as_uuid
from motcua.casework.dossiers.web.inbox import dossier_row, inbox_row
from motcua.casework.dossiers.web.prints import asked_look, pdf_response
from motcua.foundation.kernel.errors import DomainError
from motcua.foundation.kernel.ids import new_id
from motcua.registry.access.policies import ActingRequest, role_required
from motcua.registry.access.selectors import CASE_RIGHTS


class HandOverForm(forms.Form):
    """To whom the chosen dossiers go."""

    to = forms.ChoiceField(
        label=gettext_lazy("Who receives them"),
        error_messages={
            "required": gettext_lazy("Choose the unit or agency that receives the dossiers."),
            "invalid_choice": gettext_lazy("Choose the unit or agency that receives the dossiers."),
        },
    )
    receiver = forms.CharField(
        label=gettext_lazy("Name of the person who receives them"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("Left empty: a line to be filled in by hand."),
    )

    def __init__(self, choices: dict[str, str], *args: Any) -> None:
        super().__init__(*args)
        self.fields["to"].choices = [("", "–"), *choices.items()]  # type: ignore[attr-defined]


@role_required(*CASE_RIGHTS)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def hand_over(request: ActingRequest) -> HttpResponse:
    """The officer's tasks and what they handed over today, with boxes to tick; a POST makes the slip."""
    now = timezone.now()
    agency = own_agency(request.actor)
    form = HandOverForm(receivers(agency, at=now), request.POST if request.method == "POST" else None)
    chosen = [one for text in request.POST.getlist("chosen") if (one := as_uuid(text))]
    slip_id = as_uuid(request.POST.get("slip", "")) or new_id()
    if form.is_valid():
        handing = Handing(slip_id, chosen, form.cleaned_data["to"], form.cleaned_data["receiver"])
        try:
            made = make_hand_over(actor=request.actor, handing=handing, at=now)
        except DomainError as error:
            if error.status in {403, 404}:
                raise
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Slip %(number)s is made.") % {"number": made.content["number"]})
            return redirect("desk:hand-over")
    context = {
        "form": form,
        "slip_id": slip_id,
        "groups": _groups(request, set(chosen)),
        "slips": [_slip(it) for it in list_slips(request.actor)],
        "limit": LIMIT,
    }
    return render(request, "dossiers/desk_hand_over.html", context, status=422 if form.is_bound else 200)


def _groups(request: ActingRequest, chosen: set[UUID]) -> list[dict[str, Any]]:
    """What was handed over today, then the open tasks, for components/inbox_table."""
    now = timezone.now()
    gone = list_handed_over(request.actor, at=now)
    mine = selectors.list_inbox(request.actor, at=now).rows
    gone_ids = {it.pk for it in gone}
    open_rows = {row.dossier.pk: inbox_row(row, now) for row in mine if row.dossier.pk not in gone_ids}
    found = [
        (_("Handed over by you today"), [_gone(it) for it in gone]),
        (_("My tasks"), list(open_rows.values())),
    ]
    return [
        {
            "title": title,
            "count": len(rows),
            "note": "",
            "rows": [row | {"checked": row["id"] in chosen} for row in rows],
        }
        for title, rows in found
        if rows
    ]


def _gone(dossier: Dossier) -> dict[str, Any]:
    """A row like `inbox_row`, of a dossier that waits for others now."""
    return dossier_row(dossier, timezone.now()) | {"task": _("handed over")}


def _slip(slip: HandOver) -> dict[str, Any]:
    return {
        "id": slip.pk,
        "number": slip.content["number"],
        "to": slip.content["receiving"],
        "count": len(slip.content["entries"]),
        "made_at": slip.made_at,
    }


@role_required(*CASE_RIGHTS)
@never_cache
@require_safe
def slip(request: ActingRequest, slip_id: UUID) -> HttpResponse:
    """The PDF of a slip; `?second=en` with a second language."""
    found, pdf = open_slip(request.actor, slip_id, look=asked_look(request), at=timezone.now())
    return pdf_response(pdf, f"phieu-ban-giao-{found.year}-{found.number}.pdf")
