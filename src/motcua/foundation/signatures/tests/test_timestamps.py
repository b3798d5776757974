from __future__ import annotations

import shutil
import subprocess
from datetime import UTC, datetime, timedelta
from hashlib import sha256, sha384

import pytest

from motcua.foundation.signatures.tests.authorities import answering, running_stand_in
from motcua.foundation.signatures.timestamps import BadStamp, NoTimeStamp, TimeStamper, time_stamper

DATA = b"the root of a batch of entries"
DIGEST = sha256(DATA).digest()


@pytest.fixture(scope="module")
def stand_in(tmp_path_factory):
    with running_stand_in(tmp_path_factory.mktemp("tsa")) as running:
        yield running


@pytest.fixture(scope="module")
def token(stand_in):
    return TimeStamper(stand_in.url).stamp(DIGEST)


@pytest.fixture
def believed(stand_in, signatures_dir):
    folder = signatures_dir / "trust" / "tsa"
    folder.mkdir(parents=True)
    shutil.copy(stand_in.state / "authority.pem", folder)
    return folder


@pytest.fixture
def stamper(stand_in):
    return TimeStamper(stand_in.url)


@pytest.fixture
def fault(stand_in):
    file = stand_in.state / "fault"
    yield file
    file.unlink(missing_ok=True)


def test_asks_nobody_when_no_authority_is_set(settings):
    assert time_stamper() is None
    settings.TSA_URL = "http://127.0.0.1:1/"
    assert time_stamper() == TimeStamper("http://127.0.0.1:1/")


def test_gives_a_stamp_of_now_by_the_trusted_authority(stamper, token, believed):
    facts = stamper.check(token, DIGEST)
    assert abs(facts.at - datetime.now(UTC)) < timedelta(minutes=5)
    assert (facts.authority, facts.trusted) == ("Stand-in Time Stamp Authority", True)


def test_stamps_a_longer_digest_too(stamper, believed):
    digest = sha384(DATA).digest()
    assert stamper.check(stamper.stamp(digest), digest).trusted


def test_trusts_no_authority_that_is_not_on_the_list(stamper, token):
    assert not stamper.check(token, DIGEST).trusted


def test_does_not_trust_an_authority_for_signers_with_time(stamper, token, believed):
    (believed / "authority.pem").rename(believed.parent / "authority.pem")
    assert not stamper.check(token, DIGEST).trusted


def test_openssl_accepts_the_token(token, stand_in, tmp_path):
    (tmp_path / "data").write_bytes(DATA)
    (tmp_path / "token").write_bytes(token)
    files = [
        "-data",
        tmp_path / "data",
        "-in",
        tmp_path / "token",
        "-CAfile",
        stand_in.state / "authority.pem",
    ]
    verified = subprocess.run(
        ["openssl", "ts", "-verify", "-token_in", *files],
        capture_output=True,
        text=True,
        check=False,
    )
    assert "Verification: OK" in verified.stdout, verified.stderr


def test_refuses_a_token_of_other_data(stamper, token, believed):
    with pytest.raises(BadStamp):
        stamper.check(token, sha256(b"other data").digest())
    with pytest.raises(BadStamp):
        stamper.check(token, b"short")


def test_refuses_every_changed_token(stamper, token, believed):
    for place in range(0, len(token), 97):
        changed = bytearray(token)
        changed[place] ^= 4
        try:
            facts = stamper.check(bytes(changed), DIGEST)
        except BadStamp:
            continue
        # Outside what is signed: the certificate's own copy, or a field nobody reads.
        assert facts.trusted == stamper.check(token, DIGEST).trusted or not facts.trusted


@pytest.mark.parametrize("token", [b"", b"words", b"0\x80", b"0\x03\x02\x01\x01"])
def test_refuses_what_is_no_token(stamper, token):
    with pytest.raises(BadStamp):
        stamper.check(token, DIGEST)


def test_says_when_the_authority_fails(stamper, fault):
    fault.write_text("fail")
    with pytest.raises(NoTimeStamp, match="503"):
        stamper.stamp(DIGEST)


def test_does_not_wait_for_an_authority_that_hangs(stand_in, fault):
    fault.write_text("hang")
    with pytest.raises(NoTimeStamp):
        TimeStamper(stand_in.url, seconds=0.3).stamp(DIGEST)


def test_says_when_nobody_answers():
    with pytest.raises(NoTimeStamp):
        TimeStamper("http://127.0.0.1:1/").stamp(DIGEST)


@pytest.mark.parametrize(
    "answer",
    [b"", b"words", b"0\x03\x02\x01\x01", bytes(100_000)],
    ids=["nothing", "words", "short", "endless"],
)
def test_refuses_an_answer_that_is_none(answer):
    with answering(answer) as url, pytest.raises(NoTimeStamp):
        TimeStamper(url).stamp(DIGEST)


def test_refuses_an_answer_to_an_earlier_request(token):
    """Replayed: the right digest, another nonce."""
    granted = b"0\x03\x02\x01\x00"
    body = granted + token
    answer = b"0\x82" + len(body).to_bytes(2, "big") + body
    with answering(answer) as url, pytest.raises(NoTimeStamp, match="another request"):
        TimeStamper(url).stamp(DIGEST)
