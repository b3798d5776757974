"""Who waits, and how long that will take."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import Avg, Count, Min, Q
from django.db.models.functions import Greatest
from django.utils import timezone

from motcua.casework.appointments.law import law
from motcua.casework.appointments.models import Counter, Measure, Queue, ServiceGroup, Ticket
from motcua.casework.appointments.rules.calling import Waiting, in_order, is_due
from motcua.casework.appointments.rules.waits import Measured, expected_minutes, service_seconds
from motcua.foundation.kernel.paths import below


def list_waiting(
    queue_id: UUID,
    *,
    at: datetime,
    groups: Sequence[ServiceGroup] | None = None,
    counter_id: UUID | None = None,
) -> list[Waiting]:
    """Today's tickets that wait; of these groups, and of those sent to one counter only those for `counter_id`.

    One query.
    """
    rows = Ticket.objects.filter(queue=queue_id, state=Ticket.State.WAITING, day=timezone.localdate(at))
    if groups is not None:
        rows = rows.filter(group__in=groups).filter(Q(only_counter=None) | Q(only_counter=counter_id))
    names = ("id", "group_id", "ground", "expected_at", "taken_at", "number")
    return [_waiting(row, at) for row in rows.order_by("taken_at", "id").values_list(*names)]


@dataclass(frozen=True, slots=True)
class Line:
    """An agency's line of people: how many wait, since when the first, at how many open counters."""

    agency_path: str
    waiting: int
    since: datetime
    counters: int


def list_lines(path: str, *, at: datetime) -> list[Line]:
    """Where people wait now, at this agency and below, who waits longest first. Who has an appointment waits from its
    time on. Two queries."""
    rows = Ticket.objects.filter(
        Q(expected_at=None) | Q(expected_at__lte=at),
        below("queue__agency_path", path),
        state=Ticket.State.WAITING,
        day=timezone.localdate(at),
    )
    since = Min(Greatest("taken_at", "expected_at"))
    found = list(
        rows.values_list("queue__agency_path", "queue").annotate(count=Count("pk"), since=since).order_by()
    )
    open_ones = Counter.objects.filter(queue__in=[it[1] for it in found], officer_id__isnull=False)
    counters = dict(open_ones.values_list("queue").annotate(Count("pk")).order_by())
    lines = [Line(name, waiting, since, counters.get(queue, 0)) for name, queue, waiting, since in found]
    return sorted(lines, key=lambda it: (it.since, it.agency_path))


def _waiting(row: tuple[UUID, UUID, str, datetime | None, datetime, int], at: datetime) -> Waiting:
    ticket_id, group, ground, expected, taken, number = row
    early = law().early
    due = expected is not None and is_due(expected, at=at, early=early)
    # Who comes to an appointment before its time has come is no worse off than without one.
    since = max(taken, expected - early) if expected and due and not ground else taken
    return Waiting(ticket_id, group, bool(ground) or due, since, number)


def measured(queue: Queue, *, on: date) -> dict[UUID, Measured]:
    """Group -> how long it took on days before `on`: of the same weekday, and of all. One query."""
    since = on - timedelta(weeks=law().like_weeks)
    rows = Measure.objects.filter(group__queue=queue, day__gte=since, day__lte=on)
    like = Q(day__iso_week_day=on.isoweekday())
    found = rows.values("group_id").annotate(
        like_mean=Avg("served_seconds", filter=like),
        like_count=Count("id", filter=like),
        mean=Avg("served_seconds"),
        count=Count("id"),
    )
    names = ("group_id", "like_mean", "like_count", "mean", "count")
    return {group: Measured(*facts) for group, *facts in found.values_list(*names)}


@dataclass(frozen=True, slots=True)
class GroupWait:
    """minutes: expected for who comes now; None: no data, or nobody calls this group at the moment."""

    group: ServiceGroup
    waiting: int
    minutes: int | None
    counters: int


def waits_of(queue: Queue, *, at: datetime) -> list[GroupWait]:
    """Every open group with who waits there now. Four queries."""
    groups = list(queue.groups.filter(is_open=True).order_by("series"))
    waiting: dict[UUID, int] = {}
    for ticket in list_waiting(queue.id, at=at):
        waiting[ticket.group] = waiting.get(ticket.group, 0) + 1
    seconds = _seconds(measured(queue, on=timezone.localdate(at)))
    counters = _calling(queue)
    return [
        GroupWait(
            group,
            ahead := waiting.get(group.id, 0),
            expected_minutes(ahead, seconds.get(group.id), serving := _serving(counters, group)),
            serving,
        )
        for group in groups
    ]


def _seconds(found: Mapping[UUID, Measured]) -> dict[UUID, float | None]:
    return {group: service_seconds(it, least=law().least_measures) for group, it in found.items()}


def _calling(queue: Queue) -> list[Counter]:
    return list(queue.counters.filter(officer_id__isnull=False, paused_at=None))


def _serving(counters: Sequence[Counter], group: ServiceGroup) -> int:
    return sum(counter.serves(group.series) for counter in counters)


@dataclass(frozen=True, slots=True)
class Standing:
    """ahead: how many are called before; minutes: expected, None without data."""

    ahead: int
    minutes: int | None


def standing_of(ticket: Ticket, *, at: datetime) -> Standing:
    """Where a waiting ticket stands in its group. Three queries."""
    group, queue = ticket.group, ticket.queue
    waiting = [it for it in list_waiting(queue.id, at=at) if it.group == group.id]
    order = in_order(waiting, {group.id: group.passed}, in_row=law().in_row)
    ahead = next((place for place, it in enumerate(order) if it.id == ticket.id), 0)
    seconds = _seconds(measured(queue, on=timezone.localdate(at))).get(group.id)
    return Standing(ahead, expected_minutes(ahead, seconds, _serving(_calling(queue), group)))


@dataclass(frozen=True, slots=True)
class Hour:
    """An hour of the day: tickets taken on a mean day, and the mean wait in whole minutes."""

    hour: int
    people: float
    minutes: int


def busy_hours(queue: Queue, *, on: date) -> list[Hour]:
    """Hours of days like this one (the same weekday), by measured tickets; empty: no data. Two queries."""
    since = on - timedelta(weeks=law().like_weeks)
    rows = Measure.objects.filter(
        group__queue=queue, day__gte=since, day__lte=on, day__iso_week_day=on.isoweekday()
    )
    days = rows.aggregate(days=Count("day", distinct=True))["days"]
    if not days:
        return []
    found = rows.values("hour").annotate(people=Count("id"), waited=Avg("waited_seconds")).order_by("hour")
    return [Hour(it["hour"], it["people"] / days, round(it["waited"] / 60)) for it in found]
