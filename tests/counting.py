"""What a page asks the database, for the tests of ceilings."""

from __future__ import annotations

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

# Signed in, every page asks for the session, the account, who acts, and how many messages are unread.
CITIZEN, OFFICER = 4, 5


def queries(browser: Client, url: str, **query: str) -> list[str]:
    """What the page asks the database, on the second look: things kept once a process do not count."""
    browser.get(url, query)
    with CaptureQueriesContext(connection) as captured:
        response = browser.get(url, query)
    assert response.status_code == 200
    return [query["sql"] for query in captured.captured_queries]


def shown(asked: list[str]) -> str:
    return "\n".join(sql[:150] for sql in asked)
