"""Who comes to the pages of one's own account, and who has to show the password again first."""

from __future__ import annotations

from functools import wraps
from typing import Any, cast

from django.contrib.auth import logout
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, resolve_url

from motcua.foundation.kernel.errors import Refused
from motcua.registry.access.models import Account
from motcua.registry.access.policies import MUST_ENROL, View, page_to_return_to
from motcua.registry.access.signals import SECOND_FACTOR

INVITED = "access_invited"


def account_of(request: HttpRequest) -> Account:
    return cast(Account, request.user)


def own_account(view: View) -> View:
    """An officer's own pages. Who lacks the second factor is led to enrol one; citizens are refused."""
    return _guarded(view, while_enrolling=False)


def enrolling(view: View) -> View:
    """Pages with which a second factor is enrolled: open before there is one, for whoever came by an invitation."""
    return _guarded(view, while_enrolling=True)


def _guarded(view: View, *, while_enrolling: bool) -> View:
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return redirect_to_login(page_to_return_to(request), resolve_url("console:sign-in"))
        if account_of(request).kind != Account.Kind.OFFICER:
            raise Refused
        lacking = request.session.get(MUST_ENROL)
        if lacking == "locked":
            logout(request)
            return redirect("console:sign-in")
        if lacking and not request.session.get(INVITED):
            return redirect("access:join")
        if lacking and not while_enrolling:
            return redirect("access:enrol")
        return view(request, *args, **kwargs)

    guarded.login_required = False  # type: ignore[attr-defined]
    return guarded


def enrolled(request: HttpRequest) -> None:
    """A second factor was enrolled in this session: it acts for the officer from now on."""
    request.session.pop(MUST_ENROL, None)
    request.session.pop(INVITED, None)
    request.session[SECOND_FACTOR] = str(account_of(request).pk)
