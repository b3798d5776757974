"""Signing keys by their references, a demo authority that certifies software keys, the trust list.

Files below SIGNATURES_DIR: `passphrase` (encrypts the private keys), `authority/root.pem` and
`authority/issuing.pem`, `keys/<key_ref>.pem` (key, certificate, chain) or `keys/<key_ref>.yaml` (says where the
key is kept, see `key_files`), `trust/*.pem` (the trust list).
"""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import NameOID
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from motcua.foundation.signatures.certificates import (
    Certified,
    authority_certificate,
    authority_name,
    name_part,
    signing_certificate,
)
from motcua.foundation.signatures.key_files import Pkcs11Key, named_files, read_key_file
from motcua.foundation.signatures.signers import (
    ExpiredKey,
    KeyUnavailable,
    Mechanism,
    Signer,
    SoftwareSigner,
    UnknownKey,
    mechanism_of,
)
from motcua.foundation.signatures.writing import write_file

__all__ = [
    "CertificateFacts",
    "ExpiredKey",
    "KeyUnavailable",
    "Mechanism",
    "Signer",
    "SoftwareSigner",
    "UnknownKey",
    "issue_signing_key",
    "load_signer",
    "make_authority",
    "signer_certificate",
]

KEY_REF = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}")


@dataclass(frozen=True, slots=True)
class CertificateFacts:
    """What a certificate says: names as text ("" where absent), validity as aware UTC times."""

    name: str
    organisation: str
    title: str
    issuer: str
    valid_from: datetime
    valid_to: datetime


def make_authority(directory: Path, *, name: str, at: datetime) -> None:
    """Make the demo's root and issuing authority in `directory`, and put the root on its trust list.

    at: aware; both certificates are valid from then on, for 20 and 10 years. Does nothing where an authority
    exists. Not for production, where an accredited authority issues the certificates.
    """
    if (directory / "authority" / "issuing.pem").exists():
        return
    root_key, issuing_key = _new_key(), _new_key()
    root_name, issuing_name = authority_name(f"{name} Root"), authority_name(name)
    root = authority_certificate(Certified(root_name, root_key, at, 20 * 365), root_name, root_key)
    issuing = authority_certificate(Certified(issuing_name, issuing_key, at, 10 * 365), root_name, root_key)
    passphrase = _passphrase(directory, make=True)
    write_file(directory / "authority" / "root.pem", _key_pem(root_key, passphrase) + _certificate_pem(root))
    write_file(directory / "trust" / "root.pem", _certificate_pem(root))
    write_file(
        directory / "authority" / "issuing.pem", _key_pem(issuing_key, passphrase) + _certificate_pem(issuing)
    )


def issue_signing_key(  # noqa: PLR0913  one keyword for each thing the certificate says
    directory: Path, *, key_ref: str, person: str, organisation: str, title: str, at: datetime, days: int
) -> None:
    """Make a P-256 key and its certificate from the demo's issuing authority; replaces an earlier one.

    key_ref: 1-64 of `a-z 0-9 . _ -`. person: the common name, at most 64 characters. at: aware; valid for
    `days` from then on. The certificate carries no personal number: whoever gets a signed file can read it.
    Raises ValueError for a bad `key_ref` and UnknownKey when there is no authority.
    Source: RFC 5280, EN 319 412-2 (natural persons), RFC 9336 (document signing).
    """
    if not KEY_REF.fullmatch(key_ref):
        raise ValueError(key_ref)
    passphrase = _passphrase(directory, make=False)
    authority = _read_signer(directory / "authority" / "issuing.pem", passphrase)
    if not isinstance(authority.private_key, ec.EllipticCurvePrivateKey):
        raise UnknownKey
    parts = (
        (NameOID.COUNTRY_NAME, "VN"),
        (NameOID.ORGANIZATION_NAME, organisation),
        (NameOID.TITLE, title),
        (NameOID.COMMON_NAME, person),
    )
    subject = x509.Name([x509.NameAttribute(oid, value) for oid, value in parts if value])
    certified = Certified(subject, _new_key(), at, days)
    certificate = signing_certificate(certified, authority.certificate, authority.private_key)
    pem = _key_pem(certified.key, passphrase) + _certificate_pem(certificate)
    write_file(directory / "keys" / f"{key_ref}.pem", pem + _certificate_pem(authority.certificate))


def keep_software_key(directory: Path, *, key_ref: str, pem: bytes) -> None:
    """Keep a key that comes with its certificates (PEM, the key in the clear), encrypted; replaces an earlier one.

    Makes the passphrase where there is none. Raises ValueError for a bad `key_ref` or PEM, KeyUnavailable for a kind
    of key that is not used here.
    """
    if not KEY_REF.fullmatch(key_ref):
        raise ValueError(key_ref)
    key = serialization.load_pem_private_key(pem, None)
    certificates = x509.load_pem_x509_certificates(pem)
    mechanism_of(certificates[0])
    if not isinstance(key, ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey):
        raise ValueError(key_ref)
    kept = _key_pem(key, _passphrase(directory, make=True)) + b"".join(map(_certificate_pem, certificates))
    write_file(directory / "keys" / f"{key_ref}.pem", kept)


def load_signer(key_ref: str) -> Signer:
    """The signer kept under `key_ref` in SIGNATURES_DIR: a software key, or a device or service that has it.

    Decrypting a key takes long on purpose, so it stays in memory until its file, or one that it names, is replaced.
    Raises UnknownKey, and KeyUnavailable when the file under this reference is of no use. Whether the
    certificate is still valid, and whether device or service answer, is asked when something is signed.
    """
    if not KEY_REF.fullmatch(key_ref):
        raise UnknownKey
    for ending in ("pem", "yaml"):
        path = Path(settings.SIGNATURES_DIR) / "keys" / f"{key_ref}.{ending}"
        try:
            return _cached_signer(path, _versions(path))
        except FileNotFoundError:
            continue
    raise UnknownKey


def signer_certificate(key_ref: str) -> CertificateFacts:
    """What the certificate of `key_ref` says. Raises UnknownKey."""
    certificate = load_signer(key_ref).certificate
    return CertificateFacts(
        name=name_part(certificate.subject, NameOID.COMMON_NAME),
        organisation=name_part(certificate.subject, NameOID.ORGANIZATION_NAME),
        title=name_part(certificate.subject, NameOID.TITLE),
        issuer=name_part(certificate.issuer, NameOID.COMMON_NAME),
        valid_from=certificate.not_valid_before_utc,
        valid_to=certificate.not_valid_after_utc,
    )


def _new_key() -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP256R1())


def _key_pem(key: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey, passphrase: bytes) -> bytes:
    encryption = serialization.BestAvailableEncryption(passphrase)
    return key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, encryption)


def _certificate_pem(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(serialization.Encoding.PEM)


def _passphrase(directory: Path, *, make: bool) -> bytes:
    if configured := getattr(settings, "SIGNATURES_PASSPHRASE", ""):
        return str(configured).encode()
    path = directory / "passphrase"
    if make and not path.exists():
        write_file(path, secrets.token_urlsafe(48).encode())
    try:
        return path.read_bytes()
    except FileNotFoundError:
        raise UnknownKey from None


def _versions(path: Path) -> tuple[int, ...]:
    """When a key's file, and the files that it names, were last written. Raises FileNotFoundError."""
    own = path.stat().st_mtime_ns
    named = _named(path, own) if path.suffix == ".yaml" else ()
    return (own, *map(_written_at, named))


def _written_at(path: Path) -> int:
    """0 for what is not there or not to be seen: whoever needs it says so."""
    try:
        return path.stat().st_mtime_ns
    except (OSError, ValueError):
        return 0


@lru_cache(maxsize=256)
def _named(path: Path, modified_ns: int) -> tuple[Path, ...]:
    return named_files(path)


@lru_cache(maxsize=256)
def _cached_signer(path: Path, versions: tuple[int, ...]) -> Signer:
    if path.suffix == ".yaml":
        return _signer_elsewhere(path)
    return _read_signer(path, _passphrase(path.parents[1], make=False))


def _signer_elsewhere(path: Path) -> Signer:
    key = read_key_file(path)
    # Imported only where such keys are used: the PKCS#11 library is an extra.
    if isinstance(key, Pkcs11Key):
        try:
            from motcua.foundation.signatures.adapters.pkcs11 import Pkcs11Signer
        except ImportError:
            raise KeyUnavailable(
                reason=_("Keys in devices need the extra “pkcs11” of this program, which is not installed.")
            ) from None
        return Pkcs11Signer(key)
    from motcua.foundation.signatures.adapters.csc import CscSigner

    return CscSigner(key)


def _read_signer(path: Path, passphrase: bytes) -> SoftwareSigner:
    try:
        pem = path.read_bytes()
    except FileNotFoundError:
        raise UnknownKey from None
    try:
        key = serialization.load_pem_private_key(pem, passphrase)
        certificate, *chain = x509.load_pem_x509_certificates(pem)
    except (ValueError, TypeError):
        raise KeyUnavailable(reason=_("Its file is damaged, or encrypted by another passphrase.")) from None
    mechanism_of(certificate)
    if not isinstance(key, ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey):
        raise UnknownKey
    if key.public_key() != certificate.public_key():
        raise KeyUnavailable(reason=_("Its file holds the certificate of another key."))
    return SoftwareSigner(certificate, tuple(chain), key)
