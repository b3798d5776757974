"""Who was dissatisfied is replied to in time, or the case goes up."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from motcua.casework.dossiers.tests.factories import MORNING
from motcua.community.surveys import selectors
from motcua.community.surveys.errors import CannotDo, CaseMoved, HandledIt, NotYourCase, NoWords
from motcua.community.surveys.models import CaseStep, UnhappyCase
from motcua.community.surveys.services import cases
from motcua.community.surveys.services.cases import Seen
from motcua.community.surveys.tests.factories import unhappy
from motcua.foundation.journal.models import Entry
from motcua.foundation.kernel.errors import NotFound
from motcua.foundation.notifications.models import Message

pytestmark = pytest.mark.django_db
LATE = MORNING + timedelta(days=8)


@pytest.fixture
def case(world):
    return unhappy(world.desk, world.mother, at=MORNING).case


def seen(case):
    return Seen(case.id, UnhappyCase.objects.get(pk=case.pk).revision)


def claimed(world, case):
    return cases.claim_case(actor=world.desk.leader, seen=seen(case), at=MORNING)


def replied(world, case, at=MORNING):
    claimed(world, case)
    return cases.reply_to_case(actor=world.desk.leader, seen=seen(case), words="Xin lỗi bà.", at=at)


def test_a_dissatisfied_answer_is_due_within_five_working_days(case, world):
    assert (case.agency, case.state) == (world.desk.agency, "waiting")
    assert case.due_at == MORNING + timedelta(days=7)
    assert Entry.objects.get(kind="survey.case_opened").facts["dossier"] == str(case.survey_id)


def test_only_the_leaders_side_of_the_agency_works_on_it(case, world):
    for actor in (world.desk.reception, world.desk.specialist, world.other_desk.leader, world.mother):
        with pytest.raises(NotFound):
            cases.claim_case(actor=actor, seen=seen(case), at=MORNING)
        with pytest.raises(NotFound):
            selectors.open_case_page(actor, case.id, at=MORNING)
        assert selectors.list_cases(actor) == []
    assert selectors.list_cases(world.desk.leader) == [case]


def test_who_handled_the_dossier_does_not_reply_though_they_head_the_desk(case, world):
    path = world.desk.agency.path
    head = replace(world.desk.reception, grants=(("reception", path), ("specialist", path)))
    assert selectors.list_cases(head) == [case]
    with pytest.raises(HandledIt):
        cases.claim_case(actor=head, seen=seen(case), at=MORNING)


def test_a_reply_reaches_the_person(case, world):
    done = replied(world, case)
    assert (done.state, done.replied_at) == ("replied", MORNING)
    entry = Entry.objects.get(kind="survey.case_replied")
    assert entry.facts["in_time"] is True and entry.detail.values == {"words": "Xin lỗi bà."}
    assert Message.objects.filter(purpose="survey_reply", recipient_id=world.mother.person_id).exists()


def test_nothing_is_lost_to_who_has_an_old_page(case, world):
    old = seen(case)
    claimed(world, case)
    with pytest.raises(CaseMoved):
        cases.reply_to_case(actor=world.desk.leader, seen=old, words="Xin lỗi.", at=MORNING)


def test_only_who_took_it_on_works_on_it_and_with_words(case, world):
    with pytest.raises(NotYourCase):
        cases.note_call(actor=world.desk.leader, seen=seen(case), words="Đã gọi.", at=MORNING)
    claimed(world, case)
    with pytest.raises(NoWords):
        cases.reply_to_case(actor=world.desk.leader, seen=seen(case), words=" \u200b ", at=MORNING)
    cases.note_call(actor=world.desk.leader, seen=seen(case), words="Đã gọi.", at=MORNING)
    assert list(CaseStep.objects.values_list("kind", flat=True)) == ["call"]


def test_passed_on_it_lies_with_the_agency_above(case, world):
    claimed(world, case)
    passed = cases.pass_on(actor=world.desk.leader, seen=seen(case), reason="Vượt thẩm quyền.", at=MORNING)
    assert (
        world.desk.agency.path.startswith(passed.agency_path) and passed.agency_path != world.desk.agency.path
    )
    assert (passed.state, passed.claimed_by, passed.due_at) == ("waiting", None, case.due_at)
    # Seen as before, worked on no more.
    assert selectors.list_cases(world.desk.leader) == [passed]
    with pytest.raises(NotFound):
        cases.claim_case(actor=world.desk.leader, seen=seen(case), at=MORNING)


def test_a_late_case_goes_up_with_its_own_limit_and_at_the_top_stays(case, world):
    assert cases.escalate_late(at=case.due_at - timedelta(minutes=1)) == 0
    assert cases.escalate_late(at=LATE) == 1
    assert cases.escalate_late(at=LATE) == 0
    case.refresh_from_db()
    assert case.agency_path != world.desk.agency.path and case.due_at > LATE and case.late_at == LATE
    assert Message.objects.filter(purpose="survey_late", recipient_id=world.desk.leader.person_id).exists()
    for days in (20, 40, 60):
        cases.escalate_late(at=LATE + timedelta(days=days))
    case.refresh_from_db()
    assert case.state == "waiting" and case.agency_path.count("/") == 2
    assert cases.escalate_late(at=LATE + timedelta(days=90)) == 0


def test_opened_again_once(case, world):
    survey = replied(world, case).survey
    again = {"actor": world.mother, "survey": survey, "words": "Vẫn chưa xong.", "at": LATE}
    opened = cases.say_it_helped(**again, has_helped=False)
    assert (opened.state, opened.claimed_by, opened.has_helped) == ("waiting", None, False)
    with pytest.raises(CannotDo):
        cases.say_it_helped(**again, has_helped=True)
    replied(world, case, at=LATE)
    with pytest.raises(CannotDo):
        cases.say_it_helped(**again, has_helped=False)
    assert cases.say_it_helped(**again, has_helped=True).state == "closed"
    with pytest.raises(CannotDo):
        cases.say_it_helped(**again, has_helped=True)


def test_nobody_objected_so_it_is_closed(case, world):
    replied(world, case)
    assert cases.close_replied(at=MORNING + timedelta(days=29)) == 0
    assert cases.close_replied(at=MORNING + timedelta(days=30)) == 1
    case.refresh_from_db()
    assert (case.state, case.has_helped) == ("closed", None)


def test_reading_a_case_is_on_the_persons_record(case, world):
    selectors.open_case_page(world.desk.leader, case.id, at=MORNING)
    assert Entry.objects.get(kind="survey.case_read").concerns_id == world.mother.person_id
