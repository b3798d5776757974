"""What a PDF itself proves: when its parts existed, by its document time stamps, and what it brings to be judged by.

The time stamps are judged from the newest to the oldest: the newest now, each earlier one at the time the next one
proves, so that a chain of them reaches back beyond the life of every certificate but the newest one's.
Source: EN 319 102-1 5.6.2-5.6.3, EN 319 142-1 5.4-5.5.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import pairwise

from asn1crypto import parser
from asn1crypto.x509 import Certificate
from cryptography import x509
from pyhanko.pdf_utils.decode_limits import DecodePurpose
from pyhanko.pdf_utils.generic import IndirectObject
from pyhanko.pdf_utils.reader import HistoricalResolver, PdfFileReader
from pyhanko.sign.validation import EmbeddedPdfSignature
from pyhanko.sign.validation.dss import DocumentSecurityStore
from pyhanko.sign.validation.errors import NoDSSFoundError
from pyhanko.sign.validation.generic_cms import extract_tst_data_iter, message_imprint_checker
from pyhanko.sign.validation.status import SignatureCoverageLevel

from motcua.foundation.signatures.evidence import Evidence, crl_addresses, ocsp_addresses, revocation
from motcua.foundation.signatures.tokens import StampVerdict, judge_token
from motcua.foundation.signatures.trust import TrustList

CLOCK_TOLERANCE = timedelta(minutes=5)
_DIGITS = re.compile(rb"<(?:[0-9A-Fa-f]{2})+>")
_MAX_STAMPS = 50

Path = Sequence[x509.Certificate]


@dataclass(frozen=True, slots=True)
class Case:
    """What a file is judged by. at: aware, now. own: revocation data of this installation."""

    at: datetime
    trust: TrustList
    own: Evidence = field(default_factory=Evidence)


@dataclass(frozen=True, slots=True)
class Proof:
    """A document time stamp. end: it covers the file's bytes before this one. until: its certificate's end.

    problem: why it proves nothing, a code of `verification.explain`; None when it does. moment: when it was itself
    proven to exist, at which its certificate was judged.
    """

    end: int
    at: datetime | None
    authority: str
    problem: str | None
    until: datetime | None = None
    path: Path = ()
    moment: datetime | None = None


@dataclass(slots=True)
class Knowledge:
    """What a file brings. proven: when a list or answer in it existed, by a time stamp; DER to aware time."""

    certificates: list[Certificate] = field(default_factory=list)
    crls: tuple[bytes, ...] = ()
    ocsps: tuple[bytes, ...] = ()
    proven: dict[bytes, datetime] = field(default_factory=dict)
    proofs: list[Proof] = field(default_factory=list)

    def evidence(self, case: Case) -> Evidence:
        """The installation's revocation data and the file's; what no time stamp proves exists since now."""
        own = set(case.own.crls + case.own.ocsps)
        seen = {one: self.proven.get(one, case.at) for one in self.crls + self.ocsps if one not in own}
        return case.own + Evidence(self.crls, self.ocsps, seen)

    def carried(self, case: Case, *, proven: bool) -> Evidence:
        """The file's own revocation data; proven: only what a time stamp covers."""
        seen = (
            self.proven if proven else {one: self.proven.get(one, case.at) for one in self.crls + self.ocsps}
        )
        crls, ocsps = (tuple(one for one in kind if one in seen) for kind in (self.crls, self.ocsps))
        return Evidence(crls, ocsps, seen)

    def proof_of(self, end: int) -> Proof | None:
        """The oldest time stamp that covers the bytes before `end` and holds."""
        holding = [one for one in self.proofs if one.problem is None and one.end >= end]
        return min(holding, key=lambda one: one.end, default=None)


def gather(pdf: bytes, reader: PdfFileReader, case: Case) -> Knowledge:
    """Read the file's security store and judge its document time stamps. Raises what pyHanko raises."""
    knowledge = Knowledge()
    knowledge.certificates, knowledge.crls, knowledge.ocsps = _store(reader)
    moment = case.at
    for embedded in list(reversed(reader.embedded_timestamp_signatures))[:_MAX_STAMPS]:
        proof = _judge(pdf, embedded, knowledge, case, moment)
        knowledge.proofs.insert(0, proof)
        if proof.problem is None and proof.at is not None:
            moment = min(moment, proof.at)
            _certs, crls, ocsps = _store(HistoricalResolver(reader, embedded.signed_revision))
            knowledge.proven |= dict.fromkeys(crls + ocsps, moment)
    return knowledge


def own_stamp(
    embedded: EmbeddedPdfSignature, knowledge: Knowledge, case: Case, moment: datetime
) -> StampVerdict | None:
    """The oldest time stamp inside a signature (EN 319 122-1 5.3) that holds; None when there is none.

    moment: aware, when the signature is proven to have existed.
    """
    imprint = message_imprint_checker(embedded.signer_info)
    judged = [
        _hold(judge_token(signed, imprint, moment=moment, trust=case.trust), knowledge, case, moment)
        for signed in extract_tst_data_iter(embedded.signer_info, signed=False)
    ]
    holding = [one for one in judged if one.problem is None and one.at]
    return min(holding, key=lambda one: one.at or moment, default=None)


def path_problem(
    path: Path, evidence: Evidence, *, moment: datetime, at: datetime, insist: bool
) -> str | None:
    """Why a certificate that was valid at `moment` is still not to be believed, or None.

    path: from the certificate to the trusted one. insist: after the end of a certificate of the path it takes proof
    that it was not revoked; otherwise only where the certificate says who could tell.
    """
    revoked, known = path_revocation(path, evidence, moment=moment)
    if revoked:
        return "certificate_revoked"
    own = path[:-1]
    over = any(one.not_valid_after_utc < at for one in own)
    declared = any(crl_addresses(one) or ocsp_addresses(one) for one in own)
    return "revocation_unknown" if over and not known and (insist or declared) else None


def path_revocation(path: Path, evidence: Evidence, *, moment: datetime) -> tuple[bool, bool]:
    """Whether a certificate of the path was revoked at `moment`, and whether that is known of all of them."""
    told = [revocation(one, issuer, at=moment, evidence=evidence) for one, issuer in pairwise(path)]
    return any(one.revoked_at for one in told), all(one.known for one in told)


def covered_end(pdf: bytes, embedded: EmbeddedPdfSignature) -> int | None:
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


def to_x509(certificates: Iterable[Certificate]) -> list[x509.Certificate]:
    """asn1crypto's certificates as cryptography's. Raises ValueError."""
    return [x509.load_der_x509_certificate(one.dump()) for one in certificates]


def _judge(
    pdf: bytes, embedded: EmbeddedPdfSignature, knowledge: Knowledge, case: Case, moment: datetime
) -> Proof:
    end = covered_end(pdf, embedded)
    if end is None or embedded.evaluate_signature_coverage() < SignatureCoverageLevel.ENTIRE_REVISION:
        return Proof(0, None, "", "partial")
    digest_of: Callable[[str], bytes] = embedded.compute_digest
    verdict = judge_token(embedded.signed_data, digest_of, moment=moment, trust=case.trust)
    verdict = _hold(verdict, knowledge, case, moment)
    path = to_x509(verdict.path)
    until = min((one.not_valid_after_utc for one in path[:1]), default=None)
    return Proof(end, verdict.at, verdict.authority, verdict.problem, until, path, moment)


def _hold(verdict: StampVerdict, knowledge: Knowledge, case: Case, moment: datetime) -> StampVerdict:
    """With the revocation of its certificate, and the order of the times."""
    if verdict.problem is not None:
        return verdict
    evidence, path = knowledge.evidence(case), to_x509(verdict.path)
    problem = path_problem(path, evidence, moment=moment, at=case.at, insist=False)
    if problem is None and (verdict.at is None or verdict.at > moment + CLOCK_TOLERANCE):
        problem = "stated_time_later"
    return StampVerdict(verdict.at, verdict.authority, verdict.intact, problem, verdict.path)


def _store(
    source: PdfFileReader | HistoricalResolver,
) -> tuple[list[Certificate], tuple[bytes, ...], tuple[bytes, ...]]:
    try:
        store = DocumentSecurityStore.read_dss(source)
    except NoDSSFoundError:
        return [], (), ()
    return (
        list(store.load_certs()),
        _streams(store.crls, DecodePurpose.CRL),
        _streams(store.ocsps, DecodePurpose.OCSP_RESPONSE),
    )


def _streams(references: Iterable[IndirectObject], purpose: DecodePurpose) -> tuple[bytes, ...]:
    return tuple(bytes(one.get_object().read_data(purpose)) for one in references)
