"""The call board: what everybody in the hall sees. Nothing personal."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from motcua.casework.appointments.models import Queue, Ticket
from motcua.casework.appointments.selectors.waiting import list_waiting
from motcua.foundation.kernel.errors import NotFound


@dataclass(frozen=True, slots=True)
class Line:
    """A counter and the number called to it, "" when it calls nobody."""

    counter: int
    label: str


@dataclass(frozen=True, slots=True)
class Board:
    """last: called last, None: nobody is at a counter. lines: the open counters. calls: of `last`, so that a call
    repeated is told from the one before."""

    last: Line | None
    calls: int
    lines: list[Line]
    waiting: int


def board_revision(code: str) -> int | None:
    """What a board asks every second: one row by its index. None: there is no such board."""
    return Queue.objects.filter(board_code=code).values_list("revision", flat=True).first()


def get_board(code: str) -> Queue:
    """The queue of a board, with its agency. Raises NotFound."""
    queue = Queue.objects.select_related("agency").filter(board_code=code).first()
    if not queue:
        raise NotFound
    return queue


def board_of(queue: Queue, *, at: datetime) -> Board:
    """Three queries."""
    today = queue.tickets.filter(state__in=Ticket.AT_COUNTER, day=timezone.localdate(at))
    called = list(today.select_related("counter").order_by("-called_at"))
    labels = {it.counter_id: it.label for it in called}
    counters = queue.counters.filter(officer_id__isnull=False).order_by("number")
    lines = [Line(it.number, labels.get(it.id, "")) for it in counters if it.id in labels or not it.paused_at]
    latest = next((it for it in called if it.state == Ticket.State.CALLED), None) or next(iter(called), None)
    last = Line(latest.counter.number, latest.label) if latest and latest.counter else None
    return Board(last, latest.calls if latest else 0, lines, len(list_waiting(queue.id, at=at)))
