"""People at the counter: found by card, number or name, entered, opened. What is typed goes by POST only."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from motcua.casework.dossiers.selectors import list_dossiers_of
from motcua.doors.console.web.organisations import organisation_rows
from motcua.doors.console.web.people_forms import (
    KINDS,
    MergeForm,
    NameForm,
    PaperMandateForm,
    PersonForm,
    place_of,
)
from motcua.doors.console.web.people_rows import dossier_rows, mandate_rows, office_rows, person_facts
from motcua.foundation.files.errors import FileRefused
from motcua.foundation.files.services import checked_upload, store_checked
from motcua.foundation.kernel.errors import DomainError
from motcua.registry.access.policies import ActingRequest, role_required
from motcua.registry.people import services
from motcua.registry.people.models import Person
from motcua.registry.people.rules.cards import Card
from motcua.registry.people.selectors import (
    Sought,
    card_of,
    card_on,
    find_organisations,
    find_people,
    get_person,
    open_person,
    people_named,
)

RECEPTION, KEEPER = "reception", "data_protection"


def rows_of(people: Iterable[Person]) -> list[dict[str, Any]]:
    """People for a list: name, day of birth, number masked."""
    kinds = dict(KINDS)
    return [
        {
            "id": person.id,
            "name": person.full_name,
            "number": person.masked_number,
            "born": person.birth_date,
            "kind": kinds[person.kind],
        }
        for person in people
    ]


def _start(request: ActingRequest, status: int = 200, **context: Any) -> HttpResponse:
    context.setdefault("name_form", NameForm())
    context["may_enter"] = bool(request.actor.scopes(RECEPTION))
    return render(request, "console/people.html", context, status=status)


@role_required(RECEPTION, KEEPER)
@never_cache
@require_safe
def start(request: ActingRequest) -> HttpResponse:
    return _start(request)


@require_POST
@role_required(RECEPTION, KEEPER)
@never_cache
def find(request: ActingRequest) -> HttpResponse:
    """By what was sent: a card's text, its photo, a number, or a name with the date of birth."""
    if "name" in request.POST:
        return _find_named(request)
    if "organisation" in request.POST:
        return _find_organisation(request)
    number, now = request.POST.get("number", "")[:40].strip(), timezone.now()
    card: Card | None = None
    try:
        photo = request.FILES.get("photo")
        if isinstance(photo, UploadedFile):
            card = card_on(photo, today=timezone.localdate(now))
        elif "card" in request.POST:
            card = card_of(request.POST["card"][:3000], today=timezone.localdate(now))
    except DomainError as error:
        return _start(request, status=error.status, card_problem=str(error))
    number = card.number if card else number
    if not number:
        return _start(request, status=422, number_problem=_("Enter the number of the card or passport."))
    found = find_people(request.actor, Sought(number=number), at=now)
    if len(found) == 1:
        if card:
            say_what_differs(request, card, found[0])
        return redirect("console:person", found[0].id)
    form = PersonForm.of_card(card) if card else None
    return _start(request, rows=rows_of(found), nothing_found=not found, card=card, enter_form=form)


def _find_organisation(request: ActingRequest) -> HttpResponse:
    typed = request.POST["organisation"][:300].strip()
    if not typed:
        problem = _("Enter the tax code or the name of the organisation.")
        return _start(request, status=422, organisation_problem=problem)
    found = find_organisations(request.actor, typed)
    return _start(request, organisations=organisation_rows(found), no_organisation=not found)


def say_what_differs(request: ActingRequest, card: Card, person: Person) -> None:
    """A message where the card and the entry are not of one person by name and birth."""
    if card.full_name.casefold() != person.full_name.casefold() or card.birth_date != person.birth_date:
        messages.warning(request, _("The card and the entry differ in name or date of birth. Look at both."))


def _find_named(request: ActingRequest) -> HttpResponse:
    form = NameForm(request.POST)
    if not form.is_valid():
        return _start(request, status=422, name_form=form)
    sought = Sought(name=form.cleaned_data["name"], birth_date=form.cleaned_data["born"])
    found = find_people(request.actor, sought, at=timezone.now())
    return _start(request, name_form=form, rows=rows_of(found), nothing_found=not found)


@role_required(RECEPTION)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def enter(request: ActingRequest) -> HttpResponse:
    """Somebody who looks like one entered already is asked about before."""
    form, same = PersonForm(request.POST if request.method == "POST" else None), []
    if form.is_valid():
        try:
            person = services.enter_person(
                actor=request.actor,
                new=form.new(),
                at=timezone.now(),
                is_another=form.cleaned_data["is_another"],
            )
        except DomainError as error:
            if found := error.fields.get("people"):
                same = rows_of(people_named(found))
                form = PersonForm(request.POST, asks=True)
            form.add_error(place_of(form, error), str(error))
        else:
            messages.success(request, _("The person is entered."))
            return redirect("console:person", person.id)
    status = 422 if form.is_bound else 200
    return render(request, "console/person_enter.html", {"form": form, "same": same}, status=status)


@role_required(RECEPTION, KEEPER)
@never_cache
@require_safe
def person(request: ActingRequest, person_id: UUID) -> HttpResponse:
    return _person(request, person_id)


def _person(request: ActingRequest, person_id: UUID, status: int = 200, **context: Any) -> HttpResponse:
    opened = open_person(request.actor, person_id, at=timezone.now())
    found = opened.person
    context |= {
        "person": found,
        "facts": person_facts(opened),
        "kind": dict(KINDS)[found.kind],
        "dossiers": dossier_rows(list_dossiers_of(request.actor, found.id)),
        "offices": office_rows(opened.offices),
        "mandates": mandate_rows(opened.mandates, found.id),
        "may_enter": bool(request.actor.scopes(RECEPTION)),
        "may_merge": bool(request.actor.scopes(KEEPER)),
        "waits_for_number": found.kind == Person.Kind.NEWBORN,
    }
    return render(request, "console/person.html", context, status=status)


@require_POST
@role_required(RECEPTION)
@never_cache
def number(request: ActingRequest, person_id: UUID) -> HttpResponse:
    """A newborn child's number."""
    typed = request.POST.get("number", "")[:40]
    try:
        services.give_number(actor=request.actor, person_id=person_id, number=typed, at=timezone.now())
    except DomainError as error:
        if error.status in {403, 404}:
            raise
        return _person(request, person_id, status=error.status, number_problem=str(error), typed=typed)
    messages.success(request, _("The number is entered."))
    return redirect("console:person", person_id)


@role_required(RECEPTION)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def mandate(request: ActingRequest, person_id: UUID) -> HttpResponse:
    """From the paper that both have signed; it counts at once."""
    now, principal = timezone.now(), get_person(person_id)
    form = PaperMandateForm(request.POST or None, request.FILES or None)
    if form.is_valid():
        try:
            upload = form.cleaned_data["paper"]
            with checked_upload(upload=upload, actor=request.actor, at=now) as checked, transaction.atomic():
                paper = store_checked(checked, belongs_to=principal.id, owner_id=principal.id)
                services.enter_paper_mandate(
                    actor=request.actor,
                    principal=principal,
                    offer=form.offer(timezone.localdate(now)),
                    paper=paper,
                    at=now,
                )
        except DomainError as error:
            place = "paper" if isinstance(error, FileRefused) else place_of(form, error)
            form.add_error(place, str(error))
        else:
            messages.success(request, _("The mandate is entered and counts."))
            return redirect("console:person", principal.id)
    context = {"form": form, "person": principal}
    status = 422 if form.is_bound else 200
    return render(request, "console/person_mandate.html", context, status=status)


@role_required(KEEPER)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def merge(request: ActingRequest, person_id: UUID) -> HttpResponse:
    """Two entries are one person; asked for with a reason and a tick, as it cannot be undone."""
    kept, form = get_person(person_id), MergeForm(request.POST or None)
    if form.is_valid():
        try:
            services.merge_people(
                actor=request.actor,
                kept_id=kept.id,
                gone_id=form.gone,
                reason=form.cleaned_data["reason"],
                at=timezone.now(),
            )
        except DomainError as error:
            words = _("There is no such entry, or it is an alias already.")
            form.add_error("other", words if error.status == 404 else str(error))
        else:
            messages.success(request, _("Both entries are one now."))
            return redirect("console:person", kept.id)
    status = 422 if form.is_bound else 200
    return render(request, "console/person_merge.html", {"form": form, "person": kept}, status=status)
