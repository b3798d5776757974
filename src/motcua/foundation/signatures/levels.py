"""Long-lived PDF signatures: from B-B to B-T, B-LT and B-LTA, and their renewal.

Everything is added as an incremental update: the given bytes stay as they are at the beginning of the answer.

| Level | What is there | What it outlives |
|---|---|---|
| B-T | a document time stamp over the signature | a later revocation |
| B-LT | and certificates and revocation data of the signature and the time stamp | the authority's service |
| B-LTA | and a document time stamp over those | the certificates, as long as it is renewed in time |

Source: ETSI EN 319 142-1 5.4, 5.5, 6 (a document time stamp may stand for the one inside the signature, table 1).
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from datetime import datetime, timedelta
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from typing import Protocol

from asn1crypto import cms
from asn1crypto.crl import CertificateList
from asn1crypto.ocsp import OCSPResponse
from asn1crypto.x509 import Certificate
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.sign import PdfTimeStamper
from pyhanko.sign.fields import InvisSigSettings
from pyhanko.sign.general import SigningError
from pyhanko.sign.timestamps import TimeStamper as PyhankoTimeStamper
from pyhanko.sign.timestamps.common_utils import dummy_digest
from pyhanko.sign.validation.dss import DocumentSecurityStore

from motcua.foundation.installation.selectors import get
from motcua.foundation.kernel.errors import DomainError
from motcua.foundation.signatures.evidence import Evidence
from motcua.foundation.signatures.examination import Examination, examine
from motcua.foundation.signatures.proofs import Case
from motcua.foundation.signatures.revocation import evidence_about, kept_evidence
from motcua.foundation.signatures.timestamps import NoTimeStamp, time_stamper
from motcua.foundation.signatures.trust import read_trust_list
from motcua.foundation.signatures.verification import LEVELS, PdfVerdict, explain
from motcua.foundation.signatures.writing import PlainWriter

_DIGEST = "sha256"
# A new time stamp by the same certificate as the last one would gain nothing.
_RENEWAL_PAUSE = timedelta(days=30)
# Out of the page: the only way in which PDF/A-2 and PDF/UA-1 both allow a field that is not shown.
_INVISIBLE = InvisSigSettings(set_print_flag=True, set_hidden_flag=False, box_out_of_bounds=True)


class CannotExtend(DomainError):
    """The file cannot be made longer-lived, now or later."""

    code = "cannot_extend"
    message = _("The signatures of this file cannot be made to last. %(reason)s")
    status = 422


class Stamper(Hashable, Protocol):
    """Whoever gives time stamps: `timestamps.TimeStamper`, or a clock of its own in tests."""

    def stamp(self, digest: bytes) -> bytes: ...


def signature_level() -> str:
    """The PAdES level that results of this installation are brought to."""
    return str(get("stamps.level"))


def extend_pdf(pdf: bytes, *, at: datetime, level: str, stamper: Stamper | None = None) -> bytes:
    """Bring every signature of a PDF that is our own to `level` at least, or renew its archive time stamp.

    level: one of `verification.LEVELS`, else ValueError. at: aware, now. stamper: the one of the settings when None.
    Returns `pdf` itself when nothing is to be done: the level is reached, and at B-LTA the newest time stamp's
    certificate lasts longer than SIGNATURE_RENEWAL_DAYS or the stamp is younger than 30 days. Asks the time-stamp
    authority up to twice, and whoever tells of revocations.
    Raises NoTimeStamp and NoRevocationData, after which trying later helps, and CannotExtend, after which it does not:
    a signature does not hold today, or the authority is not on the trust list.
    """
    if LEVELS.index(level) <= LEVELS.index("B-B"):
        return pdf
    found = _examined(pdf, at)
    if LEVELS.index(found.verdict.level) >= LEVELS.index(level) and not _is_due(found.verdict, level, at):
        return pdf
    if not found.verdict.is_valid:
        raise CannotExtend(reason=explain(found.verdict.problems[0]))
    stamper = stamper or time_stamper()
    if stamper is None:
        raise NoTimeStamp(reason=_("No authority is named in the settings."))
    extended = pdf
    if any(one.proven_at is None for one in found.verdict.signatures):
        extended = _add_time_stamp(extended, stamper)
    if level != "B-T":
        extended = _add_validation_data(extended, at)
    if level == "B-LTA":
        extended = _add_time_stamp(extended, stamper)
    reached = _examined(extended, at).verdict
    if not reached.is_valid or LEVELS.index(reached.level) < LEVELS.index(level):
        raise CannotExtend(reason=_shortfall(reached))
    return extended


def examine_own(pdf: bytes, *, at: datetime) -> PdfVerdict:
    """The verdict on a PDF that is our own (it is examined in this process), by our trust list, as of `at` (aware)."""
    return _examined(pdf, at).verdict


def _examined(pdf: bytes, at: datetime) -> Examination:
    directory = Path(settings.SIGNATURES_DIR)
    return examine(pdf, Case(at, read_trust_list(directory), kept_evidence(directory)))


def _is_due(verdict: PdfVerdict, level: str, at: datetime) -> bool:
    """Whether the archive time stamp is to be renewed."""
    newest = next((one for one in reversed(verdict.time_stamps) if one.problem is None), None)
    if level != "B-LTA" or newest is None or newest.at is None or newest.until is None:
        return False
    ends_soon = newest.until - at < timedelta(days=settings.SIGNATURE_RENEWAL_DAYS)
    return ends_soon and at - newest.at > _RENEWAL_PAUSE


def _shortfall(verdict: PdfVerdict) -> str | Promise:
    """Why a level was not reached."""
    if unheld := next((one.problem for one in verdict.time_stamps if one.problem), None):
        return _("The time stamp that was given does not hold: %(why)s") % {"why": explain(unheld)}
    return explain(verdict.problems[0]) if verdict.problems else _("What was added does not prove enough.")


def _add_time_stamp(pdf: bytes, stamper: Stamper) -> bytes:
    adapter = _adapter(stamper)
    try:
        return _stamped(pdf, adapter)
    except SigningError:
        # The token is longer than the one that was asked for its size: the authority has another certificate.
        adapter.forget_size()
    try:
        return _stamped(pdf, adapter)
    except SigningError as error:
        raise NoTimeStamp(reason=_("Its tokens differ in length.")) from error


def _stamped(pdf: bytes, adapter: _Adapter) -> bytes:
    stamper = PdfTimeStamper(adapter, invis_settings=_INVISIBLE)
    try:
        return bytes(stamper.timestamp_pdf(PlainWriter(BytesIO(pdf)), _DIGEST).getvalue())
    except SigningError:
        raise
    except PdfError as error:
        raise CannotExtend(reason=_("It is not a sound PDF.")) from error


def _add_validation_data(pdf: bytes, at: datetime) -> bytes:
    """Certificates and revocation data that the file lacks, to its security store."""
    found, used = _examined(pdf, at), Evidence()
    for path in found.signer_gaps:
        used += evidence_about(path, at=at, insist=True)
    for path in found.stamp_gaps:
        used += evidence_about(path, at=at, insist=False)
    writer = PlainWriter(BytesIO(pdf))
    store = DocumentSecurityStore.supply_dss_in_writer(
        writer,
        None,
        certs=_to_asn1([one for path in (*found.signer_gaps, *found.stamp_gaps) for one in path]),
        crls=[CertificateList.load(one) for one in used.crls],
        ocsps=[OCSPResponse.load(one) for one in used.ocsps],
    )
    if not store.modified:
        return pdf
    output = BytesIO()
    writer.write(output)
    return output.getvalue()


def _to_asn1(certificates: Sequence[x509.Certificate]) -> list[Certificate]:
    return [Certificate.load(one.public_bytes(Encoding.DER)) for one in dict.fromkeys(certificates)]


class _Adapter(PyhankoTimeStamper):
    """pyHanko's view of a stamper."""

    def __init__(self, stamper: Stamper) -> None:
        super().__init__()
        self._stamper = stamper
        self._sample: cms.ContentInfo | None = None

    def forget_size(self) -> None:
        """Ask again how long the authority's tokens are."""
        self._sample = None

    async def async_timestamp(self, message_digest: bytes, md_algorithm: str) -> cms.ContentInfo:
        return cms.ContentInfo.load(self._stamper.stamp(message_digest))

    async def async_dummy_response(self, md_algorithm: str) -> cms.ContentInfo:
        """For its size alone. pyHanko's own also looks into it, and fails on a signer named by its key's digest."""
        sample = self._sample
        if sample is None:
            sample = self._sample = await self.async_timestamp(dummy_digest(md_algorithm), md_algorithm)
        return sample


@lru_cache(maxsize=4)
def _adapter(stamper: Stamper) -> _Adapter:
    """Kept, because it asks for one stamp more in order to learn how long they are."""
    return _Adapter(stamper)
