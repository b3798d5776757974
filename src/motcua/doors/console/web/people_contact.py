"""A new telephone number or e-mail address for somebody at the counter who lost the old one."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from motcua.doors.console.web.people_forms import LostContactForm, place_of
from motcua.foundation.kernel.errors import DomainError
from motcua.foundation.notifications.rules.addresses import mask_address
from motcua.foundation.ui.templatetags.ui import viet_datetime
from motcua.registry.access.policies import ActingRequest, role_required
from motcua.registry.people import services
from motcua.registry.people.models import ContactChange, ContactKind, Person
from motcua.registry.people.selectors import contact_wait_hours, get_person, list_open_changes
from motcua.registry.people.services.checks import DESK

_FIELDS = {ContactKind.PHONE: "telephone", ContactKind.EMAIL: "email"}


@role_required(DESK)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def contact(request: ActingRequest, person_id: UUID) -> HttpResponse:
    """Two steps on one page: what is lost and why; then the code that the person reads out."""
    person = get_person(person_id)
    if request.method == "POST" and "code" in request.POST:
        return _confirm(request, person)
    form = LostContactForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            services.start_at_desk(
                actor=request.actor, person_id=person.id, lost=form.lost, at=timezone.now()
            )
        except DomainError as error:
            if error.status in {403, 404}:
                raise
            form.add_error(place_of(form, error), str(error))
        else:
            messages.success(request, _("The code is sent. Ask the person to read it out."))
            return redirect("console:person-contact", person.id)
    return _page(request, person, form)


def _confirm(request: ActingRequest, person: Person) -> HttpResponse:
    kind, now = request.POST.get("kind", ""), timezone.now()
    words = {"wrong": _("This code is not right."), "missing": _("Enter the code with six figures.")}
    try:
        outcome = services.confirm_at_desk(
            actor=request.actor, person_id=person.id, kind=kind, code=request.POST["code"][:20], at=now
        )
    except DomainError as error:
        if error.status in {403, 404}:
            raise
        messages.error(request, str(error))
        return redirect("console:person-contact", person.id)
    if outcome in words:
        return _page(request, person, LostContactForm(), problem=words[outcome], wrong=kind)
    waits = any(it.kind == kind for it in list_open_changes(person.id))
    messages.success(
        request,
        _("The new one is confirmed. It counts after the wait; the old one was warned.")
        if waits
        else _("The new one is confirmed and counts."),
    )
    return redirect("console:person", person.id)


def _page(
    request: ActingRequest, person: Person, form: LostContactForm, problem: str = "", wrong: str = ""
) -> HttpResponse:
    now = timezone.now()
    changes = list_open_changes(person.id)
    context = {
        "form": form,
        "person": person,
        "facts": [
            {"label": _label(kind), "value": mask_address(getattr(person, field)) or _("none")}
            for kind, field in _FIELDS.items()
        ],
        "asked": [_asked(it, problem if it.kind == wrong else "") for it in changes if _asks(it, now)],
        "hours": contact_wait_hours(),
        "waiting": [
            {"label": _label(it.kind), "value": mask_address(it.new_value), "note": _comes(it)}
            for it in changes
            if it.takes_effect_at
        ],
    }
    status = 422 if form.is_bound or problem else 200
    return render(request, "console/person_contact.html", context, status=status)


def _label(kind: str) -> str:
    return _("Telephone") if kind == ContactKind.PHONE else _("E-mail")


def _comes(change: ContactChange) -> str:
    return _("counts from %(when)s") % {"when": viet_datetime(change.takes_effect_at)}


def _asks(change: ContactChange, now: datetime) -> bool:
    return bool(change.entered_by and not change.takes_effect_at and change.codes_expire_at > now)


def _asked(change: ContactChange, problem: str) -> dict[str, Any]:
    label = _("Code sent to the new one, %(address)s") % {"address": mask_address(change.new_value)}
    return {"kind": change.kind, "label": label, "problem": problem}
