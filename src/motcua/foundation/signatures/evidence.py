"""Revocation: what lists and answers say about a certificate at a moment. Pure; asks no network and no clock.

A list counts for a certificate when its issuer's key signed it, it covers such certificates, and it was current at
the moment or was made later. Source: RFC 5280 5-6.3, RFC 6960, EN 319 102-1 5.2.5 and 5.6.2.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial

from asn1crypto import parser
from asn1crypto.keys import PublicKeyInfo
from asn1crypto.x509 import Name
from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509 import ocsp
from cryptography.x509.oid import AuthorityInformationAccessOID, ExtendedKeyUsageOID, ExtensionOID

_INTEGER = 0x02
_LONGEST_ISSUER = 64 * 1024
_STRONG = (hashes.SHA256, hashes.SHA384, hashes.SHA512)
_UNFIT = (ValueError, TypeError, InvalidSignature, UnsupportedAlgorithm, x509.ExtensionNotFound)


@dataclass(frozen=True, slots=True)
class Evidence:
    """Revocation lists and OCSP answers (DER), not yet trusted in anything.

    proven: by digest-free identity of the DER, when it is known to have existed, aware; what is absent is our own
    and was checked when it was fetched.
    """

    crls: tuple[bytes, ...] = ()
    ocsps: tuple[bytes, ...] = ()
    proven: dict[bytes, datetime] = field(default_factory=dict)

    def __add__(self, other: Evidence) -> Evidence:
        crls = tuple(dict.fromkeys(self.crls + other.crls))
        return Evidence(crls, tuple(dict.fromkeys(self.ocsps + other.ocsps)), self.proven | other.proven)


@dataclass(frozen=True, slots=True)
class Revocation:
    """What is known of one certificate at one moment. revoked_at: aware, None when it was not revoked by then.

    known: some current list or answer covers the moment. used: those, DER.
    """

    known: bool = False
    revoked_at: datetime | None = None
    used: tuple[bytes, ...] = ()


@dataclass(frozen=True, slots=True)
class _Statement:
    """What one list or answer says about the certificate."""

    source: bytes
    this_update: datetime
    next_update: datetime | None
    revoked_at: datetime | None

    def is_current(self, at: datetime, expiry: datetime) -> bool:
        """Whether it still spoke of certificates that expire at `expiry`, and of the moment `at`."""
        return self.this_update <= expiry and (self.next_update or self.this_update) >= at


def revocation(
    certificate: x509.Certificate, issuer: x509.Certificate, *, at: datetime, evidence: Evidence
) -> Revocation:
    """Whether a certificate was revoked at `at` (aware). issuer: its issuer's certificate, already trusted.

    A revocation counts from its invalidity date where the list states one. A list from a file whose existence is
    proven only after the issuer's certificate ended proves nothing: that key may have been lost by then.
    """
    found = [
        one
        for one in _statements(certificate, issuer, evidence)
        if evidence.proven.get(one.source, issuer.not_valid_after_utc) <= issuer.not_valid_after_utc
    ]
    dates = [one.revoked_at for one in found if one.revoked_at and one.revoked_at <= at]
    current = [one.source for one in found if one.is_current(at, certificate.not_valid_after_utc)]
    return Revocation(bool(current), min(dates, default=None), tuple(current))


def crl_addresses(certificate: x509.Certificate) -> list[str]:
    """The addresses (http, https) of the list that may name this certificate."""
    try:
        points = certificate.extensions.get_extension_for_class(x509.CRLDistributionPoints).value
    except (x509.ExtensionNotFound, ValueError):
        return []
    return _web(name for point in points for name in point.full_name or ())


def ocsp_addresses(certificate: x509.Certificate) -> list[str]:
    """The addresses (http, https) of the responders that the certificate names."""
    try:
        access = certificate.extensions.get_extension_for_class(x509.AuthorityInformationAccess).value
    except (x509.ExtensionNotFound, ValueError):
        return []
    return _web(
        one.access_location for one in access if one.access_method == AuthorityInformationAccessOID.OCSP
    )


def is_list_of(crl: bytes, issuer: x509.Certificate) -> bool:
    """Whether these bytes are a revocation list signed by this authority."""
    try:
        return _is_signed_by(x509.load_der_x509_crl(crl), issuer)
    except _UNFIT:
        return False


def is_answer_about(answer: bytes, certificate: x509.Certificate, issuer: x509.Certificate) -> bool:
    """Whether these bytes are a valid OCSP answer about this certificate."""
    return any(_ocsp_statements(answer, certificate, issuer))


def answered_at(answer: bytes) -> datetime:
    """When an OCSP answer was made. Raises ValueError."""
    return ocsp.load_der_ocsp_response(answer).produced_at_utc


def listed_at(crl: bytes) -> datetime:
    """When a list was made. Raises ValueError."""
    return x509.load_der_x509_crl(crl).last_update_utc


def next_update(crl: bytes) -> datetime | None:
    """When the next list is due at the latest. Raises ValueError."""
    return x509.load_der_x509_crl(crl).next_update_utc


def name_mark(name: x509.Name) -> str | None:
    """A name as a text that is equal where two names are; None for an odd one. Source: RFC 5280 7.1."""
    return _mark(name.public_bytes())


def issuer_mark(crl: bytes) -> str | None:
    """The `name_mark` of a list's issuer, without reading the list, which may be long; None where that fails."""
    start = _header(crl)
    start += _header(crl[start : start + 2])
    listed = crl[start : start + _LONGEST_ISSUER]
    try:
        version = parser.peek(listed) if listed[0] == _INTEGER else 0
        return _mark(listed[version + parser.peek(listed[version:]) :])
    except (ValueError, TypeError, LookupError):
        return None


def _header(der: bytes) -> int:
    """How many bytes stand before the contents. Source: X.690 8.1.3."""
    return 2 + (der[1] & 0x7F if len(der) > 1 and der[1] & 0x80 else 0)


def _mark(name: bytes) -> str | None:
    try:
        return str(Name.load(name).hashable)
    except (ValueError, TypeError, LookupError, AttributeError):
        return None


def _statements(
    certificate: x509.Certificate, issuer: x509.Certificate, evidence: Evidence
) -> Iterator[_Statement]:
    mark = name_mark(issuer.subject)
    for crl in evidence.crls:
        if mark is None or issuer_mark(crl) in {mark, None}:
            yield from _crl_statements(crl, certificate, issuer)
    for answer in evidence.ocsps:
        yield from _ocsp_statements(answer, certificate, issuer)


def _crl_statements(
    der: bytes, certificate: x509.Certificate, issuer: x509.Certificate
) -> Iterator[_Statement]:
    try:
        crl = x509.load_der_x509_crl(der)
        if not _is_signed_by(crl, issuer) or not _covers(crl, certificate):
            return
        entry = crl.get_revoked_certificate_by_serial_number(certificate.serial_number)
        revoked_at = None if entry is None else _revoked_at(entry)
        yield _Statement(der, crl.last_update_utc, crl.next_update_utc, revoked_at)
    except _UNFIT:
        return


def _is_signed_by(crl: x509.CertificateRevocationList, issuer: x509.Certificate) -> bool:
    usage = next((one.value for one in issuer.extensions if isinstance(one.value, x509.KeyUsage)), None)
    key = issuer.public_key()
    if not isinstance(key, ec.EllipticCurvePublicKey | rsa.RSAPublicKey):
        return False
    may = usage is None or usage.crl_sign
    strong = isinstance(crl.signature_hash_algorithm, _STRONG)
    return may and strong and crl.issuer == issuer.subject and crl.is_signature_valid(key)


def _covers(crl: x509.CertificateRevocationList, certificate: x509.Certificate) -> bool:
    """Only lists of everything, or of a part that contains the certificate; no delta and no indirect lists."""
    for extension in crl.extensions:
        value = extension.value
        if isinstance(value, x509.IssuingDistributionPoint):
            if not _is_in_scope(value, certificate):
                return False
        elif extension.critical or extension.oid == ExtensionOID.DELTA_CRL_INDICATOR:
            return False
    return True


def _is_in_scope(scope: x509.IssuingDistributionPoint, certificate: x509.Certificate) -> bool:
    constraints = next(
        (one.value for one in certificate.extensions if isinstance(one.value, x509.BasicConstraints)), None
    )
    is_authority = constraints is not None and constraints.ca
    if scope.indirect_crl or scope.only_contains_attribute_certs or scope.only_some_reasons:
        return False
    if (scope.only_contains_ca_certs and not is_authority) or (
        scope.only_contains_user_certs and is_authority
    ):
        return False
    if scope.relative_name:
        return False
    return not scope.full_name or bool(set(_web(scope.full_name)) & set(crl_addresses(certificate)))


def _revoked_at(entry: x509.RevokedCertificate) -> datetime:
    for extension in entry.extensions:
        if isinstance(extension.value, x509.InvalidityDate):
            return min(entry.revocation_date_utc, extension.value.invalidity_date_utc)
    return entry.revocation_date_utc


def _ocsp_statements(
    der: bytes, certificate: x509.Certificate, issuer: x509.Certificate
) -> Iterator[_Statement]:
    try:
        response = ocsp.load_der_ocsp_response(der)
        if response.response_status != ocsp.OCSPResponseStatus.SUCCESSFUL or not _is_answered_by(
            response, issuer
        ):
            return
        for single in response.responses:
            if _is_about(single, certificate, issuer):
                yield _Statement(
                    der, single.this_update_utc, single.next_update_utc, single.revocation_time_utc
                )
    except _UNFIT:
        return


def _is_about(
    single: ocsp.OCSPSingleResponse, certificate: x509.Certificate, issuer: x509.Certificate
) -> bool:
    if single.serial_number != certificate.serial_number:
        return False
    if single.certificate_status == ocsp.OCSPCertStatus.UNKNOWN:
        return False
    spki = issuer.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    key = bytes(PublicKeyInfo.load(spki)["public_key"].contents)[1:]
    digest = partial(_digest, single.hash_algorithm)
    return (single.issuer_name_hash, single.issuer_key_hash) == (
        digest(issuer.subject.public_bytes()),
        digest(key),
    )


def _digest(algorithm: hashes.HashAlgorithm, data: bytes) -> bytes:
    hasher = hashes.Hash(algorithm)
    hasher.update(data)
    return hasher.finalize()


def _is_answered_by(response: ocsp.OCSPResponse, issuer: x509.Certificate) -> bool:
    """Signed by the issuer itself, or by a responder whom it certified for that alone (RFC 6960 4.2.2.2)."""
    return any(_has_signed(response, one) for one in (issuer, *_responders(response, issuer)))


def _responders(response: ocsp.OCSPResponse, issuer: x509.Certificate) -> Iterator[x509.Certificate]:
    for one in response.certificates:
        uses = [
            it for extension in one.extensions if isinstance(it := extension.value, x509.ExtendedKeyUsage)
        ]
        if not uses or ExtendedKeyUsageOID.OCSP_SIGNING not in uses[0]:
            continue
        if one.not_valid_before_utc <= response.produced_at_utc <= one.not_valid_after_utc:
            one.verify_directly_issued_by(issuer)
            yield one


def _has_signed(response: ocsp.OCSPResponse, signer: x509.Certificate) -> bool:
    algorithm, key = response.signature_hash_algorithm, signer.public_key()
    if not isinstance(algorithm, _STRONG):
        return False
    try:
        if isinstance(key, ec.EllipticCurvePublicKey):
            key.verify(response.signature, response.tbs_response_bytes, ec.ECDSA(algorithm))
        elif isinstance(key, rsa.RSAPublicKey):
            key.verify(response.signature, response.tbs_response_bytes, padding.PKCS1v15(), algorithm)
        else:
            return False
    except InvalidSignature:
        return False
    return True


def _web(names: Iterable[x509.GeneralName]) -> list[str]:
    return [
        one.value
        for one in names
        if isinstance(one, x509.UniformResourceIdentifier) and one.value.startswith(("http://", "https://"))
    ]
