"""What a page sends is done once, however often it comes: a line that broke may have lost only the answer.

The script of the pages puts a token into the forms of who is signed in (field `once`; foundation/ui/assets/js/kept.js).
The first to come with it does what it asks for; who comes after with the same content is led to where the first was
led. A cookie names the tokens that were answered, so that the browser forgets what it kept.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from motcua.foundation.ui.errors import domain_error_response
from motcua.registry.access.errors import StillAtWork

FIELD = "once"
COOKIE = "motcua_sent"
# Longer than a tab waits for its line.
REMEMBERED = 24 * 3600
# Whoever is still at work after that is not: the process died, and the act's own rules tell what was done.
AT_WORK = 60
# As many as a few tabs send between two pages.
_NAMED = 8
_TOKEN = re.compile("[0-9a-f]{32}")
# A page that shows again what was typed.
_SHOWN = (HTTPStatus.OK, HTTPStatus.UNPROCESSABLE_ENTITY)


@dataclass(frozen=True, slots=True)
class _Sent:
    key: str
    token: str
    digest: str


class SentOnceMiddleware:
    """Stands innermost, so that only what may be done at all is remembered. Two statements for each form sent."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        """An answer where the same was sent before; None lets the view do it."""
        sent = _sent(request)
        if sent is None:
            return None
        if cache.add(sent.key, {"digest": sent.digest}, timeout=AT_WORK):
            request.sent = sent  # type: ignore[attr-defined]
            return None
        before = cache.get(sent.key) or {}
        if before.get("digest") != sent.digest:
            return None
        if "to" not in before:
            return domain_error_response(request, StillAtWork())
        return _named(request, HttpResponseRedirect(before["to"]), sent.token)

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        sent: _Sent | None = getattr(request, "sent", None)
        if sent is None:
            return response
        if response.has_header("Location"):
            found = {"digest": sent.digest, "to": response["Location"]}
            cache.set(sent.key, found, timeout=REMEMBERED)
            return _named(request, response, sent.token)
        # Nothing was done, or nothing that could be done twice.
        cache.delete(sent.key)
        return _named(request, response, sent.token) if response.status_code in _SHOWN else response


def _sent(request: HttpRequest) -> _Sent | None:
    """What was sent, where it bears a token and who sent it is signed in."""
    if request.method != "POST" or not request.user.is_authenticated:
        return None
    token = request.POST.get(FIELD, "")
    if not _TOKEN.fullmatch(token):
        return None
    values = {
        name: found for name, found in request.POST.lists() if name not in {FIELD, "csrfmiddlewaretoken"}
    }
    files = [[name, it.name, it.size] for name, found in request.FILES.lists() for it in found]
    text = json.dumps([request.path, values, files], sort_keys=True)
    digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
    return _Sent(f"sent:{request.user.pk}:{token}", token, digest)


def _named(request: HttpRequest, response: HttpResponse, token: str) -> HttpResponse:
    """The cookie that the script reads, hence not closed to it: it says nothing about anybody."""
    named = [it for it in request.COOKIES.get(COOKIE, "").split(".") if _TOKEN.fullmatch(it)]
    response.set_cookie(
        COOKIE,
        ".".join([*named, token][-_NAMED:]),
        max_age=AT_WORK * 10,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )
    return response
