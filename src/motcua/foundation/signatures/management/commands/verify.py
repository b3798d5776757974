"""motcua verify FILE"""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser
from datetime import datetime
from pathlib import Path
from typing import Any

from cryptography import x509
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

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

_VALID, _NOT_VALID, _UNREADABLE = 0, 1, 2
_NOT_EXAMINED = {"unreadable", "encrypted", "too_large", "too_costly"}


class Command(BaseCommand):
    help = (
        "Say whether a file is validly signed and complete. Accepts: a signed PDF. "
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
            verdict = verify_pdf(
                options["file"].read_bytes(), at=timezone.now(), trust=trust, evidence=kept_evidence()
            )
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

    def _refuse(self, message: str, problem: str, *, as_json: bool) -> None:
        if as_json:
            refusal = PdfVerdict("INDETERMINATE", problems=(problem,))
            self.stdout.write(json.dumps(verdict_to_json(refusal)))
        self.stderr.write(message)
        sys.exit(_UNREADABLE)


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
