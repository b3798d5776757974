from __future__ import annotations

import threading
import time
from base64 import b64encode
from dataclasses import replace
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
import requests
from cryptography import x509
from flask import jsonify, request
from werkzeug.serving import WSGIRequestHandler, make_server

from motcua.foundation.signatures.adapters import csc, http
from motcua.foundation.signatures.examination import examine_pdf
from motcua.foundation.signatures.keys import KeyUnavailable, load_signer
from motcua.foundation.signatures.signers import der_to_raw, is_signature, raw_to_der
from motcua.foundation.signatures.tests.factories import AT, LATER, signed_pdf
from motcua.foundation.signatures.tests.key_factories import describe_key
from sandbox.remote_signer.keys import open_state
from sandbox.remote_signer.service import Service
from sandbox.remote_signer.web import create_app

SECRET = "sample secret"


class _Quiet(WSGIRequestHandler):
    def log_request(self, code="-", size="-"): ...


class Standin:
    """The stand-in in a thread. `before` may answer instead of it; `asked` are the paths that were asked for."""

    def __init__(self, folder):
        self.service = Service("motcua", SECRET, open_state(folder, at=AT))
        self.root = x509.load_pem_x509_certificate((folder / "authority.pem").read_bytes())
        self.before = lambda path: None
        self.asked: list[str] = []
        app = create_app(self.service)
        app.before_request(self._intercept)
        self.server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=_Quiet)
        self.url = f"http://127.0.0.1:{self.server.port}"
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.05,))
        self.thread.start()

    def _intercept(self):
        self.asked.append(request.path.rsplit("/", 1)[-1])
        return self.before(self.asked[-1])

    def stop(self):
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()


@pytest.fixture(scope="module")
def state(tmp_path_factory):
    folder = tmp_path_factory.mktemp("remote_signer")
    open_state(folder, at=AT)
    return folder


@pytest.fixture
def standin(state, monkeypatch):
    monkeypatch.setenv("CSC_SECRET", SECRET)
    monkeypatch.setenv("CSC_PIN", "314159")
    standin = Standin(state)
    yield standin
    standin.stop()


@pytest.fixture
def load(standin, signatures_dir):
    def _load(credential="seal-rsa", *, certificates="", more=""):
        words = (
            f"kind: csc\nurl: {standin.url}/\ncredential: {credential}\n"
            f"client_id: motcua\nclient_secret_env: CSC_SECRET\n{more}"
        )
        known = standin.service.credentials[certificates or credential].certificates
        describe_key(signatures_dir, "remote", list(known), words)
        return load_signer("remote")

    return _load


@pytest.mark.parametrize(("credential", "more"), [("seal-rsa", ""), ("chair-ecdsa", "pin_env: CSC_PIN\n")])
def test_signs_a_pdf(load, standin, credential, more):
    signed = signed_pdf(load(credential, more=more))
    assert examine_pdf(signed, at=LATER, trust=[standin.root]).is_valid


def test_asks_for_one_authorisation_for_many_signatures(load, standin):
    signer = load()
    data = [str(number).encode() for number in range(20)]
    signatures = signer.sign_many(data)
    assert all(
        is_signature(one, words, signer.certificate) for one, words in zip(signatures, data, strict=True)
    )
    assert standin.asked.count("authorize") == standin.asked.count("signHash") == 1
    assert signer.batch_size() == 20


def test_asks_for_a_token_once_and_again_when_it_expires(load, standin):
    signer = load()
    signer.sign(b"one")
    signer.sign(b"two")
    assert standin.asked.count("token") == 1
    standin.service.tokens.clear()
    assert is_signature(signer.sign(b"three"), b"three", signer.certificate)
    assert standin.asked.count("token") == 2


def test_takes_an_ecdsa_signature_in_either_form(load, standin):
    signer = load("chair-ecdsa", more="pin_env: CSC_PIN\n")
    der = signer.sign(b"words")
    assert raw_to_der(der_to_raw(der)) == der
    raw = b64encode(der_to_raw(der)).decode()
    assert signer._checked(raw, b"words") == der


def _answering(path, answer, status=200):
    return lambda asked: (jsonify(answer), status) if asked == path else None


def test_says_that_a_wrong_authorisation_was_refused(load, standin):
    standin.before = _answering("authorize", {"SAD": "invented"})
    with pytest.raises(KeyUnavailable, match="refused: invalid_request"):
        load().sign(b"words")


def test_does_not_repeat_what_a_service_says(load, standin):
    standin.before = _answering("authorize", {"error": "<b>Nguyễn Văn Mẫu</b>"}, 400)
    with pytest.raises(KeyUnavailable, match="refused: unknown"):
        load().sign(b"words")


@pytest.mark.parametrize(
    ("path", "answer"),
    [
        ("info", []),
        ("info", {"oauth2": "http://elsewhere.example"}),
        ("info", {"oauth2": "https://"}),
        ("info", {"oauth2": "//127.0.0.1"}),
        ("authorize", {}),
        ("authorize", {"SAD": 7}),
        ("signHash", {"signatures": []}),
        ("signHash", {"signatures": ["AAAA"]}),
        ("signHash", {"signatures": [7]}),
        ("token", {"access_token": 7}),
        ("token", {"access_token": "x", "expires_in": "soon"}),
    ],
)
def test_signs_nothing_by_an_odd_answer(load, standin, path, answer):
    standin.before = _answering(path, answer)
    with pytest.raises(KeyUnavailable):
        load().sign(b"words")


def test_sends_its_secret_over_no_open_line_when_the_service_has_https(load, monkeypatch):
    """The answer of an https service names the same place without https."""
    signer = load()
    plain = signer._key.url
    signer._key = replace(signer._key, url=plain.replace("http://", "https://"))
    told = []
    monkeypatch.setattr(
        csc, "post", lambda session, url, **asked: told.append(url) or (200, {"oauth2": plain})
    )
    with pytest.raises(KeyUnavailable):
        signer.sign(b"words")
    assert not [url for url in told if url.endswith("token")]


def test_refuses_the_certificate_of_another_credential(load):
    with pytest.raises(KeyUnavailable, match="another certificate"):
        load("seal-rsa", certificates="once-rsa").sign(b"words")


def test_asks_for_the_pin_to_be_named(load):
    with pytest.raises(KeyUnavailable, match="PIN"):
        load("chair-ecdsa").sign(b"words")


def test_says_that_its_secret_was_refused(load, monkeypatch):
    monkeypatch.setenv("CSC_SECRET", "wrong")
    with pytest.raises(KeyUnavailable, match="invalid_client"):
        load().sign(b"words")


def test_says_that_the_service_is_down(load, standin, state):
    signer = load()
    standin.server.shutdown()
    standin.server.server_close()
    with pytest.raises(KeyUnavailable, match="does not answer"):
        signer.sign(b"words")


def test_does_not_wait_for_a_slow_service(load, standin, monkeypatch):
    end = threading.Event()
    standin.before = lambda path: end.wait(5) and None
    monkeypatch.setattr(http, "ANSWER_SECONDS", 0.3)
    started = time.monotonic()
    try:
        with pytest.raises(KeyUnavailable, match="does not answer"):
            load().sign(b"words")
        assert time.monotonic() - started < 3
    finally:
        end.set()


def test_does_not_wait_for_an_answer_that_drips(monkeypatch):
    end = threading.Event()

    class Dripping(BaseHTTPRequestHandler):
        def do_POST(self):
            self.send_response(200)
            self.end_headers()
            while not end.wait(0.02):
                self.wfile.write(b" ")

        def log_message(self, *words): ...

    server = ThreadingHTTPServer(("127.0.0.1", 0), Dripping)
    threading.Thread(target=server.serve_forever, args=(0.05,)).start()
    monkeypatch.setattr(http, "ANSWER_SECONDS", 0.3)
    started = time.monotonic()
    try:
        with pytest.raises(http.NoAnswer):
            http.post(requests.Session(), f"http://127.0.0.1:{server.server_port}/", json={})
        assert time.monotonic() - started < 3
    finally:
        end.set()
        server.shutdown()
        server.server_close()


def test_does_not_read_an_endless_answer(load, standin, monkeypatch):
    monkeypatch.setattr(http, "LARGEST_ANSWER", 1000)
    standin.before = lambda path: ("[" * 5000, 200)
    with pytest.raises(KeyUnavailable, match="does not answer"):
        load().sign(b"words")


def test_is_not_led_elsewhere(load, standin):
    standin.before = lambda path: ("", 307, {"Location": "http://127.0.0.1:1/"})
    with pytest.raises(KeyUnavailable, match="does not answer"):
        load().sign(b"words")


def test_stands_in_for_now_too(tmp_path):
    certificate = open_state(tmp_path)["seal-rsa"].certificates[0]
    assert certificate.not_valid_before_utc < datetime.now(UTC) < certificate.not_valid_after_utc
