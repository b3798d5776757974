"""Puts on every request, on first use: `actor`, `display_name`, `unit_name`, `acting_for`, `has_lapsed`."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _

from motcua.foundation.kernel.actors import ANONYMOUS
from motcua.registry.access.contributions import ACTING_AS, Identity, identify
from motcua.registry.access.models import Account

_NOBODY = Identity(actor=ANONYMOUS, display_name="")


def _identity(request: HttpRequest) -> Identity:
    user = request.user
    if not user.is_authenticated:
        return _NOBODY
    chosen = request.session.get(ACTING_AS, "")
    found = identify(cast(Account, user), chosen) or _NOBODY
    if found.has_lapsed:
        del request.session[ACTING_AS]
        messages.warning(request, _("You cannot act for the other any more. You act for yourself again."))
    return found


class ActorMiddleware:
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
