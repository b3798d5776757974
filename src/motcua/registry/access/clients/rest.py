"""Who calls an operation of the API."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from ninja.security import HttpBearer

from motcua.foundation.kernel.actors import Actor
from motcua.registry.access.clients.selectors import actor_of_token
from motcua.registry.access.clients.services import count_call


class ClientToken(HttpBearer):
    """An access token with this scope. The operation's `request.actor` is the client; cookies do not count."""

    openapi_type = "oauth2"
    openapi_scheme = "bearer"
    openapi_flows: dict[str, Any] = {"clientCredentials": {"tokenUrl": "/identity/o/api/token", "scopes": {}}}

    def __init__(self, scope: str) -> None:
        self.openapi_flows["clientCredentials"]["scopes"].setdefault(scope, scope)
        self.scope = scope
        super().__init__()

    def authenticate(self, request: HttpRequest, token: str) -> Actor:
        now = timezone.now()
        actor = actor_of_token(token, scope=self.scope, at=now)
        request.actor = actor  # type: ignore[attr-defined]
        match = request.resolver_match
        count_call(actor.account, f"{request.method} {match.route if match else ''}", at=now)
        return actor
