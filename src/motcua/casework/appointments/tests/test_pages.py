"""Kiosk, board, ticket and settings as browsers get them."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from motcua.casework.appointments import services
from motcua.casework.appointments.models import Ticket
from motcua.casework.appointments.tests.factories import (
    MORNING,
    booked,
    counter_of,
    group_of,
    hall,
    sat_down,
    took,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _now():
    with time_machine.travel(MORNING, tick=False):
        yield


@pytest.fixture
def queue(world):
    return hall(world.desk)


def kiosk_of(world, queue):
    code = services.new_kiosk_code(actor=world.desk.leader, queue_id=queue.id, at=MORNING)
    device = Client()
    assert device.post(reverse("queue:kiosk-open"), {"code": code}).status_code == 302
    return device


def test_a_kiosk_is_closed_by_a_new_code_and_by_no_cookie_of_its_own_making(world, queue):
    device, group = kiosk_of(world, queue), group_of(queue)
    take = reverse("queue:kiosk-take", args=[group.id])
    assert device.get(take).status_code == 200
    forged = Client()
    forged.cookies["motcua_kiosk"] = f"{queue.id}:{'0' * 64}:x:y"
    assert forged.get(take).status_code == 302
    kiosk_of(world, queue)
    assert device.post(take, {"ground": ""}).status_code == 302
    assert not Ticket.objects.exists()


def test_a_kiosk_gives_no_numbers_of_another_agency(world, queue):
    device = kiosk_of(world, queue)
    elsewhere = group_of(hall(world.other_desk))
    assert device.post(reverse("queue:kiosk-take", args=[elsewhere.id]), {"ground": ""}).status_code == 404


def test_the_kiosk_shows_the_number_and_goes_back_by_itself(world, queue):
    device = kiosk_of(world, queue)
    take = reverse("queue:kiosk-take", args=[group_of(queue).id])
    answer = device.post(take, {"ground": "merit"}, follow=True)
    assert b"A001" in answer.content and answer["Refresh"].endswith("url=/kiosk/done/")
    services.set_printer(actor=world.desk.reception, queue_id=queue.id, is_away=True, at=MORNING)
    away = device.get(answer.request["PATH_INFO"])
    assert b"data-print" not in away.content
    assert b"A001" in device.get(reverse("queue:kiosk-again")).content


def test_an_appointment_is_checked_in_by_its_code_and_a_wrong_one_keeps_what_was_typed(world, queue):
    device = kiosk_of(world, queue)
    mine = booked(world.mother, queue, at=MORNING, after=timedelta(hours=1))
    page = reverse("queue:kiosk-check-in")
    wrong = device.post(page, {"code": "0000-1111-22"})
    assert wrong.status_code == 422 and b"0000-1111-22" in wrong.content
    assert device.post(page, {"code": mine.code.lower()}, follow=True).status_code == 200
    assert Ticket.objects.get().appointment_id == mine.id


def test_a_board_is_told_once_and_then_asks_in_vain_until_something_changes(world, queue):
    sat_down(world.desk.reception, queue, at=MORNING)
    took(queue, at=MORNING)
    page = reverse("queue:board-now", args=[queue.board_code])
    stranger = Client()
    first = stranger.get(page)
    assert stranger.get(page, headers={"if-none-match": first["ETag"]}).status_code == 304
    services.call_next(actor=world.desk.reception, at=MORNING)
    changed = stranger.get(page, headers={"if-none-match": first["ETag"]})
    assert changed.status_code == 200 and b"A001" in changed.content
    assert stranger.get(reverse("queue:board-now", args=["AAAA-AAAA-AA"])).status_code == 404


def test_without_scripts_a_board_comes_again_by_itself(queue):
    page = reverse("queue:board", args=[queue.board_code])
    assert b'<noscript><meta http-equiv="refresh" content="3"></noscript>' in Client().get(page).content


def test_the_board_and_the_ticket_name_nobody(world, queue, browse):
    mine = booked(world.mother, queue, at=MORNING, after=timedelta(hours=1))
    ticket = services.check_in(actor=world.mother, queue_id=queue.id, code=mine.code, at=MORNING)
    name = world.mother.person_id
    for page in (
        reverse("queue:board", args=[queue.board_code]),
        reverse("queue:ticket", args=[ticket.code]),
    ):
        content = Client().get(page).content.decode()
        assert mine.code not in content and str(name) not in content


def test_yesterdays_ticket_is_not_shown(queue):
    ticket = took(queue, at=MORNING - timedelta(days=1))
    assert Client().get(reverse("queue:ticket", args=[ticket.code])).status_code == 404


def test_a_citizen_books_moves_and_cancels(world, queue, browse):
    browser, group = browse(world.mother), group_of(queue)
    page = f"{reverse('queue:book', args=[queue.id])}?group={group.id}"
    empty = browser.post(page)
    assert empty.status_code == 422
    slots = empty.context["slots"]
    made = browser.post(page, {"starts_at": slots[0].starts_at.isoformat()})
    assert made.status_code == 302
    own = made["Location"]
    moved = browser.post(f"{own}move/", {"starts_at": slots[1].starts_at.isoformat(), "sequence": "0"})
    assert moved["Location"] == own
    assert b"BEGIN:VEVENT" in browser.get(f"{own}calendar.ics").content
    assert browser.post(f"{own}cancel/", {"sequence": "0"}).status_code == 409
    assert browser.post(f"{own}cancel/", {"sequence": "1"}).status_code == 302


def test_hostile_input_is_answered_with_a_page(world, queue, browse):
    citizen, officer = browse(world.mother), browse(world.desk.reception)
    book = reverse("queue:book", args=[queue.id])
    for query in (
        "group=x",
        f"group={group_of(queue).id}&day=9999-99-99",
        f"group={group_of(queue).id}&day=0001-01-01",
    ):
        assert citizen.get(f"{book}?{query}").status_code == 200
    sent = {"starts_at": "9999-12-31T23:59:59+00:00"}
    assert citizen.post(f"{book}?group={group_of(queue).id}", sent).status_code in {409, 422}
    for day in ("0001-01-01", "9999-12-31", "x"):
        assert officer.get(reverse("queue-desk:appointments"), {"day": day}).status_code == 200
    acts = reverse("queue-desk:act")
    for data in ({"act": "send", "to": "counter ²"}, {"act": "finish", "ticket": "x"}, {"act": "no"}):
        assert officer.post(acts, data).status_code == 302


def test_what_is_wrong_in_the_settings_keeps_what_was_typed(world, queue, browse):
    page = reverse("queue-desk:settings")
    sent = {"part": "group", "series": "D", "name_vi": "", "name_en": "Taxes", "minutes": "20", "places": "0"}
    wrong = browse(world.desk.leader).post(page, sent)
    assert wrong.status_code == 422 and b"Taxes" in wrong.content and b"#group-name_vi" in wrong.content
    sent["name_vi"] = "Thuế"
    assert browse(world.desk.leader).post(page, sent).status_code == 302
    assert queue.groups.filter(series="D").exists()


def test_a_page_of_before_says_why_nothing_was_done(world, queue, browse):
    officer = browse(world.desk.reception)
    took(queue, at=MORNING)
    officer.post(reverse("queue-desk:open"), {"counter": str(counter_of(queue).id)})
    act = reverse("queue-desk:act")
    officer.post(act, {"act": "next"})
    answer = officer.post(act, {"act": "next"}, follow=True)
    assert "A001" in answer.content.decode() and "Finish it first" in answer.content.decode()


def test_who_waits_is_counted_once_however_many_groups_are_open(client, queue):
    assert queue.groups.filter(is_open=True).count() > 1
    for _ in range(2):
        took(queue, at=MORNING)
    page = client.get(reverse("queue:list"), headers={"accept-language": "en"}).content.decode()
    assert "2 people are waiting" in page
