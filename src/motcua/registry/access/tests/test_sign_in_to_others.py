"""People sign in to somebody else's service through us: authorization code with PKCE, consent, claims, keys."""

from __future__ import annotations

import json
from datetime import timedelta
from io import StringIO

import jwt
import pytest
import time_machine
from django.core.management import call_command
from django.test import Client as Browser
from django.utils import timezone

from motcua.foundation.journal.models import Entry
from motcua.registry.access.clients import services
from motcua.registry.access.clients.services import ClientTarget
from motcua.registry.access.tests.client_factories import (
    CALLBACK,
    answer_of,
    consent,
    exchange,
    page,
    service,
    signed_in,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def let_in(world):
    return service(world.administrator, world.desk.agency, at=timezone.now())


def claims_of(token):
    """The ID token, checked with the published keys as a stranger does."""
    keys = jwt.PyJWKSet.from_dict(Browser().get("/.well-known/jwks.json").json())
    head = jwt.get_unverified_header(token)
    key = next(key for key in keys.keys if key.key_id == head["kid"])
    return jwt.decode(token, key, algorithms=["RS256"], options={"verify_aud": False})


def test_a_citizen_signs_in_and_the_service_learns_the_name_only(world, browse, let_in):
    client, secret = let_in
    found = signed_in(browse(world.mother), client, secret)
    claims = claims_of(found["id_token"])
    assert claims["aud"] == client.oauth_id
    assert claims["nonce"] == "n-1"
    assert claims["name"] == "Nguyễn Thị Hồng Nhung"
    told = set(claims) - {"iss", "aud", "exp", "iat", "jti", "nonce", "at_hash", "auth_time"}
    assert told == {"sub", "name"}
    info = Browser().get(
        "/identity/o/api/userinfo", headers={"Authorization": f"Bearer {found['access_token']}"}
    )
    assert info.json() == {"sub": claims["sub"], "name": claims["name"]}
    assert "025197004187" not in json.dumps([claims, info.json()])


def test_another_page_cannot_consent_for_who_is_signed_in(world, browse, let_in):
    """The signed request is good for anybody: without the page's token it is not the person who decided."""
    client, _secret = let_in
    shown = page(browse(world.neighbour), client)
    data = {
        "request": shown.context["form"].initial["request"],
        "scopes": shown.context["scopes"],
        "action": "grant",
    }
    victim = Browser(enforce_csrf_checks=True)
    victim.cookies = browse(world.mother).cookies
    assert victim.post("/identity/o/authorize", data).status_code == 403
    assert not Entry.objects.filter(kind="client.signed_in_to").exists()


def test_the_journal_says_who_signed_in_where(world, browse, let_in):
    signed_in(browse(world.mother), *let_in)
    entry = Entry.objects.get(kind="client.signed_in_to")
    assert (entry.object_id, entry.concerns_id) == (let_in[0].id, world.mother.person_id)


def test_two_services_know_one_person_by_different_numbers(world, browse, let_in):
    other = service(world.administrator, world.desk.agency, at=timezone.now())
    subjects = [
        claims_of(signed_in(browse(world.mother), *one)["id_token"])["sub"] for one in (let_in, other, let_in)
    ]
    assert subjects[0] == subjects[2] != subjects[1]


def test_an_officer_brings_unit_and_rights_where_that_was_asked_for(world, browse):
    scopes = ("openid", "profile", "officer")
    client, secret = service(
        world.administrator, world.desk.agency, at=timezone.now(), sign_in="officer", scopes=scopes
    )
    found = signed_in(browse(world.desk.leader), client, secret, scope=" ".join(scopes))
    claims = claims_of(found["id_token"])
    assert claims["agency"] == world.desk.agency.path
    assert f"leader {world.desk.agency.path}" in claims["rights"]


def test_who_is_not_signed_in_is_sent_to_the_page_for_them(world, let_in):
    officers, _secret = service(world.administrator, world.desk.agency, at=timezone.now(), sign_in="officer")
    assert page(Browser(), let_in[0])["Location"].startswith("/sign-in/?next=/identity/o/authorize")
    assert page(Browser(), officers)["Location"].startswith("/desk/sign-in/?next=")


def test_a_service_for_citizens_is_not_for_officers(world, browse, let_in):
    assert page(browse(world.desk.leader), let_in[0]).status_code == 403


def test_the_page_says_what_the_service_learns_and_may_lead_back_to_it(world, browse, let_in):
    shown = page(browse(world.mother), let_in[0])
    words = shown.content.decode()
    assert "Your name" in words and "Registers births" in words and "service.example" in words
    assert "https://service.example" in shown["Content-Security-Policy"].split("form-action")[1].split(";")[0]


def test_the_page_does_not_deny_that_a_service_may_act(world, browse, let_in):
    scopes = ("openid", "citizen")
    acting, _secret = service(world.administrator, world.desk.agency, at=timezone.now(), scopes=scopes)
    denies = "cannot act in your name"
    assert denies in page(browse(world.mother), let_in[0]).content.decode()
    shown = page(browse(world.mother), acting, scope=" ".join(scopes)).content.decode()
    assert denies not in shown and "What it does in your name" in shown


def test_who_says_no_tells_nothing(world, browse, let_in):
    answer = answer_of(consent(browse(world.mother), let_in[0], action="cancel"))
    assert answer == {"error": "access_denied", "state": "s-1"}
    assert not Entry.objects.filter(kind="client.signed_in_to").exists()


def test_without_pkce_there_is_no_code(world, browse, let_in):
    for changes in (
        {"code_challenge": None},
        {"code_challenge_method": "plain"},
        {"code_challenge_method": None},
    ):
        answer = answer_of(page(browse(world.mother), let_in[0], **changes))
        assert (answer["error"], answer["state"]) == ("invalid_request", "s-1")


@pytest.mark.parametrize("uri", ["https://evil.example/", f"{CALLBACK}/", f"{CALLBACK}?x=1", None])
def test_nobody_is_sent_to_another_address(world, browse, let_in, uri):
    assert page(browse(world.mother), let_in[0], redirect_uri=uri).status_code == 400


def test_a_scope_that_was_not_allowed_is_refused(world, browse, let_in):
    assert (
        answer_of(page(browse(world.mother), let_in[0], scope="openid officer"))["error"] == "invalid_scope"
    )


def test_nothing_is_told_without_a_page(world, browse, let_in):
    signed_in(browse(world.mother), *let_in)
    answer = answer_of(page(browse(world.mother), let_in[0], prompt="none"))
    assert answer["error"] == "interaction_required"


def test_a_code_is_good_once(world, browse, let_in):
    client, secret = let_in
    code = answer_of(consent(browse(world.mother), client))["code"]
    assert exchange(client, secret, code).status_code == 200
    again = exchange(client, secret, code)
    assert (again.status_code, again.json()["error"]) == (400, "invalid_grant")


@pytest.mark.parametrize(
    "changes",
    [
        {"code_verifier": "w" * 64},
        {"code_verifier": ""},
        {"redirect_uri": "https://evil.example/"},
        {"client_secret": "mc" + "0" * 64},
    ],
)
def test_a_code_is_good_for_who_asked_for_it(world, browse, let_in, changes):
    client, secret = let_in
    code = answer_of(consent(browse(world.mother), client))["code"]
    assert exchange(client, secret, code, **changes).status_code in {400, 401}


def test_another_client_cannot_use_the_code(world, browse, let_in):
    other, secret = service(world.administrator, world.desk.agency, at=timezone.now())
    code = answer_of(consent(browse(world.mother), let_in[0]))["code"]
    assert exchange(other, secret, code).json()["error"] == "invalid_grant"


def test_a_code_ends_after_a_minute(world, browse, let_in):
    client, secret = let_in
    code = answer_of(consent(browse(world.mother), client))["code"]
    with time_machine.travel(timezone.now() + timedelta(seconds=61), tick=False):
        assert exchange(client, secret, code).json()["error"] == "invalid_grant"


def test_suspension_stops_consent_code_and_token(world, browse, let_in):
    client, secret = let_in
    browser = browse(world.mother)
    token = signed_in(browser, client, secret)["access_token"]
    shown = page(browser, client)
    code = answer_of(consent(browser, client))["code"]
    client.refresh_from_db()
    services.suspend_client(
        actor=world.administrator,
        target=ClientTarget(client.id, client.revision),
        reason="Odd",
        at=timezone.now(),
    )
    data = {"request": shown.context["form"].initial["request"], "scopes": ["openid"], "action": "grant"}
    assert browser.post("/identity/o/authorize", data).status_code == 400
    assert exchange(client, secret, code).status_code == 401
    info = Browser().get("/identity/o/api/userinfo", headers={"Authorization": f"Bearer {token}"})
    assert info.status_code == 401


def test_consent_is_not_given_by_another_site(world, let_in):
    browser = Browser(enforce_csrf_checks=True)
    from motcua.registry.access.models import Account

    account = Account.objects.get(pk=world.mother.account_id)
    browser.force_login(account, backend="django.contrib.auth.backends.ModelBackend")
    shown = page(browser, let_in[0])
    data = {"request": shown.context["form"].initial["request"], "scopes": ["openid"], "action": "grant"}
    assert browser.post("/identity/o/authorize", data).status_code == 403


def test_a_token_without_signature_opens_nothing():
    token = jwt.encode({"iss": "http://testserver", "sub": "x", "token_use": "access"}, "", algorithm="none")
    answer = Browser().get("/identity/o/api/userinfo", headers={"Authorization": f"Bearer {token}"})
    assert answer.status_code == 401


def test_an_old_key_stays_published_until_its_tokens_end(world, browse, let_in):
    now = timezone.now()
    with time_machine.travel(now - timedelta(seconds=1), tick=False):
        before = signed_in(browse(world.mother), *let_in)["id_token"]
    with time_machine.travel(now, tick=False):
        call_command("clients", "rotate-keys", stdout=StringIO())
        assert jwt.get_unverified_header(signed_in(browse(world.mother), *let_in)["id_token"]) == (
            jwt.get_unverified_header(before)
        )
    with time_machine.travel(now + timedelta(seconds=301), tick=False):
        after = signed_in(browse(world.mother), *let_in)["id_token"]
        old, new = (jwt.get_unverified_header(token)["kid"] for token in (before, after))
        assert old != new
        keys = Browser().get("/.well-known/jwks.json").json()["keys"]
        assert {key["kid"] for key in keys} == {old, new}
    with time_machine.travel(now + timedelta(hours=2), tick=False):
        keys = Browser().get("/.well-known/jwks.json").json()["keys"]
        assert {key["kid"] for key in keys} == {new}


def test_discovery_offers_what_there_is(settings):
    settings.BASE_URL = "https://dichvucong.example"
    found = Browser().get("/.well-known/openid-configuration").json()
    assert found["issuer"] == "https://dichvucong.example"
    assert found["token_endpoint"] == "https://dichvucong.example/identity/o/api/token"
    assert found["response_types_supported"] == ["code"]
    assert found["code_challenge_methods_supported"] == ["S256"]
    assert found["subject_types_supported"] == ["pairwise"]
    assert "device_authorization_endpoint" not in found
    assert "registration_endpoint" not in found


def test_leaving_a_service_asks_before_it_signs_out_here(world, browse, let_in):
    browser = browse(world.mother)
    token = signed_in(browser, *let_in)["id_token"]
    asked = {"id_token_hint": token, "post_logout_redirect_uri": CALLBACK, "state": "x"}
    shown = browser.get("/identity/o/logout", asked)
    assert shown.status_code == 200 and "Sign out here, too?" in shown.content.decode()
    assert browser.get("/dossiers/").status_code == 200
    away = browser.post("/identity/o/logout", asked | {"action": "logout", "csrfmiddlewaretoken": "x"})
    assert away["Location"] == f"{CALLBACK}?state=x"
    assert browser.get("/dossiers/").status_code == 302
