"""What an officer was told on the site: the bell of the desk."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from motcua.foundation.notifications import selectors
from motcua.foundation.notifications.services import reading
from motcua.foundation.ui.contributions import MenuEntry, register_menu
from motcua.registry.access.policies import ActingRequest, officer_required


def _unread(request: HttpRequest) -> int:
    return selectors.count_unread(request.actor.person)  # type: ignore[attr-defined]


def register() -> None:
    register_menu(
        MenuEntry(
            area="desk",
            label=_("Notices to you"),
            url_name="console:notices",
            order=95,
            icon="bell",
            shows=lambda request: bool(request.actor.is_officer),  # type: ignore[attr-defined]
            count=_unread,
        )
    )


@officer_required
@never_cache
@require_safe
def notice_list(request: ActingRequest) -> HttpResponse:
    before = request.GET.get("before", "")
    page = selectors.list_own_messages(request.actor.person, before=before)
    return render(request, "console/notices.html", {"page": page, "before": before})


@officer_required
@never_cache
@require_safe
def notice(request: ActingRequest, message_id: UUID) -> HttpResponse:
    """Opening a notice is reading it."""
    found = reading.mark_read(recipient_id=request.actor.person, message_id=message_id, at=timezone.now())
    return render(request, "console/notice.html", {"message": found})


@officer_required
@require_POST
def all_read(request: ActingRequest) -> HttpResponse:
    reading.mark_all_read(recipient_id=request.actor.person, at=timezone.now())
    return redirect("console:notices")
