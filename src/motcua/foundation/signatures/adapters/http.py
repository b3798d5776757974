"""Questions to a service that may be down, slow or hostile: JSON over HTTP with limits of time and size."""

from __future__ import annotations

import json
import time
from typing import Any

import requests
from urllib3.exceptions import HTTPError

CONNECT_SECONDS = 5
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
    until = time.monotonic() + ANSWER_SECONDS
    try:
        with session.post(
            url,
            # Not packed: what comes is limited before it is unpacked.
            headers={"Accept-Encoding": "identity"} | (headers or {}),
            timeout=(CONNECT_SECONDS, ANSWER_SECONDS),
            allow_redirects=False,
            stream=True,
            **content,
        ) as response:
            answer = json.loads(_read(response, until))
    except (requests.RequestException, HTTPError, OSError, ValueError, RecursionError) as error:
        raise NoAnswer from error
    if not isinstance(answer, dict):
        raise NoAnswer
    return response.status_code, answer


def _read(response: requests.Response, until: float) -> bytes:
    read = bytearray()
    # As much as is there: one that drips would never fill a larger piece, and each piece has its own time limit.
    while piece := response.raw.read1(16 * 1024):
        read += piece
        if len(read) > LARGEST_ANSWER or time.monotonic() > until:
            raise NoAnswer
    return bytes(read)
