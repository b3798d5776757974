"""Answers to what went wrong: a page for people, problem details for programs."""

from __future__ import annotations

import logging
import secrets
from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _

from motcua.foundation.kernel.errors import DomainError

logger = logging.getLogger(__name__)


def new_reference() -> str:
    """A short code to read on the telephone and find in the log: "L-4471-0310" (number, month and day)."""
    return f"L-{secrets.randbelow(10_000):04d}-{timezone.localtime():%m%d}"


def wants_json(request: HttpRequest) -> bool:
    """Whether a program asked: everything under /api/, and who prefers JSON to a page."""
    if request.path.startswith("/api/"):
        return True
    preferred = request.get_preferred_type(["text/html", "application/problem+json", "application/json"])
    return preferred is not None and preferred != "text/html"


def domain_error_response(request: HttpRequest, error: DomainError) -> HttpResponse:
    """The error's own message and status, in the form that was asked for (RFC 9457 for programs)."""
    if wants_json(request):
        return problem(error.status, error.code, str(error))
    context = {"message": str(error), "advice": advice(error.status), "code": error.code}
    return HttpResponse(render_to_string("ui/error.html", context, request=request), status=error.status)


def problem(status: int, code: str, detail: str, **more: Any) -> JsonResponse:
    """Problem details (RFC 9457): `type`, `title`, `status`, `detail`, our stable `code`, and further members."""
    body = {
        "type": f"urn:motcua:problem:{code}",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
        "code": code,
        **{name: value for name, value in more.items() if value},
    }
    return JsonResponse(body, status=status, content_type="application/problem+json")


def advice(status: int) -> str:
    """What a person can do next."""
    if status == HTTPStatus.FORBIDDEN:
        return _("Sign in with the account that has this right, or ask the person who manages accounts.")
    if status == HTTPStatus.NOT_FOUND:
        return _("Check the address or the code, or start again from the first page.")
    if status == HTTPStatus.CONFLICT:
        return _("Go back and look at the page again. Somebody may have changed it in the meantime.")
    return _("Go back, correct what you entered and try again.")


def error_page(request: HttpRequest, status: int, template: str) -> HttpResponse:
    """One of the standing error pages, with a reference that is also logged with the running exception."""
    reference = new_reference()
    level = logging.ERROR if status >= HTTPStatus.INTERNAL_SERVER_ERROR else logging.INFO
    logger.log(level, "error_page reference=%s status=%s", reference, status, exc_info=status >= 500)
    if wants_json(request):
        code = HTTPStatus(status).phrase.lower().replace(" ", "_")
        return problem(status, code, HTTPStatus(status).description, reference=reference)
    # The page of a broken server must not ask the database or the context processors again.
    using = None if status >= HTTPStatus.INTERNAL_SERVER_ERROR else request
    return HttpResponse(render_to_string(template, {"reference": reference}, request=using), status=status)
