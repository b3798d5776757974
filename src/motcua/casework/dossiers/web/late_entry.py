"""Entering a paper sheet on the desk: which one, when its papers came in, why they were not entered then, for whom."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from motcua.casework.dossiers.counter_errors import SheetEntered
from motcua.casework.dossiers.models import IntakeSheet, LateReason
from motcua.casework.dossiers.rules.promises import due_steps
from motcua.casework.dossiers.rules.sheet_codes import read_sheet_code
from motcua.casework.dossiers.services.intake import Intake
from motcua.casework.dossiers.services.late_entry import Late, begin_entry, find_begun, promise_from
from motcua.casework.dossiers.services.sheets import REASON_LENGTH, RECEPTION, find_sheet
from motcua.casework.dossiers.web.words import due_rows, language
from motcua.foundation.kernel.errors import DomainError, NotFound
from motcua.foundation.ui.fields import DayField
from motcua.registry.access.policies import ActingRequest, role_required
from motcua.registry.catalogue.rules.texts import in_language
from motcua.registry.catalogue.selectors import list_online_procedures
from motcua.registry.people.models import Person
from motcua.registry.people.selectors import Sought, card_of, find_people

REASONS = (
    (LateReason.LINE.value, gettext_lazy("The line was down")),
    (LateReason.POWER.value, gettext_lazy("There was no power")),
    (LateReason.OTHER.value, gettext_lazy("Another reason")),
)
# Which field an error is about.
FIELD_OF = {
    "no_such_sheet": "code",
    "sheet_void": "code",
    "not_yet": "came_on",
    "came_too_early": "came_on",
    "late_reason_missing": "words",
    "sheet_of_another_procedure": "procedure",
    "not_found": "procedure",
    "not_in_this_name": "number",
}


class EntryForm(forms.Form):
    """What stands on the sheet."""

    code = forms.CharField(
        label=gettext_lazy("Sheet code"),
        max_length=300,
        help_text=gettext_lazy("As printed, for example P-7K4M-2QXD-9R, or scan the QR code of the sheet."),
        error_messages={"required": gettext_lazy("Enter the code of the sheet.")},
    )
    came_on = DayField(label=gettext_lazy("Day the papers came in"))
    came_time = forms.TimeField(
        label=gettext_lazy("Time the papers came in"),
        input_formats=["%H:%M", "%H.%M", "%Hh%M", "%Hg%M"],
        help_text=gettext_lazy(
            "Hours and minutes as on the sheet, for example 14:05. The limit counts from then."
        ),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "maxlength": 5}),
        error_messages=dict.fromkeys(
            ("required", "invalid"), gettext_lazy("Enter the time as hours and minutes, for example 14:05.")
        ),
    )
    reason = forms.ChoiceField(
        label=gettext_lazy("Why they were not entered then"),
        choices=REASONS,
        widget=forms.RadioSelect(attrs={"class": "ds-input"}),
        error_messages={
            "required": gettext_lazy("Choose why the papers were not entered when they came in.")
        },
    )
    words = forms.CharField(
        label=gettext_lazy("The other reason in words"), max_length=REASON_LENGTH, required=False
    )
    procedure = forms.ChoiceField(
        label=gettext_lazy("Procedure"),
        required=False,
        help_text=gettext_lazy("Only for a sheet that was printed for any procedure."),
    )
    number = forms.CharField(
        label=gettext_lazy("Personal number of the applicant"),
        max_length=300,
        help_text=gettext_lazy("The 12 digits on the identity card, or scan the card's QR code."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": gettext_lazy("Enter the 12 digits of the personal number.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["procedure"].choices = [("", _("As printed on the sheet")), *list_online_procedures()]

    def clean_number(self) -> str:
        typed = str(self.cleaned_data["number"])
        if "|" in typed:
            try:
                return card_of(typed, today=timezone.localdate()).number
            except DomainError as error:
                raise forms.ValidationError(str(error)) from error
        digits = "".join(it for it in typed if it.isdecimal())
        if len(digits) != 12:
            raise forms.ValidationError(_("Enter the 12 digits of the personal number."))
        return digits

    def late(self) -> Late:
        """What was entered, as the service takes it."""
        sent = self.cleaned_data
        came_at = timezone.make_aware(datetime.combine(sent["came_on"], sent["came_time"]))
        return Late(sent["code"], came_at, sent["reason"], sent["words"], sent["procedure"])


@role_required(RECEPTION)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def enter(request: ActingRequest) -> HttpResponse:
    """A sheet is begun by POST; what was typed stays when it is refused, and the first entry is shown."""
    if request.method != "POST":
        return _page(request, EntryForm(initial={"code": read_sheet_code(request.GET.get("code", ""))}))
    form = EntryForm(request.POST)
    if not form.is_valid():
        return _page(request, form)
    try:
        person = _person(request, form)
        if person is None:
            return _page(request, form)
        draft = begin_entry(
            actor=request.actor, late=form.late(), intake=Intake(person.pk), at=timezone.now()
        )
    except SheetEntered as error:
        before = find_sheet(request.actor, read_sheet_code(form.cleaned_data["code"]))
        form.add_error("code", str(error))
        return _page(request, form, before)
    except DomainError as error:
        if error.status == 403:
            raise
        form.add_error(FIELD_OF.get(error.code), _why(error))
        return _page(request, form)
    return redirect("desk:sheet-entry", draft.pk)


def _why(error: DomainError) -> str:
    if isinstance(error, NotFound):
        return _("Choose the procedure: none was in force for this sheet on the day the papers came in.")
    return str(error)


def _person(request: ActingRequest, form: EntryForm) -> Person | None:
    """Who has the number; the search is an entry of the journal."""
    sought = Sought(number=form.cleaned_data["number"])
    found = find_people(request.actor, sought, at=timezone.now())
    if not found:
        form.add_error("number", _("Nobody with this number is known here. Enter the person first."))
        return None
    return found[0]


def _page(request: ActingRequest, form: EntryForm, before: IntakeSheet | None = None) -> HttpResponse:
    context = {"form": form, "before": before and _before(before)}
    return render(request, "dossiers/desk_sheet_enter.html", context, status=422 if form.is_bound else 200)


def _before(sheet: IntakeSheet) -> dict[str, str]:
    """Where the first entry lies."""
    if sheet.dossier:
        code = sheet.dossier.code or sheet.dossier.reference
        return {
            "title": _("Sheet %(sheet)s is dossier %(code)s") % {"sheet": sheet.code, "code": code},
            "url": reverse("desk:dossier", args=[sheet.dossier.pk]),
            "text": _("Open the dossier"),
        }
    return {
        "title": _("Sheet %(sheet)s is being entered") % {"sheet": sheet.code},
        "url": reverse("desk:sheet-entry", args=[sheet.draft_id]),
        "text": _("Go on with it"),
    }


@role_required(RECEPTION)
@never_cache
@require_safe
def entry(request: ActingRequest, draft_id: UUID) -> HttpResponse:
    """A sheet that is being entered: from when the limit counts, and how."""
    sheet = find_begun(request.actor, draft_id)
    if not sheet or not sheet.draft or not sheet.came_at:
        raise NotFound
    draft = sheet.draft
    promise = promise_from(draft.version, sheet.agency, sheet.came_at)
    reason = sheet.words or str(dict(REASONS)[sheet.reason])
    context = {
        "sheet": sheet,
        "applicant": draft.applicant.full_name,
        "procedure": in_language(draft.version.procedure.names, language()),
        "reason": reason,
        "counts_later": promise.start if promise.start > sheet.came_at else None,
        "due_at": promise.at,
        "is_over": promise.at < timezone.now(),
        "due_rows": due_rows(due_steps(promise), language()),
        "fill_url": reverse("desk:intake", args=[draft.pk]),
    }
    return render(request, "dossiers/desk_sheet_entry.html", context)
