"""Who acts in a request (`actor`, `display_name`, `unit_name`, `acting_for`, `has_lapsed`), and how long an officer's
session lasts."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import cast

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _

from motcua.foundation.kernel.actors import ANONYMOUS
from motcua.registry.access.contributions import ACTING_AS, Identity, identify
from motcua.registry.access.models import Account
from motcua.registry.access.policies import BEGAN, MUST_ENROL
from motcua.registry.access.services.devices import COOKIE, COOKIE_AGE, new_cookie
from motcua.registry.access.services.sessions import SEEN_EVERY, see_session
from motcua.registry.access.signals import SEEN

_NOBODY = Identity(actor=ANONYMOUS, display_name="")


def _identity(request: HttpRequest) -> Identity:
    user = request.user
    # Without the second factor that is required a session acts for nobody.
    if not user.is_authenticated or request.session.get(MUST_ENROL):
        return _NOBODY
    chosen = request.session.get(ACTING_AS, "")
    found = identify(cast(Account, user), chosen) or _NOBODY
    if found.has_lapsed:
        del request.session[ACTING_AS]
        messages.warning(request, _("You cannot act for the other any more. You act for yourself again."))
    return found


class ActorMiddleware:
    """Puts `request.actor`, `request.display_name` and `request.unit_name` on every request, on first use."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        identity = SimpleLazyObject(lambda: _identity(request))
        request.actor = SimpleLazyObject(lambda: identity.actor)  # type: ignore[attr-defined]
        request.display_name = SimpleLazyObject(lambda: identity.display_name)  # type: ignore[attr-defined]
        request.unit_name = SimpleLazyObject(lambda: identity.unit_name)  # type: ignore[attr-defined]
        request.acting_for = SimpleLazyObject(lambda: identity.acting_for)  # type: ignore[attr-defined]
        request.has_lapsed = SimpleLazyObject(lambda: identity.has_lapsed)  # type: ignore[attr-defined]
        return self.get_response(request)


class SessionMiddleware:
    """Ends officers' sessions that were idle or lasted too long; remembers the device after a sign-in."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if settings.SESSION_COOKIE_NAME in request.COOKIES:
            _limit(request)
        response = self.get_response(request)
        if username := getattr(request, "new_sign_in", ""):
            response.set_cookie(
                COOKIE,
                new_cookie(username),
                max_age=COOKIE_AGE,
                httponly=True,
                samesite="Lax",
                secure=settings.SESSION_COOKIE_SECURE,
            )
        return response


def _limit(request: HttpRequest) -> None:
    session, now = request.session, int(time.time())
    began = session.get(BEGAN)
    if began is None:
        return
    if now - began > settings.OFFICER_SESSION_SECONDS or now - session[SEEN] > settings.OFFICER_IDLE_SECONDS:
        logout(request)
    elif now - session[SEEN] >= SEEN_EVERY.total_seconds():
        session[SEEN] = now
        see_session(str(session.session_key), at=timezone.now())
