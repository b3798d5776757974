"""What every signing key has in common, wherever it is kept: the protocol, its mechanisms, its errors."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Protocol, runtime_checkable

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature
from django.utils.translation import gettext_lazy as _

from motcua.foundation.kernel.errors import DomainError

LEAST_RSA_BITS = 2048
_P256_SIGNATURE_BYTES = 72


class UnknownKey(DomainError):
    """No key is kept under this reference."""

    code = "unknown_key"
    message = _("There is no signing key for this post.")


class ExpiredKey(DomainError):
    """The key's certificate is not valid at the time of signing."""

    code = "expired_key"
    message = _("The certificate of this signing key is not valid at the time of signing.")


class KeyUnavailable(DomainError):
    """The key exists but cannot sign now; `reason` says why and what to do."""

    code = "key_unavailable"
    message = _("The signing key cannot be used now. %(reason)s")
    status = 503


class Mechanism(Enum):
    """How a key signs, always over SHA-256. The values are the names of RFC 5754 and RFC 5758 in asn1crypto."""

    ECDSA = "sha256_ecdsa"
    RSA = "sha256_rsa"


class Signer(Protocol):
    """A key that can sign, wherever it is kept: software, a PKCS#11 device, a remote signing service.

    Safe to use from several threads.
    """

    @property
    def certificate(self) -> x509.Certificate: ...

    @property
    def chain(self) -> tuple[x509.Certificate, ...]:
        """The issuing authorities' certificates, nearest first, without the root."""
        ...

    @property
    def mechanism(self) -> Mechanism: ...

    def sign(self, data: bytes) -> bytes:
        """The signature of `data`, by `mechanism`: ECDSA on P-256, DER-encoded (RFC 3279), or RSA with
        PKCS#1 v1.5 (RFC 8017). Raises KeyUnavailable.
        """
        ...


@runtime_checkable
class BatchSigner(Protocol):
    """A signer for which one call for many signatures is cheaper than many calls, see `batch`."""

    def batch_size(self) -> int:
        """How many signatures one call may ask for, at least 1. Raises KeyUnavailable."""
        ...

    def sign_many(self, data: Sequence[bytes]) -> list[bytes]:
        """As `Signer.sign` for each of `data`, at most `batch_size`; all or none. Raises KeyUnavailable."""
        ...


@dataclass(frozen=True, slots=True)
class SoftwareSigner:
    """A `Signer` whose private key lies in this process's memory."""

    certificate: x509.Certificate
    chain: tuple[x509.Certificate, ...]
    private_key: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey

    @property
    def mechanism(self) -> Mechanism:
        return mechanism_of(self.certificate)

    def sign(self, data: bytes) -> bytes:
        if isinstance(self.private_key, rsa.RSAPrivateKey):
            return self.private_key.sign(data, padding.PKCS1v15(), hashes.SHA256())
        return self.private_key.sign(data, ec.ECDSA(hashes.SHA256()))


def mechanism_of(certificate: x509.Certificate) -> Mechanism:
    """How the certified key signs. Raises KeyUnavailable when it is neither P-256 nor RSA of 2048 bits or more.

    Source: ETSI TS 119 312 (algorithms and least sizes).
    """
    key = certificate.public_key()
    if isinstance(key, ec.EllipticCurvePublicKey) and isinstance(key.curve, ec.SECP256R1):
        return Mechanism.ECDSA
    if isinstance(key, rsa.RSAPublicKey) and key.key_size >= LEAST_RSA_BITS:
        return Mechanism.RSA
    raise KeyUnavailable(
        reason=_("Its certificate is for another kind of key than ECDSA P-256 or RSA of at least 2048 bits.")
    )


def signature_size(certificate: x509.Certificate) -> int:
    """The most bytes that a signature by the certified key takes. Raises KeyUnavailable, as `mechanism_of`."""
    mechanism_of(certificate)
    key = certificate.public_key()
    return key.key_size // 8 if isinstance(key, rsa.RSAPublicKey) else _P256_SIGNATURE_BYTES


def is_signature(signature: bytes, data: bytes, certificate: x509.Certificate) -> bool:
    """Whether the certified key signed `data`. Devices and services are asked to prove it before we believe."""
    key = certificate.public_key()
    try:
        if isinstance(key, ec.EllipticCurvePublicKey):
            key.verify(signature, data, ec.ECDSA(hashes.SHA256()))
        elif isinstance(key, rsa.RSAPublicKey):
            key.verify(signature, data, padding.PKCS1v15(), hashes.SHA256())
        else:
            return False
    except (InvalidSignature, ValueError):
        return False
    return True


def raw_to_der(raw: bytes) -> bytes:
    """An ECDSA signature given as two numbers of equal length (IEEE P1363), in the form of RFC 3279."""
    half = len(raw) // 2
    return encode_dss_signature(int.from_bytes(raw[:half]), int.from_bytes(raw[half:]))


def der_to_raw(der: bytes) -> bytes:
    """The reverse of `raw_to_der`, for P-256: 64 bytes. Raises ValueError."""
    return b"".join(number.to_bytes(32) for number in decode_dss_signature(der))
