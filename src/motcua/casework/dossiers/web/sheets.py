"""Intake sheets on the desk: print them ahead, see which are blank, entered or void."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from motcua.casework.dossiers.counter_errors import SheetEntered
from motcua.casework.dossiers.models import IntakeSheet, SheetBlock
from motcua.casework.dossiers.models.sheets import MOST_SHEETS
from motcua.casework.dossiers.services import sheets as service
from motcua.casework.dossiers.services.sheets import PAGE, REASON_LENGTH, SHEET_STATES, NewBlock
from motcua.casework.dossiers.web.desk import as_uuid
from motcua.casework.dossiers.web.pages import language
from motcua.casework.dossiers.web.prints import asked_look, language_links, pdf_response
from motcua.foundation.kernel.errors import DomainError, NotFound
from motcua.foundation.kernel.ids import new_id
from motcua.registry.access.policies import ActingRequest, role_required
from motcua.registry.catalogue.rules.texts import in_language
from motcua.registry.catalogue.selectors import list_online_procedures

STATE_WORDS = {
    "blank": gettext_lazy("Blank"),
    "begun": gettext_lazy("Being entered"),
    "entered": gettext_lazy("Entered"),
    "void": gettext_lazy("Void"),
}


class PrintForm(forms.Form):
    """Which sheets, and how many."""

    procedure = forms.ChoiceField(label=gettext_lazy("Procedure"), required=False)
    count = forms.IntegerField(
        label=gettext_lazy("How many sheets"),
        min_value=1,
        max_value=MOST_SHEETS,
        initial=10,
        error_messages=dict.fromkeys(
            ("required", "invalid", "min_value", "max_value"),
            gettext_lazy("Enter how many sheets to print, from 1 to 50."),
        ),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["procedure"].choices = [("", _("Any procedure")), *list_online_procedures()]


@role_required(service.RECEPTION)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def sheets(request: ActingRequest) -> HttpResponse:
    """The sheets of the counter; a POST gives out the codes of new ones, which are printed from the list."""
    form = PrintForm(request.POST if request.method == "POST" else None)
    block_id = as_uuid(request.POST.get("block", "")) or new_id()
    if form.is_valid():
        new = NewBlock(block_id, form.cleaned_data["procedure"], form.cleaned_data["count"])
        try:
            made = service.issue_sheets(actor=request.actor, new=new, at=timezone.now())
        except DomainError as error:
            if error.status in {403, 404}:
                raise
            form.add_error(None, str(error))
        else:
            messages.success(request, _("%(count)d sheets are ready to be printed.") % {"count": made.count})
            return redirect("desk:sheets")
    context = {"form": form, "block_id": block_id, "most": MOST_SHEETS} | _lists(request)
    return render(request, "dossiers/desk_sheets.html", context, status=422 if form.is_bound else 200)


def _lists(request: ActingRequest) -> dict[str, Any]:
    state = request.GET.get("show", "")
    state = state if state in SHEET_STATES else "blank"
    counts = service.count_sheets(request.actor)
    before = as_uuid(request.GET.get("before", ""))
    found = service.list_sheets(request.actor, state, before=before)
    more = found[PAGE - 1].pk if len(found) > PAGE else ""
    return {
        "state": state,
        "tabs": [
            {"text": f"{words} ({counts[key]})", "url": f"?show={key}", "current": key == state}
            for key, words in STATE_WORDS.items()
        ],
        "rows": [_row(it) for it in found[:PAGE]],
        "more": more,
        "blocks": [_block(it) for it in service.list_blocks(request.actor)],
    }


def _row(sheet: IntakeSheet) -> dict[str, Any]:
    dossier = sheet.dossier
    return {
        "sheet": sheet,
        "procedure": _procedure(sheet.block),
        "dossier": dossier and (dossier.code or dossier.reference),
        "dossier_url": dossier and reverse("desk:dossier", args=[dossier.pk]),
    }


def _block(block: SheetBlock) -> dict[str, Any]:
    url = reverse("desk:sheet-block", args=[block.pk])
    return {"block": block, "procedure": _procedure(block), "url": url, "links": language_links(url)}


def _procedure(block: SheetBlock) -> str:
    names = block.version.procedure.names if block.version else None
    return in_language(names, language()) if names else _("Any procedure")


@role_required(service.RECEPTION)
@never_cache
@require_safe
def block(request: ActingRequest, block_id: UUID) -> HttpResponse:
    """The PDF of the sheets of a block; `?second=en` with a second language."""
    found, pdf = service.print_block(actor=request.actor, block_id=block_id, look=asked_look(request))
    return pdf_response(pdf, f"phieu-tiep-nhan-{found.issued_at:%y%m%d}-{found.count}.pdf")


class VoidForm(forms.Form):
    """Why a sheet can never be entered."""

    reason = forms.CharField(
        label=gettext_lazy("Why the sheet is void"),
        max_length=REASON_LENGTH,
        help_text=gettext_lazy("For example: spoiled while printing, lost, written on twice."),
        error_messages={"required": gettext_lazy("Enter why the sheet is void.")},
    )


@role_required(service.RECEPTION)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def void(request: ActingRequest, sheet_id: UUID) -> HttpResponse:
    """Make a sheet void, or take that back."""
    found = service.of_counters(request.actor).filter(pk=sheet_id).first()
    if not found:
        raise NotFound
    if found.state in {"entered", "begun"}:
        raise SheetEntered(code=found.code)
    back = found.state == "void"
    form = VoidForm(request.POST if request.method == "POST" and not back else None)
    if request.method == "POST" and (back or form.is_valid()):
        reason = "" if back else form.cleaned_data["reason"]
        service.mark_void(actor=request.actor, sheet_id=sheet_id, reason=reason, at=timezone.now())
        words = _("Sheet %(code)s can be entered again.") if back else _("Sheet %(code)s is void.")
        messages.success(request, words % {"code": found.code})
        return redirect("desk:sheets")
    context = {"sheet": found, "form": form, "back": back}
    return render(request, "dossiers/desk_sheet_void.html", context, status=422 if form.is_bound else 200)
