"""What the journal keeps of one dossier's whole way."""

from __future__ import annotations

import json

import pytest

from motcua.casework.dossiers import selectors
from motcua.casework.dossiers.services import handling
from motcua.casework.dossiers.tests.factories import (
    CHECKS,
    CODE,
    MORNING,
    birth_answers,
    drafted,
    seen,
    target,
)
from motcua.foundation.journal.models import Detail, Entry
from motcua.registry.people.models import Person

KINDS = [
    ("dossier.submitted", "citizen"),
    ("dossier.accepted", "reception"),
    ("dossier.handed_over", "reception"),
    ("dossier.result_drafted", "specialist"),
    ("dossier.submitted_for_signature", "specialist"),
    ("dossier.task_returned", "leader"),
    ("dossier.result_drafted", "specialist"),
    ("dossier.submitted_for_signature", "specialist"),
    ("dossier.signed", "leader"),
    ("dossier.result_returned", "reception"),
]
REASON = "Nguyễn Thị Hồng Nhung, số 025197004187, cần sửa tên đệm."


@pytest.fixture
def way(db, world):
    """A dossier that went the whole way with one return: a fresh list of its entries."""
    desk = world.desk
    dossier = drafted(desk, world.mother)
    steps = [
        lambda on: handling.submit_for_signature(actor=desk.specialist, target=on, at=MORNING),
        lambda on: handling.return_task(actor=desk.leader, target=on, reason=REASON, at=MORNING),
        lambda on: handling.draft_result(actor=desk.specialist, target=on, checks=CHECKS, at=MORNING),
        lambda on: handling.submit_for_signature(actor=desk.specialist, target=on, at=MORNING),
        lambda on: handling.sign_result(actor=desk.leader, target=on, seen_sha256=seen(dossier), at=MORNING),
        lambda on: handling.return_result(actor=desk.reception, target=on, at=MORNING),
    ]
    for step in steps:
        step(target(dossier))
    return list(Entry.objects.filter(object_id=dossier.id).order_by("sequence"))


def test_every_act_writes_exactly_one_entry(way):
    assert [entry.kind for entry in way] == [kind for kind, _ in KINDS]


def test_every_entry_says_who_did_it_in_which_post(way, world):
    actors = {
        "citizen": world.mother,
        "reception": world.desk.reception,
        "specialist": world.desk.specialist,
        "leader": world.desk.leader,
    }
    for entry, (_, role) in zip(way, KINDS, strict=True):
        actor = actors[role]
        found = (entry.account_id, entry.person_id, entry.post_id, entry.agency_id)
        assert found == (actor.account_id, actor.person_id, actor.post_id, actor.agency_id)


def test_every_entry_names_the_person_whose_record_it_is(way, world):
    assert {entry.concerns_id for entry in way} == {world.mother.person_id}


def test_every_entry_says_where_the_dossier_then_stood(way):
    assert [entry.facts["status"] for entry in way] == [1, 2, 4, 4, 4, 4, 4, 4, 9, 10]
    assert way[0].facts["procedure"] == CODE


def test_no_entry_but_its_erasable_detail_says_anything_personal(way, world):
    answers = birth_answers(world.desk)
    mother = Person.objects.get(pk=world.mother.person_id)
    personal = {
        value
        for name, value in answers.items()
        if name.endswith(("_name", "_number", "_residence", "_phone"))
    }
    personal |= {"Trần Minh Khôi", "Minh Khôi", mother.full_name, mother.email, REASON}
    # All entries there are, also those of the set-up: sign-ins, officers, publications.
    for entry in Entry.objects.all():
        words = json.dumps(entry.facts, ensure_ascii=False)
        assert [value for value in personal if value in words] == [], entry.kind


def test_the_reason_of_a_return_lies_in_the_detail_and_can_be_erased(way):
    returned = next(entry for entry in way if entry.kind == "dossier.task_returned")
    assert Detail.objects.get(pk=returned.pk).values == {"reason": REASON}
    Detail.objects.filter(pk=returned.pk).delete()
    assert REASON not in json.dumps(Entry.objects.get(pk=returned.pk).facts, ensure_ascii=False)


def test_an_officer_who_opens_a_dossier_is_on_record_for_its_applicant(way, world):
    selectors.open_dossier(world.desk.leader, way[0].object_id, at=MORNING)
    dossier = selectors.open_dossier(world.mother, way[0].object_id, at=MORNING)
    readers = selectors.list_readers(dossier)
    assert [(it.by, it.entry.post_id) for it in readers] == [("Phan Thị Mẫu Hà", world.desk.leader.post_id)]


def test_a_page_that_was_not_found_leaves_no_reading(way, world):
    before = Entry.objects.count()
    with pytest.raises(selectors.NotFound):
        selectors.open_dossier(world.other_desk.leader, way[0].object_id, at=MORNING)
    assert Entry.objects.count() == before
