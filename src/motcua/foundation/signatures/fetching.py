"""One HTTP exchange with an authority: little time, little data, no redirection."""

from __future__ import annotations

import time
from collections.abc import Mapping
from urllib.parse import urlsplit

import requests
from urllib3.exceptions import HTTPError

_CONNECT_SECONDS = 5
_CHUNK = 16 * 1024


class FetchFailed(OSError):
    """The authority did not answer in time, or not with what was asked for."""


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
    deadline = time.monotonic() + seconds
    session = requests.Session()
    session.trust_env = False  # no .netrc: what is sent is what the settings say
    try:
        with session.request(
            "GET" if body is None else "POST",
            url,
            data=body,
            # Unpacked by nobody, so that the limit is one of what is kept.
            headers={"Accept-Encoding": "identity", **(headers or {})},
            auth=auth,
            timeout=(min(seconds, _CONNECT_SECONDS), seconds),
            allow_redirects=False,
            stream=True,
        ) as response:
            if response.status_code != requests.codes.ok:
                raise FetchFailed(f"Answered with status {response.status_code}.")
            return _read(response, max_bytes, deadline)
    except (requests.RequestException, HTTPError) as error:
        raise FetchFailed(type(error).__name__) from error
    finally:
        session.close()


def _read(response: requests.Response, max_bytes: int, deadline: float) -> bytes:
    """`read1` returns what is there, so that a drip cannot stretch the wait."""
    content = bytearray()
    while chunk := response.raw.read1(_CHUNK):
        content += chunk
        if len(content) > max_bytes:
            raise FetchFailed("The answer is too long.")
        if time.monotonic() > deadline:
            raise FetchFailed("The answer took too long.")
    return bytes(content)
