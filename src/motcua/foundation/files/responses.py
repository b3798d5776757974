"""Handing a stored file to a browser."""

from __future__ import annotations

from django.http import FileResponse

from motcua.foundation.files.models import StoredFile
from motcua.foundation.files.services import open_file


def file_response(file: StoredFile, *, inline: bool = False) -> FileResponse:
    """The stored file under its own name; never kept by caches. Pictures are sandboxed in the browser."""
    response = FileResponse(
        open_file(file), as_attachment=not inline, filename=file.name, content_type=file.media_type
    )
    response["Content-Length"] = str(file.size_bytes)
    response["Cache-Control"] = "private, no-store"
    if file.media_type == "application/pdf":
        # Chromium shows no PDF under a content security policy that forbids plug-ins or sandboxes the page.
        response._csp_exempt = True  # type: ignore[attr-defined]
    else:
        response["Content-Security-Policy"] = "sandbox; default-src 'none'; img-src 'self'"
    return response
