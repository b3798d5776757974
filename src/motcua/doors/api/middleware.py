"""Around every call of the API: a correlation id, and problems where Django would show a page."""

from __future__ import annotations

import re
from collections.abc import Callable
from uuid import uuid4

from django.http import HttpRequest, HttpResponse

from motcua.doors.api.problems import HEADER, plain

PREFIX = "/api/"
_GIVEN = re.compile(r"[A-Za-z0-9._-]{8,64}")


class ApiMiddleware:
    """A client may send its own correlation id; it comes back with the answer and stands in every problem."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path_info.startswith(PREFIX):
            return self.get_response(request)
        given = request.headers.get(HEADER, "")
        correlation_id = given if _GIVEN.fullmatch(given) else uuid4().hex
        request.correlation_id = correlation_id  # type: ignore[attr-defined]
        answer = self.get_response(request)
        if answer.status_code >= 400 and HEADER not in answer:
            allowed = answer.get("Allow")
            answer = plain(request, answer.status_code)
            if allowed:
                answer["Allow"] = allowed
        answer[HEADER] = correlation_id
        answer["Cache-Control"] = "no-store"
        return answer
