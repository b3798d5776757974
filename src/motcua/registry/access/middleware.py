"""Puts `request.actor`, `request.display_name` and `request.unit_name` on every request, on first use."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

from django.http import HttpRequest, HttpResponse
from django.utils.functional import SimpleLazyObject

from motcua.foundation.kernel.actors import ANONYMOUS
from motcua.registry.access.contributions import Identity, identify
from motcua.registry.access.models import Account

_NOBODY = Identity(actor=ANONYMOUS, display_name="")


def _identity(request: HttpRequest) -> Identity:
    user = request.user
    if not user.is_authenticated:
        return _NOBODY
    return identify(cast(Account, user)) or _NOBODY


class ActorMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        identity = SimpleLazyObject(lambda: _identity(request))
        request.actor = SimpleLazyObject(lambda: identity.actor)  # type: ignore[attr-defined]
        request.display_name = SimpleLazyObject(lambda: identity.display_name)  # type: ignore[attr-defined]
        request.unit_name = SimpleLazyObject(lambda: identity.unit_name)  # type: ignore[attr-defined]
        return self.get_response(request)
