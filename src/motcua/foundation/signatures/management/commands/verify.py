"""motcua verify FILE"""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser
from datetime import datetime
from pathlib import Path
from typing import Any, NoReturn

from cryptography import x509
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from motcua.foundation.journal.rules.proofs import ProofVerdict
from motcua.foundation.signatures.proof_files import explain_proof, looks_like_proof, verify_proof_alone
from motcua.foundation.signatures.revocation import kept_evidence
from motcua.foundation.signatures.stamp import format_time
from motcua.foundation.signatures.trust import BadTrustList, TrustList, read_trust_list, trust_list
from motcua.foundation.signatures.verification import (
    PdfVerdict,
    SignatureVerdict,
    StampFound,
    UnreadablePdf,
    explain,
    revocation_sentence,
    verdict_to_json,
    verify_pdf,
)
from motcua.foundation.signatures.xml import looks_like_xml, verify_xml

_VALID, _NOT_VALID, _UNREADABLE = 0, 1, 2
_NOT_EXAMINED = {"unreadable", "encrypted", "too_large", "too_costly"}


class Command(BaseCommand):
    help = (
        "Say whether a file is validly signed and complete. Accepts: a signed PDF, signed XML, a journal proof. "
        "Exit status: 0 valid and complete, 1 not, 2 unreadable. Asks no network and no database."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument(
            "--trust",
            type=Path,
            metavar="CA.pem",
            help="Certificates of the authorities to believe, instead of this installation's trust list.",
        )
        parser.add_argument("--json", action="store_true", help="One JSON object on one line.")

    def handle(self, *args: Any, **options: Any) -> None:
        trust = _trust(options["trust"])
        try:
            content = options["file"].read_bytes()
            if looks_like_proof(content):
                self._tell_proof(content, trust, as_json=options["json"])
            verdict = _examine(content, trust)
        except UnreadablePdf as error:
            self._refuse(str(error), "not_a_pdf", as_json=options["json"])
        except OSError as error:
            self._refuse(str(error), "no_file", as_json=options["json"])
        if options["json"]:
            self.stdout.write(json.dumps(verdict_to_json(verdict), ensure_ascii=False))
        else:
            self.stdout.write("\n".join(_sentences(verdict)))
        if verdict.is_valid:
            sys.exit(_VALID)
        sys.exit(_UNREADABLE if _NOT_EXAMINED & set(verdict.problems) else _NOT_VALID)

    def _tell_proof(self, content: bytes, trust: TrustList, *, as_json: bool) -> NoReturn:
        found = verify_proof_alone(content, trust=trust)
        if as_json:
            self.stdout.write(json.dumps(_proof_to_json(found), ensure_ascii=False))
        else:
            self.stdout.write("\n".join(_proof_sentences(found)))
        sys.exit(_VALID if found.is_valid else _NOT_VALID if found.is_readable else _UNREADABLE)

    def _refuse(self, message: str, problem: str, *, as_json: bool) -> None:
        if as_json:
            refusal = PdfVerdict("INDETERMINATE", problems=(problem,))
            self.stdout.write(json.dumps(verdict_to_json(refusal)))
        self.stderr.write(message)
        sys.exit(_UNREADABLE)


def _examine(content: bytes, trust: TrustList) -> PdfVerdict:
    """What the file is shows in its first bytes. Raises UnreadablePdf for what is no kind that is known."""
    at = timezone.now()
    if looks_like_xml(content):
        found = verify_xml(content, at=at, trust=trust, evidence=kept_evidence())
        return PdfVerdict(found.verdict, found.complete, found.signatures, found.problems)
    return verify_pdf(content, at=at, trust=trust, evidence=kept_evidence())


def _trust(path: Path | None) -> TrustList:
    """The certificates of the file count for signers and time stamps alike."""
    try:
        if path is None:
            return read_trust_list(settings.SIGNATURES_DIR)
        return trust_list(x509.load_pem_x509_certificates(path.read_bytes()))
    except (OSError, ValueError, BadTrustList) as error:
        why = error.fields["reason"] if isinstance(error, BadTrustList) else error
        raise CommandError(
            _("The trust list cannot be read: %(why)s") % {"why": why}, returncode=2
        ) from error


def _proof_to_json(found: ProofVerdict) -> dict[str, Any]:
    """The same words as for signatures; the one "signature" is the time stamp on the journal's head."""
    stamp = found.stamp
    signature = {
        "name": stamp.authority if stamp else "",
        "signed_at": stamp.at.isoformat() if stamp else None,
        "intact": found.intact and stamp is not None,
        "unchanged": found.intact,
        "trusted": bool(stamp and stamp.trusted),
    }
    return {
        "verdict": "TOTAL-PASSED" if found.is_valid else "INDETERMINATE" if found.intact else "TOTAL-FAILED",
        "signatures": [signature] if found.is_readable else [],
        "problems": [found.problem] if found.problem else [],
        "position": found.position,
        "head": found.head.hex() if found.head else None,
        "sealed_by": found.sealed_by,
        "entry": found.entry,
    }


def _proof_sentences(found: ProofVerdict) -> list[str]:
    if not found.is_valid:
        return [_("The journal's proof does not hold."), str(explain_proof(found.problem))]
    entry, stamp = found.entry or {}, found.stamp
    lines = [_("This entry stands in the sealed journal of %(who)s.") % {"who": found.sealed_by}]
    lines.append(
        _("Position %(position)s: %(kind)s, %(at)s.")
        % {"position": found.position, "kind": entry.get("kind"), "at": entry.get("at")}
    )
    if stamp:
        proven = {"when": _time(stamp.at), "who": stamp.authority}
        lines.append(_("It existed at %(when)s, as the time stamp of %(who)s proves.") % proven)
    return lines


def _sentences(verdict: PdfVerdict) -> list[str]:
    if verdict.is_valid:
        lines = [_("The file is validly signed and complete.")]
    else:
        lines = [_("The file is not validly signed and complete."), *map(str, map(explain, verdict.problems))]
    lines += [_described(signature) for signature in verdict.signatures]
    return lines + [_stamp_described(stamp) for stamp in verdict.time_stamps]


def _described(signature: SignatureVerdict) -> str:
    who = ", ".join(filter(None, (signature.name, signature.title, signature.organisation)))
    lines = [
        _("Signed by: %(who)s. Stated time: %(when)s. %(finding)s")
        % {"who": who or _("unknown"), "when": _time(signature.signed_at), "finding": _finding(signature)}
    ]
    if signature.reason:
        lines.append("  " + _("For: %(reason)s.") % {"reason": signature.reason})
    if signature.proven_at:
        proven = {"when": _time(signature.proven_at), "who": signature.stamped_by}
        lines.append("  " + _("It existed at %(when)s, as the time stamp of %(who)s proves.") % proven)
    lines.append("  " + str(revocation_sentence(signature.revocation)))
    if signature.level:
        lines.append("  " + _("Level: %(level)s.") % {"level": f"PAdES {signature.level}"})
    return "\n".join(lines)


def _finding(signature: SignatureVerdict) -> str:
    if not signature.problem:
        return _("This signature is valid.")
    status = " ".join(filter(None, (signature.indication, signature.sub_indication)))
    return f"{explain(signature.problem)} ({status})"


def _stamp_described(stamp: StampFound) -> str:
    finding = str(explain(stamp.problem)) if stamp.problem else _("This time stamp is valid.")
    return _("Time stamp by: %(who)s. Time: %(when)s. %(finding)s") % {
        "who": stamp.authority or _("unknown"),
        "when": _time(stamp.at),
        "finding": finding,
    }


def _time(at: datetime | None) -> str:
    return format_time(at) if at else _("unknown")
