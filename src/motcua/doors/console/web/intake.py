"""Who stands at the counter, for whom, and for which procedure. The form itself is `dossiers.web.intake`."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from motcua.casework.dossiers.selectors import list_drafts
from motcua.casework.dossiers.services.intake import Brings, Intake, start_intake
from motcua.doors.console.web.intake_forms import IntakeForm, draft_rows, procedure_rows
from motcua.doors.console.web.people import rows_of, say_what_differs
from motcua.doors.console.web.people_forms import NameForm, PersonForm, place_of
from motcua.foundation.kernel.errors import DomainError
from motcua.registry.access.policies import ActingRequest, role_required
from motcua.registry.catalogue.selectors import find_version
from motcua.registry.people import services
from motcua.registry.people.models import Mandate, Person, Representation
from motcua.registry.people.rules.cards import Card
from motcua.registry.people.selectors import (
    Sought,
    card_of,
    card_on,
    find_people,
    get_person,
    mandates_in_force,
    offices_in_force,
    open_person,
    people_named,
)

RECEPTION = "reception"


def _start(request: ActingRequest, status: int = 200, **context: Any) -> HttpResponse:
    context.setdefault("name_form", NameForm())
    context["drafts"] = draft_rows(list_drafts(request.actor))
    return render(request, "console/intake.html", context, status=status)


@role_required(RECEPTION)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def start(request: ActingRequest) -> HttpResponse:
    """By the card (its text from a reader, or a picture), a number, or a name with the date of birth."""
    if request.method != "POST":
        return _start(request)
    if "name" in request.POST:
        return _by_name(request)
    typed, now = request.POST.get("who", "")[:3000].strip(), timezone.now()
    try:
        card = _card(request, typed)
    except DomainError as error:
        return _start(request, status=error.status, problem=str(error))
    number = card.number if card else typed[:40]
    if not number:
        return _start(request, status=422, problem=_("Hold the card before the reader, or enter its number."))
    found = find_people(request.actor, Sought(number=number), at=now)
    if len(found) == 1:
        if card:
            say_what_differs(request, card, found[0])
        return redirect("console:intake-for", found[0].id)
    form = PersonForm.of_card(card) if card else PersonForm(initial={"personal_number": number})
    return _start(request, rows=rows_of(found), enter_form=None if found else form, card=card)


def _card(request: ActingRequest, typed: str) -> Card | None:
    """What the card says that was shown, None where a number was typed. Raises BadCardText and those of photos."""
    today = timezone.localdate()
    photo = request.FILES.get("photo")
    if isinstance(photo, UploadedFile):
        return card_on(photo, today=today)
    return card_of(typed, today=today) if "|" in typed else None


def _by_name(request: ActingRequest) -> HttpResponse:
    form = NameForm(request.POST)
    if not form.is_valid():
        return _start(request, status=422, name_form=form)
    sought = Sought(name=form.cleaned_data["name"], birth_date=form.cleaned_data["born"])
    found = find_people(request.actor, sought, at=timezone.now())
    if not found:
        known = {"full_name": sought.name, "birth_date": sought.birth_date}
        return _start(request, name_form=form, enter_form=PersonForm(initial=known))
    return _start(request, name_form=form, rows=rows_of(found))


@require_POST
@role_required(RECEPTION)
@never_cache
def enter(request: ActingRequest) -> HttpResponse:
    """Somebody whom the State does not know here yet; who looks like one entered already is asked about before."""
    form = PersonForm(request.POST)
    if not form.is_valid():
        return _start(request, status=422, enter_form=form)
    try:
        person = services.enter_person(
            actor=request.actor,
            new=form.new(),
            at=timezone.now(),
            is_another=form.cleaned_data["is_another"],
        )
    except DomainError as error:
        same = people_named(error.fields.get("people", ()))
        if same:
            form = PersonForm(request.POST, asks=True)
        form.add_error(place_of(form, error), str(error))
        return _start(request, status=422, enter_form=form, rows=rows_of(same))
    return redirect("console:intake-for", person.id)


@role_required(RECEPTION)
@never_cache
@require_safe
def procedures(request: ActingRequest) -> HttpResponse:
    """What fits the words while they are typed: the part of the page below the field."""
    words = request.GET.get("words", "")[:200]
    rows = procedure_rows(words, typing=True) if len(words.strip()) > 1 else []
    return render(request, "console/_fitting.html", {"procedures": rows})


@role_required(RECEPTION)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def for_person(request: ActingRequest, person_id: UUID) -> HttpResponse:
    """Which procedure, and who came. Opening it is on the record; finding procedures on it is not again."""
    if request.method != "POST":
        person = open_person(request.actor, person_id, at=timezone.now()).person
        return _for(request, person, IntakeForm(held=_held(person)))
    person = get_person(person_id)
    form = IntakeForm(request.POST, held=_held(person))
    if form.is_valid() and "procedure" in request.POST:
        return _begin(request, person, form)
    return _for(request, person, form, status=200 if form.is_valid() else 422)


def _held(person: Person) -> tuple[list[Mandate], list[Representation]]:
    """By which mandates others may apply for the person, and which organisations the person represents."""
    today = timezone.localdate()
    mandates = mandates_in_force(today).filter(principal_person=person, may_apply=True, dossier_id=None)
    offices = offices_in_force(today).filter(person=person)
    return list(mandates.order_by("valid_to", "id")[:20]), list(offices.order_by("id")[:20])


def _for(request: ActingRequest, person: Person, form: IntakeForm, status: int = 200) -> HttpResponse:
    words = form.data.get("words", "") if form.is_bound else ""
    procedures = procedure_rows(words[:200]) if words else []
    context = {
        "person": person,
        "form": form,
        "procedures": procedures,
        "nothing_found": bool(words) and not procedures,
    }
    return render(request, "console/intake_for.html", context, status=status)


def _begin(request: ActingRequest, person: Person, form: IntakeForm) -> HttpResponse:
    now = timezone.now()
    version = find_version(request.POST["procedure"][:8], at=timezone.localdate(now))
    if not version or not version.procedure.is_online:
        form.add_error("words", _("Choose one of the procedures found."))
        return _for(request, person, form, status=422)
    try:
        intake = Intake(person.id, form.organisation_id, _brings(request, form), has_seen=True)
        draft = start_intake(actor=request.actor, version=version, intake=intake, at=now)
    except DomainError as error:
        if error.status == 403:
            raise
        form.add_error(form.place_of(error), str(error))
        return _for(request, person, form, status=422)
    return redirect("desk:intake", draft.id)


def _brings(request: ActingRequest, form: IntakeForm) -> Brings | None:
    """Who came instead of the person. Raises BasisMissing where they are not found by the number."""
    if mandate := form.mandate_held:
        return Brings(mandate.agent_id, form.cleaned_data["helper"] or "mandatary", mandate_id=mandate.id)
    if not form.cleaned_data["helper"]:
        return None
    number = form.number_of_helper
    found = find_people(request.actor, Sought(number=number), at=timezone.now()) if number else []
    if len(found) != 1:
        raise form.NoHelper
    return Brings(found[0].id, form.cleaned_data["helper"], form.cleaned_data["basis"])
