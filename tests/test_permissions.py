"""Who may open which address: one row for every address there is."""

# ruff: noqa: F811  the fixtures come from things.py
from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from typing import Any

import pytest
from django.urls import URLPattern, get_resolver, reverse

from motcua.casework.dossiers.models import Dossier
from tests.permissions.rows import (
    OVERSEERS,
    PERSONS,
)
from tests.permissions.table import TABLE
from tests.permissions.things import _now, enter, outcome, things, url_of  # noqa: F401  fixtures

pytestmark = [pytest.mark.usefixtures("db"), pytest.mark.xdist_group("permissions")]


def addresses(resolver: Any = None, path: str = "", names: tuple[str, ...] = ()) -> Iterator[str]:
    """The name of every address, or its path where it has none."""
    for pattern in (resolver or get_resolver()).url_patterns:
        here = path + str(pattern.pattern)
        if isinstance(pattern, URLPattern):
            yield ":".join([*names, pattern.name]) if pattern.name else here
        else:
            yield from addresses(pattern, here, names + ((pattern.namespace,) if pattern.namespace else ()))


def test_every_address_has_its_row():
    assert sorted(addresses()) == sorted(TABLE)


@pytest.mark.parametrize(("name", "person"), list(product(TABLE, PERSONS)))
def test_an_address_opens_for_those_it_is_for_and_nobody_else(name, person, things, enter):
    row, client, url = TABLE[name], enter(person), url_of(name, things)
    response = client.get(url, row.query) if row.post is None else client.post(url, row.post)
    assert outcome(response) == row.gets[person]


DESK = (
    "desk:",
    "console:",
    "access:",
    "delegations:",
    "queue-desk:",
    "help-calls:",
    "desk-satisfaction:",
    "catalogue-desk:",
    "offers:",
)
POSTED = [name for name, row in TABLE.items() if row.post is not None]


@pytest.mark.parametrize("name", POSTED)
def test_what_changes_something_is_not_done_by_following_a_link(name, things, enter):
    person = "officer" if name.startswith(DESK) else "catalogue" if name.startswith("versions:") else "owner"
    assert enter(person).get(url_of(name, things)).status_code in {404, 405}


# A machine has no page that carries a token: its signature is asked for instead.
FROM_PAGES = [name for name in POSTED if name != "notifications:sms-report"]


@pytest.mark.parametrize("name", FROM_PAGES)
def test_what_changes_something_is_not_done_for_another_site(name, things, enter):
    person = "officer" if name.startswith(DESK) else "owner"
    client = enter(person, enforce_csrf_checks=True)
    assert client.post(url_of(name, things), TABLE[name].post).status_code == 403


@pytest.mark.parametrize("kind", ["draft_document", "receipt", "result"])
def test_the_applicant_gets_receipt_and_returned_result_and_no_draft(kind, things, enter):
    url = reverse("dossiers:document", args=[things["dossier"], things[kind]])
    assert enter("owner").get(url).status_code == (404 if kind == "draft_document" else 200)


def test_a_paper_of_another_dossier_is_not_found(things, enter):
    for name, person in (("dossiers:paper", "owner"), ("desk:paper", "officer")):
        url = reverse(name, args=[things["new_dossier"], things["paper"]])
        assert enter(person).get(url).status_code == 404


def test_a_document_of_another_dossier_is_not_found(things, enter):
    for name, person in (
        ("dossiers:document", "owner"),
        ("desk:document", "officer"),
        ("desk:page", "officer"),
    ):
        url = reverse(name, args=[things["new_dossier"], things["receipt"]])
        assert enter(person).get(url).status_code == 404


def test_search_shows_officers_only_what_is_theirs(things, enter):
    url, words = reverse("console:search"), {"q": "tran minh khoi"}
    dossier = str(things["dossier"])
    assert dossier in enter("officer").post(url, words, follow=True).content.decode()
    for person in ("elsewhere", *OVERSEERS):
        assert dossier not in enter(person).post(url, words, follow=True).content.decode()


def test_the_words_of_a_search_stay_out_of_addresses(enter):
    browser = enter("officer")
    answers = [browser.post(reverse("console:search"), {"q": "Trần Minh Khôi"}) for _ in range(2)]
    assert [reverse("console:found", args=[key]) for key in browser.session["searches"]] == [answers[0].url]
    assert answers[0].url == answers[1].url


def test_the_public_status_says_nothing_personal(things, enter, world):
    dossier = Dossier.objects.get(pk=things["dossier"])
    for person in ("stranger", "neighbour", "elsewhere"):
        page = enter(person).get(reverse("dossiers:status"), {"code": dossier.code}).content.decode()
        assert dossier.code in page
        for personal in ("Hồng Nhung", "Minh Khôi", "025197004187", "0912345678", "Khu 4"):
            assert personal not in page
