"""The chosen colours as a style sheet, and the crest. For everybody, kept by browsers for a year."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from motcua.foundation.installation.appearance import chosen_crest, chosen_css, mark

_FOR_A_YEAR = "public, max-age=31536000, immutable"


@login_not_required
@require_safe
def theme(request: HttpRequest, mark: str) -> HttpResponse:
    return _kept(chosen_css().encode(), "text/css; charset=utf-8", mark)


@login_not_required
@require_safe
def crest(request: HttpRequest, mark: str) -> HttpResponse:
    content, media_type = chosen_crest()
    response = _kept(content, media_type, mark)
    # Opened by itself a drawing is a document: it runs nothing, and belongs to no site.
    response["Content-Security-Policy"] = "default-src 'none'; style-src 'none'; sandbox"
    return response


def _kept(content: bytes, media_type: str, asked: str) -> HttpResponse:
    if not content:
        raise Http404
    response = HttpResponse(content, content_type=media_type)
    # An older page asks for the older one: it gets what holds now, and does not keep it under that address.
    response["Cache-Control"] = _FOR_A_YEAR if asked == mark(content) else "no-store"
    return response
