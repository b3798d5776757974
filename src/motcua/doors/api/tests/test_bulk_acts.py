"""One act on many dossiers by a program: an officer's, or its own."""

from __future__ import annotations

import pytest

from motcua.casework.dossiers.models import Dossier
from motcua.casework.dossiers.policies import HANDLE
from motcua.casework.dossiers.services.bulk_acts import run_bulk_act
from motcua.casework.dossiers.tests.factories import MORNING, accepted, handed_over, submitted
from motcua.doors.api.tests.factories import Caller, by_person
from motcua.doors.api.tests.test_api import is_problem
from motcua.foundation.journal.models import Entry
from motcua.registry.access.tests.client_factories import bearer, registered

pytestmark = pytest.mark.django_db
PATH = "/dossiers/acts"


@pytest.fixture
def officer(world):
    return by_person(world, world.desk.reception, at=MORNING)


def items(*dossiers):
    for it in dossiers:
        it.refresh_from_db()
    return [{"dossier": str(it.id), "revision": it.revision} for it in dossiers]


def run(caller, sent, key="bulk-acts-1"):
    """How far it is once the job has run, and what became of each: "" for done, else the code of the problem."""
    begun = caller.post(PATH, sent, key=key)
    assert begun.status_code == 202, begun.content
    run_bulk_act(begun.json()["id"], now=lambda: MORNING)
    path = begun["Location"].removeprefix("/api/v1")
    found = caller.get(f"{path}/items").json()["items"]
    return caller.get(path).json(), [(it["problem"] or {}).get("code", "") for it in found]


def test_an_officer_accepts_many_each_with_its_own_result(world, officer):
    new, old = submitted(world.desk, world.mother), handed_over(world.desk, world.mother)
    unknown = {"dossier": "00000000-0000-0000-0000-000000000001", "revision": 1}
    sent = {"act": "accept", "items": [*items(new, old), unknown]}
    shown, found = run(officer, sent)
    assert (shown["waiting"], shown["done"], shown["refused"]) == (0, 1, 2)
    assert found == ["", "act_not_allowed", "not_found"]
    assert Dossier.objects.get(pk=new.pk).status == 2
    entry = Entry.objects.get(kind="dossier.accepted", object_id=new.id)
    assert entry.person_id == world.desk.reception.person_id


def test_the_same_call_again_is_answered_as_before_and_does_nothing(world, officer):
    sent = {"act": "accept", "items": items(submitted(world.desk, world.mother))}
    first, again = (officer.post(PATH, sent, key="bulk-acts-1") for _ in range(2))
    assert first.json() == again.json()
    assert again["Idempotency-Replayed"] == "true"
    is_problem(officer.post(PATH, sent | {"act": "claim"}, key="bulk-acts-1"), 422, "key_reused")


def test_a_program_hands_over_in_its_own_name_and_decides_nothing(world):
    program = Caller(
        bearer(*registered(world.administrator, world.desk.agency, at=MORNING, scopes=(HANDLE,)))
    )
    dossier = accepted(world.desk, world.mother)
    is_problem(program.post(PATH, {"act": "accept", "items": items(dossier)}), 422, "not_in_bulk")
    shown, found = run(program, {"act": "hand-over", "items": items(dossier)}, key="bulk-acts-2")
    assert (shown["done"], found) == (1, [""])
    assert Dossier.objects.get(pk=dossier.pk).status == 4


def test_a_task_is_assigned_to_somebody(world, officer):
    sent = {"act": "assign", "items": items(submitted(world.desk, world.mother))}
    is_problem(officer.post(PATH, sent), 422, "nobody_chosen")
    given = sent | {"officer": str(world.desk.reception.person_id)}
    assert run(officer, given, key="bulk-acts-3")[1] == ["refused"]


def test_what_became_of_it_is_the_callers_own(world, officer):
    begun = officer.post(PATH, {"act": "claim", "items": items(submitted(world.desk, world.mother))})
    path = begun["Location"].removeprefix("/api/v1")
    other = by_person(world, world.desk.specialist, at=MORNING, name="Another service")
    is_problem(other.get(path), 404, "not_found")
    is_problem(by_person(world, world.mother, at=MORNING, name="A third").get(path), 403, "token_of_person")
