"""Two counters calling one number, two people booking one place: on connections of their own, at one instant."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import connection

from motcua.casework.appointments import services
from motcua.casework.appointments.tests.factories import MORNING, free_slot, hall, took

pytestmark = pytest.mark.xdist_group("races")
LATER = MORNING + timedelta(minutes=1)


@pytest.fixture
def db(shared_database: None) -> None:
    """What one connection commits is there for the others."""


def at_once(*acts):
    """Run acts on connections of their own, begun at one moment; what each gave or raised."""
    barrier = Barrier(len(acts))

    def run(act):
        try:
            barrier.wait(timeout=10)
            return act()
        except Exception as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def test_counters_that_call_at_one_instant_never_get_one_number(world, db):
    queue = hall(world.desk)
    officers = (world.desk.reception, world.desk.leader, world.desk.specialist)
    at_once(*(lambda: took(queue, at=MORNING) for _ in range(9)))
    assert sorted(queue.tickets.values_list("number", flat=True)) == list(range(1, 10))
    for counter, officer in zip(queue.counters.filter(number__in=(1, 3)), officers, strict=False):
        counter.officer_id, counter.opened_at = officer.person, MORNING
        counter.save()
    callers = [replace(it, grants=(*it.grants, ("reception", world.desk.agency.path))) for it in officers[:2]]
    for _ in range(3):
        found = at_once(*(lambda it=it: services.call_next(actor=it, at=LATER) for it in callers))
        assert len({it.label for it in found}) == 2, found
        for officer, ticket in zip(callers, found, strict=True):
            services.start(actor=officer, ticket_id=ticket.id, at=LATER)
            services.finish(actor=officer, ticket_id=ticket.id, at=LATER)
    assert queue.tickets.filter(state="served").count() == 6
    doubled = at_once(*(lambda: services.call_next(actor=callers[0], at=LATER) for _ in range(2)))
    assert sorted(type(it).__name__ for it in doubled) == ["CounterBusy", "Ticket"]
    slot = free_slot(queue, at=MORNING, after=timedelta(days=1))
    wanted = services.Wanted(queue.id, queue.groups.get(series="A").id, slot)
    guests = [services.Guest(f"Người Mẫu {number}") for number in range(4)]
    made = at_once(
        *(
            lambda it=it: services.book_for(actor=callers[0], wanted=wanted, guest=it, at=MORNING)
            for it in guests
        )
    )
    assert sorted(type(it).__name__ for it in made) == ["Appointment"] * 2 + ["SlotGone"] * 2
