"""The register on the desk: looked at, printed, exported; and the results nobody collected yet."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import FileResponse, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from motcua.casework.dossiers.models import Consignment
from motcua.casework.dossiers.register import (
    Asked,
    Line,
    get_book,
    list_books,
    list_came_back,
    list_lines,
    list_uncollected,
)
from motcua.casework.dossiers.services import registering
from motcua.casework.dossiers.services.bulk_acts import Chosen
from motcua.casework.dossiers.services.printing import look_of
from motcua.casework.dossiers.statuses import STATUSES
from motcua.casework.dossiers.web.bulk_lists import choice_text, uncollected_context
from motcua.casework.dossiers.web.pages import language
from motcua.casework.dossiers.web.prints import pdf_response
from motcua.casework.dossiers.web.register_rows import Said, register_rows
from motcua.foundation.files.responses import file_response
from motcua.foundation.kernel.actors import Actor
from motcua.foundation.kernel.errors import DomainError, NotFound
from motcua.registry.access.policies import ActingRequest, role_required
from motcua.registry.access.selectors import CASE_RIGHTS
from motcua.registry.catalogue.rules.texts import in_language
from motcua.registry.catalogue.selectors import list_online_procedures
from motcua.registry.organisations.models import Agency
from motcua.registry.organisations.selectors import list_units_of

WAYS = {
    "warehouse": gettext_lazy("warehouse"),
    "counter": gettext_lazy("counter"),
    "post": gettext_lazy("post"),
}
# Of those who left the page open nobody asks any more.
_WATCHED_FOR = timedelta(hours=1)


class RegisterForm(forms.Form):
    """What of which book. Every field may stay empty: then it is this year's book of the officer's own agency."""

    agency = forms.ChoiceField(label=gettext_lazy("Agency"), required=False)
    unit = forms.ChoiceField(label=gettext_lazy("Unit that has or had a task"), required=False)
    since = forms.DateField(
        label=gettext_lazy("Received from"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": gettext_lazy("Enter the first day as a date.")},
    )
    until = forms.DateField(
        label=gettext_lazy("Received until"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": gettext_lazy("Enter the last day as a date.")},
    )
    procedure = forms.ChoiceField(label=gettext_lazy("Procedure"), required=False)
    status = forms.TypedChoiceField(label=gettext_lazy("State"), required=False, coerce=int, empty_value="0")
    way = forms.ChoiceField(label=gettext_lazy("Way of receiving"), required=False)

    def __init__(self, actor: Actor, sent: Any, *, today: date) -> None:
        self.books = list_books(actor)
        self.own = _own(actor, self.books)
        first = today.replace(month=1, day=1)
        # The form shows what it is about, also when nothing was chosen.
        found = {"agency": self.own, "since": first.isoformat(), "until": today.isoformat()}
        super().__init__({**found, **{name: value for name, value in sent.items() if value}})
        self.fields["agency"].choices = [(it.path, it.name) for it in self.books]  # type: ignore[attr-defined]
        if len(self.books) < 2:
            self.fields["agency"].widget = forms.HiddenInput()
        self.fields["unit"].choices = [("", _("All")), *self._units()]  # type: ignore[attr-defined]
        procedures = [(code, f"{name} ({code})") for code, name in list_online_procedures()]
        self.fields["procedure"].choices = [("", _("All")), *procedures]  # type: ignore[attr-defined]
        self.fields["status"].choices = [  # type: ignore[attr-defined]
            ("", _("All")),
            *((code, words) for code, (words, _state) in STATUSES.items() if code not in {1, 3}),
        ]
        self.fields["way"].choices = [("", _("All")), *WAYS.items()]  # type: ignore[attr-defined]

    def _units(self) -> list[tuple[str, str]]:
        """Units of the agency whose book it is, those that have ended too: books are about years. One query."""
        path = self.data["agency"]
        if path not in {it.path for it in self.books}:
            return []
        return [(str(it.pk), it.name) for it in list_units_of(path)]

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        since, until = found.get("since"), found.get("until")
        if since and until and since > until:
            self.add_error("until", _("Enter a last day that is not before the first one."))
        return found

    def asked(self) -> Asked:
        """Of a valid form."""
        found = dict(self.cleaned_data)
        return Asked(path=found.pop("agency"), **found | {"status": int(found["status"])})

    @property
    def query(self) -> str:
        """The address's part that asks for the same again."""
        kept = {name: value for name, value in self.data.items() if name in self.fields and value}
        return urlencode(kept)


def _own(actor: Actor, books: list[Agency]) -> str:
    paths = [it.path for it in books]
    return actor.agency_path if actor.agency_path in paths else (paths[0] if paths else "")


def _form(request: ActingRequest, sent: Any) -> RegisterForm:
    form = RegisterForm(request.actor, sent, today=timezone.localdate())
    if not form.books:
        raise NotFound
    return form


@role_required(*CASE_RIGHTS)
@never_cache
@require_safe
def register(request: ActingRequest) -> HttpResponse:
    """The book of one agency, 50 lines a page, latest first."""
    form, now = _form(request, request.GET.dict()), timezone.now()
    context: dict[str, Any] = {"form": form, "query": form.query, "rows": "", "is_asked": bool(request.GET)}
    if not form.is_valid():
        return render(request, "dossiers/desk_register.html", context, status=422)
    asked, after = form.asked(), request.GET.get("after", "")
    agency = next(it for it in form.books if it.path == asked.path)
    lines, more = list_lines(request.actor, asked, after=after)
    if lines:
        registering.record_look(request.actor, agency, asked, len(lines), at=now)
    said = Said.now(WAYS)
    context |= {"rows": register_rows(lines, said), "heads": said.heads, "more": more}
    context |= {"after": after, "agency": agency}
    return render(request, "dossiers/desk_register.html", context)


@role_required(*CASE_RIGHTS)
@never_cache
@require_POST
def print_book(request: ActingRequest) -> HttpResponse:
    """Form 06 of what the page shows, all its pages. A POST: each print takes a number."""
    form = _form(request, request.POST.dict())
    if not form.is_valid():
        return _back(form)
    look = look_of(request.POST.get("second", ""), "")
    try:
        pdf = registering.print_register(
            actor=request.actor, asked=form.asked(), look=look, at=timezone.now()
        )
    except DomainError as error:
        if error.status in {403, 404}:
            raise
        messages.error(request, str(error))
        return _back(form)
    return pdf_response(pdf, f"so-theo-doi-{timezone.localdate().isoformat()}.pdf")


def _back(form: RegisterForm) -> HttpResponseRedirect:
    return HttpResponseRedirect(f"{reverse('desk:register')}?{form.query}")


@role_required(*CASE_RIGHTS)
@never_cache
@require_POST
def start_export(request: ActingRequest) -> HttpResponse:
    form = _form(request, request.POST.dict())
    if not form.is_valid():
        return _back(form)
    try:
        made = registering.start_export(
            actor=request.actor, asked=form.asked(), language=language(), at=timezone.now()
        )
    except DomainError as error:
        if error.status in {403, 404}:
            raise
        messages.error(request, str(error))
        return _back(form)
    return redirect("desk:register-exported", made.pk)


@role_required(*CASE_RIGHTS)
@never_cache
@require_safe
def export(request: ActingRequest, export_id: UUID) -> HttpResponse:
    """How far the spreadsheet is; the page asks again by itself until it is there."""
    found = registering.get_export(request.actor, export_id)
    asked = Asked.of_json(found.criteria)
    context = {
        "export": found,
        "asked": asked,
        "days": int(registering.KEPT_FOR / timedelta(days=1)),
        "is_watched": not found.finished_at and timezone.now() - found.made_at < _WATCHED_FOR,
    }
    return render(request, "dossiers/desk_register_export.html", context)


@role_required(*CASE_RIGHTS)
@never_cache
@require_safe
def export_file(request: ActingRequest, export_id: UUID) -> FileResponse:
    found = registering.get_export(request.actor, export_id)
    if not found.file:
        raise NotFound
    return file_response(found.file)


@role_required(*CASE_RIGHTS)
@never_cache
@require_safe
def uncollected(request: ActingRequest) -> HttpResponse:
    """Results that lie ready, longest first."""
    actor = request.actor
    books = list_books(actor)
    path = request.GET.get("agency", "") or _own(actor, books)
    agency = get_book(actor, path)
    came_back = list_came_back(actor, agency.path)
    lines, more = list_uncollected(actor, agency.path, after=request.GET.get("after", ""))
    context = {
        "agency": agency,
        "books": books if len(books) > 1 else [],
        "rows": [_waiting(it) for it in lines],
        "came_back": [_back_row(it) for it in came_back],
        "more": more,
        "bulk": uncollected_context(actor, [it.dossier for it in lines]),
    }
    return render(request, "dossiers/desk_uncollected.html", context)


def _waiting(line: Line) -> dict[str, Any]:
    return {
        "dossier": line.dossier,
        "value": choice_text(Chosen(line.dossier.pk, line.dossier.revision)),
        "procedure": in_language(line.dossier.version.procedure.names, language()),
        "way": WAYS[line.way],
        "url": reverse("desk:dossier", args=[line.dossier.pk]),
        "days": (timezone.localdate() - timezone.localdate(line.dossier.finished_at)).days
        if line.dossier.finished_at
        else 0,
    }


def _back_row(sent: Consignment) -> dict[str, Any]:
    return {
        "consignment": sent,
        "dossier": sent.dossier,
        "procedure": in_language(sent.dossier.version.procedure.names, language()),
        "url": reverse("desk:dossier", args=[sent.dossier_id]),
    }
