"""Verification of signed PDFs: what the verdict is, and how a stranger's file is examined without harm.

The file comes from anybody, so it is read by `worker` in a process of its own, which holds no secret and
whose time and memory are limited: a hostile file can stop that process, never the page that asked.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Final, Literal

from cryptography import x509
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from motcua.foundation.kernel.errors import DomainError
from motcua.foundation.signatures.evidence import Evidence
from motcua.foundation.signatures.orders import MAX_SECONDS, NotExamined, Order, ask_worker
from motcua.foundation.signatures.trust import TrustList, trust_list

MAX_BYTES = 50 * 1024 * 1024

Verdict = Literal["TOTAL-PASSED", "TOTAL-FAILED", "INDETERMINATE"]
Level = Literal["", "B-B", "B-T", "B-LT", "B-LTA"]
LEVELS: Final[tuple[Level, ...]] = ("", "B-B", "B-T", "B-LT", "B-LTA")
RevocationState = Literal["unknown", "good", "revoked"]
PASSED: Final = "TOTAL-PASSED"
FAILED: Final = "TOTAL-FAILED"
UNDECIDED: Final = "INDETERMINATE"

_SENTENCES: dict[str, str | Promise] = {
    "unsigned": _("The file carries no signature."),
    "unreadable": _("The file is damaged and could not be examined."),
    "encrypted": _("The file is locked with a password and could not be examined."),
    "too_large": _("The file is larger than 50 MB and was not examined."),
    "too_costly": _("Examining the file took too much time or memory and was given up."),
    "changed": _("The file was changed after it was signed."),
    "bad_signature": _("The signature was not made with the key of the certificate it names."),
    "damaged": _("The signature is damaged and could not be examined."),
    "unsupported": _("The signature is of a kind that cannot be examined here."),
    "partial": _("The signature leaves out a part of the file."),
    "added": _("Something was added to the file after it was signed."),
    "added_unsigned": _(
        "Something the signer allows was added after the last signature, and nobody signed it."
    ),
    "weak_algorithm": _("The signature uses a method that is no longer safe."),
    "unknown_authority": _("The certificate was not issued by an authority on the trust list."),
    "certificate_expired": _("The certificate has expired."),
    "certificate_not_yet_valid": _("The certificate is not valid yet."),
    "certificate_revoked": _("The certificate was revoked."),
    "signed_outside_validity": _(
        "The certificate was not valid at the time of signing that the file states."
    ),
    "wrong_key_usage": _("The certificate is not meant for this use."),
    "revocation_unknown": _(
        "The certificate has expired, and nothing proves that it was not revoked before the signature was made."
    ),
    "stated_time_later": _("The stated time is later than the signature can have been made."),
}
_REVOCATION: dict[str, str | Promise] = {
    "good": _("The certificate was not revoked."),
    "revoked": _("The certificate was revoked."),
    "unknown": _("Whether the certificate was revoked could not be looked up."),
}
# Source: ETSI EN 319 102-1 5.1.3. What was added to a PDF after signing has no code of its own there.
_INDICATIONS: dict[str, tuple[Verdict, str]] = {
    "changed": (FAILED, "HASH_FAILURE"),
    "bad_signature": (FAILED, "SIG_CRYPTO_FAILURE"),
    "damaged": (FAILED, "FORMAT_FAILURE"),
    "partial": (FAILED, "FORMAT_FAILURE"),
    "added": (FAILED, "FORMAT_FAILURE"),
    "unsupported": (UNDECIDED, "GENERIC"),
    "weak_algorithm": (UNDECIDED, "CRYPTO_CONSTRAINTS_FAILURE_NO_POE"),
    "unknown_authority": (UNDECIDED, "NO_CERTIFICATE_CHAIN_FOUND"),
    "certificate_expired": (UNDECIDED, "OUT_OF_BOUNDS_NO_POE"),
    "certificate_not_yet_valid": (UNDECIDED, "NOT_YET_VALID"),
    "certificate_revoked": (UNDECIDED, "REVOKED_NO_POE"),
    "signed_outside_validity": (UNDECIDED, "SIG_CONSTRAINTS_FAILURE"),
    "wrong_key_usage": (UNDECIDED, "CHAIN_CONSTRAINTS_FAILURE"),
    "revocation_unknown": (UNDECIDED, "REVOCATION_OUT_OF_BOUNDS_NO_POE"),
    "stated_time_later": (UNDECIDED, "TIMESTAMP_ORDER_FAILURE"),
}
_DERIVED = {"indication", "sub_indication"}


class UnreadablePdf(DomainError):
    """The file is not a PDF."""

    code = "unreadable_pdf"
    message = _("This file is not a PDF.")
    status = 422


@dataclass(frozen=True, slots=True)
class SignatureVerdict:
    """One signature. Names are what its certificate says, so they prove nothing unless `trusted`.

    intact: the signed bytes have the signed digest, and the signature value is right.
    unchanged: nothing was added since beyond what the standard and the signer allow.
    trusted: the certificate leads to a trust root, was valid at the right time and is meant for signing.
    signed_at: the time the file states, aware; None when it states none. Not proven by a time stamp.
    problem: the first thing that is wrong, a code for `explain`; None when nothing is.
    level: the PAdES baseline level the file reaches by itself; "" when a problem or another format has none.
    proven_at: when a trusted time stamp, by `stamped_by`, proves that it existed; None without one.
    reason: what the signature says it was made for; the signer's words, covered by the signature.
    revocation: `good` when lists or answers cover its certificates at the best time known.
    """

    name: str = ""
    organisation: str = ""
    title: str = ""
    signed_at: datetime | None = None
    intact: bool = False
    unchanged: bool = False
    trusted: bool = False
    covers_whole_file: bool = False
    algorithm: str = ""
    problem: str | None = None
    level: Level = ""
    proven_at: datetime | None = None
    stamped_by: str = ""
    revocation: RevocationState = "unknown"
    reason: str = ""

    @property
    def indication(self) -> Verdict:
        """The main status of this signature. Source: ETSI EN 319 102-1 5.1.3."""
        return _INDICATIONS[self.problem][0] if self.problem else PASSED

    @property
    def sub_indication(self) -> str:
        """Its reason by the standard's name; "" when it passed."""
        return _INDICATIONS[self.problem][1] if self.problem else ""


@dataclass(frozen=True, slots=True)
class StampFound:
    """A document time stamp. at: aware. until: when its certificate ends. problem: why it proves nothing, or None."""

    at: datetime | None
    authority: str
    until: datetime | None = None
    problem: str | None = None


@dataclass(frozen=True, slots=True)
class PdfVerdict:
    """A whole file.

    complete: all a reader sees is signed; only proofs of the signatures may follow the last of them.
    signatures: in the order in which they were made.
    problems: codes for `explain`, each once, the file's own before those of its signatures.
    time_stamps: those of the document, oldest first. One that proves nothing does not make the file invalid.
    """

    verdict: Verdict
    complete: bool = False
    signatures: tuple[SignatureVerdict, ...] = ()
    problems: tuple[str, ...] = ()
    time_stamps: tuple[StampFound, ...] = ()

    @property
    def is_valid(self) -> bool:
        return self.verdict == PASSED and self.complete

    @property
    def level(self) -> Level:
        """The lowest level of the file's signatures; "" when there is none, or one has none."""
        return min((one.level for one in self.signatures), key=LEVELS.index, default="")

    @property
    def sealed_until(self) -> datetime | None:
        """When the certificate of the newest holding time stamp ends; the file is to be renewed before. Or None."""
        return next((one.until for one in reversed(self.time_stamps) if one.problem is None), None)


def revocation_sentence(state: RevocationState) -> str | Promise:
    """What is known of the revocation of a signature's certificates, as a sentence, translated when shown."""
    return _REVOCATION[state]


def explain(problem: str) -> str | Promise:
    """The sentence for a problem code, translated when shown. Raises KeyError for an unknown code."""
    return _SENTENCES[problem]


def verify_pdf(
    pdf: bytes,
    *,
    at: datetime,
    trust: TrustList | Sequence[x509.Certificate],
    evidence: Evidence | None = None,
) -> PdfVerdict:
    """Examine every signature of a PDF that may be hostile.

    pdf: the whole file; over 50 MB it is not examined. at: aware, now; certificates are judged at this instant, or
    at the time that the file's time stamps prove. trust: the list of authorities to believe, or plain certificates,
    believed for everything; [] trusts nobody. evidence: revocation data kept here, beside what the file brings.
    Asks no network. A valid certificate about which nobody said anything is believed, and `revocation` says so.
    Starts one process (about 0.5 s, at most 5 s). Raises UnreadablePdf when it is no PDF at all.
    Source: ETSI EN 319 102-1 (validation), EN 319 142-1 (PAdES baseline).
    """
    if b"%PDF-" not in pdf[:1024]:
        raise UnreadablePdf
    if len(pdf) > MAX_BYTES:
        return undecided("too_large")
    order = Order(at, trust_list(trust), evidence or Evidence(), pdf)
    try:
        told = ask_worker("motcua.foundation.signatures.worker", order, seconds=MAX_SECONDS)
    except NotExamined as error:
        return undecided(error.problem)
    return verdict_from_json(told)


def undecided(problem: str) -> PdfVerdict:
    """The verdict on a file that could not be examined as a whole."""
    return PdfVerdict(UNDECIDED, problems=(problem,))


def verdict_to_json(verdict: PdfVerdict) -> dict[str, Any]:
    """Plain values for JSON; times in ISO 8601."""
    plain = asdict(verdict) | {"level": verdict.level}
    for signature, one in zip(plain["signatures"], verdict.signatures, strict=True):
        signature |= {"indication": one.indication, "sub_indication": one.sub_indication}
        _write_times(signature, "signed_at", "proven_at")
    for stamp in plain["time_stamps"]:
        _write_times(stamp, "at", "until")
    return plain


def verdict_from_json(text: bytes) -> PdfVerdict:
    """The reverse of `verdict_to_json`, from JSON text."""
    plain = json.loads(text)
    signatures = []
    for one in plain["signatures"]:
        _read_times(one, "signed_at", "proven_at")
        signatures.append(SignatureVerdict(**{key: one[key] for key in one if key not in _DERIVED}))
    for stamp in plain["time_stamps"]:
        _read_times(stamp, "at", "until")
    return PdfVerdict(
        plain["verdict"],
        plain["complete"],
        tuple(signatures),
        tuple(plain["problems"]),
        tuple(StampFound(**stamp) for stamp in plain["time_stamps"]),
    )


def _write_times(plain: dict[str, Any], *keys: str) -> None:
    plain.update({key: plain[key] and plain[key].isoformat() for key in keys})


def _read_times(plain: dict[str, Any], *keys: str) -> None:
    plain.update({key: plain[key] and datetime.fromisoformat(plain[key]) for key in keys})
