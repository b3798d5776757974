"""A citizen's documents: the list, one of them, its file."""

from __future__ import annotations

from urllib.parse import urlencode
from uuid import UUID

from django.http import FileResponse, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from motcua.casework.warehouse import shelf
from motcua.casework.warehouse.models import Document
from motcua.casework.warehouse.policies import is_owner
from motcua.casework.warehouse.web.words import ORIGINS, document_row, provenance_rows, reader_rows, when
from motcua.foundation.files.official import qr_svg
from motcua.foundation.files.responses import file_response
from motcua.foundation.installation.selectors import get
from motcua.registry.access.policies import ActingRequest, citizen_required


@citizen_required
@never_cache
@require_safe
def documents(request: ActingRequest) -> HttpResponse:
    sought = shelf.Sought(
        words=request.GET.get("q", "")[:100],
        kind=request.GET.get("kind", "")[:20],
        after=request.GET.get("after", "")[:100],
        state=_among(request.GET.get("state", ""), ("in_force", "over")),
        origin=_among(request.GET.get("origin", ""), tuple(ORIGINS)),
    )
    found = shelf.list_own_documents(request.actor, sought)
    rows = [
        document_row(it) | {"seen": when(found.seen[it.id]) if it.id in found.seen else ""}
        for it in found.documents
    ]
    kept = {"q": sought.words, "kind": sought.kind, "state": sought.state, "origin": sought.origin}
    context = {
        "rows": rows,
        "sought": sought,
        "kinds": found.kinds,
        "next": f"?{urlencode(kept | {'after': found.next_after})}" if found.next_after else "",
        "origins": ORIGINS,
        "is_filtered": bool(any(kept.values()) or sought.after),
        "may_share": is_owner(request.actor),
        "is_limited": not request.actor.may("receive"),
    }
    return render(request, "documents/list.html", context)


def _among(value: str, allowed: tuple[str, ...]) -> str:
    return value if value in allowed else ""


@citizen_required
@never_cache
@require_safe
def wallet(request: ActingRequest) -> HttpResponse:
    """What is in force as cards to be shown or printed."""
    found, following = shelf.list_wallet(request.actor, after=request.GET.get("after", "")[:100])
    context = {
        "rows": [document_row(it) | {"qr": _qr(it), "code": it.verification_code} for it in found],
        "next": f"?{urlencode({'after': following})}" if following else "",
    }
    return render(request, "documents/wallet.html", context)


def _qr(document: Document) -> str:
    """A picture of the address that says whether the paper is genuine; nothing of the person."""
    return qr_svg(f"{get('site.base_url')}/verify/?code={document.verification_code}")


@citizen_required
@never_cache
@require_safe
def document(request: ActingRequest, document_id: UUID) -> HttpResponse:
    found = shelf.get_own_document(request.actor, document_id)
    context = {
        "document": found,
        "row": document_row(found),
        "provenance": provenance_rows(found),
        "qr": _qr(found),
        "readers": reader_rows(shelf.readings_of([found])[found.id][:20]),
        "may_share": is_owner(request.actor),
    }
    return render(request, "documents/document.html", context)


@citizen_required
@never_cache
@require_safe
def document_file(request: ActingRequest, document_id: UUID) -> FileResponse:
    """The file to keep; with `?show`, in the browser, from where it is printed."""
    found = shelf.open_own_file(request.actor, document_id, at=timezone.now())
    return file_response(found, inline="show" in request.GET)
