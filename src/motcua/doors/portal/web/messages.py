"""What a citizen was told, and how they want to be told."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from motcua.doors.portal.web.forms import MessageSettingsForm
from motcua.foundation.notifications import selectors
from motcua.foundation.notifications.rules.addresses import mask_address
from motcua.foundation.notifications.services import reading
from motcua.foundation.notifications.services.notifying import configured_channels, habits_of
from motcua.registry.access.policies import ActingRequest, citizen_required
from motcua.registry.people.selectors import get_contact


@citizen_required
@never_cache
@require_safe
def message_list(request: ActingRequest) -> HttpResponse:
    before = request.GET.get("before", "")
    page = selectors.list_own_messages(request.actor.person, before=before)
    return render(request, "portal/messages.html", {"page": page, "before": before})


@citizen_required
@never_cache
@require_safe
def message(request: ActingRequest, message_id: UUID) -> HttpResponse:
    """Opening a message is reading it."""
    found = reading.mark_read(recipient_id=request.actor.person, message_id=message_id, at=timezone.now())
    return render(request, "portal/message.html", {"message": found})


@citizen_required
@require_POST
def all_read(request: ActingRequest) -> HttpResponse:
    reading.mark_all_read(recipient_id=request.actor.person, at=timezone.now())
    return redirect("portal:messages")


@citizen_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def message_settings(request: ActingRequest) -> HttpResponse:
    person = request.actor.person
    form = MessageSettingsForm(
        request.POST if request.method == "POST" else None,
        addresses=_addresses(person),
        chosen=selectors.preferences_of(person),
        habits=habits_of(person),
    )
    if form.is_valid():
        reading.save_preferences(recipient_id=person, choice=form.choice())
        messages.success(request, _("Your choice is kept."))
        return redirect("portal:message-settings")
    return render(
        request, "portal/message_settings.html", {"form": form}, status=422 if form.is_bound else 200
    )


def _addresses(person: UUID) -> dict[str, str]:
    """Channels the person can be reached by, with the address behind a mask."""
    contact = get_contact(person)
    known = {
        "email": (contact.email, _("E-mail to %(address)s")),
        "sms": (contact.telephone, _("SMS to %(address)s")),
    }
    return {
        channel: words % {"address": mask_address(address)}
        for channel, (address, words) in known.items()
        if address and channel in configured_channels()
    }
