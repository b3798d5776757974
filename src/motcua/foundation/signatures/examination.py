"""Examination of a PDF's signatures, in this process and without limits: for `worker`, `pdf` and tests.

pyHanko does the reading, the cryptography, the certificate path and the comparison of revisions. Added here:
that the signed bytes are the file without nothing but the signature's own digits (so no gap hides an object),
that bytes after the last revision count as an addition and the file ends where every reader begins, that unknown
kinds of signatures are not passed over.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from io import BytesIO
from typing import cast

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from pyhanko.pdf_utils.generic import DictionaryObject
from pyhanko.pdf_utils.misc import PdfError, PdfStrictReadError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import DiffResult, ModificationLevel
from pyhanko.sign.fields import SigSeedSubFilter, enumerate_sig_fields
from pyhanko.sign.validation import EmbeddedPdfSignature, async_validate_pdf_signature
from pyhanko.sign.validation.status import PdfSignatureStatus
from pyhanko_certvalidator.errors import PathError, ValidationError

from motcua.foundation.signatures.certificates import legible
from motcua.foundation.signatures.evidence import Evidence
from motcua.foundation.signatures.policy import (
    ANY_USE,
    DIFFERENCES,
    TRUST_PROBLEMS,
    UNFORESEEN,
    distinguished,
    may_sign_documents,
    validation_context,
)
from motcua.foundation.signatures.proofs import (
    CLOCK_TOLERANCE,
    Case,
    Knowledge,
    Path,
    Proof,
    covered_end,
    gather,
    own_stamp,
    path_problem,
    path_revocation,
    to_x509,
)
from motcua.foundation.signatures.torn import has_torn_signature
from motcua.foundation.signatures.trust import TrustList, trust_list
from motcua.foundation.signatures.verification import (
    FAILED,
    PASSED,
    UNDECIDED,
    Level,
    PdfVerdict,
    RevocationState,
    SignatureVerdict,
    StampFound,
    undecided,
)

# What pyHanko and asn1crypto raise for a malformed file or signature.
_BROKEN = (
    PdfError,
    PathError,
    ValidationError,
    UnsupportedAlgorithm,
    *UNFORESEEN,
)
_KINDS = {SigSeedSubFilter.PADES.value, SigSeedSubFilter.ADOBE_PKCS7_DETACHED.value}
_TIME_STAMP = SigSeedSubFilter.ETSI_RFC3161.value
_BASELINE = SigSeedSubFilter.PADES.value
_LONGEST_REASON = 500
_END = re.compile(rb"startxref[ \t\r\n]+([0-9]{1,10})[ \t\r\n]+%%EOF[\r\n]{0,2}\Z")


@dataclass(frozen=True, slots=True)
class _Examined:
    """A signature's verdict and whether everything after it is covered by it or only proves it."""

    verdict: SignatureVerdict
    revision: int = -1
    nothing_unsigned_after: bool = False
    moment: datetime | None = None
    path: Path = ()
    stamp_path: Path = ()


@dataclass(frozen=True, slots=True)
class Examination:
    """A verdict with what the file lacks to be judged for long: the paths, from signers' and time stamps' certificates
    to trusted ones, about whose revocation it does not carry enough."""

    verdict: PdfVerdict
    signer_gaps: tuple[Path, ...] = ()
    stamp_gaps: tuple[Path, ...] = ()


@dataclass(frozen=True, slots=True)
class _File:
    pdf: bytes
    reader: PdfFileReader
    knowledge: Knowledge
    case: Case
    ends_soundly: bool


@dataclass(frozen=True, slots=True)
class _When:
    """The best signature time: when the signature is proven to have existed, or now. end: of the signed bytes."""

    end: int | None
    moment: datetime
    proven: bool
    authority: str = ""
    path: Path = ()


def examine_pdf(
    pdf: bytes,
    *,
    at: datetime,
    trust: TrustList | Sequence[x509.Certificate],
    evidence: Evidence | None = None,
) -> PdfVerdict:
    """As `verification.verify_pdf`, but for any bytes, and in this process."""
    return examine(pdf, Case(at, trust_list(trust), evidence or Evidence())).verdict


def examine(pdf: bytes, case: Case) -> Examination:
    """As `examine_pdf`, with the paths that were found."""
    try:
        return _examine_file(pdf, PdfFileReader(BytesIO(pdf)), case)
    except PdfStrictReadError:
        return _examine_leniently(pdf, case)
    except _BROKEN:
        return _given_up(pdf)


def _examine_leniently(pdf: bytes, case: Case) -> Examination:
    """A file with a faulty table of its objects, as poppler's pdfsig writes it.

    Readers differ in what they make of such a file. That is believed only where one signature covers it whole, so
    that nothing was added and the signer's own tool is to blame.
    """
    try:
        found = _examine_file(pdf, PdfFileReader(BytesIO(pdf), strict=False), case)
    except _BROKEN:
        return _given_up(pdf)
    signatures = found.verdict.signatures
    whole = len(signatures) == 1 and signatures[0].covers_whole_file
    return found if whole or found.verdict.problems == ("encrypted",) else _given_up(pdf)


def _given_up(pdf: bytes) -> Examination:
    if has_torn_signature(pdf):
        return Examination(_overall([_Examined(SignatureVerdict(problem="changed"))], []))
    return Examination(undecided("unreadable"))


def _examine_file(pdf: bytes, reader: PdfFileReader, case: Case) -> Examination:
    if reader.encrypted:
        return Examination(undecided("encrypted"))
    fields = [(name, field) for name, _value, field in enumerate_sig_fields(reader, filled_status=True)]
    ends_soundly = _ends_soundly(pdf, reader)
    file = _File(pdf, reader, gather(pdf, reader, case) if fields else Knowledge(), case, ends_soundly)
    found = [_examine(file, name, field.get_object()) for name, field in fields]
    signatures = sorted((one for one in found if one), key=lambda one: one.revision)
    proofs = file.knowledge.proofs
    stamps = [(one.stamp_path, one.moment) for one in signatures]
    stamps += [(one.path, one.moment) for one in proofs if one.problem is None]
    verdict = _overall(signatures, proofs)
    if fields and reader.strict and not ends_soundly and verdict.verdict != FAILED:
        return Examination(undecided("unreadable"))
    return Examination(
        verdict,
        _gaps([(one.path, one.moment) for one in signatures], file),
        _gaps(stamps, file),
    )


def _ends_soundly(pdf: bytes, reader: PdfFileReader) -> bool:
    """Whether the file ends by pointing to the table that was read. Source: ISO 32000-2 7.5.5.

    Readers search for that pointer from the end, each with another idea of what it may look like.
    """
    end = _END.search(pdf[-64:])
    return end is not None and int(end[1]) == reader.last_startxref


def _gaps(paths: Iterable[tuple[Path, datetime | None]], file: _File) -> tuple[Path, ...]:
    carried = file.knowledge.carried(file.case, proven=False)
    return tuple(
        path
        for path, moment in paths
        if path and moment and not path_revocation(path, carried, moment=moment)[1]
    )


def _overall(found: list[_Examined], proofs: Sequence[Proof]) -> PdfVerdict:
    if not found:
        return undecided("unsigned")
    signatures = tuple(one.verdict for one in found)
    stamps = tuple(StampFound(one.at, one.authority, one.until, one.problem) for one in proofs)
    complete = found[-1].nothing_unsigned_after
    problems = [one.problem for one in signatures if one.problem]
    if not problems and not complete:
        problems = ["added_unsigned"]
    if all(one.intact and one.unchanged and one.trusted and not one.problem for one in signatures):
        return PdfVerdict(PASSED, complete, signatures, tuple(problems), stamps)
    failed = any(one.indication == FAILED for one in signatures)
    return PdfVerdict(
        FAILED if failed else UNDECIDED, complete, signatures, tuple(dict.fromkeys(problems)), stamps
    )


def _examine(file: _File, name: str, field: DictionaryObject) -> _Examined | None:
    """One filled signature field; None for a document time stamp, which nobody signs."""
    try:
        kind = field["/V"]["/SubFilter"]
        if kind == _TIME_STAMP:
            return None
        if kind not in _KINDS:
            return _Examined(SignatureVerdict(problem="unsupported"))
        embedded = EmbeddedPdfSignature(file.reader, field, name)
        when = _when(file, embedded)
        anchors = file.case.trust.anchors("signer", when.moment)
        status = asyncio.run(
            async_validate_pdf_signature(
                embedded,
                signer_validation_context=validation_context(
                    when.moment, anchors, file.knowledge.certificates
                ),
                diff_policy=DIFFERENCES,
                key_usage_settings=ANY_USE,
            )
        )
        return _judge(file, embedded, status, when)
    except _BROKEN:
        return _Examined(SignatureVerdict(problem="damaged"))


def _when(file: _File, embedded: EmbeddedPdfSignature) -> _When:
    """Source: EN 319 102-1 5.5.4, 5.6.3."""
    end, at = covered_end(file.pdf, embedded), file.case.at
    if end is None:
        return _When(None, at, proven=False)
    proof = file.knowledge.proof_of(end)
    moment = min(proof.at, at) if proof and proof.at else at
    stamp = own_stamp(embedded, file.knowledge, file.case, moment)
    if stamp and stamp.at:
        return _When(end, min(stamp.at, moment), True, stamp.authority, to_x509(stamp.path))
    return _When(end, moment, proven=proof is not None, authority=proof.authority if proof else "")


def _reason(embedded: EmbeddedPdfSignature) -> str:
    """At most 500 characters; "" when there is none or it is no text."""
    stated = embedded.sig_object.get("/Reason", "")
    return legible(str(stated))[:_LONGEST_REASON] if isinstance(stated, str) else ""


def _judge(file: _File, embedded: EmbeddedPdfSignature, status: PdfSignatureStatus, when: _When) -> _Examined:
    end, whole = when.end, when.end == len(file.pdf)
    changes = status.diff_result
    level = changes.modification_level if isinstance(changes, DiffResult) else ModificationLevel.OTHER
    # A later revision is compared; bytes that belong to none would pass as "no modification".
    explained = whole or (file.ends_soundly and level != ModificationLevel.NONE)
    subject = status.signing_cert.subject
    path = _path(status)
    verdict = SignatureVerdict(
        name=distinguished(subject, "common_name"),
        organisation=distinguished(subject, "organization_name"),
        title=distinguished(subject, "title") or distinguished(subject, "organizational_unit_name"),
        signed_at=embedded.self_reported_timestamp,
        intact=status.intact and status.valid,
        unchanged=end is not None and explained and bool(status.docmdp_ok),
        covers_whole_file=whole,
        algorithm=f"{status.pkcs7_signature_mechanism} {status.md_algorithm}",
        proven_at=when.moment if when.proven else None,
        stamped_by=when.authority,
        revocation=_revocation(path, file, when),
        reason=_reason(embedded),
    )
    trust_problem = _trust_problem(status, path, verdict.signed_at, file, when)
    verdict = replace(verdict, trusted=trust_problem is None)
    if not verdict.intact:
        problem: str | None = "changed" if status.valid else "bad_signature"
    elif not verdict.unchanged:
        problem = "partial" if end is None else "added"
    else:
        problem = trust_problem
    closed = verdict.unchanged and level <= ModificationLevel.LTA_UPDATES
    verdict = replace(verdict, problem=problem)
    if not problem and _is_baseline(embedded):
        verdict = replace(verdict, level=_level(path, file, when))
    return _Examined(verdict, embedded.signed_revision, closed, when.moment, path, when.path)


def _is_baseline(embedded: EmbeddedPdfSignature) -> bool:
    """Whether it is a PAdES signature at all: it says so, and names its certificate. Source: EN 319 142-1 6.3."""
    signed = {one["type"].native for one in embedded.signer_info["signed_attrs"]}
    named = signed & {"signing_certificate", "signing_certificate_v2"}
    return bool(named) and embedded.sig_object["/SubFilter"] == _BASELINE


def _path(status: PdfSignatureStatus) -> list[x509.Certificate]:
    """From the signer's certificate to the trusted one; [] when it leads to none."""
    if status.validation_path is None or status.trust_problem_indic is not None:
        return []
    return to_x509(reversed(list(status.validation_path.iter_certs(include_root=True))))


def _level(path: list[x509.Certificate], file: _File, when: _When) -> Level:
    """Which baseline level the file itself carries. Source: EN 319 142-1 6."""
    if not when.proven:
        return "B-B"
    for level, proven in (("B-LTA", True), ("B-LT", False)):
        carried = file.knowledge.carried(file.case, proven=proven)
        if path_revocation(path, carried, moment=when.moment)[1]:
            return cast("Level", level)
    return "B-T"


def _revocation(path: list[x509.Certificate], file: _File, when: _When) -> RevocationState:
    if not path:
        return "unknown"
    revoked, known = path_revocation(path, file.knowledge.evidence(file.case), moment=when.moment)
    return "revoked" if revoked else "good" if known else "unknown"


def _trust_problem(
    status: PdfSignatureStatus,
    path: list[x509.Certificate],
    signed_at: datetime | None,
    file: _File,
    when: _When,
) -> str | None:
    if status.trust_problem_indic is not None:
        return TRUST_PROBLEMS.get(status.trust_problem_indic, "unknown_authority")
    if not path or file.case.trust.bars(path, "signer", when.moment):
        return "unknown_authority"
    # Who puts the signer's own certificate on the trust list means it.
    if len(path) > 1 and not may_sign_documents(status.signing_cert):
        return "wrong_key_usage"
    evidence = file.knowledge.evidence(file.case)
    if problem := path_problem(path, evidence, moment=when.moment, at=file.case.at, insist=True):
        return problem
    if signed_at is None:
        return None
    certificate = path[0]
    if (
        signed_at.tzinfo is None
        or not certificate.not_valid_before_utc <= signed_at <= certificate.not_valid_after_utc
    ):
        return "signed_outside_validity"
    return "stated_time_later" if signed_at > when.moment + CLOCK_TOLERANCE else None
