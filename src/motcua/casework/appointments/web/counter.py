"""The counter: open it, call, serve, send on. One page, one form, and a key for each act."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from motcua.casework.appointments import selectors, services
from motcua.casework.appointments.contributions import next_steps
from motcua.casework.appointments.errors import (
    CallAgain,
    CounterBusy,
    CounterNotReady,
    CounterTaken,
    NobodyWaits,
    NoSuchService,
    TicketMoved,
)
from motcua.casework.appointments.law import law
from motcua.casework.appointments.models import Counter, Ticket, in_language
from motcua.casework.appointments.policies import CALLING
from motcua.foundation.kernel.actors import Actor
from motcua.registry.access.policies import ActingRequest, role_required
from motcua.registry.organisations.selectors import officer_names

# Told on the page itself, which then shows how things stand now.
_TOLD = (CallAgain, CounterBusy, CounterNotReady, CounterTaken, NobodyWaits, NoSuchService, TicketMoved)
NO_TICKET = UUID(int=0)


@role_required(CALLING)
@never_cache
@require_safe
def counter(request: ActingRequest) -> HttpResponse:
    """The own counter with whom it has called; without one, those that can be opened."""
    mine = selectors.my_counter(request.actor)
    if not mine:
        return render(request, "queue/counters.html", {"queues": _openable(request.actor)})
    ticket = mine.tickets.filter(state__in=Ticket.AT_COUNTER).select_related("group").first()
    ground = law().grounds.get(ticket.ground) if ticket else None
    rules = law()
    context = {
        "counter": mine,
        "queue": mine.queue,
        "ticket": ticket,
        "ground": in_language(dict(ground.names)) if ground else "",
        "proof": in_language(dict(ground.proof)) if ground else "",
        "may_miss": bool(ticket and ticket.calls >= rules.calls_before_no_show),
        "calls_needed": rules.calls_before_no_show,
        "in_row": rules.in_row,
        "waits": selectors.waits_of(mine.queue, at=timezone.now()),
        "others": _others(mine, ticket),
        "steps": next_steps(request) if ticket and ticket.state == Ticket.State.SERVING else [],
    }
    return render(request, "queue/counter.html", context)


def _openable(actor: Actor) -> list[dict[str, object]]:
    """Queues with their counters and who sits there. Three queries."""
    queues = selectors.list_callable_queues(actor)
    sitting = {it.officer_id for queue in queues for it in queue.counters.all() if it.officer_id}
    names = officer_names(sitting)
    return [
        {
            "queue": queue,
            "counters": [
                {
                    "id": it.id,
                    "number": it.number,
                    "groups": it.groups,
                    "officer": names.get(it.officer_id, "") if it.officer_id else "",
                }
                for it in sorted(queue.counters.all(), key=lambda it: it.number)
            ],
        }
        for queue in queues
    ]


def _others(mine: Counter, ticket: Ticket | None) -> list[tuple[str, str]]:
    """Where a ticket can be sent on to: (value, words)."""
    if not ticket:
        return []
    groups = mine.queue.groups.filter(is_open=True).exclude(pk=ticket.group_id).order_by("series")
    counters = mine.queue.counters.filter(officer_id__isnull=False).exclude(pk=mine.pk).order_by("number")
    return [
        *((f"group {it.series}", f"{it.series} · {it.name}") for it in groups),
        *((f"counter {it.number}", _("Counter %(number)d") % {"number": it.number}) for it in counters),
    ]


@role_required(CALLING)
@require_POST
def open_one(request: ActingRequest) -> HttpResponseBase:
    counter_id = _id(request.POST.get("counter", ""))
    return _done(
        request, lambda: services.open_counter(actor=request.actor, counter_id=counter_id, at=timezone.now())
    )


def _id(text: str) -> UUID:
    """An id as the page sent it; what is none, nothing has."""
    try:
        return UUID(text)
    except ValueError:
        return NO_TICKET


def _done(request: ActingRequest, do: Callable[[], object]) -> HttpResponseBase:
    """Do it, and show the page as it is then; why it could not be done stands above it."""
    try:
        do()
    except _TOLD as error:
        messages.warning(request, str(error))
    return redirect("queue-desk:counter")


@role_required(CALLING)
@require_POST
def act(request: ActingRequest) -> HttpResponseBase:
    """One of the page's buttons, about the ticket that the page showed."""
    actor, now = request.actor, timezone.now()
    ticket_id = _id(request.POST.get("ticket", ""))
    acts: dict[str, Callable[[], object]] = {
        "next": lambda: services.call_next(actor=actor, at=now),
        "again": lambda: services.call_again(actor=actor, ticket_id=ticket_id, at=now),
        "start": lambda: services.start(actor=actor, ticket_id=ticket_id, at=now),
        "finish": lambda: services.finish(actor=actor, ticket_id=ticket_id, at=now),
        "miss": lambda: services.miss(actor=actor, ticket_id=ticket_id, at=now),
        "send": lambda: _send_on(request, ticket_id),
        "pause": lambda: services.pause_counter(actor=actor, at=now),
        "resume": lambda: services.resume_counter(actor=actor, at=now),
        "close": lambda: services.close_counter(actor=actor, at=now),
    }
    do = acts.get(request.POST.get("act", ""))
    return _done(request, do) if do else redirect("queue-desk:counter")


def _send_on(request: ActingRequest, ticket_id: UUID) -> None:
    kind, _space, value = request.POST.get("to", "").partition(" ")
    number = (
        int(value) if kind == "counter" and value.isascii() and value.isdigit() and len(value) < 3 else None
    )
    services.send_on(
        actor=request.actor,
        ticket_id=ticket_id,
        series=value if kind == "group" else "",
        counter_number=number,
        at=timezone.now(),
    )


@role_required(CALLING, "leader")
@require_POST
def printer(request: ActingRequest) -> HttpResponseBase:
    """Whether the kiosk offers to print."""
    is_away = request.POST.get("printer") == "away"
    queue_id = _id(request.POST.get("queue", ""))
    services.set_printer(actor=request.actor, queue_id=queue_id, is_away=is_away, at=timezone.now())
    back = "settings" if request.POST.get("back") == "settings" else "counter"
    return redirect(f"queue-desk:{back}")
