"""A session that begins is written down, whichever way somebody signed in."""

from __future__ import annotations

import time
from typing import Any

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.contrib.auth.signals import user_logged_in, user_logged_out
from django.http import HttpRequest
from django.utils import timezone

from motcua.registry.access.models import Account
from motcua.registry.access.policies import BEGAN, MUST_ENROL
from motcua.registry.access.services.accounts import has_factor, take_failed
from motcua.registry.access.services.sessions import close_session, coarse_place, device_words, open_session
from motcua.registry.access.services.throttle import sweep

# Keys of the session: when it was last seen (seconds), for officers only; wrong tries to show; whose second
# factor was given.
SEEN, FAILED, SECOND_FACTOR = "access_seen", "access_failed", "access_second_factor"


def connect() -> None:
    user_logged_in.connect(_on_sign_in, dispatch_uid="access_sign_in")
    user_logged_out.connect(_on_sign_out, dispatch_uid="access_sign_out")


def _on_sign_in(request: HttpRequest, user: Account, **_: Any) -> None:
    session = request.session
    if not session.session_key:
        session.create()
    if user.kind == Account.Kind.OFFICER:
        session[BEGAN] = session[SEEN] = int(time.time())
        if tries := take_failed(user):
            session[FAILED] = tries
        if settings.SECOND_FACTOR == "required" and session.get(SECOND_FACTOR) != str(user.pk):
            session[MUST_ENROL] = "locked" if has_factor(user) else "enrol"
        request.new_sign_in = user.username  # type: ignore[attr-defined]
    sweep(at=timezone.now())
    open_session(
        user,
        str(session.session_key),
        device=device_words(request.META.get("HTTP_USER_AGENT", "")),
        place=coarse_place(get_adapter().get_client_ip(request)) if "REMOTE_ADDR" in request.META else "",
        at=timezone.now(),
    )


def _on_sign_out(request: HttpRequest, **_: Any) -> None:
    close_session(request.session.session_key)
