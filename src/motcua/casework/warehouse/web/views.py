"""Public verification: by code (typed or from the QR) or by file: PDF, XML, proof of an act.

Nobody signs in, nothing is kept.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from motcua.casework.warehouse import selectors
from motcua.casework.warehouse.contributions import entry_words
from motcua.casework.warehouse.models import Document
from motcua.casework.warehouse.web.words import validity
from motcua.foundation.signatures.proof_files import explain_proof, looks_like_proof
from motcua.foundation.signatures.verification import (
    PdfVerdict,
    SignatureVerdict,
    UnreadablePdf,
    explain,
    revocation_sentence,
)
from motcua.foundation.signatures.xml import looks_like_xml
from motcua.registry.access.policies import count_asking
from motcua.registry.access.services.throttle import VERIFICATION

_LONGEST = 100


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def verify(request: HttpRequest) -> HttpResponse:
    context: dict[str, Any] = {"code": request.GET.get("code", "")[:60]}
    status = 200
    if request.method == "POST" or context["code"]:
        count_asking(request, VERIFICATION)
    if request.method == "POST":
        context |= _by_file(request)
        status = 422 if context.get("problem") else 200
    elif context["code"]:
        context |= _by_code(context["code"])
    return render(request, "warehouse/verify.html", context, status=status)


def _by_code(code: str) -> dict[str, Any]:
    document = selectors.find_document(code)
    if not document:
        return {"unknown_code": True}
    verdict = selectors.verify_stored(document, at=timezone.now())
    return {"document": document, "counts_no_more": _counts_no_more(document), **_words(verdict)}


def _counts_no_more(document: Document | None) -> str:
    """That a document of ours was revoked, replaced or has expired; empty while it is in force."""
    return "" if document is None or document.state == "valid" else validity(document)[1]


def _by_file(request: HttpRequest) -> dict[str, Any]:
    upload = request.FILES.get("file")
    if not upload or not upload.size:
        return {"problem": _("Choose the file that you want to check. An empty file cannot be checked.")}
    if getattr(upload, "too_large", False):
        return {"problem": _("The file is larger than any paper we issue. Choose the file you were given.")}
    content, now = upload.read(), timezone.now()
    if looks_like_proof(content):
        return {"file_name": upload.name, "proof": _proof_words(content)}
    try:
        if looks_like_xml(content):
            verdict = selectors.verify_signed_xml(content, at=now)
        else:
            verdict = selectors.verify_upload(content, at=now)
    except UnreadablePdf as error:
        return {"problem": str(error)}
    ours = selectors.find_document_of_file(content)
    found = {"file_name": upload.name, "ours": ours, "counts_no_more": _counts_no_more(ours)}
    return {**found, **_words(verdict)}


def _proof_words(content: bytes) -> dict[str, Any]:
    """A journal proof for the page. Everything in it but our own words comes from a stranger."""
    found, is_ours = selectors.verify_journal_proof(content)
    entry = found.entry or {}
    return {
        "found": found,
        "is_ours": is_ours,
        "holds": is_ours and (found.is_valid or found.problem == "unstamped"),
        "problem": explain_proof(found.problem) if found.problem else "",
        "what": entry_words(str(entry.get("kind", ""))[:_LONGEST]),
        "at": _moment(entry.get("at")),
        "object": str(entry.get("object_id", ""))[:_LONGEST],
    }


def _moment(value: object) -> datetime | None:
    try:
        moment = datetime.fromisoformat(str(value))
    except ValueError:
        return None
    return moment if moment.tzinfo else None


def _words(verdict: PdfVerdict) -> dict[str, Any]:
    return {
        "verdict": verdict,
        "genuine": verdict.is_valid,
        # Where examining was given up, nothing is known of signatures.
        "unsigned": "unsigned" in verdict.problems,
        "problems": [explain(problem) for problem in verdict.problems],
        "signatures": [_signature_words(one) for one in verdict.signatures],
    }


def _signature_words(one: SignatureVerdict) -> dict[str, Any]:
    return {
        "verdict": one,
        "is_good": one.trusted and one.intact and one.unchanged,
        # An agency's own certificate names it as its holder.
        "is_seal": bool(one.organisation) and one.name == one.organisation,
        "revocation": revocation_sentence(one.revocation),
    }
