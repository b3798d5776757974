"""One HTTP exchange with an authority: little time, little data, no redirection."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlsplit

import requests

from motcua.foundation.kernel.fetching import FetchFailed, Limits, exchange

__all__ = ["FetchFailed", "fetch"]


def fetch(  # noqa: PLR0913  one keyword for each limit
    url: str,
    *,
    seconds: float,
    max_bytes: int,
    body: bytes | None = None,
    headers: Mapping[str, str] | None = None,
    auth: tuple[str, str] | None = None,
) -> bytes:
    """The body of the answer to a GET, or to a POST of `body`.

    seconds: for each wait and for the whole body. auth: user and password, HTTP Basic. Raises FetchFailed for
    anything but a complete 200, at most `max_bytes` long, over http or https.
    """
    if urlsplit(url).scheme not in {"http", "https"}:
        raise FetchFailed("Only http and https are fetched.")
    method = "GET" if body is None else "POST"
    answer = exchange(method, url, limits=Limits(seconds, max_bytes), headers=headers, data=body, auth=auth)
    if answer.status != requests.codes.ok:
        raise FetchFailed(f"Answered with status {answer.status}.")
    return answer.content
