"""Reading system clients: for administrators' pages, and who a token stands for."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from uuid import UUID

from allauth.idp.oidc.models import Token
from django.conf import settings
from django.db.models import Max, Q
from django.utils import timezone

from motcua.foundation.kernel.actors import Actor
from motcua.foundation.kernel.errors import NotFound
from motcua.registry.access.clients.calls import Caller
from motcua.registry.access.clients.errors import (
    FactorMissing,
    NotActingAs,
    ScopeMissing,
    TokenOfClient,
    TokenOfPerson,
    TokenRefused,
)
from motcua.registry.access.clients.models import ClientCalls, ClientSecret, SystemClient
from motcua.registry.access.clients.scopes import ACTING
from motcua.registry.access.clients.services import digest_of
from motcua.registry.access.contributions import identify
from motcua.registry.access.models import Account
from motcua.registry.access.policies import within
from motcua.registry.access.services.accounts import has_factor

# Beside its scopes, the mark of a test client among an actor's grants.
TEST = "test"
# What a call asks of a token.
_OF_TOKEN = [
    *("scopes", "client__scopes", "user__kind", "user__is_active"),
    *(
        f"client__registration__{name}"
        for name in [
            "agency_id",
            "agency_path",
            "sign_in",
            "is_test",
            "suspended_at",
            "ended_at",
            "valid_until",
        ]
    ),
]
USAGE_DAYS = 14


def _usable(at: datetime) -> Q:
    return Q(suspended_at=None, ended_at=None) & (Q(valid_until=None) | Q(valid_until__gt=at))


def find_client(client_id: str, *, at: datetime) -> SystemClient | None:
    """The client with this OAuth id, unless it may not do anything now."""
    clients = SystemClient.objects.filter(_usable(at), oauth=client_id[:100])
    return clients.select_related("oauth").first()


def find_secret(client: SystemClient, secret: str, *, at: datetime) -> ClientSecret | None:
    """The stored secret that this is, while it holds."""
    holds = Q(expires_at=None) | Q(expires_at__gt=at)
    return client.secrets.filter(holds, digest=digest_of(secret)).first()


@dataclass(frozen=True, slots=True)
class Asked:
    """Whom an operation is for. `scope`: what a client needs for it, empty when it is not for clients; `people`: kinds
    of accounts that may use it through a service they signed in to."""

    scope: str = ""
    people: frozenset[str] = field(default_factory=frozenset)


@dataclass(frozen=True, slots=True)
class Called:
    """Who calls, and as whom they act."""

    caller: Caller
    actor: Actor


def who_calls(value: str, *, asked: Asked, acting_as: str = "", at: datetime) -> Called:
    """Whom a bearer token stands for: a client in its own name, or a person who signed in to one.

    A client has each scope as a grant below its agency. One query; for a person those of `identify` besides.
    acting_as: in whose name a person acts ("office:ID", "mandate:ID"). Raises TokenRefused, TokenOfPerson,
    TokenOfClient, ScopeMissing, FactorMissing, NotActingAs.
    """
    known = Token.objects.valid().by_value(value).filter(type=Token.Type.ACCESS_TOKEN)
    related = known.select_related("client__registration", "user").only(*_OF_TOKEN)
    token = next(iter(related), None)
    client = getattr(token.client, "registration", None) if token else None
    if not token or not client or client.state(at) != "active":
        raise TokenRefused
    # What was taken from the client since the token was made is gone at once.
    scopes = set(token.get_scopes()) & set(client.oauth.get_scopes())
    if token.user_id:
        caller = Caller(client.id, token.user_id, acting_as)
        return Called(caller, _person(client, token.user, scopes, asked, acting_as))
    return Called(Caller(client.id), _client(client, scopes, asked))


def _person(
    client: SystemClient, account: Account, scopes: Collection[str], asked: Asked, acting_as: str
) -> Actor:
    """The actor that the pages would give them, as far as the service may act as them."""
    if not account.is_active or client.sign_in != account.kind:
        raise TokenRefused
    if account.kind not in asked.people:
        raise TokenOfPerson
    if ACTING[account.kind] not in scopes:
        raise ScopeMissing(scope=ACTING[account.kind])
    if account.kind == "officer" and settings.SECOND_FACTOR == "required" and not has_factor(account):
        raise FactorMissing
    return actor_of_account(account, acting_as)


def actor_of_account(account: Account, acting_as: str) -> Actor:
    """Raises TokenRefused when there is nobody behind the account, NotActingAs."""
    identity = identify(account, acting_as)
    if not identity:
        raise TokenRefused
    if identity.has_lapsed:
        raise NotActingAs
    return identity.actor


def actor_of_caller(caller: Caller, *, asked: Asked, at: datetime) -> Actor:
    """The same actor later, for a job that does what the operation `asked` was allowed to do.

    By what client and account may do at that moment, as `who_calls` would. Raises TokenRefused, TokenOfPerson,
    TokenOfClient, ScopeMissing, FactorMissing, NotActingAs.
    """
    client = SystemClient.objects.filter(_usable(at), pk=caller.client_id).select_related("oauth").first()
    if not client:
        raise TokenRefused
    scopes = client.oauth.get_scopes()
    if not caller.account_id:
        return _client(client, scopes, asked)
    account = Account.objects.filter(pk=caller.account_id).first()
    if not account:
        raise TokenRefused
    return _person(client, account, scopes, asked, caller.acting_as)


def _client(client: SystemClient, scopes: Collection[str], asked: Asked) -> Actor:
    """The client in its own name, as far as the operation is for clients."""
    if not asked.scope:
        raise TokenOfClient
    if asked.scope not in scopes:
        raise ScopeMissing(scope=asked.scope)
    return client_actor(client, scopes)


def client_actor(client: SystemClient, scopes: Collection[str]) -> Actor:
    """The client as the doer of an act."""
    rights = [*sorted(scopes), *([TEST] if client.is_test else [])]
    return Actor(
        kind="client",
        account_id=client.id,
        agency_id=client.agency_id,
        agency_path=client.agency_path,
        grants=tuple((right, client.agency_path) for right in rights),
    )


@dataclass(frozen=True, slots=True)
class ClientRow:
    client: SystemClient
    last_used: date | None


def list_clients(actor: Actor) -> list[ClientRow]:
    """Clients of the agencies the actor administers, ended ones last. One query; at most 500."""
    clients = SystemClient.objects.filter(within("agency_path", actor.scopes("administrator")))
    rows = clients.select_related("oauth").annotate(last_used=Max("calls__day"))
    listed = rows.order_by("ended_at", "oauth__name", "id")[:500]
    found = [ClientRow(client, client.last_used) for client in listed]
    return sorted(found, key=lambda row: row.client.ended_at is not None)


def get_client(actor: Actor, client_id: UUID) -> SystemClient:
    """Raises NotFound, also for a client the actor does not administer."""
    mine = within("agency_path", actor.scopes("administrator"))
    client = SystemClient.objects.filter(mine, pk=client_id).select_related("oauth").first()
    if not client:
        raise NotFound
    return client


def list_secrets(client: SystemClient, *, at: datetime) -> list[ClientSecret]:
    """Those that work now, newest first."""
    return list(client.secrets.filter(Q(expires_at=None) | Q(expires_at__gt=at)).order_by("-made_at", "-id"))


def list_usage(client: SystemClient, *, at: datetime) -> list[ClientCalls]:
    """Calls by day and operation in the last 14 days, latest first."""
    since = timezone.localdate(at) - timedelta(days=USAGE_DAYS)
    return list(client.calls.filter(day__gt=since).order_by("-day", "operation"))


def client_names(ids: Collection[UUID]) -> dict[UUID, str]:
    """Names of clients, for pages that show who did what. One query, none without ids."""
    if not ids:
        return {}
    return dict(SystemClient.objects.filter(pk__in=ids).values_list("pk", "oauth__name"))
