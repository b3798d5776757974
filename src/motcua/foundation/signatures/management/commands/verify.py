"""motcua verify FILE"""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from cryptography import x509
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from motcua.foundation.signatures.keys import trust_roots
from motcua.foundation.signatures.stamp import format_time
from motcua.foundation.signatures.verification import (
    PdfVerdict,
    SignatureVerdict,
    UnreadablePdf,
    explain,
    verdict_to_json,
    verify_pdf,
)
from motcua.foundation.signatures.xml import looks_like_xml, verify_xml

_VALID, _NOT_VALID, _UNREADABLE = 0, 1, 2
_NOT_EXAMINED = {"unreadable", "encrypted", "too_large", "too_costly"}


class Command(BaseCommand):
    help = (
        "Say whether a file is validly signed and complete. Accepts: a signed PDF, signed XML. "
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
            verdict = _examine(options["file"].read_bytes(), trust)
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


def _examine(content: bytes, trust: list[x509.Certificate]) -> PdfVerdict:
    """What the file is shows in its first bytes. Raises UnreadablePdf for what is no kind that is known."""
    if looks_like_xml(content):
        found = verify_xml(content, at=timezone.now(), trust=trust)
        return PdfVerdict(found.verdict, found.complete, found.signatures, found.problems)
    return verify_pdf(content, at=timezone.now(), trust=trust)


def _trust(path: Path | None) -> list[x509.Certificate]:
    try:
        return (
            x509.load_pem_x509_certificates(path.read_bytes())
            if path
            else trust_roots(settings.SIGNATURES_DIR)
        )
    except (OSError, ValueError) as error:
        raise CommandError(
            _("The trust list cannot be read: %(why)s") % {"why": error}, returncode=2
        ) from error


def _sentences(verdict: PdfVerdict) -> list[str]:
    if verdict.is_valid:
        lines = [_("The file is validly signed and complete.")]
    else:
        lines = [_("The file is not validly signed and complete."), *map(str, map(explain, verdict.problems))]
    return lines + [_described(signature) for signature in verdict.signatures]


def _described(signature: SignatureVerdict) -> str:
    who = ", ".join(filter(None, (signature.name, signature.title, signature.organisation)))
    when = format_time(signature.signed_at) if signature.signed_at else _("unknown")
    finding = str(explain(signature.problem)) if signature.problem else _("This signature is valid.")
    return _("Signed by: %(who)s. Stated time: %(when)s. %(finding)s") % {
        "who": who or _("unknown"),
        "when": when,
        "finding": finding,
    }
