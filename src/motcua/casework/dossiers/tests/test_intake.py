"""Taking in a dossier at the counter: who may, what it leaves, and that it happens once."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from motcua.casework.dossiers.counter_errors import (
    BasisMissing,
    CounterMissing,
    HelperIsApplicant,
    MandateNotHeld,
    NotThisCounter,
    NotYet,
    TickRefused,
)
from motcua.casework.dossiers.errors import DraftIncomplete, DraftMissing
from motcua.casework.dossiers.models import Dossier, Draft
from motcua.casework.dossiers.rules.boundaries import Counters
from motcua.casework.dossiers.rules.states import Status
from motcua.casework.dossiers.selectors import get_draft, list_drafts
from motcua.casework.dossiers.services import drafts, intake
from motcua.casework.dossiers.services.intake import (
    Brings,
    Came,
    Intake,
    helpers,
    start_intake,
    take_in,
    tick_papers,
)
from motcua.casework.dossiers.tests.factories import CODE, MORNING, birth_answers, picture
from motcua.casework.process.models import Task
from motcua.foundation.journal.models import Entry
from motcua.foundation.kernel.actors import Actor
from motcua.registry.catalogue.selectors import get_version
from motcua.registry.people.models import Mandate, Person
from motcua.registry.people.services import end_mandate

pytestmark = pytest.mark.django_db


def begun(actor: Actor, person_id, *, brings: Brings | None = None) -> Draft:
    version = get_version(CODE, at=MORNING.date())
    return start_intake(actor=actor, version=version, intake=Intake(person_id, brings=brings), at=MORNING)


def complete(world, *, brings: Brings | None = None, **answers) -> Draft:
    """Begun at the first commune's counter for the mother, with the paper ticked and all answers."""
    clerk = world.desk.reception
    draft = begun(clerk, world.mother.person_id, brings=brings)
    tick_papers(actor=clerk, draft_id=draft.id, ticked={"birth_evidence": {"original": 1}}, at=MORNING)
    values = birth_answers(world.desk, **answers)
    return drafts.save_answers(actor=clerk, draft_id=draft.id, answers=values, at=MORNING)


def taken(world, *, brings: Brings | None = None, came: Came | None = None) -> Dossier:
    draft = complete(world, brings=brings)
    return take_in(actor=world.desk.reception, draft_id=draft.id, at=MORNING, came=came)


def test_one_act_accepts_it_with_code_due_date_receipt_and_one_entry(world):
    dossier = taken(world)
    assert (dossier.status, dossier.channel, dossier.counter_id) == (Status.ACCEPTED, 1, None)
    assert dossier.code.endswith("-260310-0001")
    assert dossier.accepted_at == dossier.submitted_at == MORNING
    assert dossier.due_at and dossier.answer_by is None
    entry = Entry.objects.get(object_id=dossier.id)
    assert (entry.kind, entry.person_id) == ("dossier.taken_in", world.desk.reception.person_id)
    assert entry.facts["channel"] == 1
    assert entry.facts["counter"] == world.desk.agency.code
    assert entry.facts["accepted_at"] == MORNING.isoformat()
    assert not Draft.objects.exists()


def test_paper_that_is_only_ticked_stands_on_form_01_and_lies_in_the_paper_file(world):
    dossier = taken(world)
    receipt = dossier.documents.get(kind="receipt")
    assert [(it["count"], it["form"]) for it in receipt.content["components"]] == [(1, "Bản chính")]
    assert receipt.content["submitter"] == Person.objects.get(pk=world.mother.person_id).full_name
    assert dossier.answers["birth_evidence"] == "paper"
    assert [(it.code, it.sort, it.count) for it in dossier.handed_in.all()] == [
        ("birth_evidence", "original", 1)
    ]


def test_it_waits_at_the_desk_to_be_handed_over(world):
    dossier = taken(world)
    task = Task.objects.get(subject=dossier.id)
    assert (task.act, task.due_at <= dossier.due_at) == ("accept", True)


def test_taking_in_twice_gives_the_same_dossier(world):
    draft = complete(world)
    by = {"actor": world.desk.reception, "draft_id": draft.id, "at": MORNING}
    assert take_in(**by) == take_in(**by) == Dossier.objects.get()
    assert Entry.objects.filter(kind="dossier.taken_in").count() == 1


def test_the_limit_counts_from_when_it_came_in_though_it_is_entered_later(world):
    before = MORNING - timedelta(days=1)
    dossier = taken(world, came=Came(before, reason="Mất điện", sheet="P-0001"))
    assert dossier.accepted_at == before
    assert "-260309-" in dossier.code
    entry = Entry.objects.get(object_id=dossier.id)
    assert (entry.at, entry.facts["sheet"]) == (MORNING, "P-0001")
    with pytest.raises(NotYet):
        taken(world, came=Came(MORNING + timedelta(hours=1)))


def test_what_is_missing_is_named_and_nothing_is_taken_in(world):
    draft = begun(world.desk.reception, world.mother.person_id)
    with pytest.raises(DraftIncomplete):
        take_in(actor=world.desk.reception, draft_id=draft.id, at=MORNING)
    assert not Dossier.objects.exists()


def test_another_agency_that_decides_takes_it_in_itself(world, monkeypatch):
    monkeypatch.setattr(intake, "counters_of", lambda procedure, usual: Counters.OWN)
    draft = complete(world, registration_commune=world.other_desk.agency.place_code)
    with pytest.raises(NotThisCounter):
        take_in(actor=world.desk.reception, draft_id=draft.id, at=MORNING)


def test_only_who_receives_at_a_counter_begins_there(world):
    for actor in (world.mother, world.desk.specialist, world.auditor):
        with pytest.raises(CounterMissing):
            begun(actor, world.mother.person_id)


def test_a_counter_sees_its_own_drafts_and_neither_another_nor_the_applicant_does(world):
    draft = begun(world.desk.reception, world.mother.person_id)
    assert list_drafts(world.desk.reception) == [draft]
    for actor in (world.other_desk.reception, world.desk.specialist, world.mother, world.neighbour):
        assert list_drafts(actor) == []
        with pytest.raises(DraftMissing):
            get_draft(actor, draft.id)
        with pytest.raises(DraftMissing):
            take_in(actor=actor, draft_id=draft.id, at=MORNING)


def test_papers_are_added_and_drafts_thrown_away_by_the_services_of_drafts(world):
    clerk, draft = world.desk.reception, begun(world.desk.reception, world.mother.person_id)
    drafts.add_paper(actor=clerk, draft_id=draft.id, component="birth_evidence", upload=picture(), at=MORNING)
    assert draft.papers.count() == 1
    drafts.discard_draft(actor=clerk, draft_id=draft.id)
    assert not Draft.objects.exists()


@pytest.mark.parametrize("ticked", [{"nothing": {"copy": 1}}, {"birth_evidence": {"gold": 1}},
                                    {"birth_evidence": {"copy": 100}}, {"birth_evidence": {"copy": -1}}])  # fmt: skip
def test_refuses_a_tick_for_what_is_not_asked_or_not_possible(world, ticked):
    draft = begun(world.desk.reception, world.mother.person_id)
    with pytest.raises(TickRefused):
        tick_papers(actor=world.desk.reception, draft_id=draft.id, ticked=ticked, at=MORNING)


class TestHelpers:
    def test_who_brings_it_stands_on_the_receipt_and_in_the_journal(self, world):
        brings = Brings(world.neighbour.person_id, "family", "Dì ruột")
        dossier = taken(world, brings=brings)
        content = dossier.documents.get().content
        name = Person.objects.get(pk=world.neighbour.person_id).full_name
        assert (content["submitter"], content["mandatary"]["name"]) == (name, name)
        assert content["mandatary"]["paper"] == "Người thân trong gia đình: Dì ruột"
        assert dossier.applicant_id == dossier.owner_person_id == world.mother.person_id
        entry = Entry.objects.get(object_id=dossier.id)
        assert entry.facts["brought_by"] == str(world.neighbour.person_id)
        assert entry.facts["brought_as"] == "family"

    @pytest.mark.parametrize("helper", ["family", "mandatary", "nobody"])
    def test_by_no_right_they_bring_nothing(self, world, helper):
        with pytest.raises(BasisMissing):
            begun(
                world.desk.reception, world.mother.person_id, brings=Brings(world.neighbour.person_id, helper)
            )

    def test_nobody_is_their_own_helper(self, world):
        with pytest.raises(HelperIsApplicant):
            begun(
                world.desk.reception,
                world.mother.person_id,
                brings=Brings(world.mother.person_id, "family", "Mẹ"),
            )

    def test_a_mandate_that_ended_since_lets_nobody_bring_it(self, world):
        mandate = Mandate.objects.create(
            principal_person_id=world.mother.person_id,
            agent_id=world.neighbour.person_id,
            may_apply=True,
            valid_from=date(2026, 3, 1),
            valid_to=date(2100, 1, 1),
            given_at=MORNING,
            given_by=world.mother.account_id,
            accepted_at=MORNING,
        )
        brings = Brings(world.neighbour.person_id, "mandatary", mandate_id=mandate.id)
        draft = complete(world, brings=brings)
        end_mandate(actor=world.mother, mandate_id=mandate.id, reason="Thôi", at=MORNING)
        with pytest.raises(MandateNotHeld):
            take_in(actor=world.desk.reception, draft_id=draft.id, at=MORNING)

    def test_the_database_keeps_no_helper_without_a_right(self, world):
        draft = begun(world.desk.reception, world.mother.person_id)
        with pytest.raises(IntegrityError), transaction.atomic():
            Draft.objects.filter(pk=draft.pk).update(brought_by=world.neighbour.person_id)

    def test_the_pack_names_every_helper_in_three_languages(self):
        assert all(set(it.name) == {"vi", "en", "de"} for it in helpers().values())
