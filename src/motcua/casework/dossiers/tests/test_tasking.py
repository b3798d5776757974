"""Whose a task is, several at once, taking back; opinions; and what refuses each."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile

from motcua.casework.dossiers.errors import (
    ActNotAllowed,
    ChecksMissing,
    DossierMoved,
    NotTheirTask,
    OpinionGiven,
    OpinionMissing,
    QuestionMissing,
    TaskDoneBy,
    TaskTakenBy,
)
from motcua.casework.dossiers.models import Opinion
from motcua.casework.dossiers.selectors import Looking, get_dossier, list_inbox, search_dossiers
from motcua.casework.dossiers.services import handling, opinions, tasking
from motcua.casework.dossiers.services.acting import Target
from motcua.casework.dossiers.services.opinions import Answer, Question
from motcua.casework.dossiers.services.tasking import Done
from motcua.casework.dossiers.tests import factories
from motcua.casework.dossiers.tests.factories import MORNING, snapshot, target
from motcua.casework.dossiers.tests.process_factories import PARALLEL, run_by
from motcua.casework.process.models import Task
from motcua.casework.process.selectors import find_standing
from motcua.casework.process.services import CannotRecall, UnknownOutcome, pause_process
from motcua.casework.warehouse.tests.factories import unsigned_pdf
from motcua.foundation.journal.models import Entry
from motcua.foundation.kernel.errors import NotFound, Refused
from motcua.foundation.kernel.ids import new_id
from motcua.registry.organisations.selectors import find_unit
from motcua.registry.organisations.tests.factories import again, delegated

pytestmark = pytest.mark.django_db


@pytest.fixture
def working(world):
    """A dossier whose tasks lie side by side: a visit, a check, an opinion of the province."""
    dossier = factories.submitted(world.desk, world.mother)
    run_by(dossier, PARALLEL)
    handling.accept_dossier(actor=world.desk.reception, target=target(dossier), at=MORNING)
    handling.hand_over_dossier(actor=world.desk.reception, target=target(dossier), at=MORNING)
    dossier.refresh_from_db()
    return dossier


def asked_there(dossier, world):
    """The opinion is the neighbouring commune's, whoever of it gives it."""
    tasks = Task.objects.filter(subject=dossier.id, step="construction")
    tasks.update(agency_path=world.other_desk.agency.path, unit_id=None, is_elsewhere=True)


def open_task(dossier, step):
    return Task.objects.get(subject=dossier.id, step=step, completed_at=None)


def on(dossier, step):
    return Target(*vars_of(target(dossier)), open_task(dossier, step).pk)


def vars_of(it):
    return it.dossier_id, it.revision


def steps(dossier):
    return sorted(Task.objects.filter(subject=dossier.id, completed_at=None).values_list("step", flat=True))


def kinds(dossier):
    return list(
        Entry.objects.filter(object_id=dossier.id).order_by("sequence").values_list("kind", flat=True)
    )


def visited(dossier, world):
    tasking.complete_task(
        actor=world.desk.specialist, target=on(dossier, "visit"), done=Done("done"), at=MORNING
    )


def checked(dossier, world, **changes):
    done = Done("done", checks=("0",), **changes)
    tasking.complete_task(actor=world.desk.specialist, target=on(dossier, "check"), done=done, at=MORNING)


def test_tasks_lie_side_by_side_and_each_is_completed_by_itself(working, world):
    assert steps(working) == ["check", "construction", "visit"]
    visited(working, world)
    assert steps(working) == ["check", "construction"]
    checked(working, world, note="Đã gọi điện")
    assert steps(working) == ["construction"]
    entry = Entry.objects.filter(object_id=working.id, kind="dossier.task_completed").latest("sequence")
    assert (entry.facts["step"], entry.facts["next_step"], entry.facts["checks"]) == ("check", "asked", 1)
    assert entry.detail.values == {"note": "Đã gọi điện"}


def test_the_inbox_shows_each_task(working, world):
    rows = list_inbox(world.desk.specialist, at=MORNING).rows
    assert sorted(row.task.step for row in rows) == ["check", "visit"]


def test_a_step_with_checks_is_completed_only_when_all_are_ticked(working, world):
    before = snapshot(working)
    with pytest.raises(ChecksMissing):
        tasking.complete_task(
            actor=world.desk.specialist, target=on(working, "check"), done=Done("done"), at=MORNING
        )
    assert snapshot(working) == before


def test_an_outcome_must_be_one_of_the_steps(working, world):
    with pytest.raises(UnknownOutcome):
        tasking.complete_task(
            actor=world.desk.specialist, target=on(working, "visit"), done=Done("back"), at=MORNING
        )


def test_who_is_second_on_a_task_is_told_who_was_faster(working, world):
    page = on(working, "visit")
    visited(working, world)
    before = snapshot(working)
    with pytest.raises(TaskDoneBy) as told:
        tasking.complete_task(actor=world.desk.specialist, target=page, done=Done("done"), at=MORNING)
    assert "Hoàng Mẫu Đức" in str(told.value)
    assert snapshot(working) == before


def test_a_claimed_task_is_done_by_nobody_else(working, world):
    tasking.claim(actor=world.desk.specialist, target=on(working, "visit"), at=MORNING)
    colleague = second(world)
    for act in (
        lambda: tasking.claim(actor=colleague, target=on(working, "visit"), at=MORNING),
        lambda: tasking.complete_task(
            actor=colleague, target=on(working, "visit"), done=Done("done"), at=MORNING
        ),
    ):
        with pytest.raises(TaskTakenBy, match="Hoàng Mẫu Đức"):
            act()
    assert [row.task.step for row in list_inbox(colleague, at=MORNING).rows] == ["check"]
    assert [row.task.step for row in list_inbox(world.desk.specialist, Looking("mine"), at=MORNING).rows] == [
        "visit"
    ]
    assert len(list_inbox(colleague, Looking("unit"), at=MORNING).rows) == 2
    tasking.hand_back(actor=world.desk.specialist, target=on(working, "visit"), at=MORNING)
    tasking.claim(actor=colleague, target=on(working, "visit"), at=MORNING)
    assert kinds(working)[-3:] == ["dossier.task_claimed", "dossier.task_handed_back", "dossier.task_claimed"]


def second(world):
    """Another specialist of the commune."""
    from motcua.registry.access.models import Account
    from motcua.registry.organisations.selectors import identify_officer
    from motcua.registry.organisations.services import NewOfficer, enter_officer

    new = NewOfficer(
        username="second.specialist", full_name="Lý Mẫu Hai", unit_code="office", unit_name="Văn phòng",
        title="Công chức", role="specialist", symbol="VP",
    )  # fmt: skip
    enter_officer(agency=world.desk.agency, new=new, at=factories.OPENED)
    return identify_officer(Account.objects.get(username="second.specialist")).actor


def test_claiming_leaves_the_pages_of_others_as_fresh_as_they_were(working, world):
    page = on(working, "check")
    tasking.claim(actor=world.desk.specialist, target=on(working, "visit"), at=MORNING)
    tasking.complete_task(
        actor=world.desk.specialist, target=page, done=Done("done", checks=("0",)), at=MORNING
    )


def test_a_leader_assigns_to_who_may_do_it_and_takes_it_back(working, world):
    desk, colleague = world.desk, second(world)
    with pytest.raises(NotTheirTask):
        tasking.assign(
            actor=desk.leader, target=on(working, "visit"), officer_id=desk.reception.person, at=MORNING
        )
    with pytest.raises(Refused):
        tasking.assign(
            actor=desk.specialist, target=on(working, "visit"), officer_id=colleague.person, at=MORNING
        )
    tasking.assign(actor=desk.leader, target=on(working, "visit"), officer_id=colleague.person, at=MORNING)
    with pytest.raises(TaskTakenBy):
        tasking.claim(actor=desk.specialist, target=on(working, "visit"), at=MORNING)
    with pytest.raises(Refused):
        tasking.hand_back(actor=desk.specialist, target=on(working, "visit"), at=MORNING)
    with pytest.raises(Refused):  # It needs the specialist's right, also of a leader.
        tasking.claim(actor=desk.leader, target=on(working, "visit"), at=MORNING)
    tasking.complete_task(actor=colleague, target=on(working, "visit"), done=Done("done"), at=MORNING)
    assert steps(working) == ["check", "construction"]


def test_a_unit_s_task_is_not_done_by_another_unit_of_the_agency(world):
    dossier = factories.submitted(world.desk, world.mother)
    run_by(dossier, PARALLEL)
    assert open_task(dossier, "reception").unit_id == world.desk.reception.unit_id
    Task.objects.filter(subject=dossier.id).update(unit_id=world.desk.leader.unit_id)
    with pytest.raises(Refused):
        handling.accept_dossier(actor=world.desk.reception, target=target(dossier), at=MORNING)


def test_a_hand_over_is_taken_back_until_somebody_begins(world):
    dossier = factories.handed_over(world.desk, world.mother)
    tasking.recall(actor=world.desk.reception, target=target(dossier), at=MORNING)
    dossier.refresh_from_db()
    assert (dossier.status, steps(dossier), kinds(dossier)[-1]) == (2, ["reception"], "dossier.recalled")
    with pytest.raises(CannotRecall):
        tasking.recall(actor=world.desk.reception, target=target(dossier), at=MORNING)
    handling.hand_over_dossier(actor=world.desk.reception, target=target(dossier), at=MORNING)
    tasking.claim(actor=world.desk.specialist, target=target(dossier), at=MORNING)
    with pytest.raises(CannotRecall):
        tasking.recall(actor=world.desk.reception, target=target(dossier), at=MORNING)


@pytest.mark.parametrize("who", ["specialist", "leader"])
def test_only_who_did_it_takes_it_back(world, who):
    dossier = factories.handed_over(world.desk, world.mother)
    before = snapshot(dossier)
    with pytest.raises(CannotRecall):
        tasking.recall(actor=getattr(world.desk, who), target=target(dossier), at=MORNING)
    with pytest.raises(NotFound):
        tasking.recall(actor=world.other_desk.reception, target=target(dossier), at=MORNING)
    with pytest.raises(Refused):
        tasking.recall(actor=world.mother, target=target(dossier), at=MORNING)
    assert snapshot(dossier) == before


def test_a_draft_before_the_leader_is_taken_back_and_the_leaders_page_is_old(world):
    dossier = factories.awaiting_signature(world.desk, world.mother)
    page, digest = target(dossier), factories.seen(dossier)
    tasking.recall(actor=world.desk.specialist, target=target(dossier), at=MORNING)
    with pytest.raises(DossierMoved):
        handling.sign_result(actor=world.desk.leader, target=page, seen_sha256=digest, at=MORNING)
    assert steps(dossier) == ["verification"]


def test_the_next_ones_work_on_the_dossier_ends_taking_back(world):
    dossier = factories.handed_over(world.desk, world.mother)
    handling.draft_result(
        actor=world.desk.specialist, target=target(dossier), checks=factories.CHECKS, at=MORNING
    )
    with pytest.raises(CannotRecall):
        tasking.recall(actor=world.desk.reception, target=target(dossier), at=MORNING)


def test_what_was_returned_to_the_desk_is_handed_over_again(world):
    dossier = factories.handed_over(world.desk, world.mother)
    tasking.return_task(actor=world.desk.specialist, target=target(dossier), reason="Thiếu giấy", at=MORNING)
    dossier.refresh_from_db()
    assert (dossier.status, steps(dossier)) == (4, ["reception"])
    handling.hand_over_dossier(actor=world.desk.reception, target=target(dossier), at=MORNING)
    assert steps(dossier) == ["verification"]


def test_a_timer_that_interrupts_and_an_officer_one_of_them_wins(working, world):
    visited(working, world)
    checked(working, world)
    province = world.other_desk.specialist
    asked_there(working, world)
    opinions.give_opinion(
        actor=province, target=on(working, "construction"), answer=Answer("Đồng ý"), at=MORNING
    )
    tasking.complete_task(
        actor=world.desk.specialist, target=on(working, "draft"), done=Done("refuse"), at=MORNING
    )
    review, page = open_task(working, "review"), on(working, "review")
    due = MORNING + timedelta(days=1)
    moved = tasking.advance(dossier_id=working.id, token_id=review.pk, timer="late", at=due)
    assert (moved.id, steps(working), kinds(working)[-1]) == (working.id, ["draft"], "dossier.timer_fired")
    with pytest.raises(DossierMoved):
        tasking.complete_task(actor=world.desk.leader, target=page, done=Done("agree"), at=due)
    before = snapshot(working)
    assert tasking.advance(dossier_id=working.id, token_id=review.pk, timer="late", at=due) is None
    assert snapshot(working) == before


def lying_there(working, world, step):
    """A task of the dossier at another agency; its specialist."""
    there = {"agency_path": world.other_desk.agency.path, "unit_id": None, "is_elsewhere": True}
    Task.objects.filter(subject=working.id, step=step).update(**there)
    return world.other_desk.specialist


def test_what_is_taken_back_from_another_agency_is_out_of_its_sight_at_once(working, world):
    province = lying_there(working, world, "construction")
    assert get_dossier(province, working.id) == working
    tasking.recall(actor=world.desk.reception, target=target(working), at=MORNING)
    with pytest.raises(NotFound):
        get_dossier(province, working.id)


def test_another_agency_does_not_take_back_what_it_sent(working, world):
    province = lying_there(working, world, "visit")
    tasking.complete_task(actor=province, target=on(working, "visit"), done=Done("done"), at=MORNING)
    before = snapshot(working)
    with pytest.raises(NotFound):
        tasking.recall(actor=province, target=target(working), at=MORNING)
    # Not even where something else lies there still, so that it sees the dossier.
    lying_there(working, world, "construction")
    with pytest.raises(Refused):
        tasking.recall(actor=province, target=target(working), at=MORNING)
    assert snapshot(working) == before


def test_another_agency_sees_the_dossier_while_a_task_lies_there_and_no_longer(working, world):
    province = world.other_desk.specialist
    with pytest.raises(NotFound):
        get_dossier(province, working.id)
    asked_there(working, world)
    assert get_dossier(province, working.id) == working
    assert [row.task.step for row in list_inbox(province, at=MORNING).rows] == ["construction"]
    with pytest.raises(Refused):
        tasking.claim(actor=province, target=on(working, "visit"), at=MORNING)
    given = opinions.give_opinion(
        actor=province, target=on(working, "construction"), answer=Answer("Không ý kiến"), at=MORNING
    )
    assert (given.text, given.answered_by, given.task_id is not None) == (
        "Không ý kiến",
        province.person,
        True,
    )
    with pytest.raises(NotFound):
        get_dossier(province, working.id)


def ask(world, dossier, **changes):
    question = {"text": "Có vướng quy hoạch không?", "agency_id": world.other_desk.agency.id, "limit": "2wd"}
    return opinions.request_opinion(
        actor=world.desk.specialist,
        target=target(dossier),
        question=Question(**question | changes),
        at=MORNING,
    )


def test_who_is_asked_sees_exactly_that_dossier_until_they_answer(world):
    dossier, other = (factories.handed_over(world.desk, world.mother) for _ in range(2))
    specialist = world.other_desk.specialist
    opinion = ask(world, dossier)
    assert (opinion.due_at - MORNING, opinion.asked_name) == (timedelta(days=2), world.other_desk.agency.name)
    assert get_dossier(specialist, dossier.id) == dossier
    assert search_dossiers(specialist, "tran minh khoi") == [dossier]
    with pytest.raises(NotFound):
        get_dossier(specialist, other.id)
    with pytest.raises(Refused):
        handling.draft_result(actor=specialist, target=target(dossier), checks=factories.CHECKS, at=MORNING)
    upload = SimpleUploadedFile("y-kien.pdf", unsigned_pdf(), "application/pdf")
    answer = Answer("Không vướng.", upload)
    answered = opinions.answer_opinion(actor=specialist, opinion_id=opinion.id, answer=answer, at=MORNING)
    assert (answered.text, answered.file.name) == ("Không vướng.", "y-kien.pdf")
    with pytest.raises(NotFound):
        get_dossier(specialist, dossier.id)
    assert kinds(dossier)[-2:] == ["dossier.opinion_requested", "dossier.opinion_given"]
    assert steps(dossier) == ["verification"]


def test_several_are_asked_at_once_and_an_opinion_is_given_once(world):
    dossier = factories.handed_over(world.desk, world.mother)
    unit = find_unit(world.desk.agency, "leadership", on=MORNING.date())
    inside = ask(world, dossier, agency_id=world.desk.agency.id, unit_id=unit.id)
    outside = ask(world, dossier)
    assert Opinion.objects.filter(dossier=dossier, answered_at=None).count() == 2
    for who, opinion in ((world.desk.leader, inside), (world.other_desk.leader, outside)):
        opinions.answer_opinion(actor=who, opinion_id=opinion.id, answer=Answer("Đồng ý"), at=MORNING)
        with pytest.raises(OpinionGiven):
            opinions.answer_opinion(actor=who, opinion_id=opinion.id, answer=Answer("Không"), at=MORNING)


@pytest.mark.parametrize("who", ["reception", "deputy"])
def test_an_opinion_is_not_given_without_the_right(world, who):
    opinion = ask(world, factories.handed_over(world.desk, world.mother))
    before = snapshot(opinion.dossier)
    for actor in (getattr(world.other_desk, who), world.desk.specialist, world.mother, world.neighbour):
        with pytest.raises(NotFound):
            opinions.answer_opinion(actor=actor, opinion_id=opinion.id, answer=Answer("Đồng ý"), at=MORNING)
    assert snapshot(opinion.dossier) == before


@pytest.mark.parametrize(("field", "changes"), [
    ("question", {"text": " "}), ("limit", {"limit": "soon"}), ("asked", {"agency_id": new_id()}),
])  # fmt: skip
def test_a_question_says_whom_what_and_by_when(world, field, changes):
    dossier = factories.handed_over(world.desk, world.mother)
    with pytest.raises(QuestionMissing) as told:
        ask(world, dossier, **changes)
    assert told.value.fields == {"field": field}


def test_an_agency_does_not_ask_itself_as_a_whole(world):
    with pytest.raises(QuestionMissing):
        ask(world, factories.handed_over(world.desk, world.mother), agency_id=world.desk.agency.id)


def test_an_opinion_says_something(world):
    opinion = ask(world, factories.handed_over(world.desk, world.mother))
    with pytest.raises(OpinionMissing):
        opinions.answer_opinion(
            actor=world.other_desk.specialist, opinion_id=opinion.id, answer=Answer("\u200b"), at=MORNING
        )


def test_a_finished_dossier_needs_no_opinion_and_is_seen_no_longer(world):
    dossier = factories.awaiting_signature(world.desk, world.mother)
    question = Question("Ý kiến?", world.other_desk.agency.id, "2wd")
    opinion = opinions.request_opinion(
        actor=world.desk.leader, target=target(dossier), question=question, at=MORNING
    )
    handling.sign_result(
        actor=world.desk.leader, target=target(dossier), seen_sha256=factories.seen(dossier), at=MORNING
    )
    with pytest.raises(NotFound):
        get_dossier(world.other_desk.specialist, dossier.id)
    with pytest.raises(ActNotAllowed):
        opinions.answer_opinion(
            actor=world.other_desk.specialist, opinion_id=opinion.id, answer=Answer("Đồng ý"), at=MORNING
        )


def test_an_opinion_under_a_delegation_says_by_which(world):
    opinion = ask(world, factories.handed_over(world.desk, world.mother))
    lent = delegated(world.other_desk, at=MORNING)
    with time_machine.travel(MORNING, tick=False):
        deputy = again(world.other_desk.deputy)
    opinions.answer_opinion(actor=deputy, opinion_id=opinion.id, answer=Answer("Đồng ý"), at=MORNING)
    entry = Entry.objects.get(object_id=opinion.dossier_id, kind="dossier.opinion_given")
    assert (entry.person_id, entry.mandate_id) == (deputy.person, lent.id)


def test_an_opinion_that_comes_while_the_applicant_is_asked_opens_nothing_to_be_done(working, world):
    visited(working, world)
    checked(working, world)
    asked_there(working, world)
    pause_process(find_standing(working.id), at=MORNING)
    opinions.give_opinion(
        actor=world.other_desk.specialist,
        target=on(working, "construction"),
        answer=Answer("Đồng ý"),
        at=MORNING,
    )
    assert open_task(working, "draft").paused_at == MORNING
    assert list_inbox(world.desk.specialist, at=MORNING).rows == []
