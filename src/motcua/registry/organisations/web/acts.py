"""One page for every act on agencies, units, posts and officers: a form, what it will change, the confirmation.

The preview is the act itself, taken back: what is refused is refused before anybody confirms.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import IntegrityError, transaction
from django.http import HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from motcua.foundation.kernel.errors import DomainError, NotFound, Refused
from motcua.registry.access.policies import ActingRequest, role_required
from motcua.registry.organisations.errors import AgencyMoved
from motcua.registry.organisations.selectors.tree import (
    get_agency,
    get_officer_within,
    get_post,
    get_unit,
)
from motcua.registry.organisations.web import forms, structure_forms
from motcua.registry.organisations.web.forms import ActForm

logger = logging.getLogger(__name__)
Acts = Mapping[str, type[ActForm]]

AGENCY_ACTS: Acts = {
    "enter": forms.EnterAgency,
    "rename": forms.RenameAgency,
    "merge": forms.MergeAgencies,
    "split": forms.SplitAgency,
    "end": forms.EndAgency,
    "code": forms.EnterCode,
    "template": forms.FromTemplate,
    "seal": forms.SetSeal,
    "unit": structure_forms.EnterUnit,
    "calendar": structure_forms.SetCalendar,
}
UNIT_ACTS: Acts = {
    "change": structure_forms.ChangeUnit,
    "end": structure_forms.EndUnit,
    "post": structure_forms.EnterPost,
}
POST_ACTS: Acts = {
    "enter": structure_forms.EnterOfficer,
    "move": structure_forms.MoveHere,
    "end": structure_forms.EndPost,
}
OFFICER_ACTS: Acts = {"leave": forms.Leave, "signature": forms.SetSignature}


def _page(view: Any) -> Any:
    return role_required("administrator")(never_cache(require_http_methods(["GET", "HEAD", "POST"])(view)))


def _form_of(acts: Acts, act: str) -> type[ActForm]:
    if act not in acts:
        raise NotFound
    return acts[act]


@_page
def enter_on_top(request: ActingRequest) -> HttpResponse:
    if not request.actor.holds("administrator", "/"):
        raise Refused
    return _act(request, forms.EnterAgency, None, reverse("organisations:list"))


@_page
def agency_act(request: ActingRequest, agency_id: UUID, act: str) -> HttpResponse:
    form_class = _form_of(AGENCY_ACTS, act)
    agency = get_agency(request.actor.scopes("administrator"), agency_id)
    return _act(request, form_class, agency, reverse("organisations:agency", args=[agency.pk]))


@_page
def unit_act(request: ActingRequest, unit_id: UUID, act: str) -> HttpResponse:
    form_class = _form_of(UNIT_ACTS, act)
    unit = get_unit(request.actor.scopes("administrator"), unit_id)
    return _act(request, form_class, unit, reverse("organisations:agency", args=[unit.agency_id]))


@_page
def post_act(request: ActingRequest, post_id: UUID, act: str) -> HttpResponse:
    form_class = _form_of(POST_ACTS, act)
    post = get_post(request.actor.scopes("administrator"), post_id)
    return _act(request, form_class, post, reverse("organisations:agency", args=[post.unit.agency_id]))


@_page
def officer_act(request: ActingRequest, officer_id: UUID, act: str) -> HttpResponse:
    form_class = _form_of(OFFICER_ACTS, act)
    officer, _ = get_officer_within(request.actor.scopes("administrator"), officer_id)
    return _act(request, form_class, officer, reverse("organisations:officer", args=[officer.pk]))


def _act(request: ActingRequest, form_class: type[ActForm], subject: Any, back: str) -> HttpResponse:
    sent = request.method == "POST"
    form = form_class(subject, request.actor, request.POST if sent else None, request.FILES if sent else None)
    context = {"form": form, "subject": subject, "back": back}
    if not sent or "change" in request.POST or not form.is_valid():
        return render(request, "organisations/act.html", context, status=200)
    confirmed = "confirm" in request.POST or not form.confirms
    try:
        with transaction.atomic():
            shown = form.preview()
            agency_id = form.perform(timezone.now())
            transaction.set_rollback(not confirmed)
    except (DomainError, IntegrityError) as problem:
        _explain(form, problem)
        return render(request, "organisations/act.html", context)
    if not confirmed:
        return render(
            request, "organisations/confirm.html", context | {"rows": shown, "sent": _sent(request)}
        )
    messages.success(request, str(form.done))
    for doubt in getattr(form, "doubts", ()):
        messages.warning(request, str(doubt))
    return HttpResponseRedirect(form.goes_on) if form.goes_on else _after(back, agency_id)


def _after(back: str, agency_id: UUID | None) -> HttpResponseRedirect:
    return redirect("organisations:agency", agency_id) if agency_id else HttpResponseRedirect(back)


def _explain(form: ActForm, problem: DomainError | IntegrityError) -> None:
    """Why it was refused, with what was typed; a stale page goes on from what is there now."""
    if isinstance(problem, IntegrityError):
        # The database's own guard: somebody was quicker between our question and the write.
        logger.info("act_overtaken form=%s", type(form).__name__)
        problem = AgencyMoved()
    if isinstance(problem, AgencyMoved) and form.agency:
        form.agency.refresh_from_db(fields=["revision"])
        typed = QueryDict(mutable=True)
        typed.update(form.data)
        typed["revision"] = str(form.agency.revision)
        form.data = typed
    field = getattr(problem, "field", "")
    form.add_error(field if field in form.fields else None, str(problem))


def _sent(request: ActingRequest) -> list[tuple[str, str]]:
    """The fields as they were sent, to be sent again with the confirmation."""
    skipped = {"csrfmiddlewaretoken", "confirm", "change"}
    return [(name, value) for name, values in request.POST.lists() if name not in skipped for value in values]
