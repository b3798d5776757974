"""Asking to be called, and calling."""

from __future__ import annotations

from datetime import timedelta

import pytest

from motcua.casework.dossiers.tests.factories import MORNING, submitted
from motcua.community.helpdesk import own_data, selectors, services
from motcua.community.helpdesk.errors import (
    BadPhone,
    CallClosed,
    NoDesk,
    NoName,
    NoOutcome,
    NotYours,
    SameDesk,
    TooManyCalls,
)
from motcua.community.helpdesk.models import CallRequest
from motcua.community.helpdesk.tests.factories import asked
from motcua.foundation.journal.models import Detail, Entry
from motcua.foundation.journal.services import place_hold
from motcua.foundation.kernel.actors import SYSTEM
from motcua.foundation.kernel.errors import NotFound
from motcua.foundation.kernel.ids import new_id
from motcua.foundation.notifications.models import Message

pytestmark = pytest.mark.django_db
LATE = MORNING + timedelta(days=2)


@pytest.fixture
def call(world):
    return asked(world.desk.agency, at=MORNING)


@pytest.fixture
def mine(world, call):
    return services.claim_call(actor=world.desk.reception, call_id=call.id, at=MORNING)


def test_a_stranger_is_called_by_the_desk_they_choose_within_half_a_working_day(world, call):
    assert (call.agency, call.state, call.person_id) == (world.desk.agency, "waiting", None)
    assert call.due_at == MORNING.replace(hour=17, minute=0)
    entry = Entry.objects.get(kind="call.asked")
    assert "0912345678" not in str(entry.facts)
    assert not Detail.objects.filter(entry=entry).exists()


def test_sent_twice_it_is_asked_once(world):
    key = new_id()
    first, second = (asked(world.desk.agency, at=MORNING, key=key) for _ in range(2))
    assert first.number == second.number
    assert Entry.objects.filter(kind="call.asked").count() == 1


def test_a_dossier_names_its_agency_and_nobody_names_anothers(world):
    dossier = submitted(world.desk, world.mother)
    own = asked(world.other_desk.agency, at=MORNING, actor=world.mother, dossier_id=dossier.id)
    assert (own.agency_id, own.procedure_id) == (dossier.agency_id, dossier.procedure_code)
    assert Message.objects.filter(purpose="call_back_asked", recipient_id=world.mother.person_id).exists()
    with pytest.raises(NotFound):
        asked(world.desk.agency, at=MORNING, actor=world.neighbour, dossier_id=dossier.id)


@pytest.mark.parametrize(
    ("changes", "error"),
    [({"name": " "}, NoName), ({"phone": "no"}, BadPhone), ({"agency": None}, NoDesk)],
)
def test_what_is_missing_is_said(world, changes, error):
    with pytest.raises(error):
        asked(**({"agency": world.desk.agency, "at": MORNING} | changes))


def test_one_telephone_does_not_fill_the_queue(world, call):
    calls = [asked(world.desk.agency, at=MORNING) for _ in range(2)]
    with pytest.raises(TooManyCalls):
        asked(world.desk.agency, at=MORNING, phone="+84 912345678")
    services.cancel_call(actor=SYSTEM, number=calls[0].number.lower(), at=MORNING)
    asked(world.desk.agency, at=MORNING)


def test_only_officers_of_the_agency_see_it_and_opening_it_is_journalled(world, call):
    for actor in (world.other_desk.reception, world.mother, world.desk.specialist):
        assert selectors.list_open(actor) == []
        with pytest.raises(NotFound):
            selectors.open_call(actor, call.id, at=MORNING)
    assert selectors.list_open(world.desk.leader) == [call]
    assert selectors.open_call(world.desk.reception, call.id, at=MORNING).phone == "0912345678"
    assert Entry.objects.filter(kind="call.read", object_id=call.id).count() == 1
    for actor in (world.desk.leader, world.other_desk.reception):
        with pytest.raises(NotFound):
            services.claim_call(actor=actor, call_id=call.id, at=MORNING)


def test_what_came_of_it_is_noted_by_who_took_it_on_and_closes_it(world, call):
    reception = world.desk.reception
    with pytest.raises(NotYours):
        services.note_done(actor=reception, call_id=call.id, outcome="Đã gọi", at=MORNING)
    services.claim_call(actor=reception, call_id=call.id, at=MORNING)
    with pytest.raises(NoOutcome):
        services.note_done(actor=reception, call_id=call.id, outcome=" ", at=MORNING)
    done = services.note_done(actor=reception, call_id=call.id, outcome="Đã hướng dẫn", at=MORNING)
    assert (done.state, done.tries) == ("done", 1)
    for act in (
        lambda: services.claim_call(actor=reception, call_id=call.id, at=LATE),
        lambda: services.cancel_call(actor=SYSTEM, number=call.number, at=LATE),
    ):
        with pytest.raises(CallClosed):
            act()


def test_who_is_not_reached_is_tried_again_and_told_at_the_end(world):
    call = asked(world.desk.agency, at=MORNING, actor=world.mother)
    for number in range(1, selectors.limits().tries + 1):
        services.claim_call(actor=world.desk.reception, call_id=call.id, at=MORNING)
        call = services.note_not_reached(actor=world.desk.reception, call_id=call.id, at=MORNING)
        assert call.tries == number
    assert call.state == "not_reached"
    assert Message.objects.filter(purpose="call_back_not_reached").exists()


def test_passed_on_it_waits_at_the_other_desk_for_the_same_moment(world, mine):
    reception, other = world.desk.reception, world.other_desk
    with pytest.raises(SameDesk):
        services.pass_on(actor=reception, call_id=mine.id, to=world.desk.agency, reason="x", at=MORNING)
    passed = services.pass_on(
        actor=reception, call_id=mine.id, to=other.agency, reason="Đất ở đó", at=MORNING
    )
    assert (passed.state, passed.due_at) == ("waiting", mine.due_at)
    assert selectors.list_open(reception) == []
    assert selectors.list_open(other.reception) == [passed]


def test_a_colleague_takes_it_over(world, mine):
    CallRequest.objects.filter(pk=mine.pk).update(claimed_by=new_id())
    taken = services.claim_call(actor=world.desk.reception, call_id=mine.id, at=MORNING)
    assert taken.claimed_by == world.desk.reception.person_id
    assert "from" in Entry.objects.filter(kind="call.claimed").latest("sequence").facts


def test_the_leader_is_told_once_of_what_nobody_called_about(world, call, mine):
    assert services.warn_overdue(at=MORNING) == 0
    assert services.warn_overdue(at=LATE) == 1
    assert services.warn_overdue(at=LATE) == 0
    told = Message.objects.filter(purpose="call_back_overdue").values_list("recipient_id", flat=True)
    assert set(told) == {world.desk.leader.person_id}
    body = Message.objects.filter(purpose="call_back_overdue").first().body
    assert call.number in body
    assert "0912" not in body


def test_figures_count_what_was_due_and_called_about_in_time(world, mine):
    services.note_not_reached(actor=world.desk.reception, call_id=mine.id, at=MORNING)
    asked(world.desk.agency, at=MORNING)
    cancelled = asked(world.desk.agency, at=MORNING)
    services.cancel_call(actor=SYSTEM, number=cancelled.number, at=MORNING)
    found = selectors.count_answered(world.desk.leader, since=MORNING, until=LATE)
    assert (found.due, found.in_time) == (2, 1)
    assert selectors.count_answered(world.other_desk.leader, since=MORNING, until=LATE).due == 0


def test_who_asked_is_forgotten_after_the_period_but_not_under_a_legal_hold(world, mine):
    done = services.note_done(actor=world.desk.reception, call_id=mine.id, outcome="Đã gọi", at=MORNING)
    held = asked(world.desk.agency, at=MORNING, phone="0987654321")
    services.cancel_call(actor=SYSTEM, number=held.number, at=MORNING)
    place_hold(actor=SYSTEM, object_id=held.id, reason="Khiếu nại", at=MORNING)
    assert services.erase_closed(before=LATE, at=LATE) == 1
    assert services.erase_closed(before=LATE, at=LATE) == 0
    done.refresh_from_db()
    held.refresh_from_db()
    assert (done.name, done.phone, done.outcome) == ("", "", "")
    assert held.phone == "0987654321"
    assert not Detail.objects.filter(entry__kind="call.done").exists()


def test_a_persons_own_data_show_their_calls_and_go_at_their_wish(world):
    call = asked(world.desk.agency, at=MORNING, actor=world.mother)
    [row] = own_data.export_calls(world.mother.person_id)
    assert row["number"] == call.number
    assert services.erase_calls_of(world.mother.person_id, LATE) == 1
    call.refresh_from_db()
    assert (call.state, call.name) == ("cancelled", "")
