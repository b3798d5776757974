"""People share their documents by a code through services they signed in to: made, listed, read, revoked."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine

from motcua.casework.dossiers.tests.factories import MORNING
from motcua.casework.warehouse.models import Share
from motcua.casework.warehouse.tests.factories import given, look
from motcua.doors.api.tests.factories import by_person
from motcua.doors.api.tests.test_api import is_problem
from motcua.foundation.journal.models import Entry
from motcua.registry.access.clients.models import KeptAnswer

pytestmark = pytest.mark.django_db
PATH = "/documents/shares"


@pytest.fixture(autouse=True)
def _now():
    with time_machine.travel(MORNING, tick=False):
        yield


@pytest.fixture
def mother(world):
    return by_person(world, world.mother, at=MORNING)


@pytest.fixture
def document(world):
    return given(world.desk.agency, world.mother.person_id, 12)


def wanted(document, **changes):
    ends = (MORNING + timedelta(days=1)).isoformat()
    return {"documents": [str(document.id)], "purpose": "Vay vốn", "ends_at": ends} | changes


def test_a_share_is_made_once_looked_at_and_revoked(world, mother, document):
    answer = mother.post(PATH, wanted(document), key="share-0001")
    assert answer.status_code == 201, answer.content
    made = answer.json()
    assert answer["Location"].endswith(f"{PATH}/{made['id']}")
    assert made["link"].endswith(f"/shared/{made['code']}/") and made["state"] == "open"
    again = mother.post(PATH, wanted(document), key="share-0001")
    assert (again.json()["id"], again["Idempotency-Replayed"]) == (made["id"], "true")
    # The code lies nowhere, not with the kept answer either.
    assert made["code"] not in str([*KeptAnswer.objects.values_list("answer", flat=True)])
    look(actor=world.neighbour, code=made["code"], at=MORNING)
    shown = mother.get(f"{PATH}/{made['id']}").json()
    assert (shown["looks"], [it["what"] for it in shown["looked"]]) == (1, ["looked"])
    assert [it["id"] for it in mother.get(PATH).json()["items"]] == [made["id"]]
    ended = mother.post(f"{PATH}/{made['id']}/revoke", key="revoke-0001").json()
    assert (ended["state"], ended["code"], ended["link"]) == ("revoked", None, None)
    assert mother.post(f"{PATH}/{made['id']}/revoke", key="revoke-0002").json()["state"] == "revoked"
    assert Entry.objects.filter(kind="share.revoked").count() == 1
    entry = Entry.objects.get(kind="share.made")
    assert entry.facts["through"]


def test_what_is_not_theirs_is_neither_shared_nor_seen(world, mother, document):
    made = mother.post(PATH, wanted(document), key="share-0001").json()
    neighbour = by_person(world, world.neighbour, at=MORNING)
    is_problem(neighbour.post(PATH, wanted(document), key="share-0002"), 422, "not_shareable")
    is_problem(neighbour.get(f"{PATH}/{made['id']}"), 404, "not_found")
    is_problem(neighbour.post(f"{PATH}/{made['id']}/revoke", key="revoke-0001"), 404, "not_found")
    assert neighbour.get(PATH).json()["items"] == []
    officer = by_person(world, world.desk.reception, at=MORNING)
    assert officer.get(PATH).status_code == 403
    assert Share.objects.get().revoked_at is None


@pytest.mark.parametrize(
    "changes",
    [
        {"ends_at": (MORNING - timedelta(days=1)).isoformat()},
        {"ends_at": "9999-12-31T23:59:59-12:00"},
        {"purpose": " "},
        {"documents": []},
        {"most_looks": 0},
        {"code": "AAAA"},
    ],
)
def test_a_share_without_end_or_purpose_is_refused(mother, document, changes):
    answer = mother.post(PATH, wanted(document, **changes), key="share-0001")
    assert answer.status_code == 422, answer.content
    if answer.json()["code"] != "invalid":
        assert [it["path"] for it in answer.json()["errors"]] == [f"/{name}" for name in changes]
    assert not Share.objects.exists()
