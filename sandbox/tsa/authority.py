"""The authority: its key and certificates, made at the first start, and its answers, given by `openssl ts`."""

from __future__ import annotations

import fcntl
import secrets
import shutil
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

ANSWER_SECONDS = 10
# From the arc that is free for examples (ITU-T X.660), since nobody registered this stand-in.
POLICY = "2.999.3161.1"
_YEARS = 365
_CONFIGURATION = """\
[tsa]
default_tsa = stand_in
[stand_in]
serial = {folder}/serial
crypto_device = builtin
signer_cert = {folder}/tsa.pem
certs = {folder}/tsa.pem
signer_key = {folder}/tsa-key.pem
signer_digest = sha256
default_policy = {policy}
digests = sha256, sha384, sha512
accuracy = secs:1
clock_precision_digits = 3
ordering = no
tsa_name = yes
ess_cert_id_chain = no
ess_cert_id_alg = sha256
"""


class Authority:
    """A time-stamp authority that lives in a folder; several processes may share it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder.absolute()
        if not (self.folder / "tsa.cnf").exists():
            _found(self.folder)

    @property
    def certificate(self) -> bytes:
        """PEM: the root that a relying party puts on its trust list."""
        return (self.folder / "authority.pem").read_bytes()

    def answer(self, query: bytes) -> bytes:
        """The time-stamp response (DER) to a query (DER): granted, or refused with the standard's reason.

        Source: RFC 3161 2.4.
        """
        with (self.folder / "lock").open("a") as lock:
            # openssl reads, raises and writes the serial number without a lock of its own.
            fcntl.flock(lock, fcntl.LOCK_EX)
            answered = subprocess.run(  # noqa: S603  the query is on standard input
                [_openssl(), "ts", "-reply", "-config", self.folder / "tsa.cnf", "-queryfile", "/dev/stdin"],
                input=query,
                capture_output=True,
                timeout=ANSWER_SECONDS,
                check=True,
            )
        return answered.stdout


def _openssl() -> str:
    path = shutil.which("openssl")
    if not path:
        raise RuntimeError("The program openssl is not installed.")
    return path


def _found(folder: Path) -> None:
    """Make the root, which is then unable to certify anything else, since its key is not kept, and the signer."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    now = datetime.now(UTC).replace(microsecond=0) - timedelta(minutes=5)
    root_key, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    root_name, name = _name("Stand-in Time Stamp Root"), _name("Stand-in Time Stamp Authority")
    root = (
        _builder(root_name, root_name, root_key.public_key(), now, 20 * _YEARS)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(key_cert_sign=True), critical=True)
        .sign(root_key, hashes.SHA256())
    )
    signer = (
        _builder(name, root_name, key.public_key(), now, 10 * _YEARS)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(digital_signature=True), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), critical=True)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(root_key.public_key()), critical=False
        )
        .sign(root_key, hashes.SHA256())
    )
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    (folder / "tsa-key.pem").touch(mode=0o600)
    (folder / "tsa-key.pem").write_bytes(pem)
    (folder / "tsa.pem").write_bytes(signer.public_bytes(Encoding.PEM))
    (folder / "authority.pem").write_bytes(root.public_bytes(Encoding.PEM))
    (folder / "serial").write_text(f"{secrets.randbits(60) << 3:016X}\n", encoding="ascii")
    # Last: where it exists, everything does.
    (folder / "tsa.cnf").write_text(_CONFIGURATION.format(folder=folder, policy=POLICY), encoding="utf-8")


def _name(common_name: str) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "VN"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, "motcua stand-ins"),
            x509.NameAttribute(NameOID.COMMON_NAME, common_name),
        ]
    )


def _builder(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePublicKey, at: datetime, days: int
) -> x509.CertificateBuilder:
    return x509.CertificateBuilder(
        issuer, subject, key, x509.random_serial_number(), at, at + timedelta(days=days)
    ).add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)


def _usage(*, digital_signature: bool = False, key_cert_sign: bool = False) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=digital_signature,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=key_cert_sign,
        crl_sign=key_cert_sign,
        encipher_only=False,
        decipher_only=False,
    )
