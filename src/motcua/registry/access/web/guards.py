"""Who comes to the pages of one's own account, and who has to show the password again first."""

from __future__ import annotations

import time
from functools import wraps
from typing import Any, cast
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest
from django.http.response import HttpResponseBase, HttpResponseRedirect
from django.shortcuts import redirect, resolve_url
from django.urls import reverse

from motcua.foundation.kernel.errors import Refused
from motcua.registry.access.models import Account
from motcua.registry.access.policies import MUST_ENROL, View, page_to_return_to
from motcua.registry.access.signals import BEGAN, SECOND_FACTOR

# Until when the password counts as just given.
PROVED_FOR = 300
PROVED, INVITED = "access_proved", "access_invited"


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


def is_proved(request: HttpRequest) -> bool:
    """Whether the password was given in the last five minutes. Without a password, which only exists where the second
    factor is optional, nothing is asked."""
    if settings.SECOND_FACTOR != "required" and not account_of(request).has_usable_password():
        return True
    latest = max(request.session.get(PROVED, 0), request.session.get(BEGAN, 0))
    return bool(time.time() - latest < PROVED_FOR)


def proved(view: View) -> View:
    """For what is sensitive: the password is asked for again. After it one is back on the page one came from."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if is_proved(request):
            return view(request, *args, **kwargs)
        target = urlencode({"next": page_to_return_to(request)})
        return HttpResponseRedirect(f"{reverse('access:prove')}?{target}")

    return guarded


def enrolled(request: HttpRequest) -> None:
    """A second factor was enrolled in this session: it acts for the officer from now on."""
    request.session.pop(MUST_ENROL, None)
    request.session.pop(INVITED, None)
    request.session[SECOND_FACTOR] = str(account_of(request).pk)
