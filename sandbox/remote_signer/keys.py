"""The service's own authority and the credentials it keeps for made-up people."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import NameOID, ObjectIdentifier

Key = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey
ORGANISATION = "Ủy ban nhân dân xã Mẫu"
_DOCUMENT_SIGNING = ObjectIdentifier("1.3.6.1.5.5.7.3.36")
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


@dataclass(frozen=True)
class Kind:
    """What a credential is like. pin: what its owner set, "" where the service asks for nothing."""

    name: str
    algorithm: str
    multisign: int
    pin: str = ""


KINDS = {
    "seal-rsa": Kind("Ủy ban nhân dân xã Mẫu", "rsa", multisign=20),
    "chair-ecdsa": Kind("Trần Thị Mẫu Vân", "ecdsa", multisign=3, pin="314159"),
    "once-rsa": Kind("Lý Mẫu Nam", "rsa", multisign=1),
}


@dataclass(frozen=True)
class Credential:
    """One key with its certificate, then its issuer's."""

    kind: Kind
    key: Key
    certificates: tuple[x509.Certificate, ...]


def open_state(folder: Path, *, at: datetime | None = None) -> dict[str, Credential]:
    """The credentials kept in `folder`, made there at the first start. `authority.pem` belongs on a trust list.

    at: from when on new certificates are valid, a day ago by default; the authority's 10 years, others one.
    """
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    if not (folder / "authority.pem").exists():
        _make(folder, at or datetime.now(UTC) - timedelta(days=1))
    return {name: _read(folder, name, kind) for name, kind in KINDS.items()}


def _make(folder: Path, at: datetime) -> None:
    root_key = _new_key("rsa")
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Remote signing stand-in CA")])
    root = (
        _builder(name, name, root_key, at, days=3650)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage("key_cert_sign", "crl_sign"), critical=True)
        .sign(root_key, hashes.SHA256())
    )
    for credential, kind in KINDS.items():
        key = _new_key(kind.algorithm)
        certificate = _signing_certificate(kind, key, (root, root_key), at)
        plain = serialization.NoEncryption()
        pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)
        _write(folder / f"{credential}.key", pem)
        _write(folder / f"{credential}.pem", _pem(certificate) + _pem(root))
    # Last: its presence says that the rest is there.
    _write(folder / "authority.pem", _pem(root))


def _signing_certificate(
    kind: Kind, key: Key, authority: tuple[x509.Certificate, Key], at: datetime
) -> x509.Certificate:
    root, root_key = authority
    parts = (
        (NameOID.COUNTRY_NAME, "VN"),
        (NameOID.ORGANIZATION_NAME, ORGANISATION),
        (NameOID.COMMON_NAME, kind.name),
    )
    subject = x509.Name([x509.NameAttribute(oid, value) for oid, value in parts])
    return (
        _builder(subject, root.subject, key, at, days=365)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage("digital_signature", "content_commitment"), critical=True)
        .add_extension(x509.ExtendedKeyUsage([_DOCUMENT_SIGNING]), critical=False)
        .sign(root_key, hashes.SHA256())
    )


def _builder(
    subject: x509.Name, issuer: x509.Name, key: Key, at: datetime, *, days: int
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(at)
        .not_valid_after(at + timedelta(days=days))
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )


def _usage(*uses: str) -> x509.KeyUsage:
    return x509.KeyUsage(**(_NO_USE | dict.fromkeys(uses, True)))


def _new_key(algorithm: str) -> Key:
    if algorithm == "rsa":
        return rsa.generate_private_key(65537, 2048)
    return ec.generate_private_key(ec.SECP256R1())


def _read(folder: Path, name: str, kind: Kind) -> Credential:
    key = serialization.load_pem_private_key((folder / f"{name}.key").read_bytes(), None)
    if not isinstance(key, ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey):
        raise TypeError(name)
    certificates = x509.load_pem_x509_certificates((folder / f"{name}.pem").read_bytes())
    return Credential(kind, key, tuple(certificates))


def _pem(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(serialization.Encoding.PEM)


def _write(path: Path, content: bytes) -> None:
    scratch = path.with_name(f".{path.name}")
    scratch.touch(mode=0o600)
    scratch.write_bytes(content)
    scratch.replace(path)
