"""The head of an office sets up what is called where, the board and the kiosk."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from motcua.casework.appointments import selectors, services
from motcua.casework.appointments.errors import BadSetting
from motcua.casework.appointments.models import Queue
from motcua.casework.appointments.policies import SETTING_UP
from motcua.foundation.installation.selectors import get
from motcua.foundation.kernel.errors import NotFound, Refused
from motcua.registry.access.policies import ActingRequest, role_required
from motcua.registry.organisations.selectors import find_agency

_NAMES = ("vi", "en", "de")


@role_required(SETTING_UP)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def settings_page(request: ActingRequest) -> HttpResponseBase:
    """One page with a form for each thing; what was wrong keeps what was typed."""
    actor = request.actor
    if not actor.holds(SETTING_UP, actor.agency_path):
        raise Refused
    queue = selectors.find_own_queue(actor)
    context: dict[str, Any] = {"queue": queue, "agency": find_agency(actor.agency_id)}
    if request.method == "POST":
        try:
            return _save(request, queue)
        except BadSetting as error:
            href = f"#{request.POST.get('part', '')}-{error.fields['field']}"
            context |= {"errors": [{"href": href, "text": str(error)}], "typed": _typed(request)}
    if queue:
        board = f"{get('site.base_url')}{reverse('queue:board', args=[queue.board_code])}"
        context |= {
            "groups": list(queue.groups.order_by("series")),
            "counters": list(queue.counters.order_by("number")),
            "board": board,
            "kiosk": f"{get('site.base_url')}{reverse('queue:kiosk')}",
        }
    return render(request, "queue/settings.html", context, status=422 if "errors" in context else 200)


def _typed(request: HttpRequest) -> dict[str, Any]:
    return {name: value[:200] for name, value in request.POST.items() if isinstance(value, str)} | {
        "groups": request.POST.getlist("groups")
    }


def _save(request: ActingRequest, queue: Queue | None) -> HttpResponse:
    """Raises BadSetting, NotFound."""
    part, now = request.POST.get("part", ""), timezone.now()
    if part == "queue":
        agency = find_agency(request.actor.agency_id)
        if not agency:
            raise NotFound
        services.set_up_queue(actor=request.actor, agency=agency, at=now)
    elif not queue:
        raise NotFound
    elif part == "kiosk":
        code = services.new_kiosk_code(actor=request.actor, queue_id=queue.id, at=now)
        # Shown once, on the page that answers: it is kept nowhere.
        return render(request, "queue/kiosk_code_made.html", {"code": code, "kiosk": reverse("queue:kiosk")})
    elif part == "group":
        services.save_group(actor=request.actor, queue_id=queue.id, values=_group(request), at=now)
        messages.success(request, _("The group was saved."))
    elif part == "counter":
        values = services.CounterValues(_number(request, "number"), request.POST.getlist("groups")[:26])
        services.save_counter(actor=request.actor, queue_id=queue.id, values=values, at=now)
        messages.success(request, _("The counter was saved."))
    return redirect("queue-desk:settings")


def _group(request: HttpRequest) -> services.GroupValues:
    return services.GroupValues(
        series=request.POST.get("series", "").strip().upper()[:2],
        names={language: request.POST.get(f"name_{language}", "")[:200] for language in _NAMES},
        minutes=_number(request, "minutes"),
        places=_number(request, "places"),
        is_open=request.POST.get("is_open") == "1",
    )


def _number(request: HttpRequest, name: str) -> int:
    """A whole number as typed; -1, which is out of every range, for what is none."""
    text = request.POST.get(name, "").strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) < 5 else -1
