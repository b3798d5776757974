"""Requests about one's own data: asked, answered, carried out; consents."""

from __future__ import annotations

import io
import json
import zipfile
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.utils import timezone

from motcua.foundation.files.services import read_file
from motcua.foundation.journal.models import Entry
from motcua.foundation.journal.services import place_hold
from motcua.foundation.kernel.actors import SYSTEM
from motcua.foundation.kernel.errors import NotFound, Refused
from motcua.foundation.notifications.models import Message, Preference
from motcua.registry.people import answering, data_requests, own_data
from motcua.registry.people.answering import Answer
from motcua.registry.people.consents import list_consents, set_consent
from motcua.registry.people.data_requests import Asked, ask
from motcua.registry.people.errors import AlreadyAnswered, RequestOpen, TooManyChanges, UnderHold
from motcua.registry.people.models import Consent, DataRequest, Person
from motcua.registry.people.tests.factories import citizen, sign_in_anew

# A Tuesday, 9:00 in Việt Nam; and a Thursday, whose three days end on a Sunday.
AT, THURSDAY = datetime(2026, 3, 10, 2, 0, tzinfo=UTC), datetime(2026, 3, 12, 2, 0, tzinfo=UTC)
DAY = timedelta(days=1)
GRANTED = Answer("granted", "Done.")
REFUSED = Answer("refused", "It must stay.", "Law 91/2025/QH15")
pytestmark = pytest.mark.django_db


@pytest.fixture
def mother():
    return citizen(at=AT, personal_number="025197009999", email="nhung@example.org", telephone="0912345678")


def kinds_about(request):
    return list(
        Entry.objects.filter(object_id=request.id).order_by("sequence").values_list("kind", flat=True)
    )


def answer(world, request, given=GRANTED, at=AT):
    return answering.answer(actor=world.data_protection, request_id=request.id, given=given, at=at)


@pytest.mark.parametrize(("at", "due"), [(AT, "2026-03-13T09:00"), (THURSDAY, "2026-03-16T09:00")])
def test_a_request_is_due_after_three_days_and_never_on_a_day_off(mother, at, due):
    request = ask(actor=mother, asked=Asked("correct", ("other",), "Wrong."), at=at)
    assert timezone.localtime(request.due_at).isoformat(timespec="minutes").startswith(due)
    assert kinds_about(request) == ["data_request.made"]


def test_a_download_holds_all_that_every_room_knows(world, mother):
    request = ask(actor=mother, asked=Asked("download"), at=AT)
    assert answering.make_export(request.id, at=AT)
    assert not answering.make_export(request.id, at=AT)
    request.refresh_from_db()
    archive = zipfile.ZipFile(io.BytesIO(read_file(request.result)))
    held = json.loads(archive.read("data.json"))["data"]
    assert {"person", "contact", "messages", "journal", "dossiers", "drafts", "results", "consents"} <= set(
        held
    )
    assert held["person"][0]["personal_number"] == "025197009999"
    assert "person.entered" in {row["kind"] for row in held["journal"]}
    assert "025197009999" in archive.read("data.html").decode()
    assert Message.objects.filter(recipient_id=mother.person_id, purpose="data_request_answered").exists()


def test_a_name_with_markup_stays_text_in_the_readable_file(mother):
    Person.objects.filter(pk=mother.person_id).update(full_name="<script>alert(1)</script>")
    content = own_data.make_archive(mother.person, language="en", at=AT)
    page = zipfile.ZipFile(io.BytesIO(content)).read("data.html").decode()
    assert "<script>" not in page
    assert "&lt;script&gt;" in page


def test_the_export_names_nobody_elses_data(world, mother):
    ask(actor=mother, asked=Asked("correct", ("other",), "Wrong."), at=AT)
    content = json.dumps(own_data.gather(mother.person), default=str, ensure_ascii=False)
    assert "025188002233" not in content
    assert "Láng Giềng" not in content


def test_an_archive_goes_after_its_days_and_the_answer_stays(mother):
    request = ask(actor=mother, asked=Asked("download"), at=AT)
    answering.make_export(request.id, at=AT)
    request.refresh_from_db()
    assert own_data.files_in_use([request.result_id]) == {request.result_id}
    assert own_data.drop_old_exports(before=AT) == 0
    assert own_data.drop_old_exports(before=AT + DAY) == 1
    request.refresh_from_db()
    assert (request.result, request.status) == (None, "granted")


def test_the_same_download_is_not_asked_twice(mother):
    ask(actor=mother, asked=Asked("download"), at=AT)
    with pytest.raises(RequestOpen):
        ask(actor=mother, asked=Asked("download"), at=AT)


def test_nobody_fills_the_officers_list(mother):
    for _ in range(data_requests.A_DAY):
        ask(actor=mother, asked=Asked("correct", ("other",), "Wrong."), at=AT)
    with pytest.raises(TooManyChanges):
        ask(actor=mother, asked=Asked("correct", ("other",), "Wrong."), at=AT)


def test_an_erasure_takes_what_was_asked_for_and_nothing_else(world, mother):
    request = ask(actor=mother, asked=Asked("erase", ("contact", "choices")), at=AT)
    set_consent(actor=mother, purpose="sms_notices", given=False, at=AT)
    answer(world, request)
    person = Person.objects.get(pk=mother.person)
    assert (person.telephone, person.email, person.full_name) == ("", "", "Nguyễn Thị Hồng Nhung")
    assert not Preference.objects.filter(recipient_id=person.id).exists()
    assert Consent.objects.filter(person=person).exists()
    entry = Entry.objects.get(object_id=request.id, kind="data_request.answered")
    assert set(entry.facts["erased"]) == {"contact", "choices"}


def test_an_erasure_granted_in_part_takes_only_that_part(world, mother):
    request = ask(actor=mother, asked=Asked("erase", ("contact",)), at=AT)
    answer(world, request, Answer("partly", "Some.", "Law 91/2025/QH15", ("choices",)))
    assert Person.objects.get(pk=mother.person).telephone == "0912345678"


def test_what_must_be_kept_is_erased_by_no_answer(world, mother):
    request = ask(actor=mother, asked=Asked("erase", ("journal", "person", "dossiers")), at=AT)
    before = Entry.objects.filter(concerns_id=mother.person_id).count()
    answer(world, request)
    assert Entry.objects.filter(concerns_id=mother.person_id).count() == before + 1
    assert Person.objects.get(pk=mother.person).full_name == "Nguyễn Thị Hồng Nhung"


def test_a_legal_hold_stops_an_erasure(world, mother):
    place_hold(actor=SYSTEM, object_id=mother.person, reason="Court order 1", at=AT)
    request = ask(actor=mother, asked=Asked("erase", ("contact",)), at=AT)
    with pytest.raises(UnderHold):
        answer(world, request)
    request.refresh_from_db()
    assert request.status == "open"
    answer(world, request, REFUSED)


def test_a_refusal_erases_nothing_and_names_its_law(world, mother):
    request = ask(actor=mother, asked=Asked("erase", ("contact",)), at=AT)
    with pytest.raises(ValueError, match="law"):
        answer(world, request, Answer("refused", "No."))
    answer(world, request, REFUSED)
    assert Person.objects.get(pk=mother.person).telephone == "0912345678"
    with pytest.raises(IntegrityError, match="data_request_refusal_has_law"), transaction.atomic():
        DataRequest.objects.filter(pk=request.pk).update(law="")


def test_a_request_is_answered_once(world, mother):
    request = ask(actor=mother, asked=Asked("correct", ("other",), "Wrong."), at=AT)
    answer(world, request)
    with pytest.raises(AlreadyAnswered):
        answer(world, request, REFUSED)
    with pytest.raises(AlreadyAnswered):
        data_requests.take_back(actor=mother, request_id=request.id, at=AT)


def test_what_was_taken_back_is_not_answered(world, mother):
    request = ask(actor=mother, asked=Asked("erase", ("contact",)), at=AT)
    data_requests.take_back(actor=mother, request_id=request.id, at=AT)
    with pytest.raises(AlreadyAnswered):
        answer(world, request)
    assert kinds_about(request) == ["data_request.made", "data_request.taken_back"]


def test_the_person_is_told_of_the_answer_without_its_words(world, mother, settings):
    settings.EMAIL_READY = True
    request = ask(actor=mother, asked=Asked("correct", ("other",), "Wrong."), at=AT)
    answer(world, request, Answer("granted", "Very personal words."))
    messages = Message.objects.filter(recipient_id=mother.person_id, purpose="data_request_answered")
    assert set(messages.values_list("channel", flat=True)) == {"in_app", "email"}
    assert not any("Very personal" in it.body for it in messages)


@pytest.mark.parametrize("who", ["auditor", "operator", "administrator", "support"])
def test_nobody_but_the_data_protection_officer_answers(world, mother, who):
    request, actor = (
        ask(actor=mother, asked=Asked("correct", ("other",), "Wrong."), at=AT),
        getattr(world, who),
    )
    for attempt in (
        lambda: answering.answer(actor=actor, request_id=request.id, given=GRANTED, at=AT),
        lambda: answering.open_request(actor, request.id, at=AT),
        lambda: answering.list_requests(actor, is_open=True),
    ):
        with pytest.raises(Refused):
            attempt()


def test_a_right_for_one_agency_is_not_enough(world, mother):
    local = replace(world.data_protection, grants=(("data_protection", world.desk.agency.path),))
    request = ask(actor=mother, asked=Asked("correct", ("other",), "Wrong."), at=AT)
    with pytest.raises(Refused):
        answering.open_request(local, request.id, at=AT)


def test_another_person_neither_sees_nor_takes_back(world, mother):
    request = ask(actor=mother, asked=Asked("correct", ("other",), "Wrong."), at=AT)
    with pytest.raises(NotFound):
        data_requests.get_own(world.neighbour, request.id)
    with pytest.raises(NotFound):
        data_requests.take_back(actor=world.neighbour, request_id=request.id, at=AT)


def test_nobody_asks_about_a_reading_of_somebody_else(world, mother):
    request = ask(actor=world.neighbour, asked=Asked("correct", ("other",), "Wrong."), at=AT)
    answering.open_request(world.data_protection, request.id, at=AT)
    reading = Entry.objects.get(object_id=request.id, kind="data_request.read")
    asked = Asked("ask", words="Why?", entry_id=reading.id)
    with pytest.raises(NotFound):
        ask(actor=mother, asked=asked, at=AT)
    assert ask(actor=world.neighbour, asked=asked, at=AT).entry_id == reading.id


def test_open_requests_come_by_due_date_and_page_without_a_gap(world, mother):
    for number in range(25):
        asked = Asked("correct", ("other",), "Wrong.")
        ask(actor=mother, asked=asked, at=AT + timedelta(hours=5 * number))
    first = answering.list_requests(world.data_protection, is_open=True)
    second = answering.list_requests(world.data_protection, is_open=True, after=first.after)
    due = [it.due_at for it in (*first.rows, *second.rows)]
    assert due == sorted(due)
    assert (len(first.rows), len(due), second.after) == (20, 25, "")
    assert answering.list_requests(world.data_protection, is_open=True, after="nonsense").rows == first.rows


def test_a_zip_named_pdf_is_no_proof_and_the_words_are_kept(mother, browse):
    wrong = SimpleUploadedFile("proof.pdf", b"PK\x03\x04" + b"0" * 100, "application/pdf")
    typed = {"source": "other", "words": "My name is wrong.", "evidence": wrong}
    page = browse(mother).post("/account/data/correct/", typed)
    assert page.status_code == 422
    assert "My name is wrong." in page.content.decode()
    assert not DataRequest.objects.exists()


def test_the_page_for_erasing_asks_to_confirm_and_lists_what_stays(mother, browse):
    browser = browse(mother)
    sign_in_anew(browser)
    page = browser.post("/account/data/erase/", {"chosen": ["contact"]})
    assert page.status_code == 422
    assert "What must be kept" in page.content.decode()
    forged = browser.post("/account/data/erase/", {"chosen": ["journal"], "sure": "on"})
    assert forged.status_code == 422
    made = browser.post("/account/data/erase/", {"chosen": ["contact"], "sure": "on"})
    assert made["Location"].startswith("/account/data/requests/")


def test_erasing_and_the_archive_need_a_fresh_sign_in(mother, browse):
    browser = browse(mother)
    led = browser.post("/account/data/erase/", {"chosen": ["contact"], "sure": "on"})
    assert led["Location"] == "/account/fresh/?next=/account/data/erase/"
    assert not DataRequest.objects.exists()
    request = ask(actor=mother, asked=Asked("download"), at=AT)
    answering.make_export(request.id, at=AT)
    url = f"/account/data/requests/{request.id}/"
    assert browser.get(f"{url}file/")["Location"] == f"/account/fresh/?next={url}"
    sign_in_anew(browser)
    assert "attachment" in browser.get(f"{url}file/")["Content-Disposition"]


def test_the_officer_answers_on_the_page_and_the_person_reads_it(world, mother, browse):
    request = ask(actor=mother, asked=Asked("correct", ("other",), "Wrong."), at=AT)
    desk, url = browse(world.data_protection), f"/desk/data-requests/{request.id}/"
    assert request.reference in desk.get("/desk/data-requests/").content.decode()
    page = desk.get(url).content.decode()
    assert "025197009999" not in page
    assert kinds_about(request)[-1] == "data_request.read"
    missing = desk.post(url, {"status": "refused", "text": "Kept words.", "law": ""})
    assert missing.status_code == 422
    assert "Kept words." in missing.content.decode()
    assert desk.post(url, {"status": "refused", "text": "Kept.", "law": "Law 91"}).status_code == 302
    again = desk.post(url, {"status": "granted", "text": "Late.", "law": ""})
    assert again.status_code == 422
    mine = browse(mother).get(f"/account/data/requests/{request.id}/").content.decode()
    assert "Law 91" in mine
    assert request.reference in desk.get("/desk/data-requests/?box=answered").content.decode()


def test_a_request_that_is_not_there_is_not_found(world, browse):
    assert browse(world.data_protection).get(f"/desk/data-requests/{uuid4()}/").status_code == 404


# Consents.


def test_a_consent_that_is_taken_back_switches_its_channel_off(mother):
    set_consent(actor=mother, purpose="sms_notices", given=False, at=AT)
    off = Preference.objects.filter(recipient_id=mother.person_id, is_enabled=False)
    assert set(off.values_list("channel", flat=True)) == {"sms"}
    set_consent(actor=mother, purpose="sms_notices", given=True, at=AT + DAY)
    assert not Preference.objects.filter(recipient_id=mother.person_id, is_enabled=False).exists()
    kinds = Entry.objects.filter(object_kind="consent", concerns_id=mother.person_id).order_by("sequence")
    assert list(kinds.values_list("kind", flat=True)) == ["consent.withdrawn", "consent.given"]


def test_saying_the_same_twice_does_nothing(mother):
    for _ in range(2):
        set_consent(actor=mother, purpose="sharing_results", given=True, at=AT)
    assert Consent.objects.filter(person=mother.person).count() == 1
    assert Entry.objects.filter(kind="consent.given", concerns_id=mother.person_id).count() == 1


def test_nothing_is_shared_before_somebody_agrees(mother):
    standing = {it.terms.purpose: it.holds for it in list_consents(mother)}
    assert standing == {"email_notices": True, "sms_notices": True, "sharing_results": False}


def test_new_words_are_shown_and_need_a_new_agreement(mother):
    set_consent(actor=mother, purpose="sharing_results", given=True, at=AT)
    Consent.objects.filter(person=mother.person).update(text_version="0")
    [standing] = [it for it in list_consents(mother) if it.terms.purpose == "sharing_results"]
    assert standing.is_outdated
    set_consent(actor=mother, purpose="sharing_results", given=True, at=AT + DAY)
    rows = Consent.objects.filter(person=mother.person).order_by("given_at", "id")
    assert [(it.text_version, it.withdrawn_at is None) for it in rows] == [("0", False), ("1", True)]


def test_a_purpose_nobody_asks_about_is_not_found(mother):
    with pytest.raises(NotFound):
        set_consent(actor=mother, purpose="advertising", given=True, at=AT)
