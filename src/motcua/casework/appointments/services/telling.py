"""What people are told about their appointments."""

from __future__ import annotations

from datetime import datetime

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from motcua.casework.appointments.models import Appointment
from motcua.foundation.notifications.contributions import Group, Purpose
from motcua.foundation.notifications.services.notifying import Notice, Recipient, notify
from motcua.registry.people.selectors import get_contact

_OWN = Group("appointments", _("My appointments"))
PURPOSES = tuple(
    Purpose(code, label, _OWN)
    for code, label in (
        ("appointment_made", _("Appointment made")),
        ("appointment_moved", _("Appointment moved")),
        ("appointment_cancelled", _("Appointment cancelled")),
        ("appointment_soon", _("Reminder of an appointment")),
    )
)


def send(purpose: str, booked: Appointment, *, at: datetime) -> None:
    """One notice, in the caller's transaction; said once for each change of the appointment."""
    when = timezone.localtime(booked.starts_at)
    name, recipient = _recipient(booked)
    notify(
        recipient=recipient,
        notice=Notice(
            purpose=purpose,
            source_key=f"appointment:{booked.id}:{purpose}:{booked.sequence}:{booked.reminded}",
            context={
                "name": name,
                "agency": booked.queue.agency.name,
                "day": f"{when:%d/%m/%Y}",
                "time": f"{when:%H:%M}",
                "code": booked.code,
            },
            link=reverse("queue:appointment", args=[booked.id]) if booked.person_id else "",
            # All that an SMS says beside the site's name.
            reference=f"{booked.code} ({when:%H:%M %d/%m})",
            concerns=("appointment", booked.id),
            agency_path=booked.queue.agency_path,
            expires_at=booked.starts_at,
        ),
        at=at,
    )


def _recipient(booked: Appointment) -> tuple[str, Recipient]:
    """Whom it is told, and how they are called."""
    if not booked.person_id:
        return booked.name, Recipient(booked.id, phone=booked.telephone)
    contact = get_contact(booked.person_id)
    return contact.full_name, Recipient(booked.person_id, email=contact.email, phone=contact.telephone)
