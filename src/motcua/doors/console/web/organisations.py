"""Organisations at the counter: opened, entered, and who represents them. Found on the page of people."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from motcua.doors.console.web.organisation_forms import (
    KINDS,
    ROLES,
    EndForm,
    OrganisationForm,
    RepresentativeForm,
    place_of,
)
from motcua.foundation.kernel.errors import DomainError
from motcua.foundation.kernel.text import fold, mask_number
from motcua.foundation.ui.formats import format_date
from motcua.registry.access.policies import ActingRequest, role_required
from motcua.registry.people import services
from motcua.registry.people.models import Organisation, Person, Representation
from motcua.registry.people.selectors import (
    OpenedOrganisation,
    Sought,
    find_people,
    get_organisation,
    get_representation,
    open_organisation,
)
from motcua.registry.people.services.checks import DESK, KEEPER

_PERSONAL_DIGITS = 12


def shown_code(organisation: Organisation) -> str:
    """Its code; that of a household business is its owner's personal number, hence masked."""
    code = organisation.tax_code or organisation.code or ""
    return mask_number(code) if len(code) == _PERSONAL_DIGITS and code.isdecimal() else code


def organisation_rows(found: list[Organisation]) -> list[dict[str, Any]]:
    kinds = dict(KINDS)
    return [
        {"id": it.id, "name": it.legal_name, "code": shown_code(it), "kind": kinds[it.kind]} for it in found
    ]


@role_required(DESK, KEEPER)
@never_cache
@require_safe
def organisation(request: ActingRequest, organisation_id: UUID) -> HttpResponse:
    opened = open_organisation(request.actor, organisation_id, at=timezone.now())
    context = {
        "organisation": opened.organisation,
        "kind": dict(KINDS)[opened.organisation.kind],
        "facts": _facts(opened.organisation),
        "representatives": _representatives(opened),
        "may_enter": bool(request.actor.scopes(DESK)),
    }
    return render(request, "console/organisation.html", context)


def _facts(found: Organisation) -> list[dict[str, Any]]:
    states = {"active": _("active"), "suspended": _("suspended"), "ended": _("ended")}
    sources = {"eid": _("the eID"), "officer": _("an officer, from its papers")}
    rows = [
        (_("Tax code") if found.tax_code else _("Code"), shown_code(found)),
        (_("Short name"), found.short_name),
        (_("Address"), found.address),
        (_("E-mail"), found.email),
        (_("Telephone"), found.telephone),
        (_("State"), states[found.status]),
        (_("Entered by"), sources[found.source]),
    ]
    return [{"label": label, "value": value} for label, value in rows if value]


def _representatives(opened: OpenedOrganisation) -> list[dict[str, Any]]:
    today, language = timezone.localdate(), (get_language() or "vi").split("-")[0]
    roles = dict(ROLES)

    def row(held: Representation) -> dict[str, Any]:
        over = bool(held.ended_at or (held.valid_to and held.valid_to <= today))
        words = _("ended") if over else _("counts") if held.valid_from <= today else _("later")
        return {
            "id": held.id,
            "person_id": held.person_id,
            "name": held.person.full_name,
            "role": roles[held.role],
            "since": format_date(held.valid_from, language, weekday=False),
            "state": "stopped" if over else "done",
            "words": words,
            "is_open": not over,
        }

    return sorted((row(it) for it in opened.representations), key=lambda it: not it["is_open"])


@role_required(DESK)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def enter(request: ActingRequest) -> HttpResponse:
    form = OrganisationForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            made = services.enter_organisation(actor=request.actor, new=form.new(), at=timezone.now())
        except DomainError as error:
            form.add_error(place_of(form, error), str(error))
        else:
            messages.success(request, _("The organisation is entered."))
            return redirect("console:organisation", made.id)
    texts = {"title": _("Enter an organisation"), "button": _("Enter")}
    return _form(request, form, reverse("console:people"), _("People"), texts)


@role_required(DESK)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def representative(request: ActingRequest, organisation_id: UUID) -> HttpResponse:
    """The person must be entered already; the look-up by number is an entry of the journal."""
    found, now = get_organisation(organisation_id), timezone.now()
    first = {"begins": timezone.localdate(now)}
    form = RepresentativeForm(request.POST if request.method == "POST" else None, initial=first)
    if form.is_valid():
        person = _person(request, form)
        try:
            if person:
                new = form.new(found.id, person.id)
                services.enter_representation(actor=request.actor, new=new, at=now)
                messages.success(request, _("The representative is entered and may act."))
                return redirect("console:organisation", found.id)
            form.add_error(
                "number", _("Nobody is entered with this number and name. Enter the person first.")
            )
        except DomainError as error:
            form.add_error(place_of(form, error), str(error))
    texts = {"title": _("Enter a representative"), "button": _("Enter")}
    back = reverse("console:organisation", args=[found.id])
    return _form(request, form, back, found.legal_name, texts)


def _person(request: ActingRequest, form: RepresentativeForm) -> Person | None:
    given = form.cleaned_data
    found = find_people(request.actor, Sought(number=given["number"]), at=timezone.now())
    return next((it for it in found if it.search_name == fold(given["name"])), None)


@role_required(DESK)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def end(request: ActingRequest, organisation_id: UUID, representation_id: UUID) -> HttpResponse:
    """Asks for the reason first: what has ended does not come back."""
    found = get_organisation(organisation_id)
    held = get_representation(organisation_id, representation_id)
    form = EndForm(request.POST if request.method == "POST" else None)
    back = reverse("console:organisation", args=[found.id])
    if form.is_valid():
        services.end_representation(
            actor=request.actor,
            representation_id=held.id,
            reason=form.cleaned_data["reason"],
            at=timezone.now(),
        )
        messages.success(request, _("The representation has ended."))
        return redirect(back)
    texts = {"title": _("End a representation"), "button": _("End"), "color": "son"}
    return _form(request, form, back, found.legal_name, texts)


def _form(
    request: ActingRequest, form: forms.Form, back: str, back_text: str, texts: dict[str, str]
) -> HttpResponse:
    context = {"form": form, "back": back, "back_text": back_text, **texts}
    status = 422 if form.is_bound else 200
    return render(request, "console/organisation_form.html", context, status=status)
