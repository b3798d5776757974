"""Judged by `openssl ts -verify` and by the queries it makes."""

from __future__ import annotations

import subprocess
from concurrent.futures import ThreadPoolExecutor

import pytest
from asn1crypto import core, tsp

from sandbox.tsa.authority import Authority
from sandbox.tsa.web import QUERY, REPLY, create_app


@pytest.fixture
def authority(tmp_path):
    return Authority(tmp_path / "tsa")


@pytest.fixture
def app(authority):
    return create_app(authority)


@pytest.fixture
def data(tmp_path):
    path = tmp_path / "data"
    path.write_bytes(b"what is stamped")
    return path


@pytest.fixture
def query(data):
    command = ["openssl", "ts", "-query", "-data", data, "-sha256", "-cert"]
    return subprocess.run(command, capture_output=True, check=True).stdout


def ask(app, query, kind=QUERY):
    return app.test_client().post("/", data=query, content_type=kind)


def test_openssl_accepts_the_stamp(app, authority, data, query, tmp_path):
    answer = ask(app, query)
    assert (answer.status_code, answer.mimetype) == (200, REPLY)
    (tmp_path / "answer").write_bytes(answer.data)
    (tmp_path / "root.pem").write_bytes(app.test_client().get("/authority.pem").data)
    verified = subprocess.run(
        [
            "openssl",
            "ts",
            "-verify",
            "-data",
            data,
            "-in",
            tmp_path / "answer",
            "-CAfile",
            tmp_path / "root.pem",
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    assert "Verification: OK" in verified.stdout, verified.stderr


def test_never_gives_a_serial_number_twice(app, query):
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: ask(app, query).data, range(24)))
    tokens = [tsp.TimeStampResp.load(answer)["time_stamp_token"] for answer in answers]
    serials = {
        token["content"]["encap_content_info"]["content"].parsed["serial_number"].native for token in tokens
    }
    assert len(serials) == 24


def test_keeps_its_certificate_between_starts(authority):
    assert Authority(authority.folder).certificate == authority.certificate


def test_refuses_what_is_no_query(app, query):
    refusal = core.Sequence.load(core.Sequence.load(ask(app, b"words").data)[0].dump())
    assert refusal[0].native == 2  # PKIStatus rejection, RFC 3161 2.4.2
    assert ask(app, query, "text/plain").status_code == 415
    assert ask(app, bytes(5000)).status_code == 413


def test_fails_on_demand(app, authority, query):
    (authority.folder / "fault").write_text("fail")
    assert ask(app, query).status_code == 503
    (authority.folder / "fault").unlink()
    assert ask(app, query).status_code == 200


def test_hangs_on_demand(app, authority, query):
    (authority.folder / "fault").write_text("hang")
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(ask, app, query)
        with pytest.raises(TimeoutError):
            waiting.result(timeout=0.2)
        (authority.folder / "fault").unlink()
        assert waiting.result(timeout=10).status_code == 200
