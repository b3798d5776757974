"""Every error of the API as problem details (RFC 9457), each with a stable code and a correlation id."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from http import HTTPStatus
from typing import Any

from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError

from motcua.doors.api.wrong_values import words_of
from motcua.foundation.kernel.errors import DomainError, NotFound
from motcua.foundation.ui.errors import problem
from motcua.registry.access.clients.errors import TokenMissing

logger = logging.getLogger(__name__)

# Statuses that no DomainError stands for: (code, words).
CODES = {
    400: ("bad_request", _("The request cannot be read. Look at the address, the headers and the JSON.")),
    403: ("refused", _("This is not allowed.")),
    404: ("not_found", _("There is nothing here under this address.")),
    406: ("not_acceptable", _("Answers are JSON. Leave the header Accept out, or name application/json.")),
    405: ("method_not_allowed", _("This address does not take this method; see the header Allow.")),
    413: ("too_large", _("The request is too large.")),
    415: ("media_type", _("Send application/json.")),
    429: ("too_many_calls", _("Too many calls. Wait a minute.")),
}
HEADER = "X-Request-Id"
# Fields of an error that are members of its problem: what is wrong where; the law that says so, what to do instead.
_MEMBERS = ("errors", "source", "instead")
BROKEN = ("server_error", _("Something broke here. It is logged under the correlation id."))


def answer(request: HttpRequest, status: int, code: str, detail: str, **more: Any) -> HttpResponse:
    """A problem with the correlation id of the request; `more`: further members."""
    correlation_id = getattr(request, "correlation_id", "")
    found = problem(status, code, detail, correlation_id=correlation_id, **more)
    found[HEADER] = correlation_id
    if status == HTTPStatus.UNAUTHORIZED:
        found["WWW-Authenticate"] = (
            f'Bearer error="{"invalid_token" if code != "token_missing" else "invalid_request"}"'
        )
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        allowance = getattr(request, "allowance", None)
        found["Retry-After"] = str(allowance.reset if allowance else 60)
    return found


def plain(request: HttpRequest, status: int) -> HttpResponse:
    """The problem of a status alone."""
    code, words = CODES.get(status, BROKEN)
    return answer(request, status, code, str(words))


def _domain(request: HttpRequest, error: Any) -> HttpResponse:
    more = {name: error.fields.get(name) for name in _MEMBERS}
    found = answer(request, error.status, error.code, str(error), **more)
    if error.code == "scope_missing":
        found["WWW-Authenticate"] = f'Bearer error="insufficient_scope", scope="{error.fields["scope"]}"'
    return found


def _invalid(request: HttpRequest, error: Any) -> HttpResponse:
    """What is wrong where; never the value that was sent, which may be personal."""
    errors = [
        {"path": _path(it["loc"]), "code": it.get("type", "invalid"), "detail": words_of(it)}
        for it in error.errors
    ]
    words = _("Some values are missing or wrong; “errors” says which.")
    return answer(request, 422, "invalid", str(words), errors=errors)


# What pydantic adds where the name itself is wrong.
_OF_KEY = "[key]"


def _path(loc: Sequence[Any]) -> str:
    """JSON Pointer (RFC 6901) of what ninja names by its place; a body's own parameter name is none of the body's."""
    parts = [str(part).replace("~", "~0").replace("/", "~1") for part in loc[1:] if part != _OF_KEY]
    if loc and loc[0] == "body" and parts and parts[0] == "sent":
        parts = parts[1:]
    return "".join(f"/{part}" for part in parts)


def _http(request: HttpRequest, error: Any) -> HttpResponse:
    return plain(request, error.status_code)


def _broken(request: HttpRequest, error: Any) -> HttpResponse:
    logger.error("api_error correlation_id=%s", getattr(request, "correlation_id", ""), exc_info=error)
    return plain(request, 500)


def register(api: NinjaAPI) -> None:
    """Let the API answer with problems only."""
    api.add_exception_handler(DomainError, _domain)
    api.add_exception_handler(ValidationError, _invalid)
    api.add_exception_handler(AuthenticationError, lambda request, _error: _domain(request, TokenMissing()))
    api.add_exception_handler(HttpError, _http)
    api.add_exception_handler(RequestDataTooBig, lambda request, _error: plain(request, 413))
    api.add_exception_handler(SuspiciousOperation, lambda request, _error: plain(request, 400))
    api.add_exception_handler(Http404, lambda request, _error: _domain(request, NotFound()))
    api.add_exception_handler(Exception, _broken)
