"""The pages of the question, of kiosk and telephone, and of the desk."""

from __future__ import annotations

import csv
import io
import logging
from dataclasses import replace
from datetime import timedelta
from unittest import mock

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from motcua.casework.appointments import services as halls
from motcua.casework.appointments.tests.factories import hall
from motcua.casework.dossiers.tests.factories import MORNING, returned
from motcua.community.surveys import selectors
from motcua.community.surveys.models import Survey, UnhappyCase
from motcua.community.surveys.services.answering import Answer
from motcua.community.surveys.services.asking import open_survey
from motcua.community.surveys.services.cases import escalate_late
from motcua.community.surveys.tests.factories import answered, unhappy
from motcua.community.surveys.tokens import token_of
from motcua.community.surveys.web.kiosk import SENDING, TYPING
from motcua.community.surveys.web.people import LOOKING
from motcua.foundation.journal.models import Entry
from motcua.registry.access.models import RoleGrant

pytestmark = pytest.mark.django_db
SENT = {"rating": "1", "reasons": ["visits"], "words": "Phải đi lại ba lần."}
ANSWERS, CASES = reverse("desk-satisfaction:answers"), reverse("desk-satisfaction:cases")


@pytest.fixture(autouse=True)
def _now():
    with time_machine.travel(MORNING + timedelta(hours=1), tick=False):
        yield


@pytest.fixture
def dossier(world):
    found = returned(world.desk, world.mother)
    open_survey(found)
    return found


def page_of(dossier):
    return reverse("satisfaction:survey", args=[dossier.pk])


def by_link(browser, dossier):
    return browser.get(reverse("satisfaction:link", args=[token_of(dossier.pk)]))


def test_the_link_works_without_signing_in_and_names_nobody(world, browse, dossier):
    stranger = browse(None)
    arrived = by_link(stranger, dossier)
    assert arrived.url == page_of(dossier)
    page = stranger.get(arrived.url)
    text = page.content.decode()
    assert page["X-Robots-Tag"] == "noindex, nofollow" and "noindex" in page["X-Robots-Tag"]
    for private in (dossier.code, dossier.owner_name, dossier.applicant_facts["personal_number"], "Trần"):
        assert private not in text
    assert stranger.post(arrived.url, SENT).url == arrived.url
    survey = Survey.objects.get()
    assert (survey.rating, survey.way, survey.reasons) == (1, "link", ["visits"])
    assert Entry.objects.get(kind="survey.answered").person_id is None
    # Once: sent again, it says so and nothing changes.
    again = stranger.post(arrived.url, {"rating": "3"}, follow=True)
    assert "answered once" in again.content.decode()
    survey.refresh_from_db()
    assert survey.rating == 1


def test_without_the_link_or_with_another_there_is_nothing(world, browse, dossier):
    stranger, neighbour = browse(None), browse(world.neighbour)
    assert stranger.get(page_of(dossier)).url.startswith("/sign-in/")
    assert stranger.post(page_of(dossier), SENT).url.startswith("/sign-in/")
    for token in ("A" * 16, "x", token_of(world.mother.person_id)):
        assert stranger.get(reverse("satisfaction:link", args=[token])).url == reverse("satisfaction:door")
    for person in (neighbour, browse(world.desk.reception), browse(world.desk.leader)):
        assert person.get(page_of(dossier)).status_code == 404
        assert person.post(page_of(dossier), SENT).status_code == 404
    assert not Survey.objects.filter(answered_at__isnull=False).exists()


def test_no_log_and_no_redirect_holds_the_token(browse, dossier, caplog):
    stranger, token = browse(None), token_of(dossier.pk)
    with caplog.at_level(logging.DEBUG):
        for _ in range(LOOKING.free + 3):
            assert token not in by_link(stranger, dossier).url
        stranger.post(page_of(dossier), {"rating": "9"})
    assert token not in caplog.text


def test_who_tries_codes_is_slowed_down(browse, dossier):
    stranger = browse(None)
    for _ in range(LOOKING.free + 3):
        stranger.get(reverse("satisfaction:link", args=["A" * 16]))
    assert by_link(stranger, dossier).url == reverse("satisfaction:door")
    assert "too often" in stranger.get(reverse("satisfaction:door")).content.decode()


def test_who_has_the_code_is_never_slowed_down(browse, dossier):
    for _ in range(LOOKING.free + 3):
        assert by_link(browse(None), dossier).url == page_of(dossier)


def test_the_link_ends_with_the_time_for_the_answer_or_with_the_case(world, browse, dossier):
    happy = returned(world.desk, world.mother)
    answered(happy, at=MORNING, answer=Answer(3))
    case = answered(dossier, at=MORNING).case
    with time_machine.travel(MORNING + timedelta(days=91), tick=False):
        stranger, mother = browse(None), browse(world.mother)
        for found in (happy, dossier):
            by_link(stranger, found)
        assert stranger.get(page_of(happy)).status_code == 410
        assert stranger.get(page_of(dossier)).status_code == 200
        assert mother.get(page_of(happy)).status_code == 200
        UnhappyCase.objects.update(state="closed", replied_at=MORNING, closed_at=MORNING)
        assert stranger.get(page_of(dossier)).status_code == 410
    assert case.survey_id == dossier.pk


def test_the_code_of_an_sms_can_be_typed(browse, dossier):
    typed = f"{token_of(dossier.pk)[:8].lower()} {token_of(dossier.pk)[8:]}"
    assert browse(None).post(reverse("satisfaction:door"), {"code": typed}).url == page_of(dossier)


def test_on_the_portal_the_dossiers_page_leads_to_it(world, browse, dossier):
    mother = browse(world.mother)
    own = reverse("dossiers:dossier", args=[dossier.id])
    assert page_of(dossier) in mother.get(own).content.decode()
    chosen = mother.get(page_of(dossier), {"rating": "2"})
    assert chosen.context["chosen"]["value"] == 2
    mother.post(page_of(dossier), {"rating": "2"})
    assert Survey.objects.get().way == "portal"
    assert Entry.objects.get(kind="survey.answered").person_id == world.mother.person_id
    assert "You have answered" in mother.get(own).content.decode()


@pytest.mark.parametrize(
    "sent", [{}, {"rating": "0"}, {"rating": "1", "words": "a" * 2_001}, {"rating": "1", "words": "a\x00"}]
)
def test_what_is_no_answer_is_asked_for_again(world, browse, dossier, sent):
    assert browse(world.mother).post(page_of(dossier), sent).status_code == 422
    assert not Survey.objects.filter(answered_at__isnull=False).exists()


def test_words_are_shown_as_words(world, browse, dossier):
    answered(dossier, at=MORNING, answer=Answer(1, (), "<script>alert(1)</script> =1+1"))
    for page in (ANSWERS, CASES):
        text = browse(world.desk.leader).get(page).content.decode()
        assert "<script>alert" not in text and "&lt;script&gt;alert" in text


def test_after_ninety_days_it_is_over(world, browse, dossier):
    with time_machine.travel(MORNING + timedelta(days=91), tick=False):
        mother = browse(world.mother)
        assert mother.get(page_of(dossier)).status_code == 410
        assert mother.post(page_of(dossier), SENT).status_code == 410


def kiosk(world, browse):
    code = halls.new_kiosk_code(actor=world.desk.leader, queue_id=hall(world.desk).id, at=MORNING)
    device = browse(None)
    assert device.post(reverse("satisfaction:kiosk-open"), {"code": code}).status_code == 302
    return device


def test_a_kiosk_asks_for_the_code_then_the_answer_then_the_reasons(world, browse, dossier):
    device, url = kiosk(world, browse), reverse("satisfaction:kiosk-answer")
    assert device.post(url, {"code": f"https://h/status/?code={dossier.code}"}).context["chosen"] is None
    assert device.post(url, {"code": dossier.code, "rating": "3"}).context["chosen"]["value"] == 3
    done = device.post(url, {"code": dossier.code, "rating": "3", "reasons": ["other"], "send": "1"})
    assert done.url == reverse("satisfaction:kiosk-done")
    assert Survey.objects.get().way == "kiosk"
    assert "answered already" in device.post(url, {"code": dossier.code}).content.decode()


def test_who_guesses_codes_at_a_kiosk_waits_and_who_has_one_does_not(world, browse, dossier):
    device, url = kiosk(world, browse), reverse("satisfaction:kiosk-answer")
    for _ in range(TYPING.free + 5):
        assert device.post(url, {"code": dossier.code}).status_code == 200
    for _ in range(TYPING.free):
        assert device.post(url, {"code": "H44.1-260310-9999"}).status_code == 404
    assert device.post(url, {"code": dossier.code}).status_code == 429


def test_answers_at_a_kiosk_come_one_after_the_other(world, browse, dossier):
    device, url = kiosk(world, browse), reverse("satisfaction:kiosk-answer")
    sent = {"code": dossier.code, "rating": "3", "words": "Tốt lắm.", "send": "1"}
    with mock.patch("motcua.community.surveys.web.kiosk.SENDING", replace(SENDING, free=1)):
        others = [returned(world.desk, world.mother).code for _ in range(2)]
        for code in (dossier.code, others[0]):
            assert device.post(url, sent | {"code": code}).status_code == 302
        waits = device.post(url, sent | {"code": others[1]})
    assert waits.status_code == 422 and "too often" in waits.content.decode()
    assert "Tốt lắm." in waits.content.decode()
    assert Survey.objects.filter(answered_at__isnull=False).count() == 2


def test_who_walks_away_leaves_no_question_to_the_next(world, browse, dossier):
    device, url = kiosk(world, browse), reverse("satisfaction:kiosk-answer")
    assert device.post(url, {"code": dossier.code})["Refresh"] == "180;url=/satisfaction/kiosk/"


def test_a_device_that_was_not_opened_is_no_kiosk(browse, dossier):
    device = browse(None)
    answer = device.post(
        reverse("satisfaction:kiosk-answer"), {"code": dossier.code, "rating": "3", "send": "1"}
    )
    assert answer.url == reverse("satisfaction:kiosk")
    assert device.post(reverse("satisfaction:kiosk-open"), {"code": "none"}).status_code == 422
    assert not Survey.objects.filter(answered_at__isnull=False).exists()


def test_on_the_telephone_who_handled_it_is_told_so(world, browse, dossier):
    sent = {"code": dossier.code, "rating": "3", "has_agreed": "on"}
    answer = browse(world.desk.reception).post(reverse("desk-satisfaction:phone"), sent)
    assert answer.status_code == 422 and "had a hand" in answer.content.decode()
    elsewhere = browse(world.other_desk.reception).post(reverse("desk-satisfaction:phone"), sent)
    assert "no result with this code" in elsewhere.content.decode()


def test_the_desk_sees_figures_and_covered_words_of_its_own(world, browse, dossier):
    unhappy(world.desk, world.mother, at=MORNING)
    text = browse(world.desk.leader).get(ANSWERS, {"q": "DI LAI"}).content.decode()
    assert "091*******" in text and "0912" not in text and "100.0 %" in text
    assert "Phải đi lại" not in browse(world.other_desk.leader).get(ANSWERS).content.decode()
    pages = [{"page": it} for it in ("0", "x", "٣", "501", "0500000000000000000000", "9" * 5_000)]
    days = [{"since": "never"}, {"until": "9999-12-31"}, {"since": "0001-01-01"}, {"since": "9999-12-31"}]
    for odd in (*pages, *days, {"rating": "7"}, {"agency": "/X/"}, {"q": "' % _ \\"}):
        assert browse(world.desk.leader).get(ANSWERS, odd).status_code == 200


def exported(browser):
    content = b"".join(browser.get(reverse("desk-satisfaction:export")).streaming_content)
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))


def test_an_export_names_nobody_and_holds_words_only_of_groups_large_enough(world, browse):
    for _ in range(4):
        unhappy(world.desk, world.mother, at=MORNING)
    leader = browse(world.desk.leader)
    assert {row[6] for row in exported(leader)[1:]} == {""}
    name = (last := returned(world.desk, world.mother)).applicant_facts["full_name"]
    answered(last, at=MORNING, answer=Answer(1, (), f"=Tôi, {name.upper()}, gọi 0912345678"))
    rows = exported(leader)
    assert len(rows) == 6 and rows[1][2] == "2026-03"
    text = str(rows)
    assert name.upper() not in text and "0912345678" not in text and last.code not in text
    assert "'=Tôi, …, gọi 091*******" in text
    assert Entry.objects.filter(kind="survey.exported").count() == 2


def test_a_case_from_the_answer_to_its_reply_and_back(world, browse):
    survey = unhappy(world.desk, world.mother, at=MORNING)
    case = survey.case
    leader, mother, stranger = browse(world.desk.leader), browse(world.mother), browse(None)
    page = reverse("desk-satisfaction:case", args=[case.id])
    work = reverse("desk-satisfaction:work", args=[case.id])
    assert "0912 345 678" in leader.get(page).content.decode()
    assert Entry.objects.filter(kind="survey.case_read").count() == 1
    for other in (browse(world.other_desk.leader),):
        assert other.get(page).status_code == 404
        assert other.post(work, {"words": "x", "revision": "1"}).status_code == 404
    leader.post(reverse("desk-satisfaction:claim", args=[case.id]), {"revision": "1"})
    stale = leader.post(work, {"words": "Xin lỗi bà.", "revision": "1"})
    assert stale.status_code == 422 and "Xin lỗi bà." in stale.content.decode()
    assert leader.post(work, {"words": "Xin lỗi bà.", "revision": "2"}).url == CASES
    by_link(stranger, survey.dossier)
    helped = reverse("satisfaction:helped", args=[survey.pk])
    for person in (mother, stranger):
        assert "Xin lỗi bà." in person.get(page_of(survey)).content.decode()
    assert browse(world.neighbour).post(helped, {"helped": "yes"}).status_code == 404
    stranger.post(helped, {"helped": "no", "words": "Vẫn chưa xong."})
    case.refresh_from_db()
    assert case.state == "waiting" and case.reopened_at
    assert UnhappyCase.objects.count() == 1


def test_a_reply_typed_while_the_case_went_up_is_not_lost(world, browse):
    case, leader = unhappy(world.desk, world.mother, at=MORNING).case, browse(world.desk.leader)
    leader.post(reverse("desk-satisfaction:claim", args=[case.id]), {"revision": "1"})
    escalate_late(at=case.due_at + timedelta(hours=1))
    work = reverse("desk-satisfaction:work", args=[case.id])
    late = leader.post(work, {"words": "Xin lỗi bà.", "revision": "2"})
    assert late.status_code == 422 and "Xin lỗi bà." in late.content.decode()


def test_said_twice_that_it_helped_is_no_error(world, browse):
    survey = unhappy(world.desk, world.mother, at=MORNING)
    UnhappyCase.objects.update(state="replied", replied_at=MORNING)
    helped, mother = reverse("satisfaction:helped", args=[survey.pk]), browse(world.mother)
    for _ in range(2):
        assert mother.post(helped, {"helped": "yes"}).url == page_of(survey)
    assert Entry.objects.filter(kind="survey.case_closed").count() == 1


def test_do_not_ask_me_any_more(world, browse, dossier):
    stranger = browse(None)
    by_link(stranger, dossier)
    for _ in range(2):
        stranger.post(reverse("satisfaction:stop", args=[dossier.pk]))
    assert Entry.objects.get(kind="survey.declined").person_id is None


def test_who_asks_for_nothing_reads_so_and_can_undo_it(world, browse, dossier):
    mother, stop, again = (
        browse(world.mother),
        *(reverse(f"satisfaction:{name}", args=[dossier.pk]) for name in ("stop", "again")),
    )
    for _ in range(2):
        mother.post(stop)
        text = mother.get(page_of(dossier)).content.decode()
        assert "You are not asked any more." in text and again in text and stop not in text
        for _ in range(2):
            text = mother.post(again, follow=True).content.decode()
            assert "We ask you again" in text and stop in text and again not in text
    for kind in ("survey.declined", "survey.asked_for"):
        entries = Entry.objects.filter(kind=kind, object_id=dossier.pk)
        assert [it.person_id for it in entries] == [world.mother.person_id] * 2


def test_only_who_can_stop_the_question_asks_for_it_again(world, browse, dossier):
    browse(world.mother).post(reverse("satisfaction:stop", args=[dossier.pk]))
    again, stranger = reverse("satisfaction:again", args=[dossier.pk]), browse(None)
    assert stranger.post(again).url.startswith("/sign-in/")
    for person in (browse(world.neighbour), browse(world.desk.leader)):
        assert person.post(again).status_code == 404
    assert not Entry.objects.filter(kind="survey.asked_for").exists()
    by_link(stranger, dossier)
    assert stranger.get(again).status_code == 405
    assert stranger.post(again).url == page_of(dossier)
    assert Entry.objects.get(kind="survey.asked_for").person_id is None


def test_by_the_link_it_is_nobody_whoever_is_signed_in(world, browse, dossier):
    answered(dossier, at=MORNING)
    UnhappyCase.objects.update(state="replied", replied_at=MORNING)
    neighbour = browse(world.neighbour)
    by_link(neighbour, dossier)
    assert (
        neighbour.post(reverse("satisfaction:helped", args=[dossier.pk]), {"helped": "yes"}).status_code
        == 302
    )
    assert Entry.objects.get(kind="survey.case_closed").person_id is None


def leads_both(world, browse):
    """A leader of one agency who leads another one too."""
    account = world.desk.leader.account_id
    RoleGrant.objects.create(account_id=account, role_id="leader", agency_path=world.other_desk.agency.path)
    return browse(world.desk.leader)


def test_a_province_reads_all_then_the_words_then_agencies_with_answers(
    world, browse, dossier, django_assert_num_queries
):
    """Agencies nobody answered about are folded, however many; each costs no query."""
    above = leads_both(world, browse)
    answered(dossier, at=MORNING, answer=Answer(3, (), "Nhanh lắm."))
    for _ in range(2):
        open_survey(returned(world.other_desk, world.mother))
    Survey.objects.filter(answered_at=None).update(asked_at=MORNING)
    page = above.get(ANSWERS)
    assert [it["it"].agency for it in page.context["parts"]] == [world.desk.agency.name]
    assert [(it.agency, it.asked) for it in page.context["unheard"]] == [(world.other_desk.agency.name, 2)]
    assert page.context["total"]["it"].asked == 3
    text = page.content.decode()
    folded = text[text.index("<summary>1 agency asked") :]
    places = [
        text.index(it) for it in ("<strong>All</strong>", "Nhanh lắm.", 'id="by-agency"', "<summary>1 ")
    ]
    assert places == sorted(places)
    assert world.other_desk.agency.name in folded[: folded.index("</details>")]
    with CaptureQueriesContext(connection) as few:
        above.get(ANSWERS)
    answered(returned(world.other_desk, world.mother), at=MORNING, answer=Answer(1))
    with django_assert_num_queries(len(few)):
        page = above.get(ANSWERS)
    assert not page.context["unheard"] and len(page.context["parts"]) == 2


def test_one_agency_alone_is_named_and_has_no_list_of_agencies(world, browse, dossier):
    answered(dossier, at=MORNING, answer=Answer(3))
    text = browse(world.desk.leader).get(ANSWERS).content.decode()
    assert 'id="by-agency"' not in text and "<strong>All</strong>" not in text
    assert f'<span lang="vi">{world.desk.agency.name}</span></td>' in text


def test_the_line_of_all_counts_agencies_that_are_not_shown(world, browse, dossier):
    answered(dossier, at=MORNING, answer=Answer(3))
    answered(returned(world.other_desk, world.mother), at=MORNING, answer=Answer(3))
    above = replace(world.desk.leader, grants=(("leader", "/"),))
    found = selectors.distributions(above, selectors.Wanted(MORNING, MORNING + timedelta(days=1)))
    assert [it.answered for it in found] == [1, 1]
    with mock.patch("motcua.community.surveys.web.desk.MOST_AGENCIES", 0):
        page = leads_both(world, browse).get(ANSWERS)
    assert page.context["parts"] == [] and page.context["total"]["it"].answered == 2
    assert "counts every one" in page.content.decode()
