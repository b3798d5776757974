"""What administrators do with system clients. Each function is one act, with one journal entry."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from allauth.idp.oidc.models import Client, Token
from django.db import transaction

from motcua.foundation.journal.services import Happening, record
from motcua.foundation.kernel.actors import Actor
from motcua.foundation.kernel.errors import NotFound, Refused
from motcua.foundation.kernel.ids import new_id
from motcua.foundation.kernel.text import clean, clean_line
from motcua.registry.access.clients.errors import (
    BadRedirect,
    ClientExists,
    ClientMoved,
    ClientOver,
    ClientReasonMissing,
    TooLongOverlap,
    UnknownScope,
)
from motcua.registry.access.clients.granting import needs_two, propose_scope
from motcua.registry.access.clients.models import ClientSecret, SystemClient
from motcua.registry.access.clients.scopes import find_scope
from motcua.registry.access.policies import within

LONGEST_OVERLAP_DAYS = 30
_LOOPBACK = {"127.0.0.1", "localhost", "::1"}


@dataclass(frozen=True, slots=True)
class Registration:
    """A client as an administrator describes it; see `SystemClient`."""

    name: str
    agency_id: UUID
    agency_path: str
    contact: str
    purpose: str
    scopes: tuple[str, ...]
    is_test: bool = False
    valid_until: datetime | None = None
    sign_in: str = ""
    redirect_uris: tuple[str, ...] = ()
    # From the page, so that sending it twice makes one.
    id: UUID = field(default_factory=new_id)


@dataclass(frozen=True, slots=True)
class ClientTarget:
    """The client an act is meant for, as the page showed it."""

    client_id: UUID
    revision: int


def digest_of(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def _new_secret() -> str:
    # Letters and digits only: clients disagree about what else must be escaped in HTTP Basic (RFC 6749, 2.3.1).
    return f"mc{secrets.token_hex(32)}"


def _checked_redirect(uri: str) -> str:
    """Source: RFC 9700 (OAuth 2.0 security), 2.1: exact comparison, no wildcards; RFC 6749, 3.1.2: no fragment."""
    try:
        parts = urlsplit(uri)
        host = parts.hostname or ""
    except ValueError as error:
        raise BadRedirect from error
    is_safe = parts.scheme == "https" or (parts.scheme == "http" and host in _LOOPBACK)
    if not is_safe or not host or "#" in uri or "*" in uri or "@" in parts.netloc or len(uri.split()) != 1:
        raise BadRedirect
    return uri


def _check_scopes(scopes: tuple[str, ...], *, sign_in: bool) -> None:
    for name in scopes:
        scope = find_scope(name)
        if not scope or scope.sign_in != sign_in:
            raise UnknownScope(scope=name)


@transaction.atomic
def register_client(*, actor: Actor, registration: Registration, at: datetime) -> tuple[SystemClient, str]:
    """Let a program in. Returns it with its secret, which is never shown again.

    Scopes for which two people are needed are proposed (`granting.waiting_scopes`). Raises Refused (the actor
    administers another scope), ClientExists (sent twice), UnknownScope, BadRedirect.
    """
    if not actor.holds("administrator", registration.agency_path):
        raise Refused
    if SystemClient.objects.filter(pk=registration.id).exists():
        raise ClientExists
    signs_in = bool(registration.sign_in)
    _check_scopes(registration.scopes, sign_in=signs_in)
    client = SystemClient(
        id=registration.id,
        agency_id=registration.agency_id,
        agency_path=registration.agency_path,
        contact=clean_line(registration.contact),
        purpose=clean(registration.purpose),
        sign_in=registration.sign_in,
        is_test=registration.is_test,
        valid_until=registration.valid_until,
    )
    given = [name for name in registration.scopes if not needs_two(name)]
    client.oauth = _oauth_client(client.id.hex, registration, given)
    client.save(force_insert=True)
    secret = _add_secret(client, at=at)
    for scope in sorted(set(registration.scopes) - set(given)):
        propose_scope(actor=actor, client=client, scope=scope, at=at)
    facts = {
        "agency": registration.agency_path,
        "scopes": sorted(given),
        "test": client.is_test,
        "signs_in": client.sign_in,
    }
    record(actor=actor, happening=_deed(client, "client.registered", facts), at=at)
    return client, secret


def _oauth_client(client_id: str, registration: Registration, scopes: list[str]) -> Client:
    grant = (
        Client.GrantType.AUTHORIZATION_CODE if registration.sign_in else Client.GrantType.CLIENT_CREDENTIALS
    )
    # A secret of allauth's own would be a second way in: none that fits is ever stored.
    client = Client(id=client_id, name=clean_line(registration.name)[:100], grant_types=grant)
    client.secret = "!"  # noqa: S105  no secret has this hash
    client.set_scopes(scopes)
    client.set_default_scopes([] if registration.sign_in else scopes)
    client.response_types = "code" if registration.sign_in else ""
    client.set_redirect_uris([_checked_redirect(uri) for uri in registration.redirect_uris])
    client.set_post_logout_redirect_uris(list(registration.redirect_uris))
    if registration.sign_in and not registration.redirect_uris:
        raise BadRedirect
    client.save(force_insert=True)
    return client


def _add_secret(client: SystemClient, *, at: datetime) -> str:
    secret = _new_secret()
    ClientSecret.objects.create(client=client, digest=digest_of(secret), made_at=at)
    return secret


def _deed(client: SystemClient, kind: str, facts: dict[str, Any], *, reason: str = "") -> Happening:
    return Happening(
        kind=kind,
        object_kind="client",
        object_id=client.id,
        facts=facts,
        details={"reason": reason} if reason else None,
    )


def _locked(actor: Actor, target: ClientTarget) -> SystemClient:
    mine = within("agency_path", actor.scopes("administrator"))
    clients = SystemClient.objects.select_for_update(of=("self",)).select_related("oauth")
    client = clients.filter(mine, pk=target.client_id).first()
    if not client:
        raise NotFound
    if client.ended_at:
        raise ClientOver
    if client.revision != target.revision:
        raise ClientMoved
    client.revision += 1
    return client


@transaction.atomic
def rotate_secret(
    *, actor: Actor, target: ClientTarget, old_ends_at: datetime, at: datetime
) -> tuple[SystemClient, str]:
    """Make a new secret; the one before works until `old_ends_at` (30 days at most), any older one ends now.

    Raises NotFound, ClientOver, ClientMoved, TooLongOverlap.
    """
    if old_ends_at > at + timedelta(days=LONGEST_OVERLAP_DAYS):
        raise TooLongOverlap(days=LONGEST_OVERLAP_DAYS)
    client = _locked(actor, target)
    client.secrets.filter(expires_at__gt=at).update(expires_at=at)
    client.secrets.filter(expires_at=None).update(expires_at=old_ends_at)
    secret = _add_secret(client, at=at)
    client.save(update_fields=["revision"])
    record(
        actor=actor,
        happening=_deed(client, "client.secret_rotated", {"old_ends_at": old_ends_at.isoformat()}),
        at=at,
    )
    return client, secret


def _reason(text: str) -> str:
    words = clean(text)[:500]
    if not words:
        raise ClientReasonMissing
    return words


@transaction.atomic
def suspend_client(*, actor: Actor, target: ClientTarget, reason: str, at: datetime) -> SystemClient:
    """Keep a client out until it is resumed; its tokens end now. Raises as `rotate_secret`, ClientReasonMissing."""
    words, client = _reason(reason), _locked(actor, target)
    client.suspended_at = at
    client.save(update_fields=["suspended_at", "revision"])
    Token.objects.filter(client=client.oauth).delete()
    record(actor=actor, happening=_deed(client, "client.suspended", {}, reason=words), at=at)
    return client


@transaction.atomic
def resume_client(*, actor: Actor, target: ClientTarget, reason: str, at: datetime) -> SystemClient:
    """Let a suspended client in again. Raises as `suspend_client`."""
    words, client = _reason(reason), _locked(actor, target)
    client.suspended_at = None
    client.save(update_fields=["suspended_at", "revision"])
    record(actor=actor, happening=_deed(client, "client.resumed", {}, reason=words), at=at)
    return client


@transaction.atomic
def end_client(*, actor: Actor, target: ClientTarget, reason: str, at: datetime) -> SystemClient:
    """End a client for good; its tokens and secrets end now. Raises as `suspend_client`."""
    words, client = _reason(reason), _locked(actor, target)
    client.ended_at = at
    client.save(update_fields=["ended_at", "revision"])
    Token.objects.filter(client=client.oauth).delete()
    client.secrets.exclude(expires_at__lt=at).update(expires_at=at)
    record(actor=actor, happening=_deed(client, "client.ended", {}, reason=words), at=at)
    return client
