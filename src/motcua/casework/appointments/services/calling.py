"""What an officer does at an open counter."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.utils import timezone

from motcua.casework.appointments.errors import (
    CallAgain,
    CounterNotReady,
    NobodyWaits,
    NoSuchService,
    TicketMoved,
)
from motcua.casework.appointments.law import law
from motcua.casework.appointments.models import Appointment, Counter, Measure, ServiceGroup, Ticket
from motcua.casework.appointments.rules.calling import choose
from motcua.casework.appointments.selectors.waiting import list_waiting
from motcua.foundation.kernel.actors import Actor

from ._acts import tell
from .counters import own_counter

State = Ticket.State


def call_next(*, actor: Actor, at: datetime) -> Ticket:
    """Call whom the rule names (rules.calling). Raises CounterNotReady, CounterBusy, NobodyWaits."""
    with own_counter(actor, busy=False) as counter:
        if counter.paused_at:
            raise CounterNotReady
        groups = [it for it in counter.queue.groups.all() if counter.serves(it.series)]
        waiting = list_waiting(counter.queue_id, at=at, groups=groups, counter_id=counter.id)
        call = choose(waiting, {it.id: it.passed for it in groups}, in_row=law().in_row)
        if not call:
            raise NobodyWaits
        for group in groups:
            group.passed = call.passed.get(group.id, 0)
        ServiceGroup.objects.bulk_update(groups, ["passed"])
        ticket = Ticket.objects.select_for_update().get(pk=call.chosen.id)
        ticket.state, ticket.counter, ticket.called_at = State.CALLED, counter, at
        ticket.calls = 1
        ticket.save(update_fields=["state", "counter", "called_at", "calls"])
        _tell(actor, "ticket.called", ticket, at, calls=1, is_turn=call.is_turn)
    return ticket


def _tell(actor: Actor, kind: str, ticket: Ticket, at: datetime, **facts: object) -> None:
    number = ticket.counter.number if ticket.counter else None
    tell(actor, kind, ("ticket", ticket.id), at, number=ticket.label, counter=number, **facts)


def _at(counter: Counter, ticket_id: UUID, *states: str) -> Ticket:
    """The ticket at this counter as the page showed it. Raises TicketMoved."""
    ticket = (
        Ticket.objects.select_for_update().filter(counter=counter, state__in=states, pk=ticket_id).first()
    )
    if not ticket:
        raise TicketMoved
    ticket.counter = counter
    return ticket


def call_again(*, actor: Actor, ticket_id: UUID, at: datetime) -> Ticket:
    """Raises CounterNotReady, TicketMoved."""
    with own_counter(actor) as counter:
        ticket = _at(counter, ticket_id, State.CALLED)
        ticket.calls, ticket.called_at = ticket.calls + 1, at
        ticket.save(update_fields=["calls", "called_at"])
        _tell(actor, "ticket.called", ticket, at, calls=ticket.calls)
    return ticket


def start(*, actor: Actor, ticket_id: UUID, at: datetime) -> Ticket:
    """They have come. Raises CounterNotReady, TicketMoved."""
    with own_counter(actor) as counter:
        ticket = _at(counter, ticket_id, State.CALLED)
        ticket.state, ticket.serving_from = State.SERVING, at
        ticket.save(update_fields=["state", "serving_from"])
        _tell(actor, "ticket.started", ticket, at)
    return ticket


def finish(*, actor: Actor, ticket_id: UUID, at: datetime) -> Ticket:
    """They were served; how long it took is measured. Raises CounterNotReady, TicketMoved."""
    with own_counter(actor) as counter:
        ticket = _at(counter, ticket_id, State.SERVING)
        ticket.state, ticket.ended_at = State.SERVED, at
        ticket.save(update_fields=["state", "ended_at"])
        _measure(ticket, at)
        _tell(actor, "ticket.served", ticket, at)
    return ticket


def _measure(ticket: Ticket, at: datetime) -> None:
    begun = ticket.serving_from or at
    Measure.objects.create(
        group_id=ticket.group_id,
        day=ticket.day,
        hour=timezone.localtime(ticket.taken_at).hour,
        waited_seconds=max(0, round((begun - ticket.taken_at).total_seconds())),
        served_seconds=max(0, round((at - begun).total_seconds())),
    )


def miss(*, actor: Actor, ticket_id: UUID, at: datetime) -> Ticket:
    """Nobody came though they were called as often as the rule asks. Raises CounterNotReady, TicketMoved, CallAgain."""
    with own_counter(actor) as counter:
        ticket = _at(counter, ticket_id, State.CALLED)
        if ticket.calls < law().calls_before_no_show:
            raise CallAgain(calls=law().calls_before_no_show, called=ticket.calls)
        ticket.state, ticket.ended_at = State.MISSED, at
        ticket.save(update_fields=["state", "ended_at"])
        if ticket.appointment_id:
            Appointment.objects.filter(pk=ticket.appointment_id).update(state=Appointment.State.MISSED)
        _tell(actor, "ticket.missed", ticket, at, calls=ticket.calls)
    return ticket


def send_on(
    *, actor: Actor, ticket_id: UUID, series: str = "", counter_number: int | None = None, at: datetime
) -> Ticket:
    """To another group, or to one counter of this queue. The number stays, and the place by when it was taken.

    Raises CounterNotReady, TicketMoved, NoSuchService.
    """
    with own_counter(actor) as counter:
        ticket = _at(counter, ticket_id, State.CALLED, State.SERVING)
        group = counter.queue.groups.filter(series=series, is_open=True).first() if series else None
        other = _other(counter, counter_number) if counter_number else None
        if not group and not other:
            raise NoSuchService
        if ticket.state == State.SERVING:
            _measure(ticket, at)
        _tell(actor, "ticket.sent_on", ticket, at, series=series, to_counter=other.number if other else None)
        ticket.state, ticket.counter, ticket.serving_from = State.WAITING, None, None
        ticket.group, ticket.only_counter = group or ticket.group, other
        ticket.save(update_fields=["state", "counter", "serving_from", "group", "only_counter"])
    return ticket


def _other(counter: Counter, number: int) -> Counter:
    """Another open counter of the queue. Raises NoSuchService."""
    open_ones = Counter.objects.filter(queue_id=counter.queue_id, officer_id__isnull=False)
    found = open_ones.exclude(pk=counter.pk).filter(number=number).first()
    if not found:
        raise NoSuchService
    return found
