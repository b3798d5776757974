"""One HTTP exchange with somebody else's service: little time, little data, no redirection."""

from __future__ import annotations

import time
from collections.abc import Mapping
from contextlib import nullcontext
from dataclasses import dataclass
from typing import Any

import requests
from urllib3.exceptions import HTTPError

_CONNECT_SECONDS = 5
_CHUNK = 16 * 1024


class FetchFailed(OSError):
    """The service did not answer in time, or not with what was asked for."""


class AnswerTooLong(FetchFailed):
    """It began to answer, and its body is too long, or too slow in coming."""


@dataclass(frozen=True, slots=True)
class Limits:
    """seconds: for each wait (connecting: 5 at most) and until the last byte of the body. max_bytes: of the body."""

    seconds: float
    max_bytes: int


@dataclass(frozen=True, slots=True)
class Answer:
    """Any status; the whole body."""

    status: int
    content: bytes


def exchange(
    method: str,
    url: str,
    *,
    limits: Limits,
    session: requests.Session | None = None,
    headers: Mapping[str, str] | None = None,
    **content: Any,
) -> Answer:
    """Ask once, over a session of its own unless one is given. Redirections are answers.

    content: `json` or `data`, and `auth`, as in requests. Raises FetchFailed.
    """
    deadline = time.monotonic() + limits.seconds
    try:
        with (
            nullcontext(session) if session else _session() as used,
            used.request(
                method,
                url,
                # Unpacked by nobody, so that the limit is one of what is kept.
                headers={"Accept-Encoding": "identity", **(headers or {})},
                timeout=(min(limits.seconds, _CONNECT_SECONDS), limits.seconds),
                allow_redirects=False,
                stream=True,
                **content,
            ) as response,
        ):
            return Answer(response.status_code, _read(response, limits.max_bytes, deadline))
    except (requests.RequestException, HTTPError) as error:
        raise FetchFailed(type(error).__name__) from error


def _session() -> requests.Session:
    session = requests.Session()
    session.trust_env = False  # no .netrc: what is sent is what the settings say
    return session


def _read(response: requests.Response, max_bytes: int, deadline: float) -> bytes:
    """`read1` returns what is there, so that a drip cannot stretch the wait."""
    content = bytearray()
    while chunk := response.raw.read1(_CHUNK):
        content += chunk
        if len(content) > max_bytes:
            raise AnswerTooLong("The answer is too long.")
        if time.monotonic() > deadline:
            raise AnswerTooLong("The answer took too long.")
    return bytes(content)
