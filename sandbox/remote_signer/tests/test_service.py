import hashlib
from base64 import b64decode, b64encode
from datetime import UTC, datetime

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa

from sandbox.remote_signer.keys import open_state
from sandbox.remote_signer.service import SAD_SECONDS, SHA256, TOKEN_SECONDS, Service
from sandbox.remote_signer.web import create_app

AT = datetime(2025, 9, 15, tzinfo=UTC)
RSA, ECDSA = "1.2.840.113549.1.1.11", "1.2.840.10045.4.3.2"
HASHES = [b64encode(hashlib.sha256(words).digest()).decode() for words in (b"one", b"two", b"three")]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("remote_signer")


@pytest.fixture
def now():
    return [1000.0]


@pytest.fixture
def service(folder, now):
    return Service("motcua", "sample secret", open_state(folder, at=AT), clock=lambda: now[0])


@pytest.fixture
def client(service):
    return create_app(service).test_client()


@pytest.fixture
def ask(client):
    answer = client.post(
        "/oauth2/token", data={"grant_type": "client_credentials"}, auth=("motcua", "sample secret")
    )
    header = {"Authorization": f"Bearer {answer.json['access_token']}"}

    def _ask(path, *, headers=header, **asked):
        return client.post(f"/csc/v2/{path}", json=asked, headers=headers)

    return _ask


def _request(wanted, **changes):
    return {"credentialID": "seal-rsa", "hashes": wanted, "hashAlgorithmOID": SHA256} | changes


def _authorise(ask, wanted, **changes):
    return ask("credentials/authorize", **({"numSignatures": len(wanted)} | _request(wanted, **changes)))


def _sign(ask, wanted, sad, **changes):
    return ask("signatures/signHash", **(_request(wanted) | {"SAD": sad, "signAlgo": RSA} | changes))


@pytest.mark.parametrize("name", ["seal-rsa", "chair-ecdsa"])
def test_signs_what_was_authorised(ask, service, name):
    secret = [{"id": "PIN", "value": "314159"}] if name == "chair-ecdsa" else []
    sad = _authorise(ask, HASHES, credentialID=name, authData=secret).json["SAD"]
    algorithm = ECDSA if name == "chair-ecdsa" else RSA
    signatures = _sign(ask, HASHES, sad, credentialID=name, signAlgo=algorithm).json["signatures"]
    key = service.credentials[name].certificates[0].public_key()
    for words, signature in zip((b"one", b"two", b"three"), signatures, strict=True):
        if isinstance(key, rsa.RSAPublicKey):
            key.verify(b64decode(signature), words, padding.PKCS1v15(), hashes.SHA256())
        else:
            key.verify(b64decode(signature), words, ec.ECDSA(hashes.SHA256()))


def test_keeps_its_keys(folder, service):
    again = open_state(folder)
    assert again["seal-rsa"].certificates == service.credentials["seal-rsa"].certificates
    assert {path.stat().st_mode & 0o777 for path in folder.iterdir()} == {0o600}


def test_lists_and_describes_credentials(ask):
    assert "chair-ecdsa" in ask("credentials/list").json["credentialIDs"]
    told = ask("credentials/info", credentialID="chair-ecdsa", certificates="chain", authInfo=True).json
    assert (told["key"]["algo"], told["multisign"], told["auth"]["mode"]) == ([ECDSA], 3, "explicit")
    assert len(told["cert"]["certificates"]) == 2


def test_takes_an_authorisation_once(ask):
    sad = _authorise(ask, HASHES).json["SAD"]
    assert _sign(ask, HASHES, sad).status_code == 200
    assert _sign(ask, HASHES, sad).json["error_description"] == "Invalid parameter SAD."


def test_uses_an_authorisation_up_by_a_wrong_try(ask):
    sad = _authorise(ask, HASHES[:1]).json["SAD"]
    assert _sign(ask, HASHES[1:2], sad).json["error_description"] == "A hash was not authorised."
    assert _sign(ask, HASHES[:1], sad).status_code == 400


def test_does_not_take_an_authorisation_for_another_credential(ask):
    sad = _authorise(ask, HASHES[:1]).json["SAD"]
    assert _sign(ask, HASHES[:1], sad, credentialID="once-rsa").status_code == 400


def test_does_not_sign_one_hash_twice(ask):
    sad = _authorise(ask, HASHES).json["SAD"]
    assert _sign(ask, HASHES[:1] * 2, sad).status_code == 400


def test_lets_authorisations_and_tokens_expire(ask, now):
    sad = _authorise(ask, HASHES).json["SAD"]
    now[0] += SAD_SECONDS
    assert _sign(ask, HASHES, sad).json["error_description"] == "The SAD has expired."
    now[0] += TOKEN_SECONDS
    refused = ask("credentials/list")
    assert (refused.status_code, refused.json["error"]) == (401, "invalid_token")


@pytest.mark.parametrize("header", [{}, {"Authorization": "Bearer x"}, {"Authorization": "Basic x"}])
def test_answers_nobody_without_a_token(ask, header):
    for path in ("credentials/list", "credentials/info", "credentials/authorize", "signatures/signHash"):
        assert ask(path, headers=header).status_code == 401


@pytest.mark.parametrize(
    "changes",
    [
        {"numSignatures": 2},
        {"numSignatures": "3"},
        {"credentialID": "nobody"},
        {"credentialID": "once-rsa"},
        {"credentialID": "chair-ecdsa"},
        {"credentialID": "chair-ecdsa", "authData": [{"id": "PIN", "value": "0"}]},
        {"hashAlgorithmOID": "1.3.14.3.2.26"},
        {"hashes": []},
        {"hashes": "x"},
        {"hashes": [*HASHES[:2], "AAAA"]},
        {"hashes": [*HASHES[:2], 7]},
    ],
)
def test_refuses_to_authorise(ask, changes):
    refused = _authorise(ask, HASHES, **changes)
    assert (refused.status_code, refused.json["error"]) == (400, "invalid_request")


def test_refuses_another_algorithm(ask):
    sad = _authorise(ask, HASHES).json["SAD"]
    assert _sign(ask, HASHES, sad, signAlgo="1.2.840.113549.1.1.5").status_code == 400


@pytest.mark.parametrize("secret", ["", "wrong", "sample secret "])
def test_refuses_a_wrong_secret(client, secret):
    answer = client.post("/oauth2/token", data={"grant_type": "client_credentials"}, auth=("motcua", secret))
    assert (answer.status_code, answer.json["error"]) == (401, "invalid_client")


def test_refuses_another_grant_and_what_is_no_json(client):
    good = ("motcua", "sample secret")
    assert client.post("/oauth2/token", data={"grant_type": "password"}, auth=good).status_code == 400
    assert client.post("/csc/v2/info", data="words").json["error"] == "invalid_request"
    assert client.post("/csc/v2/info", json={}).json["specs"].startswith("2.0")
    assert client.get("/health").json == {"status": "ok"}
