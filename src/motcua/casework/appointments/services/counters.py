"""An officer sits down at a counter, pauses, and goes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from uuid import UUID

from motcua.casework.appointments.errors import CounterBusy, CounterNotReady, CounterTaken
from motcua.casework.appointments.models import Counter, Ticket
from motcua.casework.appointments.policies import callable_queues
from motcua.foundation.kernel.actors import Actor
from motcua.foundation.kernel.errors import NotFound

from ._acts import changing, tell


def open_counter(*, actor: Actor, counter_id: UUID, at: datetime) -> Counter:
    """One officer at a counter, one counter an officer. Raises NotFound, CounterTaken, CounterBusy."""
    known = Counter.objects.filter(callable_queues(actor, "queue__"), pk=counter_id).first()
    if not known:
        raise NotFound
    with changing(known.queue_id):
        counter = Counter.objects.select_for_update().get(pk=counter_id)
        if counter.officer_id == actor.person:
            return counter
        if counter.officer_id:
            raise CounterTaken(number=counter.number)
        earlier = Counter.objects.filter(officer_id=actor.person).first()
        if earlier:
            raise CounterBusy(label=_held(earlier) or earlier.number)
        counter.officer_id, counter.opened_at = actor.person, at
        counter.save(update_fields=["officer_id", "opened_at"])
        tell(actor, "counter.opened", ("counter", counter.id), at, number=counter.number)
    return counter


@contextmanager
def own_counter(actor: Actor, *, busy: bool | None = None) -> Iterator[Counter]:
    """The counter where the officer sits, while its queue is held.

    busy: False: no ticket may be there. Raises CounterNotReady, CounterBusy; NotFound where the right is gone.
    """
    known = Counter.objects.filter(officer_id=actor.person).first()
    if not known:
        raise CounterNotReady
    with changing(known.queue_id, callable_queues(actor)) as queue:
        counter = Counter.objects.filter(officer_id=actor.person, pk=known.pk).first()
        if not counter:
            raise CounterNotReady
        counter.queue = queue
        if busy is False and (label := _held(counter)):
            raise CounterBusy(label=label)
        yield counter


def _held(counter: Counter) -> str:
    """The number of the ticket at the counter, empty without one."""
    ticket = Ticket.objects.filter(counter=counter, state__in=Ticket.AT_COUNTER).first()
    return ticket.label if ticket else ""


def close_counter(*, actor: Actor, at: datetime) -> None:
    """Raises CounterNotReady, CounterBusy while a ticket is there."""
    with own_counter(actor, busy=False) as counter:
        counter.officer_id = counter.opened_at = counter.paused_at = None
        counter.save(update_fields=["officer_id", "opened_at", "paused_at"])
        tell(actor, "counter.closed", ("counter", counter.id), at, number=counter.number)


def pause_counter(*, actor: Actor, at: datetime) -> None:
    """Nobody is called here for a while. Paused before is fine. Raises CounterNotReady, CounterBusy."""
    with own_counter(actor, busy=False) as counter:
        if not counter.paused_at:
            counter.paused_at = at
            counter.save(update_fields=["paused_at"])
            tell(actor, "counter.paused", ("counter", counter.id), at, number=counter.number)


def resume_counter(*, actor: Actor, at: datetime) -> None:
    """Raises CounterNotReady."""
    with own_counter(actor) as counter:
        if counter.paused_at:
            counter.paused_at = None
            counter.save(update_fields=["paused_at"])
            tell(actor, "counter.resumed", ("counter", counter.id), at, number=counter.number)
