"""Procedures for programs: CPSV-AP as JSON-LD and Turtle, one by one and all together. Public."""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Iterator
from pathlib import Path

from django.contrib.auth.decorators import login_not_required
from django.http import (
    FileResponse,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponsePermanentRedirect,
    HttpResponseRedirect,
    StreamingHttpResponse,
)
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from motcua.registry.catalogue import selectors
from motcua.registry.catalogue.describing import FORMS, describe_procedure, kept_file, stamp
from motcua.registry.catalogue.web.stable import asked_form, read_code

_PIECE = 64 * 1024
_public = cache_control(public=True, max_age=3600)


@login_not_required
@_public
@require_safe
def procedure(request: HttpRequest, code: str, form: str) -> HttpResponseBase:
    """One procedure as it stands today."""
    base = read_code(code)
    if base != code:
        return HttpResponsePermanentRedirect(reverse(f"catalogue:procedure-{form}", args=[base]))
    nodes = describe_procedure(selectors.get_procedure(base), at=timezone.localdate())
    body = "".join(FORMS[form].pieces(nodes)).encode()
    answer = HttpResponse(body, content_type=_content_type(form))
    return _tagged(request, answer, hashlib.sha256(body).hexdigest()[:32])


@login_not_required
@require_safe
def catalogue(request: HttpRequest) -> HttpResponse:
    """The catalogue's own address: leads to the form that is asked for, Turtle where none is."""
    answer = HttpResponseRedirect(reverse(f"catalogue:all-{asked_form(request) or 'ttl'}"), status=303)
    patch_vary_headers(answer, ["Accept"])
    return answer


@login_not_required
@_public
@require_safe
def everything(request: HttpRequest, form: str) -> HttpResponseBase:
    """All procedures as they stand today, from the kept file; not even that where the asker has this state."""
    today = timezone.localdate()
    mark = stamp(at=today)
    # Weak: packed or not, it says the same.
    tag = f'W/"{mark}-{form}"'
    if unchanged := get_conditional_response(request, etag=tag):
        return unchanged
    path = kept_file(FORMS[form], mark, at=today)
    answer: HttpResponseBase
    if "gzip" in request.headers.get("Accept-Encoding", ""):
        answer = FileResponse(path.open("rb"), content_type=_content_type(form))
        answer["Content-Encoding"] = "gzip"
    else:
        answer = StreamingHttpResponse(_unpacked(path), content_type=_content_type(form))
    answer["Content-Disposition"] = f'inline; filename="procedures.{form}"'
    patch_vary_headers(answer, ["Accept-Encoding"])
    answer["ETag"] = tag
    return answer


def _tagged(request: HttpRequest, answer: HttpResponse, mark: str) -> HttpResponseBase:
    answer["ETag"] = f'"{mark}"'
    return get_conditional_response(request, etag=answer["ETag"], response=answer) or answer


def _unpacked(path: Path) -> Iterator[bytes]:
    with gzip.open(path) as file:
        while piece := file.read(_PIECE):
            yield piece


def _content_type(form: str) -> str:
    return f"{FORMS[form].media_type}; charset=utf-8"
