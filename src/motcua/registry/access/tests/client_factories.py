"""System clients, as administrators register them."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from typing import Any

from allauth.idp.oidc.models import Token
from django.test import Client as Browser

from motcua.foundation.kernel.actors import Actor
from motcua.registry.access.clients.models import SystemClient
from motcua.registry.access.clients.services import Registration, register_client

API_SCOPES = ("dossiers:file", "dossiers:read", "procedures:read")
CALLBACK = "https://service.example/callback"


def registered(
    administrator: Actor, agency: Any, *, at: datetime, **changes: Any
) -> tuple[SystemClient, str]:
    """A client of this agency that uses the API, and its secret."""
    plain: dict[str, Any] = {
        "name": "Phần mềm bệnh viện",
        "agency_id": agency.id,
        "agency_path": agency.path,
        "contact": "ttcntt@example.org",
        "purpose": "Registers births from the hospital.",
        "scopes": API_SCOPES,
    }
    return register_client(actor=administrator, registration=Registration(**plain | changes), at=at)


def service(administrator: Actor, agency: Any, *, at: datetime, **changes: Any) -> tuple[SystemClient, str]:
    """A client that citizens sign in to."""
    plain = {"scopes": ("openid", "profile"), "sign_in": "citizen", "redirect_uris": (CALLBACK,)}
    return registered(administrator, agency, at=at, **plain | changes)


def ask_token(client: SystemClient, secret: str, **more: str) -> Any:
    """The token endpoint's answer to client credentials."""
    data = {"grant_type": "client_credentials", "client_id": client.oauth_id, "client_secret": secret}
    return Browser().post("/identity/o/api/token", data | more)


def person_bearer(client: SystemClient, account_id: Any, *, scopes: tuple[str, ...], at: datetime) -> str:
    """The header of a call by a person who signed in to the service; test_sign_in_to_others has the way there."""
    token = Token(type=Token.Type.ACCESS_TOKEN, client=client.oauth, user_id=account_id)
    value = secrets.token_urlsafe(32)
    token.set_value(value)
    token.set_scopes(list(scopes))
    token.expires_at = at + timedelta(minutes=10)
    token.save()
    return f"Bearer {value}"


def bearer(client: SystemClient, secret: str) -> str:
    """The header of a call."""
    return f"Bearer {ask_token(client, secret).json()['access_token']}"
