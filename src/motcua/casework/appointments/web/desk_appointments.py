"""Appointments at the desk: the day's list, one for somebody without account, one opened."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from motcua.casework.appointments import selectors, services
from motcua.casework.appointments.errors import BadSetting, SlotGone
from motcua.casework.appointments.models import Appointment, Queue
from motcua.casework.appointments.policies import CALLING
from motcua.casework.appointments.web.booking import choice_of, find_group, read_day, read_moment
from motcua.casework.appointments.web.words import appointment_row
from motcua.foundation.kernel.text import mask_name
from motcua.registry.access.policies import ActingRequest, role_required
from motcua.registry.people.selectors import get_contact


@role_required(CALLING)
@never_cache
@require_safe
def appointments(request: ActingRequest) -> HttpResponse:
    """A day's appointments, by time; whose they are is masked until one is opened."""
    day = read_day(request.GET.get("day", "")) or timezone.localdate()
    found = selectors.list_desk_appointments(request.actor, on=day)
    rows = [appointment_row(it) | {"who": mask_name(it.name) if it.name else ""} for it in found]
    context = {
        "day": day,
        "rows": rows,
        "before": day - timedelta(days=1),
        "after": day + timedelta(days=1),
        "queues": selectors.list_callable_queues(request.actor),
    }
    return render(request, "queue/desk_appointments.html", context)


@role_required(CALLING)
@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: ActingRequest) -> HttpResponseBase:
    """For somebody who stands at the counter or calls: service, day, time, and how they are called."""
    queues = selectors.list_callable_queues(request.actor)
    queue = _chosen(request, queues)
    if not queue:
        return render(request, "queue/desk_new.html", {"queues": queues})
    group = find_group(queue, request.GET.get("group", ""))
    errors: list[dict[str, str]] = []
    typed = {name: request.POST.get(name, "")[:200] for name in ("name", "telephone", "starts_at")}
    if request.method == "POST" and group:
        starts_at = read_moment(typed["starts_at"])
        if starts_at:
            try:
                made = services.book_for(
                    actor=request.actor,
                    wanted=services.Wanted(queue.id, group.id, starts_at),
                    guest=services.Guest(typed["name"], typed["telephone"]),
                    at=timezone.now(),
                )
                return redirect("queue-desk:appointment", made.id)
            except BadSetting as error:
                errors = [{"href": "#name", "text": str(error)}]
            except SlotGone as error:
                errors = [{"href": "#slots", "text": str(error)}]
        else:
            errors = [{"href": "#slots", "text": _("Choose a time.")}]
    context = choice_of(request, queue, group) | {"errors": errors, "typed": typed, "queues": queues}
    context["base"] = f"queue={queue.id}&"
    return render(request, "queue/desk_new.html", context, status=422 if errors else 200)


def _chosen(request: HttpRequest, queues: list[Queue]) -> Queue | None:
    """The queue that the address names; the only one there is."""
    wanted = request.GET.get("queue", "")
    return next((it for it in queues if str(it.id) == wanted), queues[0] if len(queues) == 1 else None)


@role_required(CALLING)
@never_cache
@require_safe
def appointment(request: ActingRequest, appointment_id: UUID) -> HttpResponse:
    """Whose it is: opening it is an entry that they see."""
    found = selectors.open_appointment(request.actor, appointment_id, at=timezone.now())
    context = appointment_row(found) | {"appointment": found, "who": _who(found)}
    return render(request, "queue/desk_appointment.html", context)


def _who(found: Appointment) -> dict[str, str]:
    if not found.person_id:
        return {"name": found.name, "telephone": found.telephone}
    contact = get_contact(found.person_id)
    return {"name": contact.full_name, "telephone": contact.telephone}


@role_required(CALLING)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def cancel(request: ActingRequest, appointment_id: UUID) -> HttpResponseBase:
    """Asks once more; the person is told."""
    found = selectors.get_desk_appointment(request.actor, appointment_id)
    if request.method == "POST":
        text = request.POST.get("sequence", "")
        sequence = int(text) if text.isascii() and text.isdigit() and len(text) < 6 else -1
        services.cancel(
            actor=request.actor, appointment_id=appointment_id, sequence=sequence, at=timezone.now()
        )
        messages.success(request, _("The appointment was cancelled."))
        return redirect("queue-desk:appointments")
    return render(request, "queue/desk_cancel.html", appointment_row(found))
