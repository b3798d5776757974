"""Queues, counters and tickets, by who asks."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q
from django.utils import timezone

from motcua.casework.appointments.errors import WrongKioskCode
from motcua.casework.appointments.models import Counter, Queue, ServiceGroup, Ticket
from motcua.casework.appointments.policies import callable_queues, own_queue
from motcua.foundation.kernel.actors import Actor
from motcua.foundation.kernel.errors import NotFound

SHOWN_AGAIN_FOR = timedelta(minutes=15)


def list_queues(*, at: datetime) -> list[Queue]:
    """Every queue with its agency and `waiting_now`, for the portal. One query."""
    waiting = Count("tickets", filter=Q(tickets__state="waiting", tickets__day=timezone.localdate(at)))
    # Not by a join, which would count each ticket once per group.
    is_open = Exists(ServiceGroup.objects.filter(queue=OuterRef("pk"), is_open=True))
    rows = Queue.objects.select_related("agency").filter(is_open).annotate(waiting_now=waiting)
    return list(rows.order_by("agency__sort_key", "id")[:200])


def get_queue(queue_id: UUID) -> Queue:
    """With its agency, for the portal. Raises NotFound."""
    queue = Queue.objects.select_related("agency").filter(pk=queue_id).first()
    if not queue:
        raise NotFound
    return queue


def find_own_queue(actor: Actor) -> Queue | None:
    """The queue that the officer sets up; None: there is none yet, or it is not theirs to set up."""
    return Queue.objects.select_related("agency").filter(own_queue(actor)).first()


def list_callable_queues(actor: Actor) -> list[Queue]:
    """Queues where the officer may open a counter, with agency and counters. Two queries."""
    rows = Queue.objects.filter(callable_queues(actor)).select_related("agency")
    return list(rows.prefetch_related("counters").order_by("agency__sort_key", "id")[:50])


def my_counter(actor: Actor) -> Counter | None:
    """The counter that the officer has open, with its queue and agency."""
    rows = Counter.objects.filter(callable_queues(actor, "queue__"), officer_id=actor.person)
    return rows.select_related("queue__agency").first()


def kiosk_of_code(digest: str) -> Queue:
    """The queue whose kiosk has a code of this digest. Raises WrongKioskCode."""
    queue = Queue.objects.filter(kiosk_digest=digest).first() if digest else None
    if not queue:
        raise WrongKioskCode
    return queue


def get_kiosk_queue(queue_id: str, digest: str) -> Queue | None:
    """The queue of an opened kiosk, with its agency; None once another code was made."""
    try:
        wanted = UUID(queue_id)
    except ValueError:
        return None
    rows = Queue.objects.select_related("agency").filter(pk=wanted, kiosk_digest=digest)
    return rows.exclude(kiosk_digest="").first()


def find_ticket(code: str, *, at: datetime) -> Ticket:
    """Today's ticket of a code, with group, counter and queue. Raises NotFound."""
    rows = Ticket.objects.select_related("group", "counter", "queue__agency", "only_counter")
    ticket = rows.filter(code=code, day=timezone.localdate(at)).first() if code else None
    if not ticket:
        raise NotFound
    return ticket


def recent_numbers(queue: Queue, *, at: datetime) -> list[Ticket]:
    """The latest numbers given out, to be shown again at the kiosk; at most six."""
    rows = queue.tickets.filter(day=timezone.localdate(at), taken_at__gte=at - SHOWN_AGAIN_FOR)
    return list(rows.filter(state=Ticket.State.WAITING).order_by("-taken_at")[:6])
