"""System clients, as administrators register them."""

from __future__ import annotations

import base64
import hashlib
import secrets
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

from allauth.idp.oidc.models import Token
from django.test import Client as Browser

from motcua.foundation.kernel.actors import Actor
from motcua.registry.access.clients.granting import KIND
from motcua.registry.access.clients.models import SystemClient
from motcua.registry.access.clients.services import Registration, register_client
from motcua.registry.access.models import Account, Proposal
from motcua.registry.access.services.approvals import approve

API_SCOPES = ("dossiers:file", "dossiers:read", "procedures:read")
CALLBACK = "https://service.example/callback"
VERIFIER = "v" * 64
CHALLENGE = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).rstrip(b"=").decode()


def registered(
    administrator: Actor, agency: Any, *, at: datetime, **changes: Any
) -> tuple[SystemClient, str]:
    """A client of this agency that uses the API, and its secret. What two people allow was approved by a second one."""
    plain: dict[str, Any] = {
        "name": "Phần mềm bệnh viện",
        "agency_id": agency.id,
        "agency_path": agency.path,
        "contact": "ttcntt@example.org",
        "purpose": "Registers births from the hospital.",
        "scopes": API_SCOPES,
    }
    made = register_client(actor=administrator, registration=Registration(**plain | changes), at=at)
    for proposal in Proposal.objects.filter(kind=KIND, payload__client=str(made[0].id)):
        approve(actor=another_administrator(), proposal_id=proposal.id, at=at)
    return made


def another_administrator() -> Actor:
    """Of all agencies, beside the one of the world."""
    account, _made = Account.objects.get_or_create(username="second.administrator", kind=Account.Kind.OFFICER)
    return Actor(
        kind="officer", account_id=account.id, person_id=account.id, grants=(("administrator", "/"),)
    )


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


def asked(client: SystemClient, **changes: Any) -> dict[str, Any]:
    """What a service asks the person's browser to ask for."""
    plain = {
        "response_type": "code",
        "client_id": client.oauth_id,
        "redirect_uri": CALLBACK,
        "scope": "openid profile",
        "state": "s-1",
        "nonce": "n-1",
        "code_challenge": CHALLENGE,
        "code_challenge_method": "S256",
    }
    return {name: value for name, value in (plain | changes).items() if value is not None}


def page(browser: Any, client: SystemClient, **changes: Any) -> Any:
    return browser.get("/identity/o/authorize", asked(client, **changes))


def consent(browser: Any, client: SystemClient, action: str = "grant", **changes: Any) -> Any:
    """The person decides on our page."""
    shown = page(browser, client, **changes)
    assert shown.status_code == 200
    signed = shown.context["form"].initial["request"]
    data = {"request": signed, "scopes": shown.context["scopes"], "action": action}
    return browser.post("/identity/o/authorize", data)


def answer_of(response: Any) -> dict[str, str]:
    """What the service is told, by the redirection to it."""
    assert response.status_code == 302
    assert response["Location"].startswith(CALLBACK)
    return {name: values[0] for name, values in parse_qs(urlsplit(response["Location"]).query).items()}


def exchange(client: SystemClient, secret: str, code: str, **changes: str) -> Any:
    """The code for tokens."""
    data = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": CALLBACK,
        "code_verifier": VERIFIER,
        "client_id": client.oauth_id,
        "client_secret": secret,
    }
    return Browser().post("/identity/o/api/token", data | changes)


def signed_in(browser: Any, client: SystemClient, secret: str, **changes: Any) -> Any:
    """The whole way: the tokens."""
    code = answer_of(consent(browser, client, **changes))["code"]
    return exchange(client, secret, code).json()
