"""Appointments: made, moved, cancelled, kept or missed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from motcua.casework.appointments.errors import (
    AppointmentChanged,
    BadSetting,
    NotCheckedIn,
    SlotGone,
    TooManyAppointments,
)
from motcua.casework.appointments.law import law
from motcua.casework.appointments.models import Appointment, Queue, Ticket
from motcua.casework.appointments.policies import callable_queues, own_appointments
from motcua.casework.appointments.rules.slots import lowest_free
from motcua.casework.appointments.selectors.booked import day_slots, places_of
from motcua.casework.warehouse.codes import new_code, read_code
from motcua.foundation.journal.services import Happening, record
from motcua.foundation.kernel.actors import SYSTEM, Actor
from motcua.foundation.kernel.errors import NotFound, Refused
from motcua.foundation.kernel.ids import new_id
from motcua.foundation.kernel.text import clean_line

from ._acts import changing
from .telling import send
from .tickets import issue

State = Appointment.State


@dataclass(frozen=True, slots=True)
class Wanted:
    """Where and when somebody wants to come. starts_at: a slot as it was offered, aware."""

    queue_id: UUID
    group_id: UUID
    starts_at: datetime


@dataclass(frozen=True, slots=True)
class Guest:
    """Somebody without account for whom an officer books. telephone: where they are reminded; may stay empty."""

    name: str
    telephone: str = ""


def book(*, actor: Actor, wanted: Wanted, at: datetime) -> Appointment:
    """A citizen books for themself. Raises Refused, NotFound, SlotGone, TooManyAppointments."""
    if actor.kind != "citizen" or not actor.person_id:
        raise Refused
    with changing(wanted.queue_id) as queue:
        ahead = queue.appointments.filter(own_appointments(actor), state=State.BOOKED, starts_at__gt=at)
        if ahead.count() >= law().open_per_person:
            raise TooManyAppointments(most=law().open_per_person)
        if ahead.filter(starts_at=wanted.starts_at).exists():
            raise SlotGone
        return _make(actor, queue, wanted, Appointment(person_id=actor.person_id), at)


def book_for(*, actor: Actor, wanted: Wanted, guest: Guest, at: datetime) -> Appointment:
    """An officer books for somebody without account. Raises NotFound, SlotGone, BadSetting."""
    name = clean_line(guest.name)[:200]
    if not name:
        raise BadSetting(field="name", words=_("Enter the name of the person who will come."))
    with changing(wanted.queue_id, callable_queues(actor)) as queue:
        booked = Appointment(name=name, telephone=clean_line(guest.telephone)[:30], booked_by=actor.person)
        return _make(actor, queue, wanted, booked, at)


def _make(actor: Actor, queue: Queue, wanted: Wanted, booked: Appointment, at: datetime) -> Appointment:
    booked.id, booked.queue, booked.code, booked.made_at = new_id(), queue, new_code(), at
    group = queue.groups.filter(pk=wanted.group_id, is_open=True).first()
    if not group:
        raise SlotGone
    booked.group = group
    _put(booked, wanted.starts_at, at)
    booked.save(force_insert=True)
    _tell(actor, "appointment.made", booked, at)
    send("appointment_made", booked, at=at)
    return booked


def _put(booked: Appointment, starts_at: datetime, at: datetime) -> None:
    """Give it the lowest free place of a slot. The queue is held. Raises SlotGone."""
    group, queue = booked.group, booked.queue
    slots = day_slots(queue, group, timezone.localdate(starts_at), at=at)
    if not any(slot.starts_at == starts_at for slot in slots):
        raise SlotGone
    others = Appointment.objects.filter(group=group, starts_at=starts_at, state__in=Appointment.HOLDING)
    taken = set(others.exclude(pk=booked.pk).values_list("place", flat=True))
    place = lowest_free(taken, places_of(group, list(queue.counters.values_list("groups", flat=True))))
    if place is None:
        raise SlotGone
    booked.starts_at, booked.minutes, booked.place = starts_at, group.minutes, place


def _tell(actor: Actor, kind: str, booked: Appointment, at: datetime, **facts: str) -> None:
    known = {
        "queue": str(booked.queue_id),
        "series": booked.group.series,
        "starts_at": _utc(booked.starts_at),
    }
    happening = Happening(kind, "appointment", booked.id, concerns_id=booked.person_id, facts=known | facts)
    record(actor=actor, happening=happening, at=at)


def _utc(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat()


def _may(actor: Actor) -> Q:
    return callable_queues(actor, "queue__") if actor.is_officer else own_appointments(actor)


def _held(actor: Actor, queue: Queue, appointment_id: UUID, sequence: int) -> Appointment:
    """A booked appointment as the page showed it. Raises NotFound, AppointmentChanged."""
    booked = queue.appointments.select_related("group").filter(_may(actor), pk=appointment_id).first()
    if not booked:
        raise NotFound
    if booked.state != State.BOOKED or booked.sequence != sequence:
        raise AppointmentChanged
    booked.queue = queue
    return booked


def _queue_of(actor: Actor, appointment_id: UUID) -> UUID:
    found = (
        Appointment.objects.filter(_may(actor), pk=appointment_id).values_list("queue_id", flat=True).first()
    )
    if not found:
        raise NotFound
    return found


def move(
    *, actor: Actor, appointment_id: UUID, sequence: int, starts_at: datetime, at: datetime
) -> Appointment:
    """To another slot of the same service. Raises NotFound, AppointmentChanged, SlotGone."""
    with changing(_queue_of(actor, appointment_id)) as queue:
        booked = _held(actor, queue, appointment_id, sequence)
        if booked.starts_at <= at:
            raise AppointmentChanged
        before = booked.starts_at
        _put(booked, starts_at, at)
        booked.sequence, booked.reminded = booked.sequence + 1, 0
        booked.save(update_fields=["starts_at", "minutes", "place", "sequence", "reminded"])
        _tell(actor, "appointment.moved", booked, at, before=_utc(before))
        send("appointment_moved", booked, at=at)
    return booked


def cancel(*, actor: Actor, appointment_id: UUID, sequence: int, at: datetime) -> Appointment:
    """By its holder or by the office; the place is free at once. Raises NotFound, AppointmentChanged."""
    with changing(_queue_of(actor, appointment_id)) as queue:
        booked = _held(actor, queue, appointment_id, sequence)
        booked.state, booked.sequence = State.CANCELLED, booked.sequence + 1
        booked.save(update_fields=["state", "sequence"])
        _tell(actor, "appointment.cancelled", booked, at)
        send("appointment_cancelled", booked, at=at)
    return booked


def check_in(*, actor: Actor, queue_id: UUID, code: str, at: datetime) -> Ticket:
    """At the kiosk: a ticket with the appointment's rank; checked in before, the same ticket again.

    Raises NotFound, NotCheckedIn.
    """
    with changing(queue_id) as queue:
        rows = queue.appointments.select_related("group").filter(code=read_code(code))
        booked = rows.filter(state__in=Appointment.HOLDING).first()
        if not booked:
            raise NotCheckedIn(why=_("There is no appointment with this code here. Take a number instead."))
        if booked.state == State.ARRIVED:
            return Ticket.objects.get(appointment=booked)
        too_early = timezone.localdate(booked.starts_at) != timezone.localdate(at)
        if too_early or at < booked.starts_at - law().check_in:
            when = timezone.localtime(booked.starts_at)
            words = _("This appointment is on %(day)s at %(time)s. It is too early to check in.")
            raise NotCheckedIn(why=words % {"day": f"{when:%d/%m/%Y}", "time": f"{when:%H:%M}"})
        booked.state = State.ARRIVED
        booked.save(update_fields=["state"])
        _tell(actor, "appointment.arrived", booked, at)
        ticket = Ticket(id=new_id(), group=booked.group, appointment=booked)
        return issue(actor, queue, ticket, at)


@transaction.atomic
def mark_missed(*, at: datetime) -> int:
    """Appointments whose holders have not come so long after their time as the rule says. Returns how many."""
    rows = Appointment.objects.select_for_update(skip_locked=True, of=("self",)).select_related("group")
    late = list(rows.filter(state=State.BOOKED, starts_at__lt=at - law().late).order_by("pk")[:500])
    for booked in late:
        booked.state = State.MISSED
        _tell(SYSTEM, "appointment.missed", booked, at)
    Appointment.objects.bulk_update(late, ["state"])
    return len(late)
