"""An appointment as a calendar file. Source: RFC 5545 (iCalendar), section 3.6.1."""

from __future__ import annotations

from datetime import UTC, timedelta

from icalendar import Alarm, Calendar, Event
from icalendar.prop import vDuration

from motcua.casework.appointments.models import Appointment

_ALARM = timedelta(hours=-2)


def calendar_file(booked: Appointment, *, summary: str, description: str, url: str) -> bytes:
    """UTF-8 with an alarm two hours before. A cancelled appointment says so (STATUS), so that calendars strike it.

    summary, description: what the calendar shows; nothing of them leaves the holder's device.
    """
    event = Event()
    event.add("uid", f"{booked.id}@motcua")
    event.add("dtstamp", booked.made_at.astimezone(UTC))
    event.add("dtstart", booked.starts_at.astimezone(UTC))
    event.add("dtend", booked.ends_at.astimezone(UTC))
    event.add("sequence", booked.sequence)
    event.add("status", "CANCELLED" if booked.state == Appointment.State.CANCELLED else "CONFIRMED")
    event.add("summary", summary)
    event.add("description", description)
    event.add("location", booked.queue.agency.name)
    event.add("url", url)
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", summary)
    alarm["trigger"] = vDuration(_ALARM)
    event.add_component(alarm)
    calendar = Calendar()
    calendar.add("prodid", "-//motcua//appointments//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add_component(event)
    return bytes(calendar.to_ical())
