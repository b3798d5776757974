from __future__ import annotations

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from motcua.foundation.signatures.examination import examine_pdf
from motcua.foundation.signatures.keys import KeyUnavailable, UnknownKey, load_signer
from motcua.foundation.signatures.tests.factories import LATER, signed_pdf, trust_roots
from motcua.foundation.signatures.tests.key_factories import (
    certify,
    chain_pem,
    describe_key,
    keep_software_key,
    new_key,
)

PKCS11 = "kind: pkcs11\nmodule: /none.so\ntoken: office\nlabel: chair\npin_env: PIN\n"
CSC = (
    "kind: csc\nurl: https://signing.example\ncredential: c1\nclient_id: motcua\nclient_secret_env: SECRET\n"
)


@pytest.mark.parametrize("kind", ["rsa", "ecdsa"])
def test_signs_with_a_software_key_of_every_kind(signatures_dir, kind):
    keep_software_key(signatures_dir, "bought", new_key(kind))
    signed = signed_pdf(load_signer("bought"))
    verdict = examine_pdf(signed, at=LATER, trust=trust_roots(signatures_dir))
    assert verdict.is_valid


@pytest.mark.parametrize(
    "key", [rsa.generate_private_key(65537, 1024), ec.generate_private_key(ec.SECP384R1())]
)
def test_refuses_a_key_that_is_weak_or_of_another_curve(signatures_dir, key):
    keep_software_key(signatures_dir, "weak", key)
    with pytest.raises(KeyUnavailable, match="another kind of key"):
        load_signer("weak")


def test_refuses_a_certificate_of_another_key(signatures_dir):
    keep_software_key(signatures_dir, "mixed", new_key("ecdsa"))
    path = signatures_dir / "keys" / "mixed.pem"
    private = path.read_bytes().split(b"-----BEGIN CERTIFICATE")[0]
    path.write_bytes(private + chain_pem(certify(signatures_dir, new_key("ecdsa"))))
    with pytest.raises(KeyUnavailable, match="another key"):
        load_signer("mixed")


def test_says_that_the_passphrase_is_another(signatures_dir, settings):
    keep_software_key(signatures_dir, "sealed", new_key("ecdsa"))
    settings.SIGNATURES_PASSPHRASE = "another"
    with pytest.raises(KeyUnavailable, match="passphrase"):
        load_signer("sealed")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("kind: [", "YAML"),
        ("- kind", "YAML"),
        ("kind: cloud", "kind"),
        (PKCS11.replace("token: office", "token: 7"), "token"),
        (PKCS11.replace("label: chair", ""), "label"),
        (PKCS11.replace("label: chair", "id: xyz"), "hexadecimal"),
        (PKCS11.replace("pin_env: PIN", ""), "pin_file"),
        (PKCS11 + "pin: 1234\n", "“pin” is not known"),
        (PKCS11 + "certificates: none.chain\n", "PEM"),
        (CSC.replace("https", "http"), "https://"),
        (CSC.replace("credential: c1", ""), "credential"),
    ],
)
def test_names_what_is_wrong_in_a_description(signatures_dir, words, said):
    describe_key(signatures_dir, "chair", certify(signatures_dir, new_key("rsa")), words)
    with pytest.raises(KeyUnavailable, match=said):
        load_signer("chair")


def test_uses_a_renewed_certificate_of_a_described_key_at_once(signatures_dir, monkeypatch):
    monkeypatch.setenv("SECRET", "sample")
    first, second = (certify(signatures_dir, new_key("rsa")) for _ in range(2))
    describe_key(signatures_dir, "chair", first, CSC)
    assert load_signer("chair").certificate == first[0]
    assert load_signer("chair") is load_signer("chair")
    (signatures_dir / "keys" / "chair.chain").write_bytes(chain_pem(second))
    assert load_signer("chair").certificate == second[0]


def test_knows_no_key_that_is_not_described(signatures_dir):
    describe_key(signatures_dir, "chair", certify(signatures_dir, new_key("rsa")), PKCS11)
    with pytest.raises(UnknownKey):
        load_signer("chairman")
