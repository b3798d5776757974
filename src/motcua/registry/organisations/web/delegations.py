"""Absences and delegations: who is away, who signs for whom. Each act is one POST and one service call."""

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
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from motcua.foundation.kernel.actors import Actor
from motcua.foundation.kernel.errors import DomainError, NotFound, Refused
from motcua.registry.access.policies import ActingRequest, officer_required
from motcua.registry.organisations.delegation import errors, selectors, services, words
from motcua.registry.organisations.delegation.policies import manages_delegations, may_enter_absence
from motcua.registry.organisations.models import Agency, Holding
from motcua.registry.organisations.selectors import list_agencies_within
from motcua.registry.organisations.web.delegation_forms import AbsenceForm, DelegationForm, mark_of

_FIELDS: dict[str, str] = {"away_already": "first_day", "delegated_already": "first_day"}


@officer_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def absence(request: ActingRequest) -> HttpResponse:
    """The officer's own absences and those of who they lead or administer; one more is entered here."""
    now = timezone.now()
    form = _absence_form(request, now)
    if request.method == "POST" and form.is_valid() and _enter_absence(request, form, now):
        return redirect("delegations:absence")
    today = timezone.localdate(now)
    context = {
        "form": form,
        "own": [words.absence_row(one, today) for one in selectors.list_own_absences(request.actor)],
        "others": [
            words.absence_row(row.absence, today)
            | {"name": row.absence.officer.full_name, "title": row.title, "agency": row.agency}
            for row in selectors.list_absences(request.actor, at=now)
        ],
        "manages": manages_delegations(request.actor),
        "unattended": words.unattended_items(selectors.list_unattended(request.actor, at=now)),
        "agencies": _agencies(request.actor),
        "agency_id": _chosen_agency(request),
    }
    return render(request, "organisations/absence.html", context, status=422 if form.errors else 200)


def _agencies(actor: Actor) -> list[Agency]:
    """Those whose officers an administrator enters; none for others."""
    scopes = tuple(path for right, path in actor.own_grants if right == "administrator")
    return list_agencies_within(scopes) if scopes else []


def _chosen_agency(request: ActingRequest) -> UUID | None:
    try:
        return UUID(request.GET.get("agency", ""))
    except ValueError:
        return request.actor.agency_id


def _colleagues(request: ActingRequest, now: datetime) -> list[Holding]:
    """Officers of the chosen agency, the own one when none is; [] for who enters nobody else's absence."""
    chosen = _chosen_agency(request)
    if chosen is None or not manages_delegations(request.actor):
        return []
    found = selectors.list_colleagues(chosen, at=now)
    allowed = found and may_enter_absence(request.actor, found[0].officer_id, found[0].post.unit.agency.path)
    return found if allowed else []


def _absence_form(request: ActingRequest, now: datetime) -> AbsenceForm:
    actor, colleagues = request.actor, _colleagues(request, now)
    mine = next((one for one in colleagues if one.officer_id == actor.person_id), None)
    deputies = [
        one
        for one in colleagues
        if mine and mine.post.rank == "head" and actor.owns("leader", actor.agency_path)
        if one.post.rank == "deputy" and one.post.unit_id == mine.post.unit_id
    ]
    data = request.POST if request.method == "POST" else None
    return AbsenceForm(data, actor=actor, colleagues=colleagues, deputies=deputies)


def _enter_absence(request: ActingRequest, form: AbsenceForm, now: datetime) -> bool:
    entered, delegation = form.absence(), form.delegation()
    try:
        if delegation:
            services.enter_absence_and_delegate(
                actor=request.actor, absence=entered, delegation=delegation, at=now
            )
        else:
            services.enter_absence(actor=request.actor, new=entered, at=now)
    except DomainError as error:
        if error.status in {403, 404}:
            raise
        _tell(form, error, default="last_day", other="stand_in")
        return False
    if delegation:
        messages.success(request, _("The absence is entered, and your deputy signs meanwhile."))
    else:
        messages.success(request, _("The absence is entered."))
    return True


def _tell(form: Any, error: DomainError, *, default: str, other: str) -> None:
    """The error at the question it is about."""
    field = error.field if isinstance(error, errors.CannotDelegate) else _FIELDS.get(error.code, default)
    form.add_error(field if field in form.fields else other, str(error))


@officer_required
@require_POST
def withdraw(request: ActingRequest, absence_id: UUID) -> HttpResponse:
    try:
        services.withdraw_absence(actor=request.actor, absence_id=absence_id, at=timezone.now())
    except errors.AbsenceOver as error:
        messages.error(request, str(error))
    else:
        messages.success(
            request, _("The absence is withdrawn. What was delegated for it stays until it is revoked.")
        )
    return redirect("delegations:absence")


@officer_required
@never_cache
@require_safe
def delegations(request: ActingRequest) -> HttpResponse:
    """Those in force, to come and past: of the leader's agency, of the administrator's scope, and lent to oneself."""
    today, found = timezone.localdate(), selectors.list_delegations(request.actor)
    current = selectors.current_ids(found, today)
    rows = [
        words.delegation_row(one, today, current) | {"can_revoke": selectors.may_end(request.actor, one)}
        for one in found
    ]
    context = {
        "open": [row for row in rows if row["can_end"]],
        "past": [row for row in rows if not row["can_end"]],
        "manages": manages_delegations(request.actor),
        "limit": selectors.LIMIT if len(found) == selectors.LIMIT else 0,
    }
    return render(request, "organisations/delegations.html", context)


@officer_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: ActingRequest) -> HttpResponse:
    """Delegate: answer, look at what will be printed, confirm."""
    if not manages_delegations(request.actor):
        raise Refused
    now = timezone.now()
    form = _delegation_form(request, now)
    preview = None
    if request.method == "POST" and form.is_valid():
        preview = _preview(request, form, now)
        if preview and _is_confirmed(form) and _grant(request, form, now):
            return redirect("delegations:list")
        preview = None if form.errors else preview
    context = {
        "form": form,
        # Not `preview`, which the component of a field takes for its own.
        "shown": preview,
        "agencies": _agencies(request.actor),
        "agency_id": _chosen_agency(request),
    }
    return render(request, "organisations/delegation_new.html", context, status=422 if form.errors else 200)


def _delegation_form(request: ActingRequest, now: datetime) -> DelegationForm:
    actor, chosen = request.actor, _chosen_agency(request)
    colleagues = selectors.list_colleagues(chosen, at=now) if chosen else []
    path = colleagues[0].post.unit.agency.path if colleagues else ""
    is_administrator = bool(path) and actor.owns("administrator", path)
    if not is_administrator and chosen != actor.agency_id:
        raise NotFound
    heads = [
        one
        for one in colleagues
        if one.officer_id == actor.person_id or (is_administrator and one.post.rank == "head")
    ]
    data = request.POST if request.method == "POST" else None
    return DelegationForm(data, heads=heads, colleagues=colleagues, is_administrator=is_administrator)


def _preview(request: ActingRequest, form: DelegationForm, now: datetime) -> dict[str, Any] | None:
    """What will be printed; None, with the reason at its question, when it cannot be granted."""
    wanted = form.delegation()
    try:
        delegation = services.check_delegation(actor=request.actor, new=wanted, at=now)
    except errors.CannotDelegate as error:
        _tell(form, error, default="delegate", other="delegate")
        return None
    return words.preview_of(delegation) | {"mark": mark_of(wanted)}


def _is_confirmed(form: DelegationForm) -> bool:
    return "grant" in form.data and form.cleaned_data["seen"] == mark_of(form.delegation())


def _grant(request: ActingRequest, form: DelegationForm, now: datetime) -> bool:
    try:
        granted = services.grant_delegation(actor=request.actor, new=form.delegation(), at=now)
    except errors.DelegatedAlready as error:
        _tell(form, error, default="first_day", other="first_day")
        return False
    messages.success(request, words.preview_of(granted)["sentence"])
    return True


@officer_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def revoke(request: ActingRequest, delegation_id: UUID) -> HttpResponse:
    """End a delegation with a reason. It cannot be undone, hence a page of its own."""
    found = selectors.get_delegation(request.actor, delegation_id)
    problem, reason, now = "", request.POST.get("reason", "")[:300], timezone.now()
    if request.method == "POST":
        try:
            services.revoke_delegation(
                actor=request.actor, delegation_id=delegation_id, reason=reason, at=now
            )
        except errors.NotInForce as error:
            messages.error(request, str(error))
            return redirect("delegations:list")
        except errors.RevokeReasonMissing as error:
            problem = str(error)
        else:
            messages.success(request, _("The delegation is revoked. From now on nothing is signed under it."))
            return redirect("delegations:list")
    today = timezone.localdate(now)
    row = words.delegation_row(found, today, selectors.current_ids([found], today))
    context = {"row": row, "problem": problem, "reason": reason}
    return render(request, "organisations/delegation_revoke.html", context, status=422 if problem else 200)
