"""Helpers for permission in the query and for views."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlsplit

from django.contrib.auth.views import redirect_to_login
from django.db.models import Q
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, resolve_url

from motcua.foundation.kernel.actors import Actor
from motcua.foundation.kernel.errors import Refused

View = Callable[..., HttpResponseBase]


class ActingRequest(HttpRequest):
    """A request as `ActorMiddleware` leaves it. For annotations."""

    actor: Actor
    display_name: str
    unit_name: str
    acting_for: str
    has_lapsed: bool


def within(field: str, scopes: tuple[str, ...]) -> Q:
    """Rows whose agency path (`field`) lies in one of the scopes; no row when there is none."""
    condition = Q(pk__in=[])
    for path in scopes:
        condition |= Q(**{f"{field}__startswith": path})
    return condition


def _page_to_return_to(request: HttpRequest) -> str:
    """This page; for something that was sent, the page it was sent from, as it cannot be shown itself."""
    if request.method in {"GET", "HEAD"}:
        return request.get_full_path()
    origin = urlsplit(request.headers.get("referer", ""))
    return origin.path if origin.netloc == request.get_host() else "/"


def require(kind: str, sign_in: str) -> Callable[[View], View]:
    """Only actors of this kind come in; a stranger is sent to sign in, another kind is refused.

    Wraps views exempt from LoginRequiredMiddleware's single sign-in page: citizens and officers have each theirs.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: ActingRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not request.user.is_authenticated:
                return redirect_to_login(_page_to_return_to(request), resolve_url(sign_in))
            if request.actor.kind != kind:
                raise Refused
            # What was sent for another must not be done for oneself: the page it came from says what changed.
            if request.has_lapsed and request.method not in {"GET", "HEAD"}:
                return redirect(_page_to_return_to(request))
            return view(request, *args, **kwargs)

        guarded.login_required = False  # type: ignore[attr-defined]
        return guarded

    return decorate


citizen_required = require("citizen", "people:sign-in")
officer_required = require("officer", "console:sign-in")


def role_required(*roles: str) -> Callable[[View], View]:
    """Only officers who hold one of the roles somewhere; a stranger is sent to sign in, others are refused."""

    def decorate(view: View) -> View:
        @officer_required
        @wraps(view)
        def guarded(request: ActingRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not request.actor.scopes(*roles):
                raise Refused
            return view(request, *args, **kwargs)

        return guarded

    return decorate
