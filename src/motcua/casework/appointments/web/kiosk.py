"""The ticket kiosk: a device in the hall that a code has opened, with nobody's account."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from motcua.casework.appointments import selectors, services
from motcua.casework.appointments.devices import Device
from motcua.casework.appointments.errors import NotCheckedIn, WrongKioskCode
from motcua.casework.appointments.law import law
from motcua.casework.appointments.models import Queue, Ticket, in_language
from motcua.casework.appointments.services.setting_up import kiosk_digest
from motcua.foundation.files.official import qr_svg
from motcua.foundation.installation.selectors import get
from motcua.foundation.kernel.errors import NotFound
from motcua.foundation.kernel.ids import new_id
from motcua.registry.access.errors import Slow
from motcua.registry.access.policies import ActingRequest
from motcua.registry.access.services.throttle import ADDRESS, Try, count, forget

DEVICE = Device("motcua_kiosk", "motcua.queue.kiosk", "queue:kiosk")
# How long a number stays on the screen before the next person's turn; longer where nothing is printed.
SHOWN_SECONDS, SHOWN_UNPRINTED = 25, 90


@login_not_required
@never_cache
@require_safe
def kiosk(request: ActingRequest) -> HttpResponse:
    """What it is about; on a device that was not opened, the question for the code."""
    queue = DEVICE.queue_of(request)
    if not queue:
        return render(request, "queue/kiosk_code.html")
    groups = list(queue.groups.filter(is_open=True).order_by("series"))
    context = {"queue": queue, "groups": groups, "booked": any(it.places for it in groups)}
    return render(request, "queue/kiosk.html", context)


@login_not_required
@never_cache
@sensitive_post_parameters("code")
@require_POST
def open_kiosk(request: ActingRequest) -> HttpResponse:
    """Makes this device a kiosk until another code is made."""
    tried = Try(ADDRESS, f"kiosk {get_adapter().get_client_ip(request)}")
    try:
        count(tried, at=timezone.now())
        queue = selectors.kiosk_of_code(kiosk_digest(request.POST.get("code", "")[:60]))
    except (Slow, WrongKioskCode) as error:
        errors = [{"href": "#code", "text": str(error)}]
        context = {"errors": errors, "code": request.POST.get("code", "")[:60]}
        return render(request, "queue/kiosk_code.html", context, status=error.status)
    forget(tried)
    return DEVICE.opened(queue)


@DEVICE.guarded
@require_http_methods(["GET", "HEAD", "POST"])
def take(request: ActingRequest, queue: Queue, group_id: UUID) -> HttpResponseBase:
    """Whether somebody is to be called before others; the answer takes the number."""
    group = queue.groups.filter(pk=group_id, is_open=True).first()
    if not group:
        raise NotFound
    if request.method == "POST":
        taking = services.Taking(_key(request), group.id, request.POST.get("ground", "")[:20])
        found = services.take_ticket(actor=request.actor, queue_id=queue.id, taking=taking, at=timezone.now())
        return redirect("queue:kiosk-ticket", found.id)
    grounds = [{"code": it.code, "name": in_language(dict(it.names))} for it in law().grounds.values()]
    context = {"queue": queue, "group": group, "grounds": grounds, "key": new_id()}
    return render(request, "queue/kiosk_take.html", context)


def _key(request: HttpRequest) -> UUID:
    """What the page was made with; a new one where somebody took it away."""
    try:
        return UUID(request.POST.get("key", ""))
    except ValueError:
        return new_id()


@DEVICE.guarded
@require_safe
def ticket(request: ActingRequest, queue: Queue, ticket_id: UUID) -> HttpResponse:
    """The number, large, on paper and to take along on a telephone."""
    rows = queue.tickets.select_related("group", "appointment")
    found = rows.filter(pk=ticket_id, day=timezone.localdate()).first()
    if not found:
        raise NotFound
    link = f"{get('site.base_url')}{reverse('queue:ticket', args=[found.code])}"
    context = {
        "queue": queue,
        "ticket": found,
        "ground": _ground(found),
        "link": link,
        "qr": qr_svg(link),
        "standing": selectors.standing_of(found, at=timezone.now()) if found.state == "waiting" else None,
    }
    response = render(request, "queue/kiosk_ticket.html", context)
    if "stay" not in request.GET:
        seconds = SHOWN_UNPRINTED if queue.is_printer_away else SHOWN_SECONDS
        response["Refresh"] = f"{seconds};url={reverse('queue:kiosk-done')}"
    return response


def _ground(found: Ticket) -> dict[str, str]:
    ground = law().grounds.get(found.ground)
    if not ground:
        return {}
    return {"name": in_language(dict(ground.names)), "proof": in_language(dict(ground.proof))}


@DEVICE.guarded
@require_safe
def again(request: ActingRequest, queue: Queue) -> HttpResponse:
    """The latest numbers, for who could not print or remember theirs."""
    found = selectors.recent_numbers(queue, at=timezone.now())
    response = render(request, "queue/kiosk_again.html", {"queue": queue, "tickets": found})
    response["Refresh"] = f"{SHOWN_SECONDS};url={reverse('queue:kiosk-done')}"
    return response


@DEVICE.guarded
@require_http_methods(["GET", "HEAD", "POST"])
def check_in(request: ActingRequest, queue: Queue) -> HttpResponseBase:
    """The code of an appointment gives a ticket with its rank."""
    context: dict[str, Any] = {"queue": queue}
    if request.method == "POST":
        code = request.POST.get("code", "")[:60]
        tried = Try(ADDRESS, f"check-in {get_adapter().get_client_ip(request)}")
        try:
            count(tried, at=timezone.now())
            found = services.check_in(actor=request.actor, queue_id=queue.id, code=code, at=timezone.now())
        except (Slow, NotCheckedIn) as error:
            context |= {"errors": [{"href": "#code", "text": str(error)}], "code": code}
            return render(request, "queue/kiosk_check_in.html", context, status=error.status)
        forget(tried)
        return redirect("queue:kiosk-ticket", found.id)
    return render(request, "queue/kiosk_check_in.html", context)


@DEVICE.guarded
@require_safe
def done(request: ActingRequest, queue: Queue) -> HttpResponse:
    """The next person begins in the language of the installation."""
    response = redirect("queue:kiosk")
    response.delete_cookie(settings.LANGUAGE_COOKIE_NAME, samesite="Lax")
    return response
