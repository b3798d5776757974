"""Taking a number at the kiosk, and giving it up."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils import timezone

from motcua.casework.appointments.errors import NoSuchService, TicketMoved
from motcua.casework.appointments.law import law
from motcua.casework.appointments.models import Appointment, Queue, ServiceGroup, Ticket
from motcua.casework.warehouse.codes import new_code
from motcua.foundation.kernel.actors import Actor
from motcua.foundation.kernel.errors import NotFound
from motcua.registry.organisations.services import next_number

from ._acts import changing, tell


@dataclass(frozen=True, slots=True)
class Taking:
    """What somebody chose. key: made with the page, so that sending it twice takes one number. ground: a code of
    queue_priority.yaml, empty for none."""

    key: UUID
    group_id: UUID
    ground: str = ""


def take_ticket(*, actor: Actor, queue_id: UUID, taking: Taking, at: datetime) -> Ticket:
    """The next number of the day in the group's series; numbers have no gaps.

    Raises NotFound, NoSuchService.
    """
    with changing(queue_id) as queue:
        if before := Ticket.objects.filter(pk=taking.key, queue=queue).first():
            return before
        group = queue.groups.filter(pk=taking.group_id, is_open=True).first()
        if not group or (taking.ground and taking.ground not in law().grounds):
            raise NoSuchService
        return issue(actor, queue, Ticket(id=taking.key, group=group, ground=taking.ground), at)


def issue(actor: Actor, queue: Queue, ticket: Ticket, at: datetime) -> Ticket:
    """Number and save a ticket in the transaction that holds its queue."""
    group: ServiceGroup = ticket.group
    booked: Appointment | None = ticket.appointment
    ticket.queue, ticket.series, ticket.taken_at = queue, group.series, at
    ticket.day, ticket.code = timezone.localdate(at), new_code()
    ticket.expected_at = booked.starts_at if booked else None
    series, period = f"ticket-{group.series}", ticket.day.isoformat()
    ticket.number = next_number(agency_id=queue.agency_id, series=series, period=period)
    ticket.save(force_insert=True)
    facts = {"number": ticket.label, "ground": ticket.ground, "queue": str(queue.id)}
    if booked:
        facts["appointment"] = str(booked.id)
    tell(actor, "ticket.taken", ("ticket", ticket.id), at, **facts)
    return ticket


def give_up(*, actor: Actor, code: str, at: datetime) -> Ticket:
    """The holder goes home. Raises NotFound; TicketMoved when it was called before."""
    known = Ticket.objects.filter(code=code).only("id", "queue").first()
    if not known:
        raise NotFound
    with changing(known.queue_id):
        ticket = Ticket.objects.get(pk=known.pk)
        if ticket.state != Ticket.State.WAITING:
            raise TicketMoved
        ticket.state, ticket.ended_at = Ticket.State.LEFT, at
        ticket.save(update_fields=["state", "ended_at"])
        tell(actor, "ticket.left", ("ticket", ticket.id), at, number=ticket.label)
    return ticket
