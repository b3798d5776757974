"""A hall with groups and counters, tickets and appointments, as people make them."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from motcua.casework.appointments import selectors, services
from motcua.casework.appointments.models import Appointment, Counter, Queue, Ticket
from motcua.foundation.kernel.actors import ANONYMOUS, Actor
from motcua.foundation.kernel.ids import new_id

# A Tuesday, two hours after opening.
MORNING = datetime(2026, 3, 10, 9, 0, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))


def hall(desk: Any) -> Queue:
    """The queue of a commune of the made-up world: groups A, B, C; counter 1 calls A and C, 2 B and C, 3 all."""
    return Queue.objects.select_related("agency").get(agency_path=desk.agency.path)


def group_of(queue: Queue, series: str = "A") -> Any:
    return queue.groups.get(series=series)


def counter_of(queue: Queue, number: int = 3) -> Counter:
    return queue.counters.get(number=number)


def took(queue: Queue, *, at: datetime, series: str = "A", ground: str = "") -> Ticket:
    taking = services.Taking(new_id(), group_of(queue, series).id, ground)
    return services.take_ticket(actor=ANONYMOUS, queue_id=queue.id, taking=taking, at=at)


def sat_down(officer: Actor, queue: Queue, *, at: datetime, number: int = 3) -> Counter:
    return services.open_counter(actor=officer, counter_id=counter_of(queue, number).id, at=at)


def served(officer: Actor, *, at: datetime, minutes: int = 5) -> Ticket:
    """Call the next, serve, finish."""
    ticket = services.call_next(actor=officer, at=at)
    services.start(actor=officer, ticket_id=ticket.id, at=at)
    return services.finish(actor=officer, ticket_id=ticket.id, at=at + timedelta(minutes=minutes))


def free_slot(queue: Queue, *, at: datetime, series: str = "A", after: timedelta = timedelta()) -> datetime:
    """The first free slot that begins so long after the present moment."""
    group = group_of(queue, series)
    for day in selectors.list_days(queue, group, at=at):
        for slot in selectors.day_slots(queue, group, day.day, at=at):
            if slot.free and slot.starts_at >= at + after:
                return slot.starts_at
    raise AssertionError("no slot is free")


def booked(citizen: Actor, queue: Queue, *, at: datetime, after: timedelta = timedelta()) -> Appointment:
    wanted = services.Wanted(queue.id, group_of(queue).id, free_slot(queue, at=at, after=after))
    return services.book(actor=citizen, wanted=wanted, at=at)
