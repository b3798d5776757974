from __future__ import annotations

import stat
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

from motcua.foundation.signatures.keys import (
    UnknownKey,
    issue_signing_key,
    load_signer,
    make_authority,
    signer_certificate,
)
from motcua.foundation.signatures.tests.factories import AGENCY, AT, PERSON, make_signer, trust_roots


def test_says_whose_key_it_is(signer):
    facts = signer_certificate("van")
    assert (facts.name, facts.organisation, facts.title) == (PERSON, AGENCY, "Chủ tịch")
    assert facts.issuer == "Demo CA"
    assert (facts.valid_from, facts.valid_to) == (AT, AT + timedelta(days=365))


def test_signs_with_the_certified_key(signer):
    signer.certificate.public_key().verify(signer.sign(b"words"), b"words", ec.ECDSA(hashes.SHA256()))
    signer.certificate.verify_directly_issued_by(signer.chain[0])


def test_keeps_its_authority_when_made_again(signatures_dir, signer):
    before = trust_roots(signatures_dir)
    make_authority(signatures_dir, name="Another", at=AT)
    assert trust_roots(signatures_dir) == before
    assert signer.chain[0].issuer == before[0].subject


def test_uses_a_renewed_key_at_once(signatures_dir, signer):
    renewed = make_signer(signatures_dir)
    assert renewed.certificate != signer.certificate


def test_keeps_private_keys_encrypted_and_private(signatures_dir, signer):
    files = [path for path in signatures_dir.rglob("*") if path.is_file()]
    assert {stat.S_IMODE(path.stat().st_mode) for path in files} == {0o600}
    private = [path for path in files if "PRIVATE KEY" in path.read_text()]
    assert len(private) == 3
    assert all("ENCRYPTED PRIVATE KEY" in path.read_text() for path in private)


def test_takes_the_passphrase_of_the_settings(signatures_dir, settings):
    settings.SIGNATURES_PASSPHRASE = "from outside"
    make_signer(signatures_dir)
    assert not (signatures_dir / "passphrase").exists()


@pytest.mark.parametrize("key_ref", ["nobody", "../authority/root", "", "VAN"])
def test_knows_no_other_key(signer, key_ref):
    with pytest.raises(UnknownKey):
        load_signer(key_ref)


def test_issues_nothing_without_an_authority(tmp_path: Path):
    with pytest.raises(UnknownKey):
        issue_signing_key(
            tmp_path, key_ref="van", person=PERSON, organisation=AGENCY, title="", at=AT, days=1
        )


def test_trusts_nobody_without_a_list(tmp_path: Path):
    assert trust_roots(tmp_path) == []
