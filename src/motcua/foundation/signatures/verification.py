"""Verification of signed PDFs: what the verdict is, and how a stranger's file is examined without harm.

The file comes from anybody, so it is read by `worker` in a process of its own, which holds no secret and
whose time and memory are limited: a hostile file can stop that process, never the page that asked.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Final, Literal

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from motcua.foundation.kernel.errors import DomainError

MAX_BYTES = 50 * 1024 * 1024
MAX_SECONDS = 15

Verdict = Literal["TOTAL-PASSED", "TOTAL-FAILED", "INDETERMINATE"]
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
    "wrong_key_usage": _("The certificate is not meant for signing documents."),
}


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


@dataclass(frozen=True, slots=True)
class PdfVerdict:
    """A whole file.

    complete: all a reader sees is signed; only proofs of the signatures may follow the last of them.
    signatures: in the order in which they were made.
    problems: codes for `explain`, each once, the file's own before those of its signatures.
    """

    verdict: Verdict
    complete: bool = False
    signatures: tuple[SignatureVerdict, ...] = ()
    problems: tuple[str, ...] = ()

    @property
    def is_valid(self) -> bool:
        return self.verdict == PASSED and self.complete


def explain(problem: str) -> str | Promise:
    """The sentence for a problem code, translated when shown. Raises KeyError for an unknown code."""
    return _SENTENCES[problem]


def verify_pdf(pdf: bytes, *, at: datetime, trust: Sequence[x509.Certificate]) -> PdfVerdict:
    """Examine every signature of a PDF that may be hostile.

    pdf: the whole file; over 50 MB it is not examined. at: aware; certificates are judged at this instant.
    trust: the certificates of authorities to believe; [] trusts nobody.
    Asks no network: whether a certificate was revoked is not looked up. Starts one process (about 0.5 s).
    Raises UnreadablePdf when it is no PDF at all.
    Source: ETSI EN 319 102-1 (validation), EN 319 142-1 (PAdES baseline).
    """
    if b"%PDF-" not in pdf[:1024]:
        raise UnreadablePdf
    if len(pdf) > MAX_BYTES:
        return undecided("too_large")
    order = {"at": at.isoformat(), "trust": [root.public_bytes(Encoding.PEM).decode() for root in trust]}
    try:
        worker = subprocess.run(
            [sys.executable, "-m", "motcua.foundation.signatures.worker"],
            input=json.dumps(order).encode() + b"\n" + pdf,
            capture_output=True,
            timeout=MAX_SECONDS,
            # Nothing of this process's environment, where secrets may be.
            env={"PYTHONPATH": os.pathsep.join(filter(None, sys.path)), "PYTHONUTF8": "1"},
            check=False,
        )
    except subprocess.TimeoutExpired:
        return undecided("too_costly")
    if worker.returncode < 0:
        return undecided("too_costly")
    return verdict_from_json(worker.stdout) if worker.returncode == 0 else undecided("unreadable")


def undecided(problem: str) -> PdfVerdict:
    """The verdict on a file that could not be examined as a whole."""
    return PdfVerdict(UNDECIDED, problems=(problem,))


def verdict_to_json(verdict: PdfVerdict) -> dict[str, Any]:
    """Plain values for JSON; times in ISO 8601."""
    plain = asdict(verdict)
    for signature in plain["signatures"]:
        signature["signed_at"] = signature["signed_at"] and signature["signed_at"].isoformat()
    return plain


def verdict_from_json(text: bytes) -> PdfVerdict:
    """The reverse of `verdict_to_json`, from JSON text."""
    plain = json.loads(text)
    signatures = []
    for signature in plain["signatures"]:
        signed_at = signature["signed_at"] and datetime.fromisoformat(signature["signed_at"])
        signatures.append(SignatureVerdict(**(signature | {"signed_at": signed_at})))
    return PdfVerdict(plain["verdict"], plain["complete"], tuple(signatures), tuple(plain["problems"]))
