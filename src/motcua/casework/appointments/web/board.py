"""The call board, and the page of a ticket on its holder's own phone.

Both are made anew only when the queue has changed: scripts ask each second (a phone each five) with the version they
show and get an empty answer while it is the same. Without scripts the page itself comes again.
"""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.http import condition, require_http_methods, require_safe

from motcua.casework.appointments import selectors, services
from motcua.casework.appointments.models import Queue, Ticket
from motcua.casework.warehouse.codes import read_code
from motcua.foundation.kernel.errors import NotFound
from motcua.registry.access.policies import ActingRequest, count_asking
from motcua.registry.access.services.throttle import STATUS


def _tag(revision: int) -> str:
    return f'"{revision}-{timezone.localdate():%j}-{get_language()}"'


def _board_tag(request: HttpRequest, code: str) -> str:
    revision = selectors.board_revision(code[:20])
    if revision is None:
        raise NotFound
    return _tag(revision)


@login_not_required
@require_safe
def board(request: ActingRequest, code: str) -> HttpResponse:
    queue = selectors.get_board(code[:20])
    return _unlisted(render(request, "queue/board.html", _board_context(queue)))


def _unlisted(response: HttpResponse) -> HttpResponse:
    """Nothing for search engines."""
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response


def _board_context(queue: Queue) -> dict[str, object]:
    return {
        "queue": queue,
        "board": selectors.board_of(queue, at=timezone.now()),
        "tag": _tag(queue.revision),
    }


@login_not_required
@require_safe
@condition(etag_func=_board_tag)
def board_now(request: ActingRequest, code: str) -> HttpResponse:
    """The changing part of the board; 304 while nothing has changed."""
    return render(request, "queue/_board.html", _board_context(selectors.get_board(code[:20])))


def _ticket(code: str) -> Ticket:
    return selectors.find_ticket(read_code(code[:20]), at=timezone.now())


def _ticket_tag(request: HttpRequest, code: str) -> str:
    return _tag(_ticket(code).queue.revision)


def _ticket_context(found: Ticket) -> dict[str, object]:
    waits = found.state == Ticket.State.WAITING
    return {
        "ticket": found,
        "standing": selectors.standing_of(found, at=timezone.now()) if waits else None,
        "tag": _tag(found.queue.revision),
    }


@login_not_required
@never_cache
@require_safe
def ticket(request: ActingRequest, code: str) -> HttpResponse:
    count_asking(request, STATUS)
    return _unlisted(render(request, "queue/ticket.html", _ticket_context(_ticket(code))))


@login_not_required
@require_safe
@condition(etag_func=_ticket_tag)
def ticket_now(request: ActingRequest, code: str) -> HttpResponse:
    """The changing part of the ticket's page; 304 while nothing has changed."""
    return render(request, "queue/_ticket.html", _ticket_context(_ticket(code)))


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def leave(request: ActingRequest, code: str) -> HttpResponseBase:
    """Asks once more, then the place is free for others."""
    found = _ticket(code)
    if request.method == "POST":
        services.give_up(actor=request.actor, code=found.code, at=timezone.now())
        return redirect("queue:ticket", found.code)
    return render(request, "queue/ticket_leave.html", {"ticket": found})
