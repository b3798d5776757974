"""Requests about own data with connections of their own, as the server has them: nothing around an act but the act."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from threading import Barrier

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.urls import reverse

from motcua.foundation.journal.models import Entry
from motcua.registry.people.data_requests import Asked, ask
from motcua.registry.people.errors import RequestOpen
from motcua.registry.people.models import DataRequest

AT = datetime(2026, 3, 10, 2, 0, tzinfo=UTC)


@pytest.fixture
def db(shared_database: None) -> None:
    """What one connection commits is there for the others."""


def proof() -> SimpleUploadedFile:
    return SimpleUploadedFile("proof.txt", b"no paper at all", "text/plain")


def test_a_page_enters_a_request_with_its_entry(world, browse, db):
    browser = browse(world.mother)
    assert browser.post(reverse("people:data-download")).status_code == 302
    request = DataRequest.objects.get(person=world.mother.person_id)
    assert Entry.objects.filter(object_id=request.id, kind="data_request.made").count() == 1


def test_a_refused_paper_leaves_no_request(world, browse, db):
    sent = {"source": "other", "words": "Wrong.", "evidence": proof()}
    assert browse(world.mother).post(reverse("people:data-correct"), sent).status_code == 422
    assert not DataRequest.objects.exists()


def test_who_presses_twice_at_once_asks_once(world, db):
    barrier = Barrier(2)

    def press(_number: int) -> str:
        try:
            barrier.wait(timeout=10)
            ask(actor=world.mother, asked=Asked("download"), at=AT)
        except RequestOpen:
            return "open"
        finally:
            connection.close()
        return "made"

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(press, range(2))) == ["made", "open"]
    request = DataRequest.objects.get()
    assert Entry.objects.filter(object_id=request.id).count() == 1
