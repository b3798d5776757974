"""The protocol, done right by Authlib's client and done wrong step by step."""

import json
from urllib.parse import urlsplit

import httpx
import pytest
import time_machine
from authlib.common.security import generate_token
from authlib.integrations.httpx_client import OAuth2Client
from joserfc import jwt
from joserfc.jwk import KeySet

from sandbox.eid.keys import signing_key
from sandbox.eid.people import PEOPLE
from sandbox.eid.tests.relying_party import CALLBACK, MOTHER, SECRET, answer


@pytest.mark.parametrize("method", ["client_secret_basic", "client_secret_post"])
def test_a_standard_client_signs_a_person_in_with_all_claims(app, browser, method):
    metadata = browser.get("/.well-known/openid-configuration").json
    verifier = generate_token(48)
    client = OAuth2Client(
        "motcua",
        SECRET,
        scope="openid profile email",
        redirect_uri=CALLBACK,
        token_endpoint_auth_method=method,
        code_challenge_method="S256",
        transport=httpx.WSGITransport(app=app),
    )
    address, state = client.create_authorization_url(
        metadata["authorization_endpoint"], code_verifier=verifier
    )
    response = browser.post(address, data={"person": MOTHER.key})
    client.fetch_token(
        metadata["token_endpoint"],
        authorization_response=response.location,
        state=state,
        code_verifier=verifier,
    )
    assert client.get(metadata["userinfo_endpoint"]).json() == MOTHER.claims


def test_a_token_is_never_cached(party):
    response = party.exchange(party.choose()["code"])
    assert (response.status_code, response.headers["Cache-Control"]) == (200, "no-store")


def test_the_state_comes_back(party):
    assert party.choose()["state"] == party.state


def test_the_id_token_verifies_against_the_published_keys(party, browser, key):
    code = party.choose()["code"]
    token = party.exchange(code).json
    keys = KeySet.import_key_set(browser.get(urlsplit(party.metadata["jwks_uri"]).path).json)
    found = jwt.decode(token["id_token"], keys, algorithms=["RS256"])
    jwt.JWTClaimsRegistry(
        iss={"essential": True, "value": party.metadata["issuer"]},
        aud={"essential": True, "value": "motcua"},
        nonce={"essential": True, "value": party.nonce},
        exp={"essential": True},
        auth_time={"essential": True},
        at_hash={"essential": True},
    ).validate(found.claims)
    assert found.header["kid"] == key.kid
    assert found.claims["sub"] == MOTHER.sub


def test_the_published_keys_hold_nothing_private(browser):
    assert set(browser.get("/jwks.json").json["keys"][0]) <= {"kty", "use", "alg", "kid", "n", "e"}


def test_everyone_can_sign_in(party):
    for person in PEOPLE.values():
        token = party.exchange(party.choose(person)["code"]).json
        assert party.userinfo(token["access_token"]).json["sub"] == person.sub


def test_who_refuses_is_sent_back_with_access_denied(party, browser):
    back = answer(browser.post(party.address(), data={"deny": "1"}))
    assert back["error"] == "access_denied"
    assert back["state"] == party.state
    assert "code" not in back


def test_refuses_a_person_that_does_not_exist(party, browser):
    assert browser.post(party.address(), data={"person": "nobody"}).status_code == 400


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"code_challenge": None, "code_challenge_method": None}, "invalid_request"),
        ({"code_challenge_method": "plain"}, "invalid_request"),
        ({"code_challenge_method": None}, "invalid_request"),
        ({"code_challenge": "too-short"}, "invalid_request"),
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"scope": "profile"}, "invalid_scope"),
        ({"prompt": "none"}, "login_required"),
    ],
)
def test_a_faulty_request_is_sent_back_with_its_error(party, browser, changes, error):
    for response in (browser.get(party.address(**changes)), browser.post(party.address(**changes))):
        back = answer(response)
        assert (back["error"], back["state"]) == (error, party.state)


@pytest.mark.parametrize(
    "changes",
    [
        {"redirect_uri": CALLBACK + "?next=1"},
        {"redirect_uri": CALLBACK.rstrip("/")},
        {"redirect_uri": "https://evil.example/"},
        {"redirect_uri": "http://127.0.0.1:8000/địa-chỉ\\"},
        {"redirect_uri": None},
        {"client_id": "another"},
        {"client_id": None},
        {"response_type": "mã"},
    ],
)
def test_never_redirects_to_an_address_it_cannot_trust(party, browser, changes):
    response = browser.get(party.address(**changes))
    assert response.status_code == 400
    assert response.location is None
    assert "VNeID" in response.text


def test_refuses_a_wrong_verifier(party):
    response = party.exchange(party.choose()["code"], code_verifier=generate_token(48))
    assert (response.status_code, response.json["error"]) == (400, "invalid_grant")


def test_refuses_a_missing_verifier(party):
    response = party.exchange(party.choose()["code"], code_verifier=None)
    assert (response.status_code, response.json["error"]) == (400, "invalid_request")


def test_a_code_is_good_for_one_attempt_even_when_that_failed(party):
    code = party.choose()["code"]
    party.exchange(code, code_verifier=generate_token(48))
    assert party.exchange(code).json["error"] == "invalid_grant"


def test_a_replayed_code_is_refused_and_ends_the_first_token(party):
    code = party.choose()["code"]
    first = party.exchange(code).json["access_token"]
    assert party.userinfo(first).status_code == 200
    assert party.exchange(code).json["error"] == "invalid_grant"
    assert party.userinfo(first).status_code == 401


def test_a_code_must_come_back_with_its_own_address(party):
    response = party.exchange(party.choose()["code"], redirect_uri="http://localhost:8000/other/")
    assert (response.status_code, response.json["error"]) == (400, "invalid_grant")


@pytest.mark.parametrize("method", ["client_secret_basic", "client_secret_post"])
def test_refuses_a_wrong_secret(party, method):
    response = party.exchange(party.choose()["code"], secret="wrong", method=method)
    assert (response.status_code, response.json["error"]) == (401, "invalid_client")


def test_refuses_credentials_that_are_no_text(browser):
    response = browser.post(
        "/token", data={"grant_type": "authorization_code"}, headers={"Authorization": "Basic ////"}
    )
    assert (response.status_code, response.json["error"]) == (401, "invalid_client")


@pytest.mark.parametrize(("seconds", "status"), [(59, 200), (60, 400)])
def test_a_code_lives_for_sixty_seconds(party, seconds, status):
    with time_machine.travel("2026-03-02T07:00:00Z", tick=False) as clock:
        code = party.choose()["code"]
        clock.shift(seconds)
        assert party.exchange(code).status_code == status


def test_an_access_token_expires(party):
    with time_machine.travel("2026-03-02T07:00:00Z", tick=False) as clock:
        token = party.exchange(party.choose()["code"]).json
        clock.shift(token["expires_in"])
        assert party.userinfo(token["access_token"]).status_code == 401


@pytest.mark.parametrize(
    ("grant_type", "error"), [("password", "unsupported_grant_type"), ("mật khẩu", "invalid_request")]
)
def test_refuses_other_grants(party, grant_type, error):
    response = party.exchange("x", grant_type=grant_type)
    assert (response.status_code, response.json["error"]) == (400, error)


def test_userinfo_needs_a_token(browser):
    response = browser.get("/userinfo")
    assert response.status_code == 401
    assert response.headers["WWW-Authenticate"].lower().startswith("bearer")


def test_keeps_its_key_in_the_state_folder(tmp_path):
    first = signing_key(tmp_path / "state")
    assert signing_key(tmp_path / "state").kid == first.kid
    assert (tmp_path / "state" / "signing-key.json").stat().st_mode & 0o077 == 0


def test_says_that_it_is_well(browser):
    assert json.loads(browser.get("/health").data) == {"status": "ok"}
