"""Officers' accounts: found, looked at, invited, closed, signed out, second factors replaced by two people."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from motcua.doors.console import accounts as facts
from motcua.doors.console.web.account_forms import GrantForm, ReasonForm
from motcua.foundation.kernel.errors import DomainError
from motcua.foundation.ui.templatetags.ui import viet_date
from motcua.registry.access.models import Proposal
from motcua.registry.access.policies import ActingRequest, proved, role_required
from motcua.registry.access.services.accounts import (
    close_account,
    end_officers_sessions,
    invite,
    open_account,
)
from motcua.registry.access.services.factors import FACTOR_WORDS, start_reset
from motcua.registry.access.services.roles import NewGrant, end_grant, grant_role, right_words

_NUMBER = re.compile(r"\d{12}")


@role_required("administrator", "support")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def account_list(request: ActingRequest) -> HttpResponse:
    """Who is looked for comes by POST: names and numbers stay out of addresses and logs."""
    typed, now = request.POST.get("q", "").strip()[:100], timezone.now()
    person, number = None, typed.replace(" ", "")
    is_number = bool(_NUMBER.fullmatch(number)) and bool(request.actor.scopes("support"))
    if is_number:
        person = facts.look_up_person(request.actor, number, at=now)
    trouble = "trouble" in request.GET
    rows = [] if is_number else facts.list_accounts(request.actor, typed, at=now, trouble=trouble)
    context = {
        "q": "" if is_number else typed,
        "rows": [_row(holding) for holding in rows],
        "is_full": len(rows) == facts.PAGE_SIZE,
        "is_filtered": bool(typed) or trouble,
        "is_number": is_number,
        "person": person,
        "helps_people": bool(request.actor.scopes("support")),
    }
    return render(request, "console/accounts.html", context)


def _row(holding: Any) -> dict[str, Any]:
    account = holding.officer.account
    state, words = _state(account, holding.has_factor)
    return {
        "id": account.id,
        "name": holding.officer.full_name,
        "username": account.username,
        "post": f"{_post(holding)}, {holding.post.unit.agency.name}",
        "state": state,
        "words": words,
        "has_factor": holding.has_factor,
        "has_session": holding.has_session,
        "last": account.last_login,
    }


def _is_demo(account: Any) -> bool:
    """Whether the demonstration lets this made-up officer in by a button."""
    return bool(settings.DEMO and account.username.startswith("demo."))


def _state(account: Any, has_factor: bool) -> tuple[str, str]:
    if not account.is_active:
        return "stopped", _("closed")
    if account.factor_lost_at:
        return "overdue", _("second factor lost")
    if account.failed_tries >= 5:
        return "look", _("wrong passwords")
    if not account.has_usable_password():
        if _is_demo(account):
            return "done", _("signs in by button, without a password")
        return "open", _("not yet joined")
    return ("done", _("in order")) if has_factor else ("look", _("no second factor"))


@role_required("administrator", "support")
@never_cache
@require_safe
def account(request: ActingRequest, account_id: UUID) -> HttpResponse:
    return _page(request, account_id)


def _page(request: ActingRequest, account_id: UUID, code: str = "") -> HttpResponse:
    found = facts.open_account_facts(request.actor, account_id, at=timezone.now())
    agencies = facts.agency_names((grant.agency_path for grant in found.grants), at=timezone.now())
    state, words = _state(found.account, bool(found.factors))
    path = found.holding.post.unit.agency.path if found.holding else "/"
    context = {
        "found": found,
        "account": found.account,
        "state": state,
        "words": words,
        "code": code,
        "facts": _facts(found),
        "sessions": found.sessions,
        "grants": [_grant(grant, agencies) for grant in found.grants],
        "administers": request.actor.holds("administrator", path),
        "is_self": found.account.id == request.actor.account_id,
    }
    return render(request, "console/account.html", context)


def _facts(found: facts.AccountFacts) -> list[dict[str, Any]]:
    account, holding = found.account, found.holding
    factors = ", ".join(str(FACTOR_WORDS[it.type]) for it in found.factors)
    rows: list[tuple[str, Any]] = [
        (_("User name"), account.username),
        (
            pgettext("officer", "Post"),
            _post(holding) if holding else _("none today"),
        ),
        (_("Agency"), holding.post.unit.agency.name if holding else ""),
        (_("Second factors"), factors or _("none")),
        (_("Wrong passwords since the last sign-in"), account.failed_tries),
    ]
    return [{"label": label, "value": value} for label, value in rows if value != ""]


def _post(holding: Any) -> str:
    """The post; from when, for one that begins later."""
    words = f"{holding.post.title}, {holding.post.unit.name}"
    if holding.valid_from <= timezone.localdate():
        return words
    return _("%(post)s, from %(day)s") % {"post": words, "day": viet_date(holding.valid_from, "plain")}


def _grant(grant: Any, agencies: dict[str, str]) -> dict[str, Any]:
    return {
        "id": grant.id,
        "role": str(grant.role),
        "rights": ", ".join(right_words(grant.role.rights)),
        "agency": agencies.get(grant.agency_path)
        or (_("all agencies") if grant.agency_path == "/" else grant.agency_path),
        "from": grant.valid_from,
        "to": grant.valid_to,
        "with_post": grant.post_id is not None,
        "reason": grant.reason,
    }


def _act(
    request: ActingRequest, account_id: UUID, act: Callable[[datetime], object], done: str
) -> HttpResponse:
    """Do something about an account and come back to its page; what cannot be done is said there."""
    try:
        result = act(timezone.now())
    except DomainError as problem:
        if problem.status in {403, 404}:
            raise
        messages.error(request, str(problem))
    else:
        waits = isinstance(result, Proposal) and result.state == Proposal.State.OPEN
        messages.success(request, _("Proposed. Another administrator has to approve it.") if waits else done)
    return redirect("console:account", account_id)


@require_POST
@role_required("administrator")
@proved
@never_cache
def send_invitation(request: ActingRequest, account_id: UUID) -> HttpResponse:
    """Shows the code this once, to be handed over; nobody can look it up later."""
    code = invite(actor=request.actor, account_id=account_id, at=timezone.now())
    return _page(request, account_id, code)


@require_POST
@role_required("administrator")
@proved
def close(request: ActingRequest, account_id: UUID) -> HttpResponse:
    reason = _reason(request)
    return _act(
        request,
        account_id,
        lambda at: close_account(actor=request.actor, account_id=account_id, reason=reason, at=at),
        _("The account is closed, its sessions are ended."),
    )


@require_POST
@role_required("administrator")
@proved
def reopen(request: ActingRequest, account_id: UUID) -> HttpResponse:
    reason = _reason(request)
    return _act(
        request,
        account_id,
        lambda at: open_account(actor=request.actor, account_id=account_id, reason=reason, at=at),
        _("The account is open again."),
    )


@require_POST
@role_required("administrator", "support")
def end_sessions(request: ActingRequest, account_id: UUID) -> HttpResponse:
    return _act(
        request,
        account_id,
        lambda at: end_officers_sessions(actor=request.actor, account_id=account_id, at=at),
        _("All sessions of the account were ended."),
    )


@require_POST
@role_required("administrator", "support")
@proved
def reset(request: ActingRequest, account_id: UUID) -> HttpResponse:
    reason = _reason(request)
    return _act(
        request,
        account_id,
        lambda at: start_reset(actor=request.actor, account_id=account_id, reason=reason, at=at),
        _("Proposed. An administrator has to approve it."),
    )


@role_required("administrator")
@proved
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def grant(request: ActingRequest, account_id: UUID) -> HttpResponse:
    officer, holding = facts.find_officer(request.actor, account_id, at=timezone.now())
    # Most work where their post is; nobody knows agencies' codes by heart.
    agency = holding.post.unit.agency.code if holding else ""
    form = GrantForm(request.POST or None, actor=request.actor, initial={"agency": agency})
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        new = NewGrant(
            account_id=account_id,
            role=data["role"].code,
            agency_path=data["agency"],
            valid_from=data["valid_from"],
            valid_to=form.valid_to(),
            post_id=holding.post_id if holding and data["with_post"] else None,
        )
        try:
            done = grant_role(actor=request.actor, new=new, reason=data["reason"], at=timezone.now())
        except DomainError as problem:
            if problem.status == 404:
                raise
            form.add_error(None, str(problem))
        else:
            _say_granted(request, done)
            return redirect("console:account", account_id)
    context = {"form": form, "officer": officer, "holding": holding, "account_id": account_id}
    return render(request, "console/grant.html", context)


def _say_granted(request: ActingRequest, done: object) -> None:
    if isinstance(done, Proposal) and done.state == Proposal.State.OPEN:
        messages.success(request, _("Proposed. Another administrator has to approve it."))
    elif isinstance(done, Proposal):
        messages.success(
            request, _("Granted by you alone: there is no other administrator yet. The journal says so.")
        )
    else:
        messages.success(request, _("The role is granted."))


@require_POST
@role_required("administrator")
@proved
def end_role(request: ActingRequest, account_id: UUID, grant_id: int) -> HttpResponse:
    reason = _reason(request)
    return _act(
        request,
        account_id,
        lambda at: end_grant(actor=request.actor, grant_id=grant_id, reason=reason, at=at),
        _("The role is ended."),
    )


def _reason(request: ActingRequest) -> str:
    form = ReasonForm(request.POST)
    return form.cleaned_data["reason"] if form.is_valid() else ""
