"""Opening somebody's PKCS#12 file, in a process that can do nothing else. Called through `keeping` alone."""

from __future__ import annotations

from typing import BinaryIO

from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.hazmat.primitives.serialization.pkcs12 import load_key_and_certificates

from motcua.foundation.kernel.lockdown import Objection

_LEAST_RSA_BITS = 2048


def unpack(file: BinaryIO, *, password: str) -> tuple[None, bytes]:
    """PEM: certificate, issuers, then the private key in the clear, for the caller's memory alone.

    Raises Objection: `password`, `unreadable`, `no_key`, `kind`.
    """
    try:
        key, certificate, others = load_key_and_certificates(file.read(), password.encode())
    except ValueError as error:
        raise Objection("password" if "password" in str(error).lower() else "unreadable") from None
    if key is None or certificate is None or key.public_key() != certificate.public_key():
        raise Objection("no_key")
    is_p256 = isinstance(key, ec.EllipticCurvePrivateKey) and isinstance(key.curve, ec.SECP256R1)
    if not is_p256 and not (isinstance(key, rsa.RSAPrivateKey) and key.key_size >= _LEAST_RSA_BITS):
        raise Objection("kind")
    certificates = b"".join(it.public_bytes(Encoding.PEM) for it in (certificate, *others))
    return None, certificates + key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
