from __future__ import annotations

import os
import shutil
import subprocess
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization

from motcua.foundation.signatures.examination import examine_pdf
from motcua.foundation.signatures.keys import KeyUnavailable, load_signer
from motcua.foundation.signatures.signers import is_signature
from motcua.foundation.signatures.tests.factories import LATER, signed_pdf, trust_roots
from motcua.foundation.signatures.tests.key_factories import certify, describe_key, new_key
from motcua.foundation.signatures.tests.test_pdf import _pdfsig

pkcs11 = pytest.importorskip("pkcs11", reason="python-pkcs11 is not installed")
MODULE = next(
    filter(Path.exists, map(Path, ("/usr/lib/softhsm/libsofthsm2.so", "/usr/lib64/libsofthsm2.so"))), None
)
pytestmark = [
    pytest.mark.skipif(
        not (MODULE and shutil.which("softhsm2-util")), reason="SoftHSM2 (softhsm2) is not installed"
    ),
    # What is left of a session after its device was pulled says so when it is collected.
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]
PIN = "471108"


@pytest.fixture(scope="module")
def keys(tmp_path_factory):
    """A token with two keys; the private keys as they were imported, by label."""
    folder = tmp_path_factory.mktemp("softhsm")
    (folder / "tokens").mkdir()
    (folder / "softhsm2.conf").write_text(f"directories.tokendir = {folder / 'tokens'}\nlog.level = ERROR\n")
    os.environ["SOFTHSM2_CONF"] = str(folder / "softhsm2.conf")
    _util("--init-token", "--free", "--label", "office", "--pin", PIN, "--so-pin", "815008150")
    made = {"rsa": new_key("rsa"), "ecdsa": new_key("ecdsa")}
    for number, (label, key) in enumerate(made.items(), 1):
        pem = folder / "key.pem"
        pem.write_bytes(
            key.private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
            )
        )
        where = ["--token", "office", "--label", label, "--id", f"0{number}", "--pin", PIN]
        _util("--import", str(pem), *where)
        pem.unlink()
    yield made
    pkcs11.lib(str(MODULE)).finalize()
    del os.environ["SOFTHSM2_CONF"]


def _util(*words: str) -> None:
    subprocess.run(["softhsm2-util", *words], check=True, capture_output=True)


@pytest.fixture
def describe(keys, signatures_dir, monkeypatch):
    """Describe a key of the token and load it."""
    monkeypatch.setenv("OFFICE_PIN", PIN)

    def _load(kind: str = "rsa", *, token: str = "office", which: str = "", pin: str = "pin_env: OFFICE_PIN"):
        words = f"kind: pkcs11\nmodule: {MODULE}\ntoken: {token}\n{which or f'label: {kind}'}\n{pin}\n"
        describe_key(signatures_dir, "chair", certify(signatures_dir, keys[kind]), words)
        return load_signer("chair")

    return _load


@pytest.mark.conformance
@pytest.mark.parametrize("kind", ["rsa", "ecdsa"])
def test_signs_a_pdf_that_we_and_poppler_find_valid(describe, signatures_dir, kind, tmp_path):
    signed = signed_pdf(describe(kind))
    assert examine_pdf(signed, at=LATER, trust=trust_roots(signatures_dir)).is_valid
    if shutil.which("pdfsig"):
        assert _pdfsig(signed, tmp_path) == ["Signature is Valid."]


def test_finds_a_key_by_its_id(describe):
    signer = describe("ecdsa", which="id: '02'")
    assert is_signature(signer.sign(b"words"), b"words", signer.certificate)


def test_goes_on_after_the_device_was_pulled(describe):
    signer = describe()
    signer.sign(b"before")
    pkcs11.lib(str(MODULE)).reinitialize()
    assert is_signature(signer.sign(b"after"), b"after", signer.certificate)


def test_gives_its_session_back_after_a_failure(describe, monkeypatch):
    signer = describe()
    signer.sign(b"before")

    def _fail(session, data):
        raise pkcs11.DeviceError

    monkeypatch.setattr(signer, "_ask", _fail)
    for _attempt in range(3):
        with pytest.raises(KeyUnavailable, match="does not answer"):
            signer.sign(b"words")
    monkeypatch.undo()
    monkeypatch.setenv("OFFICE_PIN", PIN)
    assert is_signature(signer.sign(b"after"), b"after", signer.certificate)


def test_serves_several_threads(describe):
    signers = [describe("rsa"), describe("ecdsa")] * 10
    with ThreadPoolExecutor(8) as pool:
        signatures = list(pool.map(lambda signer: signer.sign(b"words"), signers))
    assert all(
        is_signature(signature, b"words", signer.certificate)
        for signature, signer in zip(signatures, signers, strict=True)
    )


def test_says_that_the_device_does_not_answer(describe):
    with pytest.raises(KeyUnavailable, match="does not answer"):
        describe(token="another").sign(b"words")


def test_says_that_the_driver_is_not_there(describe, monkeypatch, signatures_dir, keys):
    words = "kind: pkcs11\nmodule: none.so\ntoken: office\nlabel: rsa\npin_env: OFFICE_PIN\n"
    describe_key(signatures_dir, "lost", certify(signatures_dir, keys["rsa"]), words)
    with pytest.raises(KeyUnavailable, match="driver"):
        load_signer("lost").sign(b"words")


def test_says_that_the_device_has_no_such_key(describe):
    with pytest.raises(KeyUnavailable, match="no such key"):
        describe(which="label: nobody").sign(b"words")


def test_refuses_a_key_that_is_not_the_certified_one(describe, keys, signatures_dir):
    describe()
    words = f"kind: pkcs11\nmodule: {MODULE}\ntoken: office\nlabel: rsa\npin_env: OFFICE_PIN\n"
    describe_key(signatures_dir, "other", certify(signatures_dir, new_key("rsa")), words)
    with pytest.raises(KeyUnavailable, match="not the one of the certificate"):
        load_signer("other").sign(b"words")


def test_tries_a_wrong_pin_once_only(describe, monkeypatch):
    pkcs11.lib(str(MODULE)).reinitialize()
    signer = describe()
    monkeypatch.setenv("OFFICE_PIN", "000000")
    for _attempt in range(5):
        with pytest.raises(KeyUnavailable, match="PIN"):
            signer.sign(b"words")
    _assert_not_locked()
    monkeypatch.setenv("OFFICE_PIN", PIN)
    assert signer.sign(b"words")


def _assert_not_locked() -> None:
    token = pkcs11.lib(str(MODULE)).get_token(token_label="office")
    assert not token.flags & pkcs11.TokenFlag.USER_PIN_LOCKED


def test_asks_for_the_secret_that_is_not_there(describe, monkeypatch):
    pkcs11.lib(str(MODULE)).reinitialize()
    signer = describe()
    monkeypatch.delenv("OFFICE_PIN")
    with pytest.raises(KeyUnavailable, match="OFFICE_PIN"):
        signer.sign(b"words")
