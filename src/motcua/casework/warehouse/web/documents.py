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
from motcua.casework.warehouse.policies import is_owner
from motcua.casework.warehouse.web.words import document_row, reader_rows, when
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
    )
    found = shelf.list_own_documents(request.actor, sought)
    rows = [
        document_row(it) | {"seen": when(found.seen[it.id]) if it.id in found.seen else ""}
        for it in found.documents
    ]
    kept = {"q": sought.words, "kind": sought.kind}
    context = {
        "rows": rows,
        "sought": sought,
        "kinds": found.kinds,
        "next": f"?{urlencode(kept | {'after': found.next_after})}" if found.next_after else "",
        "is_filtered": bool(sought.words or sought.kind or sought.after),
        "may_share": is_owner(request.actor),
        "is_limited": not request.actor.may("receive"),
    }
    return render(request, "documents/list.html", context)


@citizen_required
@never_cache
@require_safe
def document(request: ActingRequest, document_id: UUID) -> HttpResponse:
    found = shelf.get_own_document(request.actor, document_id)
    code = found.verification_code
    context = {
        "document": found,
        "row": document_row(found),
        "qr": qr_svg(f"{get('site.base_url')}/verify/?code={code}"),
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
