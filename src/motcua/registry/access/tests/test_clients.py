"""System clients: registering, secrets, tokens, suspension and end."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import httpx
import pytest
import time_machine
from allauth.idp.oidc.models import Client, Token
from authlib.integrations.httpx_client import OAuth2Client
from django.core.cache import cache
from django.db import IntegrityError, connection, transaction
from django.test import Client as Browser
from django.utils import timezone

from motcua.foundation.journal.models import Entry
from motcua.foundation.kernel.errors import Refused
from motcua.registry.access.clients import services
from motcua.registry.access.clients.calls import Caller, count_call
from motcua.registry.access.clients.errors import (
    BadRedirect,
    ClientExists,
    ClientMoved,
    ClientOver,
    ClientReasonMissing,
    ScopeMissing,
    TokenRefused,
    TooLongOverlap,
    UnknownScope,
)
from motcua.registry.access.clients.models import ClientSecret, SigningKey
from motcua.registry.access.clients.selectors import Asked, who_calls
from motcua.registry.access.clients.services import ClientTarget
from motcua.registry.access.models import SharedValue
from motcua.registry.access.tests.client_factories import CALLBACK, ask_token, registered, service

pytestmark = pytest.mark.django_db


@pytest.fixture
def now():
    return timezone.now()


@pytest.fixture
def let_in(world, now):
    return registered(world.administrator, world.desk.agency, at=now)


def target(client):
    client.refresh_from_db()
    return ClientTarget(client.id, client.revision)


def token_of(client, secret):
    return ask_token(client, secret).json()["access_token"]


def through_django(request: httpx.Request) -> httpx.Response:
    """The test client as a network: the test's transaction stays open."""
    path, headers = request.url.raw_path.decode(), dict(request.headers)
    kind = headers.pop("content-type", "")
    answer = Browser().generic(request.method, path, request.content, content_type=kind, headers=headers)
    return httpx.Response(answer.status_code, headers=dict(answer.headers), content=answer.content)


def test_a_strangers_library_gets_a_token(let_in):
    client, secret = let_in
    transport = httpx.MockTransport(through_django)
    with OAuth2Client(client.oauth_id, secret, transport=transport) as stranger:
        found = stranger.fetch_token(
            "http://testserver/identity/o/api/token", grant_type="client_credentials"
        )
    assert found["token_type"] == "Bearer"
    assert found["expires_in"] == 600
    actor = who_calls(found["access_token"], asked=Asked("dossiers:file"), at=timezone.now()).actor
    assert (actor.kind, actor.account_id, actor.agency_path) == ("client", client.id, client.agency_path)


def test_keeps_neither_secret_nor_token_in_the_database(let_in):
    client, secret = let_in
    token = token_of(client, secret)
    with connection.cursor() as cursor:
        cursor.execute("SELECT c::text FROM allauth_idp_oidc_client c")
        rows = str(cursor.fetchall())
        cursor.execute("SELECT t::text FROM allauth_idp_oidc_token t")
        rows += str(cursor.fetchall())
        cursor.execute("SELECT s::text FROM registry_access_clientsecret s")
        rows += str(cursor.fetchall())
    assert client.oauth_id in rows
    assert secret not in rows
    assert token not in rows


@pytest.mark.parametrize("wrong", ["", "mc" + "0" * 64, "!"])
def test_refuses_a_wrong_secret(let_in, wrong):
    client, _secret = let_in
    answer = ask_token(client, wrong)
    assert answer.status_code == 401
    assert answer.json()["error"] == "invalid_client"


def test_gives_no_scope_that_was_not_allowed(let_in):
    client, secret = let_in
    answer = ask_token(client, secret, scope="dossiers:read-agency")
    assert answer.status_code == 400
    assert answer.json()["error"] == "invalid_scope"


def test_a_token_may_ask_for_less(let_in, now):
    client, secret = let_in
    token = ask_token(client, secret, scope="procedures:read").json()["access_token"]
    assert who_calls(token, asked=Asked("procedures:read"), at=now).actor
    with pytest.raises(ScopeMissing):
        who_calls(token, asked=Asked("dossiers:file"), at=now)


def test_what_was_taken_from_the_client_is_gone_from_its_tokens(let_in, now):
    client, secret = let_in
    token = token_of(client, secret)
    Client.objects.filter(pk=client.oauth_id).update(scopes="procedures:read")
    with pytest.raises(ScopeMissing):
        who_calls(token, asked=Asked("dossiers:file"), at=now)


def test_two_secrets_work_while_one_replaces_the_other(world, let_in, now):
    client, old = let_in
    _client, new = services.rotate_secret(
        actor=world.administrator, target=target(client), old_ends_at=now + timedelta(days=7), at=now
    )
    assert [ask_token(client, secret).status_code for secret in (old, new)] == [200, 200]
    with time_machine.travel(now + timedelta(days=7, minutes=1), tick=False):
        assert [ask_token(client, secret).status_code for secret in (old, new)] == [401, 200]
    assert Entry.objects.get(kind="client.secret_rotated").object_id == client.id


def test_a_third_secret_ends_the_first(world, let_in, now):
    client, first = let_in
    for _ in range(2):
        services.rotate_secret(
            actor=world.administrator, target=target(client), old_ends_at=now + timedelta(days=7), at=now
        )
    assert ask_token(client, first).status_code == 401
    assert client.secrets.filter(expires_at=None).count() == 1


def test_an_old_secret_works_30_days_at_most(world, let_in, now):
    with pytest.raises(TooLongOverlap):
        services.rotate_secret(
            actor=world.administrator, target=target(let_in[0]), old_ends_at=now + timedelta(days=31), at=now
        )


def test_the_database_refuses_a_second_current_secret(let_in, now):
    with pytest.raises(IntegrityError), transaction.atomic():
        ClientSecret.objects.create(client=let_in[0], digest="0" * 64, made_at=now)


def test_a_suspended_client_is_out_at_once_and_comes_back(world, let_in, now):
    client, secret = let_in
    token = token_of(client, secret)
    services.suspend_client(actor=world.administrator, target=target(client), reason="Odd calls", at=now)
    with pytest.raises(TokenRefused):
        who_calls(token, asked=Asked("dossiers:file"), at=now)
    assert ask_token(client, secret).status_code == 401
    services.resume_client(actor=world.administrator, target=target(client), reason="Explained", at=now)
    assert ask_token(client, secret).status_code == 200


def test_an_ended_client_never_comes_back(world, let_in, now):
    client, secret = let_in
    services.end_client(actor=world.administrator, target=target(client), reason="Contract over", at=now)
    assert ask_token(client, secret).status_code == 401
    with pytest.raises(ClientOver):
        services.resume_client(actor=world.administrator, target=target(client), reason="Again", at=now)
    assert Entry.objects.get(kind="client.ended").detail.values == {"reason": "Contract over"}


def test_an_expired_client_gets_nothing(world, now):
    client, secret = registered(
        world.administrator, world.desk.agency, at=now, valid_until=now + timedelta(minutes=5)
    )
    token = token_of(client, secret)
    with time_machine.travel(now + timedelta(minutes=6), tick=False):
        assert ask_token(client, secret).status_code == 401
        with pytest.raises(TokenRefused):
            who_calls(token, asked=Asked("dossiers:file"), at=timezone.now())


def test_a_token_ends_after_ten_minutes(let_in, now):
    token = token_of(*let_in)
    with time_machine.travel(now + timedelta(minutes=11), tick=False), pytest.raises(TokenRefused):
        who_calls(token, asked=Asked("dossiers:file"), at=timezone.now())


def test_a_stale_page_changes_nothing(world, let_in, now):
    client = let_in[0]
    seen = target(client)
    services.suspend_client(actor=world.administrator, target=seen, reason="First", at=now)
    with pytest.raises(ClientMoved):
        services.end_client(actor=world.administrator, target=seen, reason="Second", at=now)


def test_asks_for_a_reason(world, let_in, now):
    with pytest.raises(ClientReasonMissing):
        services.suspend_client(actor=world.administrator, target=target(let_in[0]), reason=" ", at=now)


def test_only_who_administers_the_agency_lets_in(world, now):
    for actor in (world.auditor, world.desk.leader, world.mother):
        with pytest.raises(Refused):
            registered(actor, world.desk.agency, at=now)


def test_registers_once_what_was_sent_twice(world, let_in, now):
    with pytest.raises(ClientExists):
        registered(world.administrator, world.desk.agency, at=now, id=let_in[0].id)


@pytest.mark.parametrize("scope", ["nothing:known", "openid"])
def test_refuses_a_scope_that_is_not_for_the_api(world, now, scope):
    with pytest.raises(UnknownScope):
        registered(world.administrator, world.desk.agency, at=now, scopes=(scope,))


@pytest.mark.parametrize(
    "uri",
    [
        "http://service.example/callback",
        "https://*.example/callback",
        "https://service.example/#here",
        "https://somebody@service.example/",
        "javascript:alert(1)",
        "https://[::1",
        "",
    ],
)
def test_refuses_an_address_nobody_should_be_sent_to(world, now, uri):
    with pytest.raises(BadRedirect):
        service(world.administrator, world.desk.agency, at=now, redirect_uris=(uri,))
    assert not Client.objects.filter(redirect_uris__contains=uri or "none").exists()


def test_counts_calls_of_all_operations_and_says_when_there_are_too_many(let_in, now, settings):
    settings.API_CALLS_PER_MINUTE = 3
    client, minute = let_in[0], now.replace(second=1, microsecond=0)
    counted = [count_call(Caller(client.id), f"GET {name}", at=minute) for name in "aabb"]
    assert [(it.remaining, it.is_over) for it in counted] == [(2, False), (1, False), (0, False), (0, True)]
    assert counted[0].reset == 59
    assert not count_call(Caller(client.id), "GET a", at=minute + timedelta(minutes=1)).is_over
    assert dict(client.calls.values_list("operation", "calls")) == {"GET a": 3, "GET b": 2}


def test_counts_the_people_of_a_service_apart(let_in, now):
    client = let_in[0]
    counted = [count_call(Caller(client.id, account), "GET a", at=now) for account in (uuid4(), uuid4())]
    assert counted[0].remaining == counted[1].remaining


def test_slows_who_guesses_secrets(let_in):
    client, _secret = let_in
    statuses = [ask_token(client, "guess").status_code for _ in range(31)]
    assert statuses[:30] == [401] * 30
    assert statuses[30] == 429


def test_revokes_its_own_token_and_nobody_elses(world, let_in, now, client):
    (mine, secret), (other, others) = let_in, registered(world.administrator, world.other_desk.agency, at=now)
    tokens = [token_of(mine, secret), token_of(other, others)]
    for token in tokens:
        data = {"token": token, "client_id": mine.oauth_id, "client_secret": secret}
        assert client.post("/identity/o/api/revoke", data).status_code == 200
    assert [Token.objects.by_value(token).exists() for token in tokens] == [False, True]


def test_a_client_of_the_api_signs_nobody_in(let_in, client):
    answer = client.get("/identity/o/authorize", {"client_id": let_in[0].oauth_id, "redirect_uri": CALLBACK})
    assert answer.status_code == 400


def test_the_shared_cache_keeps_json_and_digests_of_keys_only(db):
    cache.set("code-1234", {"scopes": ["openid"]}, 60)
    assert cache.get("code-1234") == {"scopes": ["openid"]}
    assert cache.add("code-1234", 1) is False
    assert "1234" not in SharedValue.objects.get().key
    assert cache.delete("code-1234") and cache.get("code-1234") is None
    cache.set("over", 1, -1)
    assert cache.get("over") is None and cache.add("over", 2, 60) and cache.get("over") == 2


def test_signing_keys_lie_encrypted_in_the_database(client):
    assert client.get("/.well-known/jwks.json").json()["keys"]
    assert b"PRIVATE" not in bytes(SigningKey.objects.get().sealed_pem)
