"""What happens by itself: reminders, the end of the day, erasing."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from motcua.casework.appointments.law import law
from motcua.casework.appointments.models import Appointment, Measure, Ticket
from motcua.foundation.journal.selectors import locked_holds
from motcua.foundation.kernel.actors import SYSTEM

from ._acts import tell
from .telling import send

AT_ONCE = 500


@transaction.atomic
def send_reminders(*, at: datetime) -> int:
    """The reminders that are due: one a day before, one hours before. Returns how many appointments.

    Who booked later than a reminder would have gone out gets the next one only.
    """
    first, second = law().remind
    rows = Appointment.objects.select_for_update(skip_locked=True, of=("self",)).filter(
        Q(reminded=0, starts_at__lte=at + first) | Q(reminded=1, starts_at__lte=at + second),
        state=Appointment.State.BOOKED,
        starts_at__gt=at,
    )
    due = list(rows.select_related("group", "queue__agency").order_by("pk")[:AT_ONCE])
    for booked in due:
        is_last = booked.starts_at <= at + second
        was_booked_just_now = booked.made_at > booked.starts_at - (second if is_last else first)
        booked.reminded = 2 if is_last else 1
        if not was_booked_just_now:
            send("appointment_soon", booked, at=at)
    Appointment.objects.bulk_update(due, ["reminded"])
    return len(due)


@transaction.atomic
def leave_yesterdays(*, today: date, at: datetime) -> int:
    """Tickets of earlier days that nobody called or finished are over. Returns how many."""
    rows = Ticket.objects.select_for_update(skip_locked=True).filter(day__lt=today, ended_at=None)
    left = list(rows.order_by("pk")[:AT_ONCE])
    for ticket in left:
        ticket.state, ticket.ended_at = Ticket.State.LEFT, at
        tell(SYSTEM, "ticket.left", ("ticket", ticket.id), at, number=ticket.label)
    Ticket.objects.bulk_update(left, ["state", "ended_at"])
    return len(left)


@transaction.atomic
def erase_past(
    *, tickets: datetime | None, appointments: datetime | None, measures: datetime | None, at: datetime
) -> int:
    """Delete tickets and measures of before, and blank whose the appointments of before were; None: keep all.

    Returns how many rows of the three kinds together, at most 500 of each.
    """
    gone = 0
    if tickets:
        rows = Ticket.objects.filter(ended_at__lt=tickets).order_by("pk").values_list("pk", flat=True)
        gone += Ticket.objects.filter(pk__in=list(rows[:AT_ONCE])).delete()[0]
    if measures:
        old = Measure.objects.filter(day__lt=measures.date()).order_by("pk").values_list("pk", flat=True)
        gone += Measure.objects.filter(pk__in=list(old[:AT_ONCE])).delete()[0]
    if appointments:
        past = Appointment.objects.filter(starts_at__lt=appointments, erased_at=None)
        gone += _blank(list(past.select_for_update(skip_locked=True).order_by("pk")[:AT_ONCE]), at)
    return gone


def _blank(found: list[Appointment], at: datetime) -> int:
    """Whose they were, unless a legal hold lies on them or the person."""
    held = locked_holds([key for it in found for key in (it.id, it.person_id) if key])
    free = [it for it in found if not held & {it.id, it.person_id}]
    for booked in free:
        booked.person_id, booked.name, booked.telephone, booked.erased_at = None, "", "", at
        booked.booked_by = None
    Appointment.objects.bulk_update(free, ["person_id", "name", "telephone", "erased_at", "booked_by"])
    return len(free)


def erase_appointments_of(person_id: UUID, at: datetime) -> int:
    """At the person's wish: whose their past appointments were. Those that lie ahead are theirs to cancel."""
    past = Appointment.objects.select_for_update().filter(person_id=person_id, starts_at__lt=at)
    return _blank(list(past.order_by("pk")), at)


def export_appointments(person_id: UUID) -> list[dict[str, object]]:
    """A person's appointments for their copy of all data."""
    names = ("queue__agency__name", "group__names", "starts_at", "state", "made_at", "code")
    return list(Appointment.objects.filter(person_id=person_id).order_by("starts_at").values(*names))


def move_appointments(gone: UUID, kept: UUID) -> int:
    """Two entries turned out to be one person. Two appointments of theirs at the same moment: one is given up."""
    kept_times = Appointment.objects.filter(person_id=kept, state=Appointment.State.BOOKED).values(
        "starts_at"
    )
    doubled = Appointment.objects.filter(
        person_id=gone, state=Appointment.State.BOOKED, starts_at__in=kept_times
    )
    doubled.update(state=Appointment.State.CANCELLED)
    return Appointment.objects.filter(person_id=gone).update(person_id=kept)
