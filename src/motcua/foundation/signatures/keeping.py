"""What an administrator keeps here: keys brought from an authority, and the authorities that are believed."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any, Literal
from uuid import NAMESPACE_OID, UUID, uuid5

import yaml
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.x509.oid import NameOID
from django.conf import settings
from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from motcua.foundation.installation.policies import may_administer
from motcua.foundation.journal.services import Happening, record
from motcua.foundation.kernel.actors import Actor
from motcua.foundation.kernel.errors import DomainError, Refused
from motcua.foundation.kernel.limited import Broken, Limited, Overrun
from motcua.foundation.kernel.lockdown import Objection
from motcua.foundation.kernel.text import clean_line
from motcua.foundation.signatures.certificates import name_part
from motcua.foundation.signatures.keys import KEY_REF, keep_software_key, load_signer
from motcua.foundation.signatures.signers import KeyUnavailable, UnknownKey, is_signature
from motcua.foundation.signatures.trust import TrustedAuthority, read_trust_list
from motcua.foundation.signatures.writing import write_file

MAX_BYTES = 64 * 1024
# A file may ask for millions of rounds before its password is proved wrong.
_unpack = Limited(
    "motcua.foundation.signatures.unpacking:unpack",
    cpu_seconds=5,
    wall_seconds=10,
    memory_bytes=512 * 1024 * 1024,
    answer_bytes=4 * MAX_BYTES,
)
_PROBE = b"motcua: is this key alive"


class UnfitCertificate(DomainError):
    """The file cannot be used; `reason` says why."""

    code = "unfit_certificate"
    message = _("%(reason)s")
    status = 422

    def __init__(self, reason: str | Promise) -> None:
        super().__init__(reason=reason)


@dataclass(frozen=True, slots=True)
class KeptKey:
    """A signing key of this installation. place: where the private key is. problem: why it cannot sign, or ""."""

    key_ref: str
    place: Literal["file", "elsewhere"]
    name: str = ""
    organisation: str = ""
    issuer: str = ""
    valid_to: datetime | None = None
    problem: str | Promise = ""


@dataclass(frozen=True, slots=True)
class Trusting:
    """What is said of an authority: for what it is believed, when (dates, half-open), by which decision."""

    purpose: Literal["signer", "tsa", "both"]
    valid_from: date | None = None
    valid_to: date | None = None
    source: str = ""


def list_keys() -> list[KeptKey]:
    """All keys of this installation, by reference, with what their certificates say. Devices are not asked."""
    folder = Path(settings.SIGNATURES_DIR) / "keys"
    paths = {path.stem: path for path in (*folder.glob("*.yaml"), *folder.glob("*.pem"))}
    return [_described(name, paths[name]) for name in sorted(paths) if not name.startswith(".")]


def _described(key_ref: str, path: Path) -> KeptKey:
    place: Literal["file", "elsewhere"] = "file" if path.suffix == ".pem" else "elsewhere"
    try:
        if place == "file":
            certificate = x509.load_pem_x509_certificate(path.read_bytes())
        else:
            certificate = load_signer(key_ref).certificate
    except (UnknownKey, KeyUnavailable, OSError, ValueError) as error:
        reason = error.fields.get("reason", "") if isinstance(error, DomainError) else ""
        return KeptKey(key_ref, place, problem=reason or _("It has no readable certificate."))
    return KeptKey(
        key_ref,
        place,
        name=name_part(certificate.subject, NameOID.COMMON_NAME),
        organisation=name_part(certificate.subject, NameOID.ORGANIZATION_NAME),
        issuer=name_part(certificate.issuer, NameOID.COMMON_NAME),
        valid_to=certificate.not_valid_after_utc,
    )


def list_authorities() -> list[TrustedAuthority]:
    """The trust list. Raises BadTrustList."""
    return list(read_trust_list(Path(settings.SIGNATURES_DIR)).authorities)


@dataclass(frozen=True, slots=True)
class KeyFile:
    """A PKCS#12 file as it was brought. replaces: whether a key that is kept under the reference may be lost."""

    key_ref: str
    content: bytes = field(repr=False)
    password: str = field(repr=False)
    replaces: bool = False


def import_key(*, actor: Actor, file: KeyFile, at: datetime) -> KeptKey:
    """Keep key and certificates of a PKCS#12 file under a reference.

    The key is encrypted anew with this installation's passphrase; the file and its password are kept nowhere.
    Raises Refused, UnfitCertificate. Source: RFC 7292.
    """
    key_ref = file.key_ref
    _let_in(actor)
    if not KEY_REF.fullmatch(key_ref):
        raise UnfitCertificate(
            _("Enter a reference of small letters, digits, dots and dashes, such as chair-04894.")
        )
    if not file.replaces and any(it.key_ref == key_ref for it in list_keys()):
        raise UnfitCertificate(
            _("There is a key under this reference. It is lost when this one takes its place.")
        )
    _limit(file.content)
    try:
        answer = _unpack(file.content, password=file.password)
    except Objection as objection:
        raise UnfitCertificate(_OBJECTIONS[objection.code]) from None
    except (Overrun, Broken) as error:
        raise UnfitCertificate(
            _("The file cannot be read: export key and certificate anew as PKCS#12 (.p12).")
        ) from error
    certificate = x509.load_pem_x509_certificate(answer.content)
    if certificate.not_valid_after_utc <= at:
        raise UnfitCertificate(_("The certificate in this file has ended."))
    facts = {"key": key_ref, "sha256": certificate.fingerprint(SHA256()).hex()}
    with transaction.atomic():
        happening = Happening(
            kind="signing_key.imported", object_kind="signing_key", object_id=_object_id(key_ref), facts=facts
        )
        record(actor=actor, happening=happening, at=at)
        keep_software_key(Path(settings.SIGNATURES_DIR), key_ref=key_ref, pem=answer.content)
    return next(it for it in list_keys() if it.key_ref == key_ref)


_OBJECTIONS = {
    "password": _("The password does not open this file."),
    "unreadable": _("The file cannot be read: export key and certificate anew as PKCS#12 (.p12)."),
    "no_key": _("The file holds no private key with its certificate."),
    "kind": _("The key must be ECDSA P-256, or RSA of at least 2048 bits."),
}


def trust_authority(*, actor: Actor, content: bytes, trusting: Trusting, at: datetime) -> list[str]:
    """Put the certificates of a file (PEM or DER) on the trust list; gives their fingerprints.

    Raises Refused, UnfitCertificate: no certificate, not an authority's, on the list already, or a period that ends
    before it begins.
    """
    _let_in(actor)
    _limit(content)
    if trusting.valid_from and trusting.valid_to and trusting.valid_to <= trusting.valid_from:
        raise UnfitCertificate(_("The last day must come after the first."))
    certificates = _read_certificates(content)
    known = {it.certificate.fingerprint(SHA256()) for it in list_authorities()}
    for certificate in certificates:
        if not _is_authority(certificate):
            raise UnfitCertificate(
                _("This is the certificate of a person or a machine, not of an authority.")
            )
        if certificate.fingerprint(SHA256()) in known:
            raise UnfitCertificate(_("This authority is on the list already."))
    marks = [it.fingerprint(SHA256()).hex() for it in certificates]
    with transaction.atomic():
        facts = {
            "sha256": ", ".join(marks),
            "purpose": trusting.purpose,
            "source": clean_line(trusting.source),
        }
        happening = Happening(
            kind="authority.trusted", object_kind="authority", object_id=_object_id(marks[0]), facts=facts
        )
        record(actor=actor, happening=happening, at=at)
        for certificate, mark in zip(certificates, marks, strict=True):
            _write_authority(certificate, mark, trusting)
    return marks


def _write_authority(certificate: x509.Certificate, mark: str, trusting: Trusting) -> None:
    """Its certificate first: what is said of an unknown certificate would stop all verification."""
    trust = Path(settings.SIGNATURES_DIR) / "trust"
    folder = trust / "tsa" if trusting.purpose == "tsa" else trust
    write_file(folder / f"{mark[:32]}.pem", certificate.public_bytes(serialization.Encoding.PEM))
    entry: dict[str, Any] = {
        "sha256": mark,
        "purpose": trusting.purpose,
        "source": clean_line(trusting.source),
    }
    entry |= {"valid_from": trusting.valid_from} if trusting.valid_from else {}
    entry |= {"valid_to": trusting.valid_to} if trusting.valid_to else {}
    text = yaml.safe_dump({"certificates": [entry]}, allow_unicode=True, sort_keys=False)
    write_file(trust / f"{mark[:32]}.yaml", text.encode())


def prove_key(key_ref: str) -> None:
    """Sign a few bytes and check the signature. Raises UnknownKey, KeyUnavailable."""
    signer = load_signer(key_ref)
    if not is_signature(signer.sign(_PROBE), _PROBE, signer.certificate):
        raise KeyUnavailable(reason=_("What it signed does not fit its certificate."))


def _let_in(actor: Actor) -> None:
    if not may_administer(actor):
        raise Refused


def _limit(content: bytes) -> None:
    if not 0 < len(content) <= MAX_BYTES:
        raise UnfitCertificate(_("Choose a file of at most 64 KB."))


def _read_certificates(content: bytes) -> list[x509.Certificate]:
    try:
        if b"-----BEGIN CERTIFICATE" in content:
            return x509.load_pem_x509_certificates(content)
        return [x509.load_der_x509_certificate(content)]
    except ValueError as error:
        raise UnfitCertificate(_("The file holds no certificate in PEM or DER.")) from error


def _is_authority(certificate: x509.Certificate) -> bool:
    try:
        return certificate.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    except (x509.ExtensionNotFound, ValueError):
        return False


def _object_id(name: str) -> UUID:
    """The same for the same key or certificate: what its entries have in common."""
    return uuid5(NAMESPACE_OID, f"motcua signatures {name}")
