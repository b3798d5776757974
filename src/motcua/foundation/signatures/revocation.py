"""Revocation data that this installation keeps: fetched from the authorities, checked, the last good one held.

Below SIGNATURES_DIR/revocation: `*.crl` and `*.ocsp` (DER; anything put there by hand counts too), and `sources/*.pem`,
each a certificate and its issuer's, whose addresses are asked again by `refresh`.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import ocsp
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from motcua.foundation.kernel.errors import DomainError
from motcua.foundation.signatures.authority import issue_revocation_lists
from motcua.foundation.signatures.certificates import legible
from motcua.foundation.signatures.evidence import (
    Evidence,
    answered_at,
    crl_addresses,
    is_answer_about,
    is_list_of,
    listed_at,
    ocsp_addresses,
    revocation,
)
from motcua.foundation.signatures.fetching import FetchFailed, fetch
from motcua.foundation.signatures.writing import write_file

MAX_SECONDS = 20
MAX_LIST_BYTES = 20 * 1024 * 1024
_MAX_ANSWER_BYTES = 64 * 1024
_OCSP_HEADERS = {"Content-Type": "application/ocsp-request", "Accept": "application/ocsp-response"}
_log = logging.getLogger(__name__)


class NoRevocationData(DomainError):
    """Nobody says at present whether a certificate was revoked; the same question may be answered later."""

    code = "no_revocation_data"
    message = _(
        "Whether the certificate of %(name)s was revoked cannot be learnt now. It is tried again later."
    )
    status = 503


@dataclass(frozen=True, slots=True)
class Refreshed:
    """How many sources were asked, and how many gave nothing good."""

    asked: int
    failed: int


def kept_evidence(directory: Path | None = None) -> Evidence:
    """All revocation data kept here, the newest first; directory: SIGNATURES_DIR when None. Empty without any."""
    folder = (directory or Path(settings.SIGNATURES_DIR)) / "revocation"
    return Evidence(_newest_first(folder.glob("*.crl")), _newest_first(folder.glob("*.ocsp")))


def evidence_about(path: Sequence[x509.Certificate], *, at: datetime, insist: bool) -> Evidence:
    """The data that say of every certificate of a path whether it was revoked at `at` (aware, now).

    path: from a certificate to the trusted one; each issuer is trusted by whoever asks. What is not kept in a current
    form is fetched (20 s for each address), and asked again by `refresh` from then on.
    insist: a certificate that names nobody to ask is refused, too. Raises NoRevocationData.
    """
    directory, used = Path(settings.SIGNATURES_DIR), Evidence()
    issue_revocation_lists(directory, at=at)
    for certificate, issuer in pairwise(path):
        source = _Source(certificate, issuer)
        told = revocation(certificate, issuer, at=at, evidence=kept_evidence(directory))
        if not told.known and source.addresses:
            write_file(_sources(directory) / f"{_mark(certificate)}.pem", source.pem)
            source.fetch(directory)
            told = revocation(certificate, issuer, at=at, evidence=kept_evidence(directory))
        if not told.known and (insist or source.addresses):
            raise NoRevocationData(name=legible(certificate.subject.rfc4514_string()))
        kept = kept_evidence(directory)
        used += Evidence(
            tuple(one for one in kept.crls if one in told.used),
            tuple(one for one in kept.ocsps if one in told.used),
        )
    return used


def refresh(*, at: datetime) -> Refreshed:
    """Ask every known source again and renew the demo authority's own lists. Keeps the last good answer."""
    directory = Path(settings.SIGNATURES_DIR)
    issue_revocation_lists(directory, at=at)
    asked = failed = 0
    for path in sorted(_sources(directory).glob("*.pem")):
        try:
            certificate, issuer = x509.load_pem_x509_certificates(path.read_bytes())
        except ValueError as error:
            _log.warning("revocation_source_damaged %s %s", path.name, error)
            continue
        if certificate.not_valid_after_utc < at:
            path.unlink(missing_ok=True)  # nothing new is said of it any more
            (directory / "revocation" / f"{path.stem}.ocsp").unlink(missing_ok=True)
            continue
        asked += 1
        failed += not _Source(certificate, issuer).fetch(directory)
    return Refreshed(asked, failed)


@dataclass(frozen=True, slots=True)
class _Source:
    """Whom to ask about a certificate."""

    certificate: x509.Certificate
    issuer: x509.Certificate

    @property
    def addresses(self) -> list[str]:
        return crl_addresses(self.certificate) + ocsp_addresses(self.certificate)

    @property
    def pem(self) -> bytes:
        return self.certificate.public_bytes(Encoding.PEM) + self.issuer.public_bytes(Encoding.PEM)

    def fetch(self, directory: Path) -> bool:
        """Keep the first good list and the first good answer; whether there was either.

        Both are asked: the list serves other certificates too, the answer is fresher.
        """
        folder = directory / "revocation"
        found = next(_fetched_lists(self.issuer, crl_addresses(self.certificate)), None)
        if found:
            _keep_newer(folder / f"{_digest(found[0].encode())}.crl", found[1], listed_at)
        answer = next(_fetched_answers(self.certificate, self.issuer), None)
        if answer:
            _keep_newer(folder / f"{_mark(self.certificate)}.ocsp", answer, answered_at)
        return bool(found or answer)


def _fetched_lists(issuer: x509.Certificate, addresses: list[str]) -> Iterator[tuple[str, bytes]]:
    for address in addresses:
        try:
            crl = fetch(address, seconds=MAX_SECONDS, max_bytes=MAX_LIST_BYTES)
        except FetchFailed as error:
            _log.warning("revocation_list_not_fetched %s %s", address, error)
            continue
        if is_list_of(crl, issuer):
            yield address, crl
        else:
            _log.warning("revocation_list_not_signed_by_its_authority %s", address)


def _fetched_answers(certificate: x509.Certificate, issuer: x509.Certificate) -> Iterator[bytes]:
    # SHA-1 only names the certificate here, and is what every responder knows (RFC 5019 2.1.1).
    question = ocsp.OCSPRequestBuilder().add_certificate(certificate, issuer, hashes.SHA1())  # noqa: S303
    body = question.build().public_bytes(Encoding.DER)
    for address in ocsp_addresses(certificate):
        try:
            answer = fetch(
                address, body=body, headers=_OCSP_HEADERS, seconds=MAX_SECONDS, max_bytes=_MAX_ANSWER_BYTES
            )
        except FetchFailed as error:
            _log.warning("ocsp_answer_not_fetched %s %s", address, error)
            continue
        if is_answer_about(answer, certificate, issuer):
            yield answer
        else:
            _log.warning("ocsp_answer_not_valid %s", address)


def _keep_newer(path: Path, data: bytes, made_at: Callable[[bytes], datetime]) -> None:
    """What is older, however well signed, must not hide a revocation that is known already."""
    try:
        kept_at = made_at(path.read_bytes()) if path.exists() else None
    except ValueError as error:
        _log.warning("kept_revocation_data_damaged %s %s", path.name, error)
        kept_at = None
    if kept_at is None or kept_at <= made_at(data):
        write_file(path, data)


def _newest_first(paths: Iterable[Path]) -> tuple[bytes, ...]:
    found = []
    for path in paths:
        with suppress(FileNotFoundError):  # taken away at this moment by `refresh`
            found.append((-path.stat().st_mtime_ns, path.name, path.read_bytes()))
    return tuple(content for _when, _name, content in sorted(found))


def _sources(directory: Path) -> Path:
    return directory / "revocation" / "sources"


def _mark(certificate: x509.Certificate) -> str:
    return _digest(certificate.public_bytes(Encoding.DER))


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()[:32]
