"""An applicant brings what was asked for through the API."""

from __future__ import annotations

import pytest

from motcua.casework.dossiers.models import Component, Dossier, SupplementPaper
from motcua.casework.dossiers.services import supplements
from motcua.casework.dossiers.services.supplements import Item
from motcua.casework.dossiers.tests.factories import MORNING, handed_over, picture, target
from motcua.casework.dossiers.tests.permit_factories import WORKS
from motcua.casework.dossiers.tests.permit_factories import submitted as permit
from motcua.doors.api.tests.factories import by_person
from motcua.doors.api.tests.test_api import is_problem
from motcua.foundation.journal.models import Entry
from motcua.foundation.kernel.ids import new_id

pytestmark = pytest.mark.django_db
PAPER, ANSWER = Item("Ảnh rõ", component="birth_evidence"), Item("Giờ sinh", field="birth_time")


@pytest.fixture
def mother(world):
    return by_person(world, world.mother, at=MORNING)


@pytest.fixture
def asked(world):
    dossier = handed_over(world.desk, world.mother)
    supplements.request_supplement(
        actor=world.desk.specialist, target=target(dossier), items=[PAPER, ANSWER], reason="Mờ", at=MORNING
    )
    dossier.refresh_from_db()
    return dossier


def test_says_what_is_asked_and_takes_it_once(world, mother, asked):
    shown = mother.get(f"/dossiers/{asked.id}").json()
    assert shown["acts"] == ["supplement", "withdraw"]
    assert [it["component"] or it["field"] for it in shown["supplement"]["items"]] == [
        "birth_evidence",
        "birth_time",
    ]
    paper = mother.upload(picture(shade=9)).json()["id"]
    sent = {"answers": {"birth_time": None}, "papers": {"0": [paper]}}
    tag = mother.get(f"/dossiers/{asked.id}")["ETag"]
    answers = [mother.act(asked, "supplement", sent, If_Match=tag) for _twice in range(2)]
    assert [it.status_code for it in answers] == [200, 200], answers[0].content
    assert answers[1]["Idempotency-Replayed"] == "true"
    body = answers[0].json()
    assert (body["status"], body["supplement"], body["acts"]) == (4, None, ["withdraw"])
    assert "birth_time" not in body["answers"]
    assert Component.objects.filter(dossier=asked, supplement__isnull=False).count() == 1
    assert Entry.objects.get(object_id=asked.id, kind="dossier.supplemented").actor_kind == "citizen"


def test_keeps_nothing_when_something_is_missing_wrong_or_old(world, mother, asked):
    paper = mother.upload(picture(shade=9)).json()["id"]
    both = {"answers": {"birth_time": "06:30"}, "papers": {"0": [paper]}}

    def refused(sent, key, status, code, **headers):
        return is_problem(mother.act(asked, "supplement", sent, key=key, **headers), status, code)

    body = refused({"papers": {"0": [paper]}}, "missing-1", 422, "nothing_brought")
    assert [it["path"] for it in body["errors"]] == ["/answers/birth_time"]
    body = refused(both | {"answers": {"birth_time": "25:99"}}, "wrong-001", 422, "answers_refused")
    assert [it["path"] for it in body["errors"]] == ["/answers/birth_time"]
    refused(both | {"papers": {"0": [str(new_id())]}}, "file-0001", 422, "answers_refused")
    refused(both | {"papers": {"7": [paper]}}, "item-0001", 422, "paper_unknown")
    refused(both, "match-001", 428, "if_match_missing", If_Match="")
    refused(both, "match-002", 412, "dossier_moved", If_Match='"1-5f0c9a1b2d3e4f50"')
    assert not SupplementPaper.objects.exists()
    assert Dossier.objects.get(pk=asked.pk).status == 5


def test_is_for_the_applicant_alone_and_while_it_is_asked(world, mother, asked):
    sent = {"answers": {"birth_time": None}}
    neighbour = by_person(world, world.neighbour, at=MORNING)
    tag = mother.get(f"/dossiers/{asked.id}")["ETag"]
    is_problem(neighbour.act(asked, "supplement", sent, If_Match=tag), 404, "not_found")
    officer = by_person(world, world.desk.specialist, at=MORNING)
    is_problem(officer.act(asked, "supplement", sent), 403, "token_of_person")
    other = handed_over(world.desk, world.mother, given_name="Hai")
    is_problem(mother.act(other, "supplement", sent), 409, "act_not_allowed")


def test_names_what_another_case_needs_and_takes_it_together(world, mother):
    dossier = permit(world).dossier
    supplements.request_supplement(
        actor=world.desk.reception,
        target=target(dossier),
        items=[Item("Loại công trình", field="work")],
        reason="Sai",
        at=MORNING,
    )
    body = is_problem(mother.act(dossier, "supplement", {"answers": {"work": "works"}}), 422, "more_asked")
    assert {"/answers/work_name", "/papers/project_decision"} <= {it["path"] for it in body["errors"]}
    paper = mother.upload(picture(shade=9)).json()["id"]
    sent = {"answers": WORKS, "papers": {"project_decision": [paper]}}
    done = mother.act(dossier, "supplement", sent, key="second-key")
    assert done.status_code == 200, done.content
    assert Dossier.objects.get(pk=dossier.pk).case == "works"
