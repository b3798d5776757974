"""System clients, as administrators register them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.test import Client as Browser

from motcua.foundation.kernel.actors import Actor
from motcua.registry.access.clients.granting import KIND
from motcua.registry.access.clients.models import SystemClient
from motcua.registry.access.clients.services import Registration, register_client
from motcua.registry.access.models import Account, Proposal
from motcua.registry.access.services.approvals import approve

API_SCOPES = ("dossiers:file", "dossiers:read", "procedures:read")
CALLBACK = "https://service.example/callback"


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


def bearer(client: SystemClient, secret: str) -> str:
    """The header of a call."""
    return f"Bearer {ask_token(client, secret).json()['access_token']}"
