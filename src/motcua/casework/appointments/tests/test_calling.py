"""Numbers, counters and calls."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from motcua.casework.appointments import selectors, services
from motcua.casework.appointments.errors import (
    CallAgain,
    CounterBusy,
    CounterNotReady,
    CounterTaken,
    NobodyWaits,
    NoSuchService,
    TicketMoved,
)
from motcua.casework.appointments.models import Measure, Ticket
from motcua.casework.appointments.tests.factories import (
    MORNING,
    counter_of,
    group_of,
    hall,
    sat_down,
    served,
    took,
)
from motcua.foundation.journal.models import Entry
from motcua.foundation.kernel.actors import ANONYMOUS
from motcua.foundation.kernel.errors import NotFound
from motcua.foundation.kernel.ids import new_id

pytestmark = pytest.mark.django_db
LATER = MORNING + timedelta(minutes=1)


@pytest.fixture
def queue(world):
    return hall(world.desk)


def test_numbers_of_a_series_have_no_gaps_and_begin_anew_each_day(queue):
    labels = [took(queue, at=MORNING, series=series).label for series in ("A", "B", "A")]
    assert labels == ["A001", "B001", "A002"]
    assert took(queue, at=MORNING + timedelta(days=1)).label == "A001"


def test_sending_the_form_twice_takes_one_number(queue):
    taking = services.Taking(new_id(), group_of(queue).id)
    tickets = [
        services.take_ticket(actor=ANONYMOUS, queue_id=queue.id, taking=taking, at=MORNING) for _ in range(2)
    ]
    assert tickets[0].label == tickets[1].label and queue.tickets.count() == 1


def test_a_ground_that_the_law_does_not_name_is_refused_and_uses_no_number(queue):
    with pytest.raises(NoSuchService):
        took(queue, at=MORNING, ground="friend_of_mine")
    assert took(queue, at=MORNING).label == "A001"


def test_priority_is_called_first_and_the_entry_names_no_person(world, queue):
    first, second = took(queue, at=MORNING), took(queue, at=LATER, ground="older")
    sat_down(world.desk.reception, queue, at=LATER)
    called = services.call_next(actor=world.desk.reception, at=LATER)
    assert called.label == second.label
    entry = Entry.objects.get(kind="ticket.called", object_id=called.id)
    assert entry.facts["number"] == "A002" and entry.facts["counter"] == 3 and entry.detail_digest is None
    services.start(actor=world.desk.reception, ticket_id=called.id, at=LATER)
    services.finish(actor=world.desk.reception, ticket_id=called.id, at=LATER)
    assert services.call_next(actor=world.desk.reception, at=LATER).label == first.label


def test_a_counter_calls_only_the_groups_it_serves(world, queue):
    took(queue, at=MORNING, series="B")
    sat_down(world.desk.reception, queue, at=MORNING, number=1)
    with pytest.raises(NobodyWaits):
        services.call_next(actor=world.desk.reception, at=LATER)


def test_a_second_number_is_called_only_when_the_first_is_finished(world, queue):
    for _ in range(2):
        took(queue, at=MORNING)
    sat_down(world.desk.reception, queue, at=MORNING)
    services.call_next(actor=world.desk.reception, at=LATER)
    with pytest.raises(CounterBusy, match="A001"):
        services.call_next(actor=world.desk.reception, at=LATER)
    with pytest.raises(CounterBusy):
        services.close_counter(actor=world.desk.reception, at=LATER)


def test_who_does_not_come_is_set_aside_after_three_calls_and_not_before(world, queue):
    officer = world.desk.reception
    ticket = took(queue, at=MORNING)
    sat_down(officer, queue, at=MORNING)
    services.call_next(actor=officer, at=LATER)
    services.call_again(actor=officer, ticket_id=ticket.id, at=LATER)
    with pytest.raises(CallAgain):
        services.miss(actor=officer, ticket_id=ticket.id, at=LATER)
    services.call_again(actor=officer, ticket_id=ticket.id, at=LATER)
    assert services.miss(actor=officer, ticket_id=ticket.id, at=LATER).state == Ticket.State.MISSED


def test_a_stale_window_changes_nothing(world, queue):
    officer = world.desk.reception
    took(queue, at=MORNING)
    sat_down(officer, queue, at=MORNING)
    ticket = served(officer, at=LATER)
    with pytest.raises(TicketMoved):
        services.finish(actor=officer, ticket_id=ticket.id, at=LATER)
    assert Measure.objects.count() == 1


def test_sent_on_the_number_stays_and_keeps_its_place(world, queue):
    officer = world.desk.reception
    ticket = took(queue, at=MORNING)
    took(queue, at=LATER, series="B")
    sat_down(officer, queue, at=MORNING)
    services.call_next(actor=officer, at=LATER)
    services.send_on(actor=officer, ticket_id=ticket.id, series="B", at=LATER)
    called = services.call_next(actor=officer, at=LATER)
    assert (called.label, called.group.series) == ("A001", "B")


def test_sent_to_one_counter_no_other_calls_it(world, queue):
    officer, other = world.desk.reception, world.other_desk.reception
    ticket = took(queue, at=MORNING)
    sat_down(officer, queue, at=MORNING)
    services.call_next(actor=officer, at=LATER)
    with pytest.raises(NoSuchService):
        services.send_on(actor=officer, ticket_id=ticket.id, counter_number=1, at=LATER)
    queue.counters.filter(number=1).update(officer_id=other.person, opened_at=MORNING)
    services.send_on(actor=officer, ticket_id=ticket.id, counter_number=1, at=LATER)
    with pytest.raises(NobodyWaits):
        services.call_next(actor=officer, at=LATER)


def test_a_paused_counter_calls_nobody(world, queue):
    took(queue, at=MORNING)
    sat_down(world.desk.reception, queue, at=MORNING)
    services.pause_counter(actor=world.desk.reception, at=MORNING)
    with pytest.raises(CounterNotReady):
        services.call_next(actor=world.desk.reception, at=LATER)
    services.resume_counter(actor=world.desk.reception, at=LATER)
    assert services.call_next(actor=world.desk.reception, at=LATER)


def test_officers_of_another_agency_and_without_the_right_open_no_counter(world, queue):
    counter = counter_of(queue)
    for stranger in (world.other_desk.reception, world.desk.specialist, world.mother):
        with pytest.raises(NotFound):
            services.open_counter(actor=stranger, counter_id=counter.id, at=MORNING)


def test_a_counter_has_one_officer(world, queue):
    queue.counters.filter(number=3).update(officer_id=new_id(), opened_at=MORNING)
    with pytest.raises(CounterTaken):
        sat_down(world.desk.reception, queue, at=MORNING)


def test_the_board_shows_counters_numbers_and_who_waits(world, queue):
    for _ in range(3):
        took(queue, at=MORNING)
    sat_down(world.desk.reception, queue, at=MORNING)
    before = selectors.board_revision(queue.board_code)
    services.call_next(actor=world.desk.reception, at=LATER)
    board = selectors.board_of(queue, at=LATER)
    assert (board.last.label, board.last.counter, board.waiting) == ("A001", 3, 2)
    assert [(it.counter, it.label) for it in board.lines] == [(3, "A001")]
    assert selectors.board_revision(queue.board_code) == before + 1


def test_the_wait_comes_from_measured_times_and_is_unknown_without(world, queue):
    officer = world.desk.reception
    sat_down(officer, queue, at=MORNING)
    for minute in range(5):
        took(queue, at=MORNING)
        served(officer, at=MORNING + timedelta(minutes=10 * minute))
    now = MORNING + timedelta(hours=1)
    waiting = [took(queue, at=now) for _ in range(3)]
    rows = {it.group.series: it for it in selectors.waits_of(queue, at=now)}
    assert (rows["A"].waiting, rows["A"].minutes) == (3, 15)
    assert rows["B"].minutes is None
    standing = selectors.standing_of(waiting[2], at=now)
    assert (standing.ahead, standing.minutes) == (2, 10)
    assert [(it.hour, it.people) for it in selectors.busy_hours(queue, on=now.date())] == [(9, 5.0)]


def test_given_up_a_number_is_not_called_any_more(world, queue):
    ticket = took(queue, at=MORNING)
    services.give_up(actor=ANONYMOUS, code=ticket.code, at=LATER)
    with pytest.raises(TicketMoved):
        services.give_up(actor=ANONYMOUS, code=ticket.code, at=LATER)
    sat_down(world.desk.reception, queue, at=LATER)
    with pytest.raises(NobodyWaits):
        services.call_next(actor=world.desk.reception, at=LATER)


def test_the_database_refuses_two_tickets_at_a_counter_and_one_number_twice(world, queue):
    tickets = [took(queue, at=MORNING) for _ in range(2)]
    counter = counter_of(queue)
    with pytest.raises(IntegrityError, match="one_ticket_at_a_counter"), transaction.atomic():
        queue.tickets.update(state="called", counter=counter, called_at=MORNING)
    with pytest.raises(IntegrityError, match="one_ticket_per_number"), transaction.atomic():
        Ticket.objects.filter(pk=tickets[1].pk).update(number=1)
