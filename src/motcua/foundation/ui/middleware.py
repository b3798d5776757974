"""Turns what a view could not do into an answer."""

from __future__ import annotations

import logging
from collections.abc import Callable
from http import HTTPStatus

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.utils.deprecation import MiddlewareMixin

from motcua.foundation.kernel.errors import DomainError
from motcua.foundation.ui.errors import domain_error_response, error_page

logger = logging.getLogger(__name__)


class PlainAddressMiddleware(MiddlewareMixin):
    """Refuses addresses with the character NUL, which PostgreSQL can neither store nor compare."""

    def process_request(self, request: HttpRequest) -> None:
        if "\0" in request.path_info or "%00" in request.META.get("QUERY_STRING", ""):
            raise BadRequest("NUL in the address")


class DomainErrorMiddleware(MiddlewareMixin):
    """A `DomainError` raised in a view becomes a readable page, or problem details for a program.

    So does a method that an address does not take: who typed the address of a button's act by hand sees a page.
    """

    get_response: Callable[[HttpRequest], HttpResponse]

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, DomainError):
            return None
        logger.info("domain_error code=%s status=%s", exception.code, exception.status)
        return domain_error_response(request, exception)

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        is_blank = response.status_code == HTTPStatus.METHOD_NOT_ALLOWED and not response.content
        if not is_blank or "text/html" not in request.headers.get("Accept", ""):
            return response
        page = error_page(request, response.status_code, "405.html")
        page["Allow"] = response["Allow"]
        return page
