"""Appointments: slots, limits, changes, reminders, coming and not coming, forgetting."""

from __future__ import annotations

from datetime import UTC, timedelta

import pytest
from django.utils import timezone
from icalendar import Calendar

from motcua.casework.appointments import selectors, services
from motcua.casework.appointments.adapters.calendar_file import calendar_file
from motcua.casework.appointments.errors import (
    AppointmentChanged,
    BadSetting,
    NotCheckedIn,
    SlotGone,
    TooManyAppointments,
)
from motcua.casework.appointments.models import Appointment, Ticket
from motcua.casework.appointments.services.keeping import export_appointments
from motcua.casework.appointments.tests.factories import (
    MORNING,
    booked,
    free_slot,
    group_of,
    hall,
    sat_down,
    took,
)
from motcua.foundation.journal.models import Entry
from motcua.foundation.journal.services import place_hold
from motcua.foundation.kernel.actors import ANONYMOUS, SYSTEM
from motcua.foundation.kernel.errors import NotFound
from motcua.foundation.notifications.models import Message

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
State = Appointment.State


@pytest.fixture
def queue(world):
    return hall(world.desk)


def test_days_off_are_not_offered_and_the_hours_are_the_agencys(world, queue):
    days = [it.day for it in selectors.list_days(queue, group_of(queue), at=MORNING)]
    assert not [day for day in days if day.weekday() > 4]
    slots = selectors.day_slots(queue, group_of(queue), days[1], at=MORNING)
    local = [timezone.localtime(it.starts_at) for it in slots]
    assert f"{local[0]:%H:%M}" == "07:00" and not [it for it in local if it.hour == 12]
    reunification = MORNING.replace(month=4, day=10)
    ahead = [it.day for it in selectors.list_days(queue, group_of(queue), at=reunification)]
    assert reunification.replace(day=30).date() not in ahead


def test_a_time_within_the_next_half_hour_a_night_and_a_far_day_are_refused(world, queue):
    group = group_of(queue)
    for moment in (MORNING + timedelta(minutes=20), MORNING.replace(hour=22), MORNING + 40 * DAY):
        with pytest.raises(SlotGone):
            wanted = services.Wanted(queue.id, group.id, moment)
            services.book(actor=world.mother, wanted=wanted, at=MORNING)


def test_a_slot_has_as_many_places_as_are_set_and_a_cancelled_one_is_free_again(world, queue):
    slot = free_slot(queue, at=MORNING)
    wanted = services.Wanted(queue.id, group_of(queue).id, slot)
    first = services.book(actor=world.mother, wanted=wanted, at=MORNING)
    services.book(actor=world.neighbour, wanted=wanted, at=MORNING)
    guest = services.Guest("Người Mẫu Ba")
    with pytest.raises(SlotGone):
        services.book_for(actor=world.desk.reception, wanted=wanted, guest=guest, at=MORNING)
    services.cancel(actor=world.mother, appointment_id=first.id, sequence=0, at=MORNING)
    third = services.book_for(actor=world.desk.reception, wanted=wanted, guest=guest, at=MORNING)
    assert third.place == first.place


def test_one_person_has_at_most_two_appointments_ahead(world, queue):
    for hours in (24, 48):
        booked(world.mother, queue, at=MORNING, after=timedelta(hours=hours))
    with pytest.raises(TooManyAppointments):
        booked(world.mother, queue, at=MORNING, after=timedelta(hours=72))


def test_moved_it_has_a_higher_sequence_and_a_page_that_shows_the_earlier_one_is_told(world, queue):
    mine = booked(world.mother, queue, at=MORNING, after=DAY)
    later = free_slot(queue, at=MORNING, after=2 * DAY)
    moved = services.move(actor=world.mother, appointment_id=mine.id, sequence=0, starts_at=later, at=MORNING)
    assert (moved.starts_at, moved.sequence) == (later, 1)
    with pytest.raises(AppointmentChanged):
        services.cancel(actor=world.mother, appointment_id=mine.id, sequence=0, at=MORNING)
    entry = Entry.objects.get(kind="appointment.moved")
    assert (
        entry.concerns_id == world.mother.person_id
        and entry.facts["before"] == mine.starts_at.astimezone(UTC).isoformat()
    )


def test_nobody_else_moves_or_cancels_it_but_the_office_may_cancel(world, queue):
    mine = booked(world.mother, queue, at=MORNING, after=DAY)
    for stranger in (world.neighbour, world.other_desk.reception, world.desk.specialist):
        with pytest.raises(NotFound):
            services.cancel(actor=stranger, appointment_id=mine.id, sequence=0, at=MORNING)
    services.cancel(actor=world.desk.reception, appointment_id=mine.id, sequence=0, at=MORNING)
    purposes = set(
        Message.objects.filter(recipient_id=world.mother.person_id).values_list("purpose", flat=True)
    )
    assert {"appointment_made", "appointment_cancelled"} <= purposes


def test_the_office_books_for_who_has_no_account_and_asks_for_a_name(world, queue):
    wanted = services.Wanted(queue.id, group_of(queue).id, free_slot(queue, at=MORNING))
    with pytest.raises(BadSetting):
        services.book_for(actor=world.desk.reception, wanted=wanted, guest=services.Guest(" "), at=MORNING)
    guest = services.Guest("Hà Thị Mẫu Cụ", "0900000011")
    with pytest.raises(NotFound):
        services.book_for(actor=world.other_desk.reception, wanted=wanted, guest=guest, at=MORNING)
    made = services.book_for(actor=world.desk.reception, wanted=wanted, guest=guest, at=MORNING)
    assert "Mẫu" not in str(Entry.objects.get(kind="appointment.made", object_id=made.id).facts)


def test_two_reminders_go_out_each_once(world, queue):
    mine = booked(world.mother, queue, at=MORNING, after=3 * DAY)
    sent = []
    for before in (
        timedelta(hours=25),
        timedelta(hours=24),
        timedelta(hours=23),
        timedelta(hours=2),
        timedelta(0),
    ):
        services.send_reminders(at=mine.starts_at - before)
        sent.append(Message.objects.filter(purpose="appointment_soon", channel="in_app").count())
    assert sent == [0, 1, 1, 2, 2]


def test_who_booked_an_hour_ago_is_not_reminded_of_tomorrow(world, queue):
    mine = booked(world.mother, queue, at=MORNING, after=timedelta(hours=3))
    services.send_reminders(at=MORNING + timedelta(minutes=5))
    assert not Message.objects.filter(purpose="appointment_soon").exists()
    services.send_reminders(at=mine.starts_at - timedelta(hours=1))
    assert Message.objects.filter(purpose="appointment_soon", channel="in_app").count() == 1


def test_checked_in_it_goes_first_once_its_time_has_come_and_not_before(world, queue):
    mine = booked(world.mother, queue, at=MORNING, after=timedelta(hours=1))
    came = mine.starts_at - timedelta(minutes=30)
    others = [took(queue, at=came - timedelta(minutes=minutes)) for minutes in (5, 4)]
    ticket = services.check_in(actor=ANONYMOUS, queue_id=queue.id, code=mine.code.lower(), at=came)
    again = services.check_in(actor=ANONYMOUS, queue_id=queue.id, code=mine.code, at=came)
    assert ticket.id == again.id
    officer = world.desk.reception
    sat_down(officer, queue, at=came)
    assert services.call_next(actor=officer, at=came).id == others[0].id
    queue.tickets.filter(pk=others[0].pk).update(state="served", ended_at=came)
    assert services.call_next(actor=officer, at=mine.starts_at).id == ticket.id


def test_a_wrong_code_another_day_and_another_agency_do_not_check_in(world, queue):
    mine = booked(world.mother, queue, at=MORNING, after=DAY)
    for where, code, at in (
        (queue, "0000-0000-00", mine.starts_at),
        (queue, mine.code, MORNING),
        (hall(world.other_desk), mine.code, mine.starts_at),
    ):
        with pytest.raises(NotCheckedIn):
            services.check_in(actor=ANONYMOUS, queue_id=where.id, code=code, at=at)


def test_who_has_not_come_after_twenty_minutes_has_missed_it(world, queue):
    mine = booked(world.mother, queue, at=MORNING, after=DAY)
    assert services.mark_missed(at=mine.starts_at + timedelta(minutes=19)) == 0
    assert services.mark_missed(at=mine.starts_at + timedelta(minutes=21)) == 1
    mine.refresh_from_db()
    assert mine.state == State.MISSED
    assert Entry.objects.filter(kind="appointment.missed", concerns_id=world.mother.person_id).count() == 1


def test_the_calendar_file_is_read_by_a_calendar(world, queue):
    mine = booked(world.mother, queue, at=MORNING, after=DAY)
    content = calendar_file(mine, summary="Hẹn: Hộ tịch", description="7K4M", url="https://example.org/a/")
    (event,) = Calendar.from_ical(content).walk("VEVENT")
    assert event["uid"] == f"{mine.id}@motcua" and event["sequence"] == 0
    assert event.decoded("dtstart") == mine.starts_at and event.decoded("dtend") == mine.ends_at
    assert str(event["summary"]) == "Hẹn: Hộ tịch" and str(event["status"]) == "CONFIRMED"


def test_an_officer_who_opens_it_leaves_an_entry_that_the_person_sees(world, queue):
    mine = booked(world.mother, queue, at=MORNING, after=DAY)
    selectors.open_appointment(world.desk.reception, mine.id, at=MORNING)
    assert Entry.objects.get(kind="appointment.read").concerns_id == world.mother.person_id
    with pytest.raises(NotFound):
        selectors.open_appointment(world.other_desk.reception, mine.id, at=MORNING)


def test_what_is_over_is_forgotten_unless_a_hold_lies_on_it(world, queue):
    guest = services.Guest("Hà Thị Mẫu Cụ", "0900000011")
    slot = free_slot(queue, at=MORNING)
    wanted = services.Wanted(queue.id, group_of(queue).id, slot)
    kept = services.book_for(actor=world.desk.reception, wanted=wanted, guest=guest, at=MORNING)
    gone = services.book(actor=world.mother, wanted=wanted, at=MORNING)
    place_hold(actor=SYSTEM, object_id=kept.id, reason="Test", at=MORNING)
    ticket = took(queue, at=MORNING)
    after = MORNING + 100 * DAY
    assert services.leave_yesterdays(today=after.date(), at=MORNING + DAY) == 1
    services.erase_past(tickets=after, appointments=after, measures=after, at=after)
    kept.refresh_from_db()
    gone.refresh_from_db()
    assert kept.name == guest.name and gone.person_id is None and gone.erased_at
    assert not Ticket.objects.filter(pk=ticket.pk).exists()


def test_a_person_gets_a_copy_and_may_have_past_ones_erased(world, queue):
    mine = booked(world.mother, queue, at=MORNING, after=DAY)
    assert [row["code"] for row in export_appointments(world.mother.person_id)] == [mine.code]
    assert services.erase_appointments_of(world.mother.person_id, MORNING) == 0
    assert services.erase_appointments_of(world.mother.person_id, MORNING + 3 * DAY) == 1
