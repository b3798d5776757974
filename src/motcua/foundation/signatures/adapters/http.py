"""Questions to a service that may be down, slow or hostile: JSON over HTTP with limits of time and size."""

from __future__ import annotations

import json
from typing import Any

import requests

from motcua.foundation.kernel.fetching import Limits, exchange

ANSWER_SECONDS = 30
LARGEST_ANSWER = 1024 * 1024


class NoAnswer(Exception):
    """The service is not there, is too slow, or says something that is not the agreed form."""


def post(
    session: requests.Session, url: str, *, headers: dict[str, str] | None = None, **content: Any
) -> tuple[int, dict[str, Any]]:
    """HTTP status and the JSON object of the answer to a POST; redirections are not followed.

    content: `json` or `data`, and `auth`, as in requests. Raises NoAnswer.
    """
    limits = Limits(ANSWER_SECONDS, LARGEST_ANSWER)
    try:
        reply = exchange("POST", url, limits=limits, session=session, headers=headers, **content)
        answer = json.loads(reply.content)
    except (OSError, ValueError, RecursionError) as error:
        raise NoAnswer from error
    if not isinstance(answer, dict):
        raise NoAnswer
    return reply.status, answer
