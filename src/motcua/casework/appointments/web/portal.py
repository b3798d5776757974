"""How long one waits where: for everybody, before they go."""

from __future__ import annotations

from uuid import UUID

from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from motcua.casework.appointments import selectors
from motcua.casework.appointments.selectors.waiting import Hour
from motcua.registry.access.policies import ActingRequest


@login_not_required
@require_safe
def queues(request: ActingRequest) -> HttpResponse:
    found = selectors.list_queues(at=timezone.now())
    return render(request, "queue/list.html", {"queues": found})


@login_not_required
@require_safe
def queue(request: ActingRequest, queue_id: UUID) -> HttpResponse:
    """Who waits now, how long that will take, when it is quiet, and where to book."""
    found, now = selectors.get_queue(queue_id), timezone.now()
    waits = selectors.waits_of(found, at=now)
    hours = selectors.busy_hours(found, on=timezone.localdate(now))
    context = {
        "queue": found,
        "waits": waits,
        "is_bookable": any(it.group.places for it in waits),
        "is_called": any(it.counters for it in waits),
        "hours": hours,
        "bars": _bars(hours),
        "quiet": min(hours, key=lambda it: it.people, default=None),
    }
    return render(request, "queue/queue.html", context)


def _bars(hours: list[Hour]) -> list[dict[str, object]]:
    most = max((it.people for it in hours), default=0) or 1
    return [
        {
            "label": _("%(from)d to %(to)d o'clock") % {"from": it.hour, "to": it.hour + 1},
            "value": _people(it.people),
            "percent": max(1, round(100 * it.people / most)),
            "kind": "half",
        }
        for it in hours
    ]


def _people(mean: float) -> str:
    """Rounded, one at least: an hour that is listed had people."""
    number = max(1, round(mean))
    return ngettext("%(number)d person", "%(number)d people", number) % {"number": number}
