"""Appointments and tickets in words."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from motcua.casework.appointments.models import Appointment
from motcua.foundation.ui.formats import format_date, format_time

# State -> the mark of the design, and the word.
STATES = {
    Appointment.State.BOOKED: ("open", _("Booked")),
    Appointment.State.CANCELLED: ("stopped", _("Cancelled")),
    Appointment.State.ARRIVED: ("done", _("Came")),
    Appointment.State.MISSED: ("overdue", _("Missed")),
}


def when_words(booked: Appointment) -> str:
    """Day and time in the active language: "thứ Ba, 10/03/2026, 9:00–9:20"."""
    language = get_language() or "vi"
    begins, ends = timezone.localtime(booked.starts_at), timezone.localtime(booked.ends_at)
    day = format_date(begins.date(), language)
    return f"{day}, {format_time(begins, language)}–{format_time(ends, language)}"


def appointment_row(booked: Appointment) -> dict[str, Any]:
    """What lists and pages show of one."""
    state, words = STATES[Appointment.State(booked.state)]
    return {
        "id": booked.id,
        "code": booked.code,
        "starts_at": booked.starts_at,
        "time": format_time(timezone.localtime(booked.starts_at), get_language() or "vi"),
        "when": when_words(booked),
        "service": booked.group.name,
        "agency": booked.queue.agency.name,
        "state": state,
        "words": words,
        "is_open": booked.state == Appointment.State.BOOKED,
        "sequence": booked.sequence,
    }
