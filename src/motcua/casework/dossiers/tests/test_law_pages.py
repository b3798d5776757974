"""The acts of the law on their pages, at both doors."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse

from motcua.casework.dossiers.models import Dossier
from motcua.casework.dossiers.services import ending, handling, refusing
from motcua.casework.dossiers.tests import factories
from motcua.casework.dossiers.tests.factories import MORNING, seen, target
from motcua.casework.dossiers.tests.test_supplements import ask, bring
from motcua.foundation.kernel.ids import new_id

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _now():
    with time_machine.travel(MORNING + timedelta(hours=1), tick=False):
        yield


def law(dossier, act):
    return reverse("desk:law", args=[dossier.id, act])


def text(response):
    return response.content.decode()


def status_of(dossier):
    return Dossier.objects.get(pk=dossier.pk).status


def test_the_counter_refuses_on_the_page_and_the_applicant_reads_why(world, browse):
    dossier = factories.submitted(world.desk, world.mother)
    browser, url = browse(world.desk.reception), law(dossier, "refuse")
    assert url in text(browser.get(reverse("desk:dossier", args=[dossier.id])))
    assert browser.get(url).status_code == 200
    sent = {"revision": dossier.revision, "ground": "filed_twice", "reason": "Đã nộp ngày 09/3"}
    empty = browser.post(url, sent | {"reason": ""})
    assert (empty.status_code, status_of(dossier)) == (422, 1)
    assert browser.post(url, sent)["Location"] == reverse("desk:dossier", args=[dossier.id])
    own = text(browse(world.mother).get(reverse("dossiers:dossier", args=[dossier.id])))
    notice = reverse("dossiers:document", args=[dossier.id, dossier.documents.get().id])
    assert (status_of(dossier), "Đã nộp ngày 09/3" in own, notice in own) == (3, True, True)
    assert browse(world.mother).get(notice)["Content-Type"] == "application/pdf"


def test_an_old_page_is_told_so_and_keeps_what_was_typed(world, browse):
    dossier = factories.handed_over(world.desk, world.mother)
    sent = {"revision": dossier.revision - 1, "ground": "other", "reason": "Lý do dài"}
    answer = browse(world.desk.leader).post(law(dossier, "stop"), sent)
    assert (answer.status_code, "Lý do dài" in text(answer), status_of(dossier)) == (422, True, 4)


def test_the_applicant_withdraws_after_being_asked(world, browse):
    dossier = factories.handed_over(world.desk, world.mother)
    browser, url = browse(world.mother), reverse("dossiers:withdraw", args=[dossier.id])
    browser.cookies["motcua_language"] = "en"
    assert url in text(browser.get(reverse("dossiers:dossier", args=[dossier.id])))
    assert browser.get(url).status_code == 200
    assert (browser.post(url, {"revision": "1"}).status_code, status_of(dossier)) == (409, 4)
    browser.post(url, {"revision": dossier.revision})
    page = text(browser.get(reverse("dossiers:dossier", args=[dossier.id])))
    assert (status_of(dossier), url in page, "This dossier was withdrawn" in page) == (7, False, True)


def test_a_leader_is_offered_the_way_back_and_nobody_else(world, browse):
    dossier = factories.handed_over(world.desk, world.mother)
    why = ending.Why("court_order", "QĐ 01")
    ending.stop_dossier(actor=world.desk.leader, target=target(dossier), why=why, at=MORNING)
    page, url = reverse("desk:dossier", args=[dossier.id]), law(dossier, "recall-stop")
    assert url in text(browse(world.desk.leader).get(page))
    assert url not in text(browse(world.desk.specialist).get(page))
    assert law(dossier, "resume") not in text(browse(world.desk.leader).get(page))
    dossier.refresh_from_db()
    browse(world.desk.leader).post(url, {"revision": dossier.revision})
    assert status_of(dossier) == 4


def test_an_act_that_cannot_be_done_here_says_the_rule(world, browse):
    dossier = factories.signed(world.desk, world.mother)
    answer = browse(world.desk.leader).get(law(dossier, "stop"), headers={"accept": "text/html"})
    assert (answer.status_code, "03/2025/TT-VPCP" in text(answer)) == (409, True)
    assert browse(world.desk.leader).get(law(dossier, "sign")).status_code == 404


def test_a_payment_is_asked_for_and_confirmed(world, browse):
    dossier = factories.handed_over(world.desk, world.mother)
    sent = {"revision": dossier.revision, "what": "Lệ phí trước bạ", "amount_vnd": "150.000"}
    browse(world.desk.specialist).post(law(dossier, "request-payment"), sent)
    own = text(browse(world.mother).get(reverse("dossiers:dossier", args=[dossier.id])))
    assert (status_of(dossier), "Lệ phí trước bạ" in own) == (6, True)
    dossier.refresh_from_db()
    sent = {"revision": dossier.revision, "receipt": "BL-26E 0000001"}
    browse(world.desk.reception).post(law(dossier, "confirm-payment"), sent)
    assert status_of(dossier) == 4


def test_a_dossier_is_transferred_by_the_agencys_code(world, browse):
    dossier = factories.submitted(world.desk, world.mother)
    browser, url = browse(world.desk.reception), law(dossier, "transfer")
    sent = {"revision": dossier.revision, "reason": "Sai nơi", "agency": ""}
    assert browser.post(url, sent).status_code == 422
    assert browser.post(url, sent | {"code": "H99.1"}).status_code == 422
    assert browser.post(url, sent | {"agency": new_id()}).status_code == 422
    browser.post(url, sent | {"code": world.other_desk.agency.code.lower()})
    dossier.refresh_from_db()
    assert dossier.agency_id == world.other_desk.agency.id
    # It still reads it, and can do nothing.
    page = text(browser.get(reverse("desk:dossier", args=[dossier.id])))
    assert law(dossier, "transfer") not in page


def test_a_slip_is_corrected_and_both_doors_show_old_and_new(world, browse):
    dossier = factories.handed_over(world.desk, world.mother)
    before, url = dossier.answers["given_name"], reverse("desk:correct", args=[dossier.id])
    browser = browse(world.desk.specialist)
    assert "?field=given_name" in text(browser.get(url))
    assert before in text(browser.get(url, {"field": "given_name"}))
    sent = {"revision": dossier.revision, "field": "given_name", "given_name": "Anh Khôi"}
    kept = browser.post(url, sent)
    assert (kept.status_code, "Anh Khôi" in text(kept)) == (422, True)
    browser.post(url, sent | {"reason": "Gõ thiếu chữ đệm"})
    words = f"{before} → Anh Khôi"
    for reader, door in ((world.desk.leader, "desk"), (world.mother, "dossiers")):
        assert words in text(browse(reader).get(reverse(f"{door}:dossier", args=[dossier.id])))


def test_a_letter_of_refusal_is_told_as_not_granted_to_its_people_only(world, browse):
    dossier = factories.handed_over(world.desk, world.mother)
    letter = refusing.Refusal("Đã đăng ký ở nơi khác", "Luật Hộ tịch, Điều 13")
    refusing.draft_refusal(actor=world.desk.specialist, target=target(dossier), refusal=letter, at=MORNING)
    handling.submit_for_signature(actor=world.desk.specialist, target=target(dossier), at=MORNING)
    queue = browse(world.desk.leader).get(reverse("desk:signing"), {"dossier": str(dossier.id)})
    assert (queue.status_code, "từ chối giải quyết" in text(queue)) == (200, True)
    handling.sign_result(
        actor=world.desk.leader, target=target(dossier), seen_sha256=seen(dossier), at=MORNING
    )
    handling.return_result(actor=world.desk.reception, target=target(dossier), at=MORNING)
    mother, stranger = browse(world.mother), browse(None)
    for browser in (mother, stranger):
        browser.cookies["motcua_language"] = "en"
    own = text(mother.get(reverse("dossiers:dossier", args=[dossier.id])))
    anybody = text(stranger.get(reverse("dossiers:status"), {"code": dossier.code}))
    assert ("Not granted" in own, "Not granted" in anybody) == (True, False)


def test_a_second_request_asks_what_has_arisen(world, browse):
    dossier = factories.handed_over(world.desk, world.mother)
    ask(world, dossier)
    bring(world, dossier, at=MORNING)
    dossier.refresh_from_db()
    browser, url = browse(world.desk.specialist), reverse("desk:supplement", args=[dossier.id])
    assert 'name="arose"' in text(browser.get(url))
    sent = {"revision": dossier.revision, "text": ["Giấy khác"], "about": [""], "reason": "Mờ"}
    answer = browser.post(url, sent)
    assert (answer.status_code, 'href="#arose"' in text(answer)) == (422, True)
    browser.post(url, sent | {"arose": "Giấy mang đến bị rách"})
    assert status_of(dossier) == 5
    asked = text(browse(world.mother).get(reverse("dossiers:supplement", args=[dossier.id])))
    assert "Giấy mang đến bị rách" in asked


def test_an_old_form_is_sent_after_its_reader_was_told(world, browse):
    dossier = factories.handed_over(world.desk, world.mother)
    browser, url = browse(world.desk.leader), law(dossier, "stop")
    sent = {"revision": dossier.revision - 1, "ground": "other", "reason": "Lý do dài"}
    told = text(browser.post(url, sent))
    assert f'name="revision" value="{dossier.revision}"' in told
    # Who only forgot the reason was told nothing of the dossier: the form stays as old as it is.
    forgot = text(browser.post(url, sent | {"reason": ""}))
    assert f'name="revision" value="{dossier.revision - 1}"' in forgot
    browser.post(url, sent | {"revision": dossier.revision})
    assert status_of(dossier) == 8


@pytest.mark.parametrize("page", ["correct", "supplement"])
def test_other_old_forms_too(world, browse, page):
    dossier = factories.handed_over(world.desk, world.mother)
    sent = {"revision": dossier.revision - 1, "field": "given_name", "given_name": "Anh Khôi"}
    sent |= {"reason": "Gõ thiếu", "text": ["Giấy khác"], "about": [""]}
    told = browse(world.desk.specialist).post(reverse(f"desk:{page}", args=[dossier.id]), sent)
    assert (told.status_code, f'name="revision" value="{dossier.revision}"' in text(told)) == (422, True)


def test_no_due_date_is_named_while_the_clock_stands_still(world, browse):
    dossier = factories.handed_over(world.desk, world.mother)
    readers = [
        (browse(world.desk.specialist), reverse("desk:dossier", args=[dossier.id]), {}),
        (browse(world.mother), reverse("dossiers:dossier", args=[dossier.id]), {}),
        (browse(None), reverse("dossiers:status"), {"code": dossier.code}),
    ]
    for browser, _url, _query in readers:
        browser.cookies["motcua_language"] = "en"
    assert all("17:00" in text(browser.get(url, query)) for browser, url, query in readers)
    ask(world, dossier, at=MORNING + timedelta(minutes=30))
    pages = [text(browser.get(url, query)) for browser, url, query in readers]
    assert not any("17:00" in page for page in pages)
    assert all("Since 9:30" in page and "is-stop" in page for page in pages[:2])
    # The officer reads there what was asked for.
    assert "callout__items" in pages[0]


def test_pressing_withdraw_twice_is_once(world, browse):
    dossier = factories.handed_over(world.desk, world.mother)
    browser, url = browse(world.mother), reverse("dossiers:withdraw", args=[dossier.id])
    answers = [browser.post(url, {"revision": dossier.revision}) for _ in range(2)]
    assert {it["Location"] for it in answers} == {reverse("dossiers:dossier", args=[dossier.id])}
    assert dossier.endings.count() == 1


def test_a_row_without_words_is_the_one_that_is_wrong(world, browse):
    dossier = factories.handed_over(world.desk, world.mother)
    sent = {"revision": dossier.revision, "text": ["Giấy khác", ""], "about": ["", "field given_name"]}
    answer = browse(world.desk.specialist).post(reverse("desk:supplement", args=[dossier.id]), sent)
    assert (answer.status_code, 'href="#text-1"' in text(answer)) == (422, True)
