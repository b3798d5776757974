from __future__ import annotations

import pytest

from motcua.casework.dossiers.errors import DraftIncomplete, DraftMissing
from motcua.casework.dossiers.models import Component, Dossier, Draft
from motcua.casework.dossiers.selectors import find_draft_or_dossier, list_draft_papers
from motcua.casework.dossiers.services import drafts
from motcua.casework.dossiers.services.submission import submit_dossier
from motcua.casework.dossiers.tests.factories import (
    MORNING,
    birth_answers,
    empty_draft,
    filled_in,
    picture,
    submitted,
)
from motcua.casework.process.models import Instance, Task
from motcua.foundation.journal.models import Entry
from motcua.foundation.kernel.actors import SYSTEM

pytestmark = pytest.mark.django_db
WITHOUT_FATHER = {
    "father_named": "no",
    "family_name_from": "mother",
    "home_town_from": "mother",
    "ethnicity_from": "mother",
}


def submit(draft, actor):
    return submit_dossier(actor=actor, draft_id=draft.id, at=MORNING)


def test_a_draft_becomes_a_dossier_of_the_commune_it_names(world):
    dossier = submitted(world.desk, world.mother)
    assert (dossier.status, dossier.agency, dossier.channel) == (1, world.desk.agency, 2)
    assert (dossier.code, dossier.due_at, dossier.reference[:2]) == (None, None, "T-")


def test_the_dossier_keeps_the_applicant_as_the_eid_described_them(world):
    facts = submitted(world.desk, world.mother).applicant_facts
    assert (facts["full_name"], facts["personal_number"]) == ("Nguyễn Thị Hồng Nhung", "025197004187")


def test_the_first_task_waits_at_the_communes_desk(world):
    dossier = submitted(world.desk, world.mother)
    task = Task.objects.get(subject=dossier.id)
    assert (task.step, task.role, task.agency_path) == ("reception", "reception", world.desk.agency.path)


def test_answers_to_questions_that_were_not_asked_are_not_kept(world):
    dossier = submitted(world.desk, world.mother, **WITHOUT_FATHER)
    assert [name for name in dossier.answers if name.startswith("father_") and name != "father_named"] == []


def test_every_paper_comes_along_under_its_legal_name(world):
    draft = filled_in(world.desk, world.mother)
    drafts.add_paper(
        actor=world.mother,
        draft_id=draft.id,
        component="birth_evidence",
        upload=picture(shade=50),
        at=MORNING,
    )
    files = [paper.file_id for paper in list_draft_papers(draft)]
    dossier = submit(draft, world.mother)
    components = dossier.components.order_by("id")
    assert [component.file_id for component in components] == files
    assert {component.code for component in components} == {"birth_evidence"}


def test_submitting_twice_gives_the_same_dossier_and_one_of_everything(world):
    draft = filled_in(world.desk, world.mother)
    first, second = submit(draft, world.mother), submit(draft, world.mother)
    assert first == second
    assert not Draft.objects.filter(pk=draft.pk).exists()
    assert Dossier.objects.filter(applicant=world.mother.person_id).count() == 1
    assert Component.objects.filter(dossier=first).count() == 1
    assert Instance.objects.filter(subject=first.id).count() == 1
    assert Task.objects.filter(subject=first.id).count() == 1
    assert Entry.objects.filter(object_id=first.id).count() == 1


def test_the_draft_is_found_again_as_the_dossier_it_became(world):
    draft = filled_in(world.desk, world.mother)
    assert find_draft_or_dossier(world.mother, draft.id) == draft
    assert find_draft_or_dossier(world.mother, submit(draft, world.mother).id).status == 1


@pytest.mark.parametrize(
    ("changes", "page"),
    [
        ({"given_name": ""}, "name"),
        ({"birth_date": "2026-03-11"}, "birth"),
        ({"birth_date": "not a day"}, "birth"),
        ({"father_personal_number": "12"}, "father"),
        ({"registration_commune": ""}, "receiving"),
        ({"registration_commune": "99999"}, "receiving"),
        ({"given_name": "", "father_name": ""}, "father"),
    ],
    ids=[
        "no name",
        "born tomorrow",
        "no date",
        "short number",
        "no commune",
        "no such commune",
        "two, first named",
    ],
)
def test_an_incomplete_draft_is_kept_and_the_page_is_named(world, changes, page):
    draft = filled_in(world.desk, world.mother, **changes)
    with pytest.raises(DraftIncomplete) as refused:
        submit(draft, world.mother)
    assert refused.value.fields == {"page": page}
    assert Draft.objects.get(pk=draft.pk).answers == draft.answers
    assert not Dossier.objects.filter(pk=draft.pk).exists()
    assert not Entry.objects.filter(object_id=draft.pk).exists()


def test_a_draft_without_its_paper_is_incomplete(world):
    draft = empty_draft(world.mother)
    drafts.save_answers(actor=world.mother, draft_id=draft.id, answers=birth_answers(world.desk), at=MORNING)
    with pytest.raises(DraftIncomplete) as refused:
        submit(draft, world.mother)
    assert refused.value.fields == {"page": "papers"}


def test_nobody_else_can_submit_a_draft_or_get_at_the_dossier_it_became(world):
    draft = filled_in(world.desk, world.mother)
    others = [world.neighbour, *world.desk.officers, SYSTEM]
    for actor in others:
        with pytest.raises(DraftMissing):
            submit(draft, actor)
    assert Draft.objects.filter(pk=draft.pk).exists()
    submit(draft, world.mother)
    for actor in others:
        with pytest.raises(DraftMissing):
            submit(draft, actor)
