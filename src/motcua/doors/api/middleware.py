"""Around every call of the API: a correlation id, and problems where Django would show a page."""

from __future__ import annotations

import re
from collections.abc import Callable
from uuid import uuid4

from django.http import HttpRequest, HttpResponse

from motcua.doors.api.problems import HEADER, plain
from motcua.foundation.kernel.calls import answering

PREFIX = "/api/"
# Not of figures alone: it goes into the journal for good, and a number could be a person's.
_GIVEN = re.compile(r"(?=.*[A-Za-z])[A-Za-z0-9._-]{8,64}")


class ApiMiddleware:
    """A client may send its own correlation id; it comes back with the answer and stands in every problem, in the log
    and in the journal."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path_info.startswith(PREFIX):
            return self.get_response(request)
        given = request.headers.get(HEADER, "")
        correlation_id = given if _GIVEN.fullmatch(given) else uuid4().hex
        request.correlation_id = correlation_id  # type: ignore[attr-defined]
        with answering(correlation_id):
            answer = self._answer(request)
        answer[HEADER] = correlation_id
        if allowance := getattr(request, "allowance", None):
            answer["RateLimit-Limit"] = str(allowance.limit)
            answer["RateLimit-Remaining"] = str(allowance.remaining)
            answer["RateLimit-Reset"] = str(allowance.reset)
        # With an ETag a copy may be kept, and is asked about each time.
        answer["Cache-Control"] = "private, no-cache" if "ETag" in answer else "no-store"
        return answer

    def _answer(self, request: HttpRequest) -> HttpResponse:
        if not _takes_json(request):
            return plain(request, 406)
        answer = self.get_response(request)
        if answer.status_code < 400 or HEADER in answer:
            return answer
        allowed = answer.get("Allow")
        answer = plain(request, answer.status_code)
        if allowed:
            answer["Allow"] = allowed
        return answer


def _takes_json(request: HttpRequest) -> bool:
    """Whether the caller can read our answers; a file comes as it is, whatever was asked for."""
    kinds = ("application/json", "application/problem+json")
    return request.path_info.endswith("/content") or any(request.accepts(kind) for kind in kinds)
