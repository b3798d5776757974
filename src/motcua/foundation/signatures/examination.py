"""Examination of a PDF's signatures, in this process and without limits: for `worker`, `pdf` and tests.

pyHanko does the reading, the cryptography, the certificate path and the comparison of revisions. Added here:
that the signed bytes are the file without nothing but the signature's own digits (so no gap hides an object),
that bytes after the last revision count as an addition, that unknown kinds of signatures are not passed over.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from io import BytesIO

from asn1crypto import parser
from asn1crypto.x509 import Name
from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from pyhanko.pdf_utils.generic import DictionaryObject
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import DiffResult, ModificationLevel
from pyhanko.sign.fields import SigSeedSubFilter, enumerate_sig_fields
from pyhanko.sign.validation import EmbeddedPdfSignature, async_validate_pdf_signature
from pyhanko.sign.validation.status import PdfSignatureStatus
from pyhanko_certvalidator.errors import PathError, ValidationError

from motcua.foundation.signatures.policy import (
    DIFFERENCES,
    DOCUMENT_USE,
    TRUST_PROBLEMS,
    validation_context,
)
from motcua.foundation.signatures.torn import has_torn_signature
from motcua.foundation.signatures.verification import (
    FAILED,
    PASSED,
    UNDECIDED,
    PdfVerdict,
    SignatureVerdict,
    undecided,
)

# What pyHanko and asn1crypto raise for a malformed file or signature.
_BROKEN = (
    PdfError,
    PathError,
    ValidationError,
    UnsupportedAlgorithm,
    ValueError,
    TypeError,
    LookupError,
    AttributeError,
    AssertionError,
    NotImplementedError,
    RecursionError,
)
_KINDS = {SigSeedSubFilter.PADES.value, SigSeedSubFilter.ADOBE_PKCS7_DETACHED.value}
_TIME_STAMP = SigSeedSubFilter.ETSI_RFC3161.value
_DIGITS = re.compile(rb"<(?:[0-9A-Fa-f]{2})+>")
_CLOCK_TOLERANCE = timedelta(minutes=5)
_LONGEST_NAME = 200


@dataclass(frozen=True, slots=True)
class _Examined:
    """A signature's verdict and whether everything after it is covered by it or only proves it."""

    verdict: SignatureVerdict
    revision: int = -1
    nothing_unsigned_after: bool = False


def examine_pdf(pdf: bytes, *, at: datetime, trust: Sequence[x509.Certificate]) -> PdfVerdict:
    """As `verification.verify_pdf`, but for any bytes, and in this process."""
    try:
        reader = PdfFileReader(BytesIO(pdf))
        if reader.encrypted:
            return undecided("encrypted")
        fields = [(name, field) for name, _value, field in enumerate_sig_fields(reader, filled_status=True)]
        found = [_examine(pdf, reader, name, field.get_object(), at, trust) for name, field in fields]
    except _BROKEN:
        torn = SignatureVerdict(problem="changed")
        return _overall([_Examined(torn)]) if has_torn_signature(pdf) else undecided("unreadable")
    return _overall(sorted((one for one in found if one), key=lambda one: one.revision))


def _overall(found: list[_Examined]) -> PdfVerdict:
    if not found:
        return undecided("unsigned")
    signatures = tuple(one.verdict for one in found)
    complete = found[-1].nothing_unsigned_after
    problems = [one.problem for one in signatures if one.problem]
    if not problems and not complete:
        problems = ["added_unsigned"]
    if all(one.intact and one.unchanged and one.trusted and not one.problem for one in signatures):
        return PdfVerdict(PASSED, complete, signatures, tuple(problems))
    failed = any(
        one.problem in {"changed", "bad_signature", "damaged", "partial", "added"} for one in signatures
    )
    return PdfVerdict(FAILED if failed else UNDECIDED, complete, signatures, tuple(dict.fromkeys(problems)))


def _examine(  # noqa: PLR0913
    pdf: bytes,
    reader: PdfFileReader,
    name: str,
    field: DictionaryObject,
    at: datetime,
    trust: Sequence[x509.Certificate],
) -> _Examined | None:
    """One filled signature field; None for a document time stamp, which nobody signs."""
    try:
        kind = field["/V"]["/SubFilter"]
        if kind == _TIME_STAMP:
            return None
        if kind not in _KINDS:
            return _Examined(SignatureVerdict(problem="unsupported"))
        embedded = EmbeddedPdfSignature(reader, field, name)
        status = asyncio.run(
            async_validate_pdf_signature(
                embedded,
                signer_validation_context=validation_context(at, trust),
                diff_policy=DIFFERENCES,
                key_usage_settings=DOCUMENT_USE,
            )
        )
        return _judge(pdf, embedded, status, at)
    except _BROKEN:
        return _Examined(SignatureVerdict(problem="damaged"))


def _judge(pdf: bytes, embedded: EmbeddedPdfSignature, status: PdfSignatureStatus, at: datetime) -> _Examined:
    end = _signed_end(pdf, embedded)
    changes = status.diff_result
    level = changes.modification_level if isinstance(changes, DiffResult) else ModificationLevel.OTHER
    # A later revision is compared; bytes that belong to none would pass as "no modification".
    explained = end == len(pdf) or level != ModificationLevel.NONE
    subject = status.signing_cert.subject
    verdict = SignatureVerdict(
        name=_text(subject, "common_name"),
        organisation=_text(subject, "organization_name"),
        title=_text(subject, "title") or _text(subject, "organizational_unit_name"),
        signed_at=embedded.self_reported_timestamp,
        intact=status.intact and status.valid,
        unchanged=end is not None and explained and bool(status.docmdp_ok),
        covers_whole_file=end == len(pdf),
        algorithm=f"{status.pkcs7_signature_mechanism} {status.md_algorithm}",
    )
    trust_problem = _trust_problem(status, verdict.signed_at, at)
    verdict = replace(verdict, trusted=trust_problem is None)
    if not verdict.intact:
        problem: str | None = "changed" if status.valid else "bad_signature"
    elif not verdict.unchanged:
        problem = "partial" if end is None else "added"
    else:
        problem = trust_problem
    closed = verdict.unchanged and level <= ModificationLevel.LTA_UPDATES
    return _Examined(replace(verdict, problem=problem), embedded.signed_revision, closed)


def _trust_problem(status: PdfSignatureStatus, signed_at: datetime | None, at: datetime) -> str | None:
    if status.trust_problem_indic is not None:
        return TRUST_PROBLEMS.get(status.trust_problem_indic, "unknown_authority")
    if status.validation_path is None:
        return "unknown_authority"
    certificate = status.signing_cert
    if signed_at is None:
        return None
    if (
        signed_at.tzinfo is None
        or not certificate.not_valid_before <= signed_at <= certificate.not_valid_after
    ):
        return "signed_outside_validity"
    return "signed_outside_validity" if signed_at > at + _CLOCK_TOLERANCE else None


def _signed_end(pdf: bytes, embedded: EmbeddedPdfSignature) -> int | None:
    """Where the signed bytes end, if they are the file from its first byte on but the signature's digits."""
    numbers = [int(number) for number in embedded.byte_range]
    if len(numbers) != 4:
        return None
    start, length, resumed, rest = numbers
    if start != 0 or not 0 < length < resumed < resumed + rest <= len(pdf):
        return None
    digits = pdf[length:resumed]
    if not _DIGITS.fullmatch(digits) or bytes.fromhex(digits[1:-1].decode()) != embedded.pkcs7_content:
        return None
    padding = embedded.pkcs7_content[parser.peek(embedded.pkcs7_content) :]
    return None if padding.strip(b"\0") else resumed + rest


def _text(name: Name, part: str) -> str:
    value = name.native.get(part, "")
    return str(value if isinstance(value, str) else value[0])[:_LONGEST_NAME]
