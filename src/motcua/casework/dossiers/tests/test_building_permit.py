"""The building permit walked by its people: cases, a supplement, opinion and site visit at once, signature."""

from __future__ import annotations

from datetime import timedelta

import lxml.html
import pytest

from motcua.casework.dossiers.errors import AnswersRefused, CaseFixed, MoreAsked, NothingAsked, NothingBrought
from motcua.casework.dossiers.models import Component, OfficialDocument, SupplementRequest
from motcua.casework.dossiers.services import handling, opinions, supplements, tasking
from motcua.casework.dossiers.services.supplements import Item
from motcua.casework.dossiers.tests.factories import picture, seen
from motcua.casework.dossiers.tests.permit_factories import WORKS, examined, officer, submitted
from motcua.casework.process.models import Task
from motcua.casework.process.services import definition_of
from motcua.foundation.journal.models import Entry
from motcua.foundation.ui.templatetags.ui import viet_date
from motcua.registry.organisations.selectors import officer_name
from motcua.registry.organisations.selectors.choices import names_at

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("work", "due"), [("house", "2026-03-25"), ("house_limited", "2026-03-25"), ("works", "2026-03-30")]
)
def test_the_limit_is_the_one_of_the_case(world, work, due):
    more = {} if work.startswith("house") else {"work_name": "Xưởng", "grade": "III", "project_decision": "x"}
    more |= {"removal_commitment": "x"} if work == "house_limited" else {}
    walk = submitted(world, work=work, **more)
    assert walk.dossier.case == work
    handling.accept_dossier(actor=world.desk.reception, target=walk.target("reception"), at=walk.at)
    walk.dossier.refresh_from_db()
    assert walk.dossier.due_at.date().isoformat() == due
    entry = Entry.objects.get(object_id=walk.dossier.pk, kind="dossier.submitted")
    assert entry.facts["case"] == work


def test_form_01_names_the_case_with_its_limit_and_fee(world):
    walk = submitted(world)
    handling.accept_dossier(actor=world.desk.reception, target=walk.target("reception"), at=walk.at)
    receipt = walk.dossier.documents.get(kind=OfficialDocument.Kind.RECEIPT).content
    assert receipt["case"] == "Nhà ở riêng lẻ" and receipt["limit"] == "15 ngày."
    assert "75.000" in receipt["fee"]


def test_the_pages_name_the_case(world, browse):
    walk = submitted(world)
    desk = browse(world.desk.reception).get(f"/desk/dossiers/{walk.dossier.id}/").content.decode()
    own = browse(world.mother).get(f"/dossiers/{walk.dossier.id}/").content.decode()
    assert "Case: Single house." in desk and "Case: Single house." in own


def test_the_department_gives_its_opinion_while_the_site_is_visited_and_the_chair_signs(world):
    walk = examined(world)
    builder = officer(f"demo.construction.{world.desk.agency.place_code}")
    assert walk.open_steps() == ["opinion_house", "visit"]
    opinions.give_opinion(
        actor=officer("demo.construction.H44"),
        target=walk.target("opinion_house"),
        answer=opinions.Answer("Phù hợp quy hoạch; cốt nền theo bản vẽ."),
        at=walk.at,
    )
    assert walk.open_steps() == ["visit"]
    opinions.give_opinion(
        actor=builder,
        target=walk.target("visit"),
        answer=opinions.Answer(
            "Ngày 10/3/2026: đất trống, chưa khởi công.", upload=picture("hien-truong.png")
        ),
        at=walk.at,
    )
    assert walk.open_steps() == ["drafting"]
    checks = ("0", "1", "2", "3")
    handling.draft_result(actor=builder, target=walk.target("drafting"), checks=checks, at=walk.at)
    handling.submit_for_signature(actor=builder, target=walk.target("drafting"), at=walk.at)
    assert walk.open_steps() == ["signing"]
    target = walk.target("signing")
    handling.sign_result(actor=world.desk.leader, target=target, seen_sha256=seen(walk.dossier), at=walk.at)
    handling.return_result(actor=world.desk.reception, target=walk.target("returning"), at=walk.at)
    walk.dossier.refresh_from_db()
    assert walk.dossier.status == 10 and walk.open_steps() == []


def test_other_works_ask_two_departments_and_pass_a_review(world):
    walk = examined(world, work="works", work_name="Xưởng", grade="III", project_decision="x")
    assert walk.open_steps() == ["opinion_environment", "opinion_works", "visit"]


def test_a_supplement_stops_the_clock_and_leads_back_to_the_examination(world):
    walk = submitted(world)
    desk, builder = world.desk.reception, officer(f"demo.construction.{world.desk.agency.place_code}")
    handling.accept_dossier(actor=desk, target=walk.target("reception"), at=walk.at)
    handling.hand_over_dossier(actor=desk, target=walk.target("reception"), at=walk.at)
    supplements.request_supplement(
        actor=builder,
        target=walk.target("examination"),
        items=[supplements.Item("Bản vẽ móng", component="drawings")],
        reason="Thiếu bản vẽ móng.",
        at=walk.at,
    )
    walk.dossier.refresh_from_db()
    assert walk.dossier.status == 5
    supplements.add_paper(
        actor=world.mother,
        dossier_id=walk.dossier.id,
        item=0,
        upload=picture("mong.png", shade=90),
        at=walk.at,
    )
    supplements.supplement(
        actor=world.mother,
        dossier_id=walk.dossier.id,
        revision=walk.dossier.revision,
        answers={},
        at=walk.at + timedelta(days=1),
    )
    walk.dossier.refresh_from_db()
    assert walk.dossier.status == 4 and walk.open_steps() == ["examination"]


def test_a_neighbouring_department_does_not_see_a_dossier_it_was_not_asked_about(world, browse):
    walk = examined(world)
    page = f"/desk/dossiers/{walk.dossier.id}/"
    assert browse(officer("demo.construction.H44")).get(page).status_code == 200
    assert browse(officer("demo.agriculture.H44")).get(page).status_code == 404


def test_an_opinion_of_a_step_names_office_officer_and_day_and_the_step_in_the_readers_language(
    world, browse
):
    walk, builder = examined(world), officer("demo.construction.H44")
    given = opinions.give_opinion(
        actor=builder,
        target=walk.target("opinion_house"),
        answer=opinions.Answer("Phù hợp quy hoạch."),
        at=walk.at,
    )
    task = Task.objects.get(pk=given.task_id)
    names = definition_of(task.instance.definition).step("opinion_house").names
    office = names_at({task.agency_path})[task.agency_path]
    assert given.asked_name.endswith(office) and given.asked_name != given.question == names["vi"]
    page = browse(world.desk.reception).get(f"/desk/dossiers/{walk.dossier.id}/").content.decode()
    panel = lxml.html.fromstring(page).xpath("//section[@aria-labelledby='opinions']")[0]
    words = " ".join(panel.text_content().split())
    day = " ".join(viet_date(walk.at, "plain").split())
    assert f"{given.asked_name}, {officer_name(builder.person)}, {day}" in words
    assert names["en"] in words and names["vi"] not in words


def test_the_review_puts_the_same_draft_before_the_signer(world, browse):
    walk = examined(world, work="works", work_name="Xưởng", grade="III", project_decision="x")
    place = world.desk.agency.place_code
    builder, head = officer(f"demo.construction.{place}"), officer(f"demo.economy.{place}")
    for who, step in (
        ("demo.agriculture.H44", "opinion_environment"),
        ("demo.construction.H44", "opinion_works"),
        (f"demo.construction.{place}", "visit"),
    ):
        answer = opinions.Answer("Không có ý kiến khác.")
        opinions.give_opinion(actor=officer(who), target=walk.target(step), answer=answer, at=walk.at)
    handling.draft_result(
        actor=builder, target=walk.target("drafting"), checks=("0", "1", "2", "3"), at=walk.at
    )
    handling.submit_for_signature(actor=builder, target=walk.target("drafting"), at=walk.at)
    assert walk.open_steps() == ["review"]
    page = browse(head).get(f"/desk/dossiers/{walk.dossier.id}/").content.decode()
    assert "/acts/submit-for-signature/" in page
    tasking.return_task(actor=head, target=walk.target("review"), reason="Sửa diện tích", at=walk.at)
    page = browse(builder).get(f"/desk/dossiers/{walk.dossier.id}/").content.decode()
    assert "/acts/submit-for-signature/" not in page


def asked_again(world, walk, *items, step="reception", who=None):
    supplements.request_supplement(
        actor=who or world.desk.reception, target=walk.target(step), items=items, reason="Sai", at=walk.at
    )


def sent(world, walk, **answers):
    walk.dossier.refresh_from_db()
    walk.at += timedelta(hours=1)
    return supplements.supplement(
        actor=world.mother,
        dossier_id=walk.dossier.id,
        revision=walk.dossier.revision,
        answers=answers,
        at=walk.at,
    )


def paper_for(world, walk, component):
    rows = SupplementRequest.objects.get(dossier=walk.dossier, answered_at=None).items
    index = next(index for index, row in enumerate(rows) if row.get("component") == component)
    supplements.add_paper(
        actor=world.mother, dossier_id=walk.dossier.id, item=index, upload=picture(shade=77), at=walk.at
    )


WORK = Item("Chọn lại loại công trình", field="work")
PROJECT = "Approval of the project"


def test_before_acceptance_a_corrected_answer_changes_the_case_with_limit_papers_and_fee(world):
    walk = submitted(world)
    asked_again(world, walk, WORK)
    with pytest.raises(MoreAsked, match="Name of the building"):
        sent(world, walk, work="works")
    paper_for(world, walk, "project_decision")
    sent(world, walk, **WORKS)
    walk.dossier.refresh_from_db()
    assert (walk.dossier.case, walk.dossier.answers["grade"]) == ("works", "III")
    entry = Entry.objects.get(object_id=walk.dossier.pk, kind="dossier.supplemented")
    assert (entry.facts["case"], entry.facts["case_before"]) == ("works", "house")
    assert Component.objects.filter(dossier=walk.dossier, code="project_decision").count() == 1
    handling.accept_dossier(actor=world.desk.reception, target=walk.target("reception"), at=walk.at)
    receipt = walk.dossier.documents.get(kind=OfficialDocument.Kind.RECEIPT).content
    assert receipt["case"] != "Nhà ở riêng lẻ" and receipt["limit"] == "20 ngày."


def test_the_papers_of_the_new_case_are_needed_and_those_that_are_optional_are_not(world):
    walk = submitted(world)
    asked_again(world, walk, WORK)
    for answers in ({"work": "works"}, WORKS):
        with pytest.raises(MoreAsked, match=PROJECT):
            sent(world, walk, **answers)
    walk.dossier.refresh_from_db()
    assert (walk.dossier.status, walk.dossier.case) == (5, "house")


def test_who_thinks_better_of_it_brings_nothing_more(world):
    walk = submitted(world)
    asked_again(world, walk, WORK)
    with pytest.raises(MoreAsked):
        sent(world, walk, work="works")
    sent(world, walk, work="house")
    walk.dossier.refresh_from_db()
    assert (walk.dossier.status, walk.dossier.case) == (1, "house")
    assert len(SupplementRequest.objects.get(dossier=walk.dossier).items) == 1


def test_after_acceptance_the_case_stays_and_the_reason_is_said(world):
    walk = submitted(world)
    handling.accept_dossier(actor=world.desk.reception, target=walk.target("reception"), at=walk.at)
    handling.hand_over_dossier(actor=world.desk.reception, target=walk.target("reception"), at=walk.at)
    builder = officer(f"demo.construction.{world.desk.agency.place_code}")
    asked_again(world, walk, WORK, step="examination", who=builder)
    with pytest.raises(CaseFixed, match="apply anew"):
        sent(world, walk, **WORKS)
    sent(world, walk, work="house")
    walk.dossier.refresh_from_db()
    assert (walk.dossier.status, walk.dossier.case) == (4, "house")


def test_what_the_form_needs_is_not_corrected_to_nothing_or_to_nonsense(world):
    walk = submitted(world)
    asked_again(world, walk, Item("Chiều cao", field="height"))
    with pytest.raises(NothingBrought, match="Chiều cao"):
        sent(world, walk, height=None)
    with pytest.raises(AnswersRefused):
        sent(world, walk, height="cao")
    sent(world, walk, height=9)


def test_no_correction_is_asked_of_what_decides_which_agency_it_is(world):
    walk = submitted(world)
    with pytest.raises(NothingAsked):
        asked_again(world, walk, Item("Xã khác", field="registration_commune"))


def test_the_page_asks_for_what_the_new_case_needs(world, browse):
    walk = submitted(world)
    asked_again(world, walk, WORK)
    walk.dossier.refresh_from_db()
    client, address = browse(world.mother), f"/dossiers/{walk.dossier.id}/supplement/"
    typed = {"revision": walk.dossier.revision, "work": "works", "send": "1"}
    shown = client.post(address, typed)
    page = shown.content.decode()
    assert (
        shown.status_code == 422
        and 'name="work_name"' in page
        and "With these answers more is needed" in page
    )
    rows = SupplementRequest.objects.get(dossier=walk.dossier).items
    index = next(index for index, row in enumerate(rows) if row.get("component") == "project_decision")
    done = client.post(address, typed | WORKS | {f"file-{index}": picture(shade=5)})
    assert done.status_code == 302, done.content.decode()
    walk.dossier.refresh_from_db()
    assert (walk.dossier.status, walk.dossier.case) == (1, "works")


def timed_out(walk, step="opinion_house"):
    task = Task.objects.get(subject=walk.dossier.pk, step=step, completed_at=None)
    walk.at += timedelta(days=14)
    tasking.advance(dossier_id=walk.dossier.id, token_id=task.pk, timer="silent", at=walk.at)
    return task


def test_an_asked_agency_reads_that_its_time_was_up_and_nothing_of_the_dossier(world, browse):
    walk = examined(world)
    asked = officer("demo.construction.H44")
    page = f"/desk/dossiers/{walk.dossier.id}/"
    assert browse(asked).get(page).status_code == 200
    timed_out(walk)
    name = walk.dossier.applicant_facts["full_name"]
    for address in (page, f"{page}opinion/"):
        shown = browse(asked).get(address)
        words = shown.content.decode()
        assert shown.status_code == 410 and "The time limit for your answer was up" in words
        assert world.desk.agency.name in words and name not in words
    assert browse(world.other_desk.specialist).get(page).status_code == 404


def test_what_the_time_limit_ended_is_told_as_that(world, browse):
    walk = examined(world)
    timed_out(walk)
    entry = Entry.objects.get(object_id=walk.dossier.pk, kind="dossier.timer_fired")
    assert entry.facts["ended"] is True
    desk = browse(world.desk.reception).get(f"/desk/dossiers/{walk.dossier.id}/").content.decode()
    own = browse(world.mother).get(f"/dossiers/{walk.dossier.id}/").content.decode()
    assert "ended the step: its time limit was up" in desk and "the time limit was up" in desk
    assert "your dossier goes on without it" in own
