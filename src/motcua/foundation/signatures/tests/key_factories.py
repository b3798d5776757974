"""Keys of every kind for tests, certified by the demo's authority. Made-up people."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import NameOID

from motcua.foundation.signatures.certificates import Certified, signing_certificate
from motcua.foundation.signatures.keys import make_authority
from motcua.foundation.signatures.tests.factories import AGENCY, AT, PERSON

Key = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey


def new_key(kind: str) -> Key:
    return rsa.generate_private_key(65537, 2048) if kind == "rsa" else ec.generate_private_key(ec.SECP256R1())


def certify(directory: Path, key: Any) -> list[x509.Certificate]:
    """The certificate of a key (or of something with its `public_key`) and its issuer's."""
    make_authority(directory, name="Demo", at=AT)
    passphrase = (directory / "passphrase").read_bytes()
    issuing = (directory / "authority" / "issuing.pem").read_bytes()
    names = ((NameOID.ORGANIZATION_NAME, AGENCY), (NameOID.COMMON_NAME, PERSON))
    subject = x509.Name([x509.NameAttribute(oid, value) for oid, value in names])
    authority = x509.load_pem_x509_certificate(issuing)
    authority_key = serialization.load_pem_private_key(issuing, passphrase)
    return [signing_certificate(Certified(subject, key, AT, 365), authority, authority_key), authority]


def chain_pem(certificates: list[x509.Certificate]) -> bytes:
    return b"".join(one.public_bytes(serialization.Encoding.PEM) for one in certificates)


def keep_software_key(directory: Path, name: str, key: Key) -> None:
    """As an operator keeps a key that came from an authority: PEM, encrypted by the passphrase."""
    certificates = certify(directory, key)
    encryption = serialization.BestAvailableEncryption((directory / "passphrase").read_bytes())
    pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, encryption)
    (directory / "keys").mkdir(exist_ok=True)
    (directory / "keys" / f"{name}.pem").write_bytes(pem + chain_pem(certificates))


def describe_key(directory: Path, name: str, certificates: list[x509.Certificate], words: str) -> Path:
    """Write `keys/<name>.yaml` and the certificates it names."""
    folder = directory / "keys"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{name}.chain").write_bytes(chain_pem(certificates))
    path = folder / f"{name}.yaml"
    path.write_text(f"certificates: {name}.chain\n{words}", encoding="utf-8")
    return path
