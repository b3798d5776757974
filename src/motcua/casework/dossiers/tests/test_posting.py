"""Results by post: the number is checked, what became of them is noted, what came back is handed over again."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.conf import settings
from django.db import IntegrityError, transaction
from django.urls import reverse

from motcua.casework.dossiers.errors import ActNotAllowed, WrongWay
from motcua.casework.dossiers.models import Dossier
from motcua.casework.dossiers.note_errors import (
    NoSuchCarrier,
    ReturnReasonMissing,
    TrackingMistyped,
    TrackingWrong,
    WrongOutcomeDay,
)
from motcua.casework.dossiers.register import list_came_back
from motcua.casework.dossiers.rules.tracking import WrongNumber, checked_number, load_carriers, s10_digit
from motcua.casework.dossiers.services.handling import return_result
from motcua.casework.dossiers.services.posting import Noted, find_consignment, hand_again, note_outcome
from motcua.casework.dossiers.services.returning import Returning
from motcua.casework.dossiers.tests.factories import MORNING, returned, signed, target
from motcua.foundation.journal.models import Entry
from motcua.foundation.journal.services import follow_once
from motcua.foundation.kernel.errors import NotFound, Refused
from motcua.foundation.notifications.models import Message

pytestmark = pytest.mark.django_db
NUMBER = "EB123456785VN"
LATER = MORNING + timedelta(days=3)
WHY = "Người nhận đã chuyển đi"


@pytest.fixture
def ready(world):
    return signed(world.desk, world.mother, result_by="warehouse", extract_copies=None)


@pytest.fixture
def posted(world, ready):
    by_post = Returning("post", NUMBER, carrier="vnpost")
    return_result(actor=world.desk.reception, target=target(ready), at=MORNING, returning=by_post)
    ready.refresh_from_db()
    return ready


def note(world, dossier, outcome="came_back", *, actor=None, on=None, reason=WHY):
    return note_outcome(
        actor=actor or world.desk.reception,
        dossier_id=dossier.id,
        consignment_id=find_consignment(dossier).id,
        noted=Noted(outcome, on or LATER.date(), reason),
        at=LATER,
    )


def again(world, dossier, way="counter", **returning):
    hand_again(
        actor=world.desk.reception, dossier_id=dossier.id, returning=Returning(way, **returning), at=LATER
    )
    dossier.refresh_from_db()


# RR473124829GB stands as the example in the standard; the others come from its rules for 10 and 11.
@pytest.mark.parametrize(
    ("serial", "digit"), [("47312482", 9), ("12345678", 5), ("00000000", 5), ("00000050", 0)]
)
def test_the_check_digit_is_that_of_upu_s10(serial, digit):
    assert s10_digit(serial) == digit


@pytest.mark.parametrize(
    ("carrier", "typed", "kept"),
    [
        ("vnpost", " eb 123 456 785 vn ", NUMBER),
        ("viettelpost", "1234567890", "1234567890"),
        ("other", "ab-12", "AB-12"),
        ("", "RR473124829GB", "RR473124829GB"),
    ],
)
def test_takes_a_number_as_its_carrier_writes_it(carrier, typed, kept):
    assert checked_number(typed, load_carriers(settings.PACKS / "vn").get(carrier)) == kept


@pytest.mark.parametrize(
    ("carrier", "typed", "is_mistyped"),
    [
        ("vnpost", "EB123456789VN", True),
        ("vnpost", "EB123456785US", False),
        ("viettelpost", NUMBER, False),
        ("other", "EB123456789VN", True),
        ("other", "a!", False),
        ("", "x" * 41, False),
    ],
)
def test_refuses_a_number_that_is_none(carrier, typed, is_mistyped):
    with pytest.raises(WrongNumber) as told:
        checked_number(typed, load_carriers(settings.PACKS / "vn").get(carrier))
    assert told.value.has_wrong_digit is is_mistyped


@pytest.mark.parametrize(
    ("tracking", "carrier", "error"),
    [
        (NUMBER, "pigeon", NoSuchCarrier),
        ("EB123456789VN", "vnpost", TrackingMistyped),
        ("12", "viettelpost", TrackingWrong),
    ],
)
def test_a_result_is_not_returned_by_a_wrong_number(world, ready, tracking, carrier, error):
    by_post = Returning("post", tracking, carrier=carrier)
    with pytest.raises(error):
        return_result(actor=world.desk.reception, target=target(ready), at=MORNING, returning=by_post)
    assert not ready.consignments.exists()


def test_another_way_than_asked_for_is_in_the_journal(posted):
    entry = Entry.objects.get(object_id=posted.id, kind="dossier.result_returned")
    assert (entry.facts["way"], entry.facts["asked"]) == ("post", "warehouse")
    assert entry.facts["consignment"] == str(find_consignment(posted).id)
    assert NUMBER not in str(entry.facts)


def test_the_applicant_reads_the_number_on_the_page_and_in_the_message(world, browse, posted):
    page = browse(world.mother).get(reverse("dossiers:dossier", args=[posted.id])).content.decode()
    assert NUMBER in page
    assert "Bưu điện Việt Nam" in page
    follow_once()
    written = Message.objects.filter(concerns_id=posted.id, purpose="dossier_result_returned")
    bodies = {it.channel: it.body for it in written}
    assert NUMBER in bodies["in_app"]
    assert NUMBER not in bodies.get("sms", "")


def test_a_delivery_is_noted_once(world, posted):
    assert note(world, posted, "delivered").reason == ""
    with pytest.raises(ActNotAllowed):
        note(world, posted)
    assert not list_came_back(world.desk.reception, world.desk.agency.path)


def test_what_came_back_waits_until_somebody_has_it(world, browse, posted):
    note(world, posted)
    follow_once()
    assert Message.objects.filter(concerns_id=posted.id, purpose="dossier_result_came_back").exists()
    (waiting,) = list_came_back(world.desk.reception, world.desk.agency.path)
    assert (waiting.dossier_id, waiting.reason) == (posted.id, WHY)
    page = browse(world.desk.reception).get(reverse("desk:uncollected")).content.decode()
    assert WHY in page
    again(world, posted, receiver="Đỗ Mạnh Cường")
    assert (posted.return_way, posted.return_receiver, posted.return_tracking) == (
        "counter",
        "Đỗ Mạnh Cường",
        "",
    )
    assert not list_came_back(world.desk.reception, world.desk.agency.path)
    assert posted.documents.filter(kind="return").count() == 2
    assert posted.status == 10


def test_what_came_back_is_sent_again_with_a_new_number(world, posted):
    note(world, posted)
    again(world, posted, "post", tracking="RR473124829GB", carrier="other")
    assert posted.return_tracking == "RR473124829GB"
    assert find_consignment(posted).outcome == ""
    note(world, posted, "delivered")


@pytest.mark.parametrize(
    ("noted", "error"),
    [
        ({"on": MORNING.date() - timedelta(days=1)}, WrongOutcomeDay),
        ({"on": LATER.date() + timedelta(days=1)}, WrongOutcomeDay),
        ({"reason": " "}, ReturnReasonMissing),
        ({"outcome": "lost"}, ActNotAllowed),
    ],
)
def test_refuses_to_note_what_cannot_be(world, posted, noted, error):
    with pytest.raises(error):
        note(world, posted, **noted)
    assert find_consignment(posted).outcome == ""


def test_nothing_is_handed_over_again_that_did_not_come_back(world, posted):
    with pytest.raises(ActNotAllowed):
        again(world, posted)
    note(world, posted)
    with pytest.raises(WrongWay):
        again(world, posted, "warehouse")


def test_only_the_counter_of_the_agency_notes_it(world, posted):
    with pytest.raises(Refused):
        note(world, posted, actor=world.desk.specialist)
    with pytest.raises(NotFound):
        note(world, posted, actor=world.other_desk.reception)


def test_the_database_refuses_a_second_consignment_while_one_is_under_way(posted):
    sent = find_consignment(posted)
    with pytest.raises(IntegrityError), transaction.atomic():
        type(sent).objects.create(
            dossier=posted, agency_path=posted.agency_path, tracking="X-12", sent_at=LATER
        )


def test_the_pages_note_and_hand_over_again(world, browse, posted):
    browser, url = browse(world.desk.reception), reverse("desk:post", args=[posted.id])
    assert browser.get(url).status_code == 200
    day = {"on_day": "12", "on_month": "3", "on_year": "2026", "consignment": find_consignment(posted).id}
    missing = browser.post(url, day | {"outcome": "came_back"})
    assert missing.status_code == 422
    done = browser.post(url, day | {"outcome": "came_back", "reason": WHY})
    assert done.status_code == 302, done.context["form"].errors
    assert browser.get(url).status_code == 200
    assert browser.post(url, {"way": "post", "receiver": ""}).status_code == 422
    assert browser.post(url, {"way": "counter", "receiver": "Ai đó"}).status_code == 302
    assert browser.get(url).status_code == 409


def test_who_asked_for_post_is_led_to_the_page_that_asks_for_the_number(world, browse):
    dossier = signed(world.desk, world.mother)
    # Other procedures ask so; this one's form has no such answer.
    Dossier.objects.filter(pk=dossier.pk).update(answers=dossier.answers | {"result_by": "post"})
    page = browse(world.desk.reception).get(reverse("desk:dossier", args=[dossier.id])).content.decode()
    assert reverse("desk:act", args=[dossier.id, "return-result"]) not in page
    assert reverse("desk:return", args=[dossier.id]) in page


def test_a_result_in_the_warehouse_has_no_consignment(world, browse):
    dossier = returned(world.desk, world.mother)
    assert find_consignment(dossier) is None
    page = browse(world.desk.reception).get(reverse("desk:post", args=[dossier.id]))
    assert page.status_code == 409
