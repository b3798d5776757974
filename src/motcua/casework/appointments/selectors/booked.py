"""Slots and appointments."""

from __future__ import annotations

from collections import Counter as Tally
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from motcua.casework.appointments.law import law
from motcua.casework.appointments.models import Appointment, Queue, ServiceGroup
from motcua.casework.appointments.policies import callable_queues, own_appointments
from motcua.casework.appointments.rules.slots import Slot, offered, slots_of
from motcua.foundation.journal.services import Happening, record
from motcua.foundation.kernel.actors import Actor
from motcua.foundation.kernel.errors import NotFound
from motcua.registry.organisations.selectors import calendar_of

PAGE_SIZE = 50


def places_of(group: ServiceGroup, counters: list[list[str]]) -> int:
    """How many come in one slot: never more than there are counters that serve the group. counters: their series."""
    serving = sum(not series or group.series in series for series in counters)
    return min(group.places, serving)


@dataclass(frozen=True, slots=True)
class BookingDay:
    """A day on which one can come. reason: why it is off, "" on an ordinary day; free: places left in all."""

    day: date
    free: int


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def _taken(group: ServiceGroup, first: date, last: date) -> Tally[datetime]:
    rows = group.appointments.filter(
        state__in=Appointment.HOLDING,
        starts_at__gte=_midnight(first),
        starts_at__lt=_midnight(last + timedelta(days=1)),
    )
    return Tally(rows.values_list("starts_at", flat=True))


def _slots(queue: Queue, group: ServiceGroup, days: list[date], *, at: datetime) -> dict[date, list[Slot]]:
    """Working day -> its slots. Two queries, and the calendar's where it is not kept."""
    counters = list(queue.counters.values_list("groups", flat=True))
    places = places_of(group, counters)
    taken = _taken(group, days[0], days[-1]) if places else Tally[datetime]()
    found: dict[date, list[Slot]] = {}
    for day in days:
        sessions = calendar_of(queue.agency, on=day).day(day).sessions
        starts = slots_of(sessions, group.minutes) if places else []
        if slots := offered(starts, taken, places=places, after=at + law().least_ahead):
            found[day] = slots
    return found


def list_days(queue: Queue, group: ServiceGroup, *, at: datetime) -> list[BookingDay]:
    """Working days on which one may come, within the days ahead that the rules allow; days off are left out."""
    today = timezone.localdate(at)
    days = [today + timedelta(days=count) for count in range(law().days_ahead + 1)]
    return [
        BookingDay(day, sum(slot.free for slot in slots))
        for day, slots in _slots(queue, group, days, at=at).items()
    ]


def day_slots(queue: Queue, group: ServiceGroup, day: date, *, at: datetime) -> list[Slot]:
    """Slots of one day that still lie ahead, full ones too; none on a day off or too far ahead."""
    today = timezone.localdate(at)
    if not today <= day <= today + timedelta(days=law().days_ahead):
        return []
    return _slots(queue, group, [day], at=at).get(day, [])


def find_day_with_room(days: list[BookingDay]) -> date | None:
    """The first day with a place left."""
    return next((it.day for it in days if it.free), None)


def _with_place(rows: QuerySet[Appointment]) -> QuerySet[Appointment]:
    return rows.select_related("group", "queue__agency")


def list_own_appointments(actor: Actor) -> list[Appointment]:
    """The person's appointments, the latest first; at most fifty. One query."""
    rows = _with_place(Appointment.objects.filter(own_appointments(actor)))
    return list(rows.order_by("-starts_at")[:PAGE_SIZE])


def get_own_appointment(actor: Actor, appointment_id: UUID) -> Appointment:
    """Raises NotFound."""
    found = _with_place(Appointment.objects.filter(own_appointments(actor), pk=appointment_id)).first()
    if not found:
        raise NotFound
    return found


def list_desk_appointments(actor: Actor, *, on: date) -> list[Appointment]:
    """A day's appointments at the queues where the officer may call, by time; at most 200. One query."""
    day = (_midnight(on), _midnight(on + timedelta(days=1)))
    rows = Appointment.objects.filter(
        callable_queues(actor, "queue__"), starts_at__gte=day[0], starts_at__lt=day[1]
    )
    return list(_with_place(rows).order_by("starts_at", "place", "id")[:200])


def get_desk_appointment(actor: Actor, appointment_id: UUID) -> Appointment:
    """For an officer, without whose it is: pages that show that open it. Raises NotFound."""
    rows = Appointment.objects.filter(callable_queues(actor, "queue__"), pk=appointment_id)
    found = _with_place(rows).first()
    if not found:
        raise NotFound
    return found


@transaction.atomic
def open_appointment(actor: Actor, appointment_id: UUID, *, at: datetime) -> Appointment:
    """An officer opens an appointment and reads whose it is: an entry that the person sees. Raises NotFound."""
    found = get_desk_appointment(actor, appointment_id)
    happening = Happening("appointment.read", "appointment", found.id, concerns_id=found.person_id)
    record(actor=actor, happening=happening, at=at)
    return found
