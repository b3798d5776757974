"""Appointments of the one who has signed in: booked, seen, moved, cancelled."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from motcua.casework.appointments import selectors, services
from motcua.casework.appointments.adapters.calendar_file import calendar_file
from motcua.casework.appointments.errors import SlotGone, TooManyAppointments
from motcua.casework.appointments.models import Appointment, Queue, ServiceGroup
from motcua.casework.appointments.web.words import appointment_row, when_words
from motcua.foundation.files.official import qr_svg
from motcua.foundation.installation.selectors import get
from motcua.registry.access.policies import ActingRequest, citizen_required


def _is_near(day: date) -> bool:
    """Days that can be reckoned with: the ends of the calendar have no day before or after."""
    return 2000 <= day.year < 3000


def read_day(text: str) -> date | None:
    """A day as the address names it; None: hopeless."""
    try:
        found = date.fromisoformat(text[:10])
    except ValueError:
        return None
    return found if _is_near(found) else None


def read_moment(text: str) -> datetime | None:
    """A slot's beginning as the page sent it; None: hopeless, or without a time zone."""
    try:
        found = datetime.fromisoformat(text[:40])
    except ValueError:
        return None
    return found if found.tzinfo and _is_near(found) else None


def find_group(queue: Queue, text: str) -> ServiceGroup | None:
    """A bookable group of the queue by what the address says."""
    try:
        wanted = UUID(text)
    except ValueError:
        return None
    return queue.groups.filter(pk=wanted, is_open=True, places__gt=0).first()


def choice_of(request: HttpRequest, queue: Queue, group: ServiceGroup | None) -> dict[str, Any]:
    """What a page offers: services, the days of the chosen one, the times of the chosen day."""
    groups = list(queue.groups.filter(is_open=True, places__gt=0).order_by("series"))
    context: dict[str, Any] = {"queue": queue, "groups": groups, "group": group}
    if not group:
        return context
    now = timezone.now()
    days = selectors.list_days(queue, group, at=now)
    day = read_day(request.GET.get("day", "")) or selectors.find_day_with_room(days)
    slots = selectors.day_slots(queue, group, day, at=now) if day else []
    return context | {"days": days, "day": day, "slots": slots, "has_room": any(it.free for it in slots)}


@citizen_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def book(request: ActingRequest, queue_id: UUID) -> HttpResponseBase:
    """Service, day, time: each a step that its address names; the last one books."""
    queue = selectors.get_queue(queue_id)
    group = find_group(queue, request.GET.get("group", ""))
    errors: list[dict[str, str]] = []
    if request.method == "POST" and group:
        starts_at = read_moment(request.POST.get("starts_at", ""))
        if not starts_at:
            errors = [{"href": "#slots", "text": _("Choose a time.")}]
        else:
            try:
                wanted = services.Wanted(queue.id, group.id, starts_at)
                made = services.book(actor=request.actor, wanted=wanted, at=timezone.now())
                return redirect("queue:appointment", made.id)
            except (SlotGone, TooManyAppointments) as error:
                errors = [{"href": "#slots", "text": str(error)}]
    context = choice_of(request, queue, group) | {"errors": errors}
    return render(request, "queue/book.html", context, status=422 if errors else 200)


@citizen_required
@never_cache
@require_safe
def appointments(request: ActingRequest) -> HttpResponse:
    now = timezone.now()
    rows = [appointment_row(it) for it in selectors.list_own_appointments(request.actor)]
    ahead = [row for row in reversed(rows) if row["starts_at"] > now and row["is_open"]]
    past = [row for row in rows if row not in ahead]
    return render(request, "queue/appointments.html", {"ahead": ahead, "past": past})


@citizen_required
@never_cache
@require_safe
def appointment(request: ActingRequest, appointment_id: UUID) -> HttpResponse:
    found = selectors.get_own_appointment(request.actor, appointment_id)
    row = appointment_row(found)
    context = row | {"appointment": found, "may_change": row["is_open"] and found.starts_at > timezone.now()}
    if context["may_change"]:
        context["qr"] = qr_svg(found.code)
    return render(request, "queue/appointment.html", context)


@citizen_required
@never_cache
@require_safe
def calendar(request: ActingRequest, appointment_id: UUID) -> HttpResponse:
    """For the calendar of the phone or computer."""
    found = selectors.get_own_appointment(request.actor, appointment_id)
    link = f"{get('site.base_url')}{reverse('queue:appointment', args=[found.id])}"
    summary = _("Appointment: %(service)s") % {"service": found.group.name}
    description = _("Check in at the kiosk with the code %(code)s.") % {"code": found.code}
    content = calendar_file(found, summary=summary, description=description, url=link)
    response = HttpResponse(content, content_type="text/calendar; charset=utf-8; method=PUBLISH")
    response["Content-Disposition"] = f'attachment; filename="{found.code}.ics"'
    return response


def _sequence(request: HttpRequest) -> int:
    """Which version of the appointment the page showed; none fits -1."""
    text = request.POST.get("sequence", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else -1


@citizen_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def move(request: ActingRequest, appointment_id: UUID) -> HttpResponseBase:
    found = selectors.get_own_appointment(request.actor, appointment_id)
    errors: list[dict[str, str]] = []
    if request.method == "POST":
        starts_at = read_moment(request.POST.get("starts_at", ""))
        if starts_at:
            try:
                services.move(
                    actor=request.actor,
                    appointment_id=found.id,
                    sequence=_sequence(request),
                    starts_at=starts_at,
                    at=timezone.now(),
                )
                messages.success(request, _("The appointment was moved."))
                return redirect("queue:appointment", found.id)
            except SlotGone as error:
                errors = [{"href": "#slots", "text": str(error)}]
        else:
            errors = [{"href": "#slots", "text": _("Choose a time.")}]
    context = choice_of(request, found.queue, found.group) | {"errors": errors, "appointment": found}
    context["when"] = when_words(found)
    return render(request, "queue/move.html", context, status=422 if errors else 200)


@citizen_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def cancel(request: ActingRequest, appointment_id: UUID) -> HttpResponseBase:
    """Asks once more, then the time is free for others."""
    found: Appointment = selectors.get_own_appointment(request.actor, appointment_id)
    if request.method == "POST":
        sequence, now = _sequence(request), timezone.now()
        services.cancel(actor=request.actor, appointment_id=found.id, sequence=sequence, at=now)
        messages.success(request, _("The appointment was cancelled."))
        return redirect("queue:appointments")
    return render(request, "queue/cancel.html", appointment_row(found) | {"appointment": found})
