"""What the API tells whom, keeps with a key, and takes as an answer."""

from __future__ import annotations

import json

import pytest
from django.test import Client as Browser
from pydantic import ValidationError

from motcua.casework.dossiers.models import Component
from motcua.casework.dossiers.rest.schemas import DossierIn
from motcua.casework.dossiers.services import opinions, supplements
from motcua.casework.dossiers.tests.factories import (
    MORNING,
    handed_over,
    lying_elsewhere,
    picture,
    submitted,
    target,
)
from motcua.casework.warehouse.tests.factories import given
from motcua.doors.api.tests.factories import by_person
from motcua.doors.api.tests.test_api import is_problem
from motcua.foundation.journal.models import Entry
from motcua.registry.access.clients.models import KeptAnswer
from motcua.registry.people.tests.factories import mandate, representative

pytestmark = pytest.mark.django_db


def ask(world, dossier, **changes):
    question = {"text": "Có vướng không?", "agency_id": world.other_desk.agency.id, "limit": "2wd"} | changes
    return opinions.request_opinion(
        actor=world.desk.specialist,
        target=target(dossier),
        question=opinions.Question(**question),
        at=MORNING,
    )


def test_another_agency_does_its_task_and_sees_the_dossier_no_longer(world):
    dossier = lying_elsewhere(world.desk, world.other_desk, world.mother)
    caller = by_person(world, world.other_desk.specialist, at=MORNING)
    tag, path = caller.get(f"/dossiers/{dossier.id}")["ETag"], f"/dossiers/{dossier.id}/acts/give-opinion"
    first, again = (
        caller.post(path, {"text": "Không vướng."}, key="opinion-1", If_Match=tag) for _ in range(2)
    )
    assert (first.status_code, first.content, again.status_code) == (204, b"", 204)
    assert again["Idempotency-Replayed"] == "true"
    assert Entry.objects.filter(object_id=dossier.id, kind="dossier.opinion_given").count() == 1
    is_problem(caller.get(f"/dossiers/{dossier.id}"), 404, "not_found")


def test_nothing_of_a_dossier_is_kept_with_the_key_of_an_act(world):
    dossier = submitted(world.desk, world.mother)
    assert by_person(world, world.desk.reception, at=MORNING).act(dossier, "accept").json()["answers"]
    assert KeptAnswer.objects.get().answer is None


def test_who_is_asked_is_told_of_the_papers_they_may_open(world):
    dossier = handed_over(world.desk, world.mother)
    paper = dossier.components.get()
    Component.objects.create(dossier=dossier, code="another", name="Giấy khác", file=paper.file)
    ask(world, dossier, shown=("another",))
    shown = by_person(world, world.other_desk.specialist, at=MORNING).get(f"/dossiers/{dossier.id}").json()
    assert [it["component"] for it in shown["papers"]] == ["another"]


def test_the_applicant_is_told_of_form_02(world):
    dossier = handed_over(world.desk, world.mother)
    supplements.request_supplement(
        actor=world.desk.specialist,
        target=target(dossier),
        items=[supplements.Item("Giấy xác nhận")],
        reason="Thiếu",
        at=MORNING,
    )
    shown = by_person(world, world.mother, at=MORNING).get(f"/dossiers/{dossier.id}").json()
    assert [(it["kind"], it["sha256"]) for it in shown["documents"]] == [
        ("receipt", None), ("supplement", None),
    ]  # fmt: skip


def test_the_owner_sees_who_opened_a_document_for_them_by_the_api(world):
    document = given(world.desk.agency, world.mother.person_id, 1)
    held = mandate(world.mother, world.neighbour, at=MORNING, powers=frozenset({"receive"}))
    caller = by_person(world, world.neighbour, at=MORNING)
    headers = {"Authorization": caller.header, "Acting-As": f"mandate:{held.id}"}
    answer = Browser().get(f"/api/v1/documents/{document.id}/content", headers=headers)
    assert answer.status_code == 200, answer.content
    entry = Entry.objects.get(object_id=document.id, kind="document.read")
    assert (entry.concerns_id, entry.mandate_id) == (world.mother.person_id, held.id)


def test_the_same_key_in_another_name_is_another_call(world):
    head = representative(at=MORNING, personal_number="026088000001", full_name="Lê Văn Thí Dụ")
    caller = by_person(world, head, at=MORNING)
    headers = {"Authorization": caller.header, "Idempotency-Key": "paper-01"}
    assert caller.upload(picture(), key="paper-01").status_code == 201
    headers["Acting-As"] = f"office:{head.mandate_id}"
    again = Browser().post("/api/v1/files", {"file": picture()}, headers=headers)
    is_problem(again, 422, "key_reused")


def answer(text):
    sent = json.loads(f'{{"procedure": "1.013225", "answers": {{"x": {text}}}}}')
    return DossierIn.model_validate(sent).model_dump(mode="json")["answers"]["x"]


@pytest.mark.parametrize(
    ("text", "value"),
    [("120.5", 120.5), ("3", 3), ("true", True), (r'"a\u0000b"', "ab"), ('[{"a": 0.5}]', [{"a": 0.5}])],
)
def test_an_answer_is_a_text_or_a_number_that_can_be_kept(text, value):
    assert answer(text) == value


@pytest.mark.parametrize("text", ["NaN", "Infinity", "-Infinity", "1e400", r'"\ud800"', "null", "[[1]]"])
def test_what_is_no_answer_is_refused(text):
    with pytest.raises(ValidationError):
        answer(text)
