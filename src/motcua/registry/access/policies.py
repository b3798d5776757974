"""Helpers for permission in the query and for views."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import wraps
from typing import Any, cast
from urllib.parse import urlencode, urlsplit

from allauth.core.internal.ratelimit import get_ip
from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.db.models import Q
from django.http import HttpRequest
from django.http.response import HttpResponseBase, HttpResponseRedirect
from django.shortcuts import redirect, resolve_url
from django.urls import reverse
from django.utils import timezone

from motcua.foundation.kernel.actors import Actor
from motcua.foundation.kernel.errors import NotFound, Refused
from motcua.foundation.kernel.paths import below
from motcua.registry.access.contributions import home_of
from motcua.registry.access.errors import AskedTooOften, Slow
from motcua.registry.access.models import Account
from motcua.registry.access.services.throttle import Limit, Try, count, forget

# Key of the session: the second factor that is required is still missing.
MUST_ENROL = "access_must_enrol"
# When it began and when the password was given once more, in seconds; until when that counts as just now.
BEGAN, PROVED = "access_began", "access_proved"
PROVED_FOR = 300

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
        condition |= below(field, path)
    return condition


def page_to_return_to(request: HttpRequest) -> str:
    """This page; for something that was sent, the page it was sent from, as it cannot be shown itself."""
    if request.method in {"GET", "HEAD"}:
        return request.get_full_path()
    try:
        origin = urlsplit(request.headers.get("referer", ""))
    except ValueError:  # http://[x
        return "/"
    return origin.path if origin.netloc == request.get_host() else "/"


def lacks_second_factor(request: HttpRequest) -> bool:
    return bool(request.session.get(MUST_ENROL))


def require(kind: str, sign_in: str) -> Callable[[View], View]:
    """Only actors of this kind come in; a stranger is sent to sign in, another kind is refused.

    Wraps views exempt from LoginRequiredMiddleware's single sign-in page: citizens and officers have each theirs.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: ActingRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not request.user.is_authenticated:
                return redirect_to_login(page_to_return_to(request), resolve_url(sign_in))
            if lacks_second_factor(request):
                return redirect("access:enrol")
            if request.actor.kind != kind:
                raise Refused
            # What was sent for another must not be done for oneself: the page it came from says what changed.
            if request.has_lapsed and request.method not in {"GET", "HEAD"}:
                return redirect(page_to_return_to(request))
            return view(request, *args, **kwargs)

        guarded.login_required = False  # type: ignore[attr-defined]
        return guarded

    return decorate


citizen_required = require("citizen", "people:sign-in")
officer_required = require("officer", "console:sign-in")


def role_required(*rights: str) -> Callable[[View], View]:
    """Only officers who hold one of the rights somewhere; a stranger is sent to sign in, others are refused."""

    def decorate(view: View) -> View:
        @officer_required
        @wraps(view)
        def guarded(request: ActingRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not request.actor.scopes(*rights):
                raise Refused
            return view(request, *args, **kwargs)

        return guarded

    return decorate


def is_proved(request: HttpRequest) -> bool:
    """Whether the password was given in the last five minutes. Without a password, which only exists where the second
    factor is optional, nothing is asked."""
    if settings.SECOND_FACTOR != "required" and not cast(Account, request.user).has_usable_password():
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


def require_over(actor: Actor, rights: tuple[str, ...], account: Account) -> None:
    """That the actor holds one of the rights over the whole reach of another's account.

    The reach is the agency of the officer's post, today's or the next, and every path of their grants: who administers
    a commune does not get hold of somebody who works there and is let in further. Without a post it is all agencies.
    Raises NotFound outside the actor's scope, where the account is none of their business; Refused when it reaches
    beyond it.
    """
    home = home_of(account)
    if not any(actor.holds(right, home) for right in rights):
        raise NotFound
    reach = set(account.grants.values_list("agency_path", flat=True))
    if not all(any(actor.holds(right, path) for right in rights) for path in reach):
        raise Refused


def count_asking(request: HttpRequest, limit: Limit) -> None:
    """Count a question to a public page by the address it comes from (of IPv6 the network). Raises AskedTooOften."""
    try:
        count(Try(limit, get_ip(request)), at=timezone.now())
    except Slow as slow:
        raise AskedTooOften(**slow.fields) from None


def forget_asking(request: HttpRequest, limit: Limit) -> None:
    """It was right: many honest people who share an address are not slowed down by each other."""
    forget(Try(limit, get_ip(request)))
