"""Time-stamp tokens: reading and judging them. Source: RFC 3161, EN 319 422, EN 319 102-1 5.4. Asks no network."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from asn1crypto import cms, tsp
from asn1crypto.x509 import Certificate
from cryptography import x509
from pyhanko.sign.general import CMSExtractionError, CMSStructuralError
from pyhanko.sign.validation.errors import SignatureValidationError
from pyhanko.sign.validation.generic_cms import validate_tst_signed_data
from pyhanko_certvalidator.errors import PathError, ValidationError

from motcua.foundation.signatures.policy import TRUST_PROBLEMS, UNFORESEEN, distinguished, validation_context
from motcua.foundation.signatures.trust import TrustList

DIGESTS = {"sha256": 32, "sha384": 48, "sha512": 64}
_BROKEN = (
    CMSExtractionError,
    CMSStructuralError,
    SignatureValidationError,
    PathError,
    ValidationError,
    *UNFORESEEN,
)


@dataclass(frozen=True, slots=True)
class StampVerdict:
    """What a token proves. `at`: aware. `path`: certificates from the signer's to the trusted one, or ().

    intact: it stamps this digest, and its own signature is right. problem: a code of `verification.explain`, or None.
    """

    at: datetime | None = None
    authority: str = ""
    intact: bool = False
    problem: str | None = None
    path: tuple[Certificate, ...] = ()


def read_token(token: bytes) -> tuple[cms.SignedData, tsp.TSTInfo]:
    """The parts of a DER-encoded token. Raises ValueError when it is none, or when something follows it."""
    try:
        content = cms.ContentInfo.load(token, strict=True)
        signed = content["content"] if content["content_type"].native == "signed_data" else None
        info = signed["encap_content_info"]["content"].parsed if signed else None
    except (TypeError, LookupError, AttributeError) as error:
        raise ValueError("Not a time-stamp token.") from error
    if not isinstance(info, tsp.TSTInfo):
        raise ValueError("Not a time-stamp token.")
    return signed, info


def judge_token(
    signed: cms.SignedData, digest_of: Callable[[str], bytes], *, moment: datetime, trust: TrustList
) -> StampVerdict:
    """Judge a token. digest_of: gives the digest that was to be stamped, by the algorithm's name (`sha256`).

    moment: aware, when its certificate must have been valid and trusted: now, or when the token itself was proven.
    Whether the certificate was revoked is not asked here.
    """
    try:
        info = signed["encap_content_info"]["content"].parsed
        if info["message_imprint"]["hash_algorithm"]["algorithm"].native not in DIGESTS:
            return StampVerdict(problem="weak_algorithm")
        context = validation_context(moment, trust.anchors("tsa", moment))
        status = asyncio.run(validate_tst_signed_data(signed, context, digest_of))
        certificate, at = status["signing_cert"], status["timestamp"]
        problem = _problem(status, certificate, at)
        path = status["validation_path"]
        found = () if path is None else tuple(reversed(list(path.iter_certs(include_root=True))))
        plain = [x509.load_der_x509_certificate(one.dump()) for one in found]
        if problem is None and trust.bars(plain, "tsa", moment):
            problem = "unknown_authority"
    except _BROKEN:
        return StampVerdict(problem="damaged")
    return StampVerdict(
        at=at,
        authority=distinguished(certificate.subject, "common_name"),
        intact=bool(status["intact"] and status["valid"]),
        problem=problem,
        path=() if problem else found,
    )


def _problem(status: dict[str, object], certificate: Certificate, at: datetime) -> str | None:
    if not (status["intact"] and status["valid"]):
        return "bad_signature" if status["intact"] else "changed"
    if (indication := status["trust_problem_indic"]) is not None:
        return TRUST_PROBLEMS.get(indication, "unknown_authority")  # type: ignore[call-overload]
    if status["validation_path"] is None:
        return "unknown_authority"
    # RFC 3161 2.3: this use, this use alone, and critical.
    uses = certificate.extended_key_usage_value
    if (
        uses is None
        or uses.native != ["time_stamping"]
        or "extended_key_usage" not in certificate.critical_extensions
    ):
        return "wrong_key_usage"
    if not certificate.not_valid_before <= at <= certificate.not_valid_after:
        return "signed_outside_validity"
    return None
