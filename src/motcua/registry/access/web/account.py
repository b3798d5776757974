"""One's own account: second factors, sessions, password."""

from __future__ import annotations

import time
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render, resolve_url
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from motcua.registry.access.errors import BadPassword, LastFactor, Slow
from motcua.registry.access.policies import PROVED, proved
from motcua.registry.access.services.accounts import change_password, own_actor
from motcua.registry.access.services.factors import FACTOR_WORDS, list_factors, remove_factor
from motcua.registry.access.services.sessions import end_own_sessions, list_sessions, rename_session
from motcua.registry.access.services.throttle import PROOF, Try, count, forget
from motcua.registry.access.signals import FAILED
from motcua.registry.access.web.forms import ChangePasswordForm, PasswordForm
from motcua.registry.access.web.guards import account_of, own_account


@own_account
@never_cache
@require_safe
def account(request: HttpRequest) -> HttpResponse:
    own, now = account_of(request), timezone.now()
    context = {
        "username": own.username,
        "has_password": own.has_usable_password(),
        "factors": [_factor(it) for it in list_factors(own)],
        "is_required": settings.SECOND_FACTOR == "required",
        "sessions": list(list_sessions(own, at=now)),
        "current": request.session.session_key,
        "failed": request.session.pop(FAILED, 0),
    }
    return render(request, "access/account.html", context)


def _factor(factor: Any) -> dict[str, Any]:
    name = factor.wrap().name if factor.type == "webauthn" else ""
    return {
        "id": factor.pk,
        "kind": FACTOR_WORDS[factor.type],
        "name": name,
        "since": factor.created_at,
        "used": factor.last_used_at,
    }


@require_POST
@own_account
def end_session(request: HttpRequest, session_id: UUID) -> HttpResponse:
    own = account_of(request)
    end_own_sessions(actor=own_actor(own), account=own, only=session_id, at=timezone.now())
    messages.success(request, _("The session was ended."))
    return redirect("access:account")


@require_POST
@own_account
def end_other_sessions(request: HttpRequest) -> HttpResponse:
    own, kept = account_of(request), request.session.session_key
    end_own_sessions(actor=own_actor(own), account=own, but=kept, at=timezone.now())
    messages.success(request, _("All other sessions were ended."))
    return redirect("access:account")


@require_POST
@own_account
@proved
def remove(request: HttpRequest, factor_id: int) -> HttpResponse:
    own, must_keep_one = account_of(request), settings.SECOND_FACTOR == "required"
    try:
        remove_factor(account=own, factor_id=factor_id, must_keep_one=must_keep_one, at=timezone.now())
    except LastFactor as problem:
        messages.error(request, str(problem))
    else:
        messages.success(request, _("The second factor was removed."))
    return redirect("access:account")


@own_account
@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def password(request: HttpRequest) -> HttpResponse:
    own = account_of(request)
    form = ChangePasswordForm(request.POST or None, account=own)
    if request.method == "POST" and form.is_valid():
        tries = Try(PROOF, str(own.pk))
        try:
            count(tries, at=timezone.now())
            change_password(
                account=own,
                old=form.cleaned_data["old"],
                new=form.cleaned_data["password"],
                session_key=request.session.session_key,
                at=timezone.now(),
            )
        except (Slow, BadPassword) as problem:
            form.add_error("old", str(problem))
        else:
            forget(tries)
            _keep_signed_in(request)
            messages.success(request, _("Your password was changed. All other sessions were ended."))
            return redirect("access:account")
    return render(request, "access/password.html", {"form": form})


def _keep_signed_in(request: HttpRequest) -> None:
    """Under a new key: the session's old one was good before the change."""
    own = account_of(request)
    own.refresh_from_db()
    old = request.session.session_key
    update_session_auth_hash(request, own)
    rename_session(old, request.session.session_key)


@own_account
@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def prove(request: HttpRequest) -> HttpResponse:
    """The password once more, before something sensitive."""
    own = account_of(request)
    target = request.GET.get("next", "") or request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(target, allowed_hosts={request.get_host()}):
        target = resolve_url("access:account")
    form = PasswordForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        tries = Try(PROOF, str(own.pk))
        try:
            count(tries, at=timezone.now())
            if not own.check_password(form.cleaned_data["password"]):
                raise BadPassword
        except (Slow, BadPassword) as problem:
            form.add_error("password", str(problem))
        else:
            forget(tries)
            request.session[PROVED] = int(time.time())
            return HttpResponseRedirect(target)
    return render(request, "access/prove.html", {"form": form, "next": target})
