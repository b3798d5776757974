"""Answers of identity providers: what a forger sends is refused; one person has one account, however they sign in."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from allauth.socialaccount.models import SocialAccount
from django.test import Client

from motcua.foundation.journal.models import Entry
from motcua.registry.access.models import Account
from motcua.registry.people.models import Person
from motcua.registry.people.services import record_claims
from motcua.registry.people.tests.factories import citizen_account, claims
from motcua.registry.people.tests.hostile_provider import CLIENT, PERSON, Provider, new_key, serving

pytestmark = pytest.mark.django_db
NUMBER = PERSON["SoDinhDanh"]
REFUSED = "/sign-in/?problem=provider"


@pytest.fixture
def eid(settings):
    with serving() as provider, serving() as second:
        settings.EID_ISSUER, settings.SSO_ISSUER = provider.address, second.address
        settings.EID_CLIENT_ID = settings.SSO_CLIENT_ID = CLIENT
        settings.EID_CLIENT_SECRET = settings.SSO_CLIENT_SECRET = "s"
        settings.SSO_NAME = "Cổng quốc gia"
        provider.second = second
        yield provider


def begin(client: Client, provider: Provider, code: str = "eid", **form: str) -> dict[str, str]:
    """Send the sign-in form; gives what the provider was asked."""
    response = client.post(f"/accounts/oidc/{code}/login/", form)
    asked = {name: values[0] for name, values in parse_qs(urlsplit(response["Location"]).query).items()}
    provider.nonce = asked["nonce"]
    return asked


def come_back(client: Client, state: str, code: str = "eid", **more: str) -> Any:
    query = {"code": f"code-{state}", "state": state} | more
    return client.get(f"/accounts/oidc/{code}/login/callback/", query)


def sign_in(client: Client, provider: Provider, code: str = "eid", **form: str) -> Any:
    return come_back(client, begin(client, provider, code, **form)["state"], code)


def is_signed_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def test_lets_in_who_the_provider_vouches_for(eid, client):
    assert sign_in(client, eid)["Location"] == "/"
    assert is_signed_in(client)
    assert Person.objects.get(personal_number=NUMBER).telephone == "0912000111"


NOW = int(time.time())
FORGED = {
    "another-nonce": {"token": {"nonce": "of-another-sign-in"}},
    "no-nonce": {"token": {"nonce": None}},
    "another-issuer": {"token": {"iss": "https://elsewhere.example"}},
    "another-audience": {"token": {"aud": "somebody-else"}},
    "several-audiences": {"token": {"aud": [CLIENT, "somebody-else"]}},
    "another-authorised-party": {"token": {"azp": "somebody-else"}},
    "expired": {"token": {"exp": NOW - 3600, "iat": NOW - 7200}},
    "without-end": {"token": {"exp": None}},
    "not-yet": {"token": {"iat": NOW + 3600}},
    "without-subject": {"token": {"sub": None}},
    "another-subject-in-userinfo": {"userinfo": {"sub": "somebody-else"}},
    "no-subject-in-userinfo": {"userinfo": {"sub": ""}},
    "another-key": {"sign_with": new_key()},
    "unknown-key": {"header": {"kid": "two"}},
    "key-without-name": {"header": {"kid": None}},
    "not-signed": {"sign_with": "", "algorithm": "none"},
    "signed-with-the-public-key": {"sign_with": "public key as a password, long enough to be used", "algorithm": "HS256"},
    "no-id-token": {"raw": b'{"access_token": "a"}'},
    "no-token-at-all": {"raw": b"{}"},
    "not-json": {"raw": b"<html>"},
    "a-list": {"raw": b'["access_token"]'},
    "a-number-as-id-token": {"raw": b'{"access_token": "a", "id_token": 7}'},
    "nonsense-as-id-token": {"raw": b'{"access_token": "a", "id_token": "a.b.c"}'},
    "nonsense-as-lifetime": {"raw": b'{"access_token": "a", "expires_in": "soon", "id_token": "a.b.c"}'},
}  # fmt: skip


@pytest.mark.parametrize("answer", FORGED.values(), ids=FORGED.keys())
def test_refuses_a_forged_answer_and_shows_a_page_that_helps(eid, client, answer):
    for name, value in answer.items():
        setattr(eid, name, value)
    response = sign_in(client, eid)
    assert response["Location"] == REFUSED
    assert not is_signed_in(client)
    assert not Person.objects.filter(personal_number=NUMBER).exists()
    page = client.get(REFUSED)
    assert page.status_code == 200
    assert "The fault is not yours" in page.content.decode()


def test_refuses_a_state_that_was_never_given(eid, client):
    begin(client, eid)
    assert come_back(client, "made-up")["Location"] == REFUSED
    assert not is_signed_in(client)


def test_refuses_the_answer_to_another_browsers_question(eid, client):
    state = begin(client, eid)["state"]
    assert come_back(Client(), state)["Location"] == REFUSED


def test_refuses_an_answer_that_was_used_before(eid, client):
    state = begin(client, eid)["state"]
    assert come_back(client, state)["Location"] == "/"
    client.logout()
    assert come_back(client, state)["Location"] == REFUSED
    assert not is_signed_in(client)


def test_refuses_a_code_that_was_used_before(eid, client):
    first = begin(client, eid)["state"]
    come_back(client, first)
    other = Client()
    second = begin(other, eid)["state"]
    replayed = other.get("/accounts/oidc/eid/login/callback/", {"code": f"code-{first}", "state": second})
    assert replayed["Location"] == REFUSED
    assert not is_signed_in(other)


def test_refuses_the_answer_of_another_provider(eid, client):
    """Mix-up: a state of one provider comes back at the other's address, or with the other's name."""
    state = begin(client, eid)["state"]
    assert come_back(client, state, "sso")["Location"] == REFUSED
    state = begin(client, eid)["state"]
    assert come_back(client, state, iss="https://elsewhere.example")["Location"] == REFUSED
    state = begin(client, eid)["state"]
    assert come_back(client, state, iss=eid.address)["Location"] == "/"


def test_refuses_a_provider_that_describes_itself_as_another(eid, client):
    eid.description = {"issuer": "https://elsewhere.example"}
    assert client.post("/accounts/oidc/eid/login/")["Location"] == REFUSED


def test_says_so_when_the_provider_is_down(settings, client):
    with serving() as provider:
        address = provider.address
    settings.EID_ISSUER = address
    assert client.post("/accounts/oidc/eid/login/")["Location"] == REFUSED


def test_leads_nobody_to_another_site_after_signing_in(eid, client):
    assert sign_in(client, eid, next="https://elsewhere.example/")["Location"] == "/"


def test_a_new_subject_for_the_same_number_leads_to_the_same_account(eid, client):
    sign_in(client, eid)
    account = Account.objects.get(person__personal_number=NUMBER)
    eid.token, eid.userinfo = {"sub": "subject-2"}, {"sub": "subject-2"}
    assert sign_in(Client(), eid)["Location"] == "/"
    assert Account.objects.get(person__personal_number=NUMBER) == account
    assert list(SocialAccount.objects.filter(user=account).values_list("uid", flat=True)) == ["subject-2"]
    assert Entry.objects.filter(kind="account.subject_changed", object_id=account.id).count() == 1


def test_an_account_made_at_a_counter_is_found_at_the_first_sign_in(eid, client):
    account = citizen_account()
    record_claims(account=account, claims=claims(personal_number=NUMBER), at=datetime.now(UTC))
    sign_in(client, eid)
    assert client.session["_auth_user_id"] == str(account.pk)


def test_a_second_provider_does_not_take_over_an_account_by_the_number_alone(eid, client):
    sign_in(client, eid)
    stranger = Client()
    assert sign_in(stranger, eid.second, "sso")["Location"] == "/sign-in/?problem=not-linked"
    assert not is_signed_in(stranger)
    page = stranger.get("/sign-in/?problem=not-linked").content.decode()
    assert "the way you used before" in page


def test_a_subject_whose_number_became_another_accounts_is_refused(eid, client):
    sign_in(client, eid)
    other = citizen_account()
    record_claims(account=other, claims=claims(personal_number="025199000078"), at=datetime.now(UTC))
    eid.userinfo = {"SoDinhDanh": "025199000078"}
    assert sign_in(Client(), eid)["Location"] == "/sign-in/?problem=conflict"
    assert Person.objects.get(personal_number="025199000078").account == other
    assert Person.objects.get(personal_number=NUMBER).account is not None


def test_a_second_provider_is_linked_while_signed_in_and_taken_away_again(eid, client):
    sign_in(client, eid)
    eid.second.token = eid.second.userinfo = {"sub": "portal-9"}
    linked = sign_in(client, eid.second, "sso", process="connect", next="/account/sign-in-methods/")
    assert linked["Location"] == "/account/sign-in-methods/"
    assert SocialAccount.objects.get(provider="sso").extra_data == {}
    page = client.get("/account/sign-in-methods/").content.decode()
    assert "VNeID" in page
    assert "Cổng quốc gia" in page
    other = Client()
    sign_in(other, eid.second, "sso")
    assert other.session["_auth_user_id"] == client.session["_auth_user_id"]
    way = SocialAccount.objects.get(provider="eid")
    assert client.post(f"/account/sign-in-methods/{way.pk}/unlink/").status_code == 302
    assert not SocialAccount.objects.filter(provider="eid").exists()
    kinds = Entry.objects.filter(object_kind="account").order_by("sequence").values_list("kind", flat=True)
    assert list(kinds) == ["account.way_linked", "account.way_unlinked"]


def test_the_last_way_to_sign_in_stays(eid, client):
    sign_in(client, eid)
    way = SocialAccount.objects.get()
    page = client.post(f"/account/sign-in-methods/{way.pk}/unlink/", follow=True).content.decode()
    assert "only way in that is left" in page
    assert SocialAccount.objects.filter(pk=way.pk).exists()


@pytest.mark.parametrize(
    ("person", "problem"),
    [
        ({"SoDinhDanh": "025199000079"}, "other-person"),
        ({"loAs": "1"}, "assurance"),
        ({"SoDinhDanh": ""}, "claims"),
    ],
)
def test_links_nobody_elses_and_no_weak_account(eid, client, person, problem):
    sign_in(client, eid)
    eid.second.userinfo = person
    response = sign_in(client, eid.second, "sso", process="connect")
    assert response["Location"] == f"/account/sign-in-methods/?problem={problem}"
    assert client.get(response["Location"]).status_code == 200
    assert not SocialAccount.objects.filter(provider="sso").exists()


def test_links_nothing_to_a_stranger_or_an_officer(eid, client, world, browse):
    assert sign_in(client, eid, process="connect")["Location"] == REFUSED
    officer = browse(world.desk.reception)
    sign_in(officer, eid, process="connect")
    assert not SocialAccount.objects.exists()


def test_a_fresh_sign_in_counts_only_when_the_provider_asked_just_now(eid, client):
    sign_in(client, eid)
    assert "eid_asked_at" not in client.session
    asked = begin(client, eid, fresh="1")
    assert (asked["prompt"], asked["max_age"]) == ("login", "0")
    come_back(client, asked["state"])
    assert client.session["eid_asked_at"] >= NOW
    eid.token = {"auth_time": NOW - 3600}
    state = begin(Client(), eid, fresh="1")["state"]
    stale = Client()
    state = begin(stale, eid, fresh="1")["state"]
    assert come_back(stale, state)["Location"] == REFUSED


def test_no_claim_comes_into_the_log(eid, client, caplog):
    eid.token = {"nonce": "of-another-sign-in"}
    sign_in(client, eid)
    assert "sign_in_refused reason=nonce" in caplog.text
    assert not any(value in caplog.text for value in (NUMBER, PERSON["HoVaTen"], "of-another"))
