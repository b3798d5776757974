"""Keys and authorities that an administrator brings; the files may be anybody's."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime, timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding
from cryptography.hazmat.primitives.serialization.pkcs12 import serialize_key_and_certificates
from cryptography.x509 import (
    BasicConstraints,
    Certificate,
    CertificateBuilder,
    Name,
    NameAttribute,
    random_serial_number,
)
from cryptography.x509.oid import NameOID
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from motcua.foundation.journal.models import Entry
from motcua.foundation.signatures.keeping import list_authorities, list_keys, prove_key
from motcua.foundation.signatures.trust import read_trust_list

pytestmark = pytest.mark.django_db


@pytest.fixture
def administrator(world, browse, settings, tmp_path):
    shutil.copytree(settings.SIGNATURES_DIR, tmp_path / "signatures")
    settings.SIGNATURES_DIR = tmp_path / "signatures"
    return browse(world.administrator)


def certificate(key, *, is_authority: bool = False, days: int = 100) -> Certificate:
    name = Name([NameAttribute(NameOID.COMMON_NAME, "Đỗ Thị Ký")])
    begins = datetime.now(UTC) - timedelta(days=200)
    return (
        CertificateBuilder(
            name,
            name,
            key.public_key(),
            random_serial_number(),
            begins,
            datetime.now(UTC) + timedelta(days=days),
        )
        .add_extension(BasicConstraints(is_authority, None), critical=True)
        .sign(key, None if isinstance(key, ed25519.Ed25519PrivateKey) else SHA256())
    )


def p12(key, password: bytes = b"open", **options: int) -> bytes:
    made = certificate(key, **options)
    return serialize_key_and_certificates(b"x", key, made, None, BestAvailableEncryption(password))


def bring(client, content: bytes, password: str = "open", key_ref: str = "chair-new"):
    data = {"key_ref": key_ref, "password": password, "file": SimpleUploadedFile("k.p12", content)}
    return client.post(reverse("console:certificates-import"), data, follow=True)


def test_a_key_is_kept_encrypted_and_signs(administrator, settings):
    content = p12(ec.generate_private_key(ec.SECP256R1()))
    words = bring(administrator, content).content.decode()
    assert "The key of Đỗ Thị Ký is kept." in words
    prove_key("chair-new")
    path = settings.SIGNATURES_DIR / "keys" / "chair-new.pem"
    assert b"ENCRYPTED PRIVATE KEY" in path.read_bytes() and path.stat().st_mode & 0o077 == 0
    facts = Entry.objects.get(kind="signing_key.imported").facts
    assert facts["key"] == "chair-new" and len(facts["sha256"]) == 64


@pytest.mark.parametrize(
    ("content", "password", "reason"),
    [
        (p12(ec.generate_private_key(ec.SECP256R1())), "wrong", "The password does not open this file."),
        (b"PK\x03\x04 something else", "open", "cannot be read"),
        (p12(ec.generate_private_key(ec.SECP256R1()), days=-1), "open", "has ended"),
        (p12(ec.generate_private_key(ec.SECP384R1())), "open", "must be ECDSA P-256"),
        (b"x" * 70_000, "open", "at most 64 KB"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_with_the_reason(administrator, content, password, reason):
    answer = bring(administrator, content, password)
    assert answer.status_code == 422 and reason in answer.content.decode()
    assert "chair-new" not in {it.key_ref for it in list_keys()}


@pytest.mark.parametrize("key_ref", ["../passphrase", "a/b", "Chair", ".hidden"])
def test_a_reference_cannot_lead_out_of_the_folder(administrator, key_ref):
    answer = bring(administrator, p12(ec.generate_private_key(ec.SECP256R1())), key_ref=key_ref)
    assert answer.status_code == 422


def believe(client, content: bytes, **changed: str):
    data = {"purpose": "signer", "source": "Quyết định 1/QĐ", "file": SimpleUploadedFile("ca.pem", content)}
    return client.post(reverse("console:certificates-trust"), data | changed, follow=True)


def test_an_authority_is_believed_for_what_and_when_it_was_said(administrator, settings):
    authority = certificate(ec.generate_private_key(ec.SECP256R1()), is_authority=True)
    answer = believe(
        administrator, authority.public_bytes(Encoding.PEM), valid_from="2026-01-01", valid_to="2027-01-01"
    )
    assert "is believed from now on" in answer.content.decode()
    added = next(
        it for it in read_trust_list(settings.SIGNATURES_DIR).authorities if it.certificate == authority
    )
    assert added.source == "Quyết định 1/QĐ"
    assert added.is_believed("signer", datetime(2026, 6, 1, tzinfo=UTC))
    assert not added.is_believed("tsa", datetime(2026, 6, 1, tzinfo=UTC))
    assert not added.is_believed("signer", datetime(2027, 6, 1, tzinfo=UTC))
    assert Entry.objects.filter(kind="authority.trusted").count() == 1
    again = believe(administrator, authority.public_bytes(Encoding.DER))
    assert "on the list already" in again.content.decode()


def test_a_persons_certificate_is_no_authority(administrator):
    before = len(list_authorities())
    person = certificate(ec.generate_private_key(ec.SECP256R1()))
    answer = believe(administrator, person.public_bytes(Encoding.PEM))
    assert "not of an authority" in answer.content.decode()
    assert "no certificate" in believe(administrator, b"hello").content.decode()
    assert len(list_authorities()) == before


def test_a_key_takes_anothers_place_only_when_that_is_said(administrator):
    first, second = (p12(ec.generate_private_key(ec.SECP256R1())) for _ in range(2))
    bring(administrator, first)
    assert "There is a key under this reference" in bring(administrator, second).content.decode()
    data = {
        "key_ref": "chair-new",
        "password": "open",
        "replaces": "on",
        "file": SimpleUploadedFile("k.p12", second),
    }
    assert administrator.post(reverse("console:certificates-import"), data).status_code == 302
    assert Entry.objects.filter(kind="signing_key.imported").count() == 2
