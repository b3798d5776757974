"""The certificates of the demo's authority: pure construction, nothing is kept here. Source: RFC 5280."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey, EllipticCurvePublicKey
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID, ObjectIdentifier

# RFC 9336
DOCUMENT_SIGNING = ObjectIdentifier("1.3.6.1.5.5.7.3.36")

_UNSEEN = {"Cc", "Cf", "Zl", "Zp"}
_NO_USE = dict.fromkeys(
    (
        "digital_signature",
        "content_commitment",
        "key_encipherment",
        "data_encipherment",
        "key_agreement",
        "key_cert_sign",
        "crl_sign",
        "encipher_only",
        "decipher_only",
    ),
    False,
)


@dataclass(frozen=True, slots=True)
class Certified:
    """Whom a certificate is for: valid from `at` (aware) for `days` days."""

    subject: x509.Name
    key: EllipticCurvePrivateKey
    at: datetime
    days: int


def authority_certificate(
    certified: Certified, issuer: x509.Name, issuer_key: EllipticCurvePrivateKey
) -> x509.Certificate:
    """An authority's certificate. Only one that certifies itself may certify other authorities."""
    path_length = 1 if certified.subject == issuer else 0
    return (
        _builder(certified, issuer, issuer_key.public_key())
        .add_extension(x509.BasicConstraints(ca=True, path_length=path_length), critical=True)
        .add_extension(_usage("key_cert_sign", "crl_sign"), critical=True)
        .sign(issuer_key, hashes.SHA256())
    )


def signing_certificate(
    certified: Certified, authority: x509.Certificate, authority_key: EllipticCurvePrivateKey
) -> x509.Certificate:
    """A natural person's certificate for signing documents. Source: EN 319 412-2, RFC 9336."""
    return (
        _builder(certified, authority.subject, authority_key.public_key())
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage("digital_signature", "content_commitment"), critical=True)
        .add_extension(x509.ExtendedKeyUsage([DOCUMENT_SIGNING]), critical=False)
        .sign(authority_key, hashes.SHA256())
    )


@dataclass(frozen=True, slots=True)
class Revoked:
    """An entry of a revocation list. at: aware."""

    serial: int
    at: datetime
    reason: x509.ReasonFlags = x509.ReasonFlags.unspecified


def revocation_list(  # noqa: PLR0913  one keyword for each thing the list says
    authority: x509.Certificate,
    key: EllipticCurvePrivateKey,
    revoked: Iterable[Revoked],
    *,
    number: int,
    at: datetime,
    days: int,
) -> bytes:
    """A complete revocation list (DER) of an authority, made at `at` (aware); the next one is due `days` later.

    number: grows from list to list. Source: RFC 5280 5.
    """
    builder = (
        x509.CertificateRevocationListBuilder()
        .issuer_name(authority.subject)
        .last_update(at)
        .next_update(at + timedelta(days=days))
        .add_extension(x509.CRLNumber(number), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(key.public_key()), critical=False)
    )
    for one in revoked:
        entry = x509.RevokedCertificateBuilder().serial_number(one.serial).revocation_date(one.at)
        if one.reason != x509.ReasonFlags.unspecified:  # RFC 5280 5.3.1: then the reason stays away
            entry = entry.add_extension(x509.CRLReason(one.reason), critical=False)
        builder = builder.add_revoked_certificate(entry.build())
    return builder.sign(key, hashes.SHA256()).public_bytes(Encoding.DER)


def authority_name(name: str) -> x509.Name:
    """The subject of an authority of this name."""
    return x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "VN"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, name),
            x509.NameAttribute(NameOID.COMMON_NAME, f"{name} CA"),
        ]
    )


def name_part(name: x509.Name, oid: ObjectIdentifier) -> str:
    """The first value of a kind in a name; "" when there is none."""
    values = name.get_attributes_for_oid(oid)
    return legible(str(values[0].value)) if values else ""


def legible(text: str) -> str:
    """Without characters that act on a terminal or page instead of being seen there: control, direction, line ends."""
    return "".join(one for one in text if unicodedata.category(one) not in _UNSEEN)


def _builder(
    certified: Certified, issuer: x509.Name, issuer_key: EllipticCurvePublicKey
) -> x509.CertificateBuilder:
    own_key = certified.key.public_key()
    return (
        x509.CertificateBuilder()
        .subject_name(certified.subject)
        .issuer_name(issuer)
        .public_key(own_key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(certified.at)
        .not_valid_after(certified.at + timedelta(days=certified.days))
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(own_key), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key), critical=False)
    )


def _usage(*uses: str) -> x509.KeyUsage:
    return x509.KeyUsage(**(_NO_USE | dict.fromkeys(uses, True)))
