"""What was sent to whom. No names, addresses behind a mask, no words: whoever may read the dossier reads it there."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from motcua.casework.dossiers.selectors import find_dossier_by_code
from motcua.doors.console.naming import short_id
from motcua.doors.console.policies import scopes_of_dossiers, scopes_of_messages, scopes_of_retrying
from motcua.doors.console.web.forms import MessageFilterForm
from motcua.doors.console.web.words import CHANNELS, ERRORS, STATES
from motcua.foundation.kernel.actors import Actor
from motcua.foundation.kernel.errors import Refused
from motcua.foundation.notifications import selectors
from motcua.foundation.notifications.contributions import purpose_label
from motcua.foundation.notifications.models import Message
from motcua.foundation.notifications.selectors import Filter
from motcua.foundation.notifications.services.keeping import retry_message
from motcua.foundation.ui.templatetags.ui import viet_datetime
from motcua.registry.access.policies import ActingRequest, officer_required

_NOTHING = UUID(int=0)


def _scopes(actor: Actor) -> tuple[str, ...]:
    if scopes := scopes_of_messages(actor):
        return scopes
    raise Refused


@officer_required
@never_cache
@require_safe
def message_list(request: ActingRequest) -> HttpResponse:
    form, scopes = MessageFilterForm(request.GET), _scopes(request.actor)
    chosen = form.chosen()
    if code := form.code_typed():
        dossier = find_dossier_by_code(code, scopes=scopes)
        chosen = replace(chosen, concerns=dossier[0] if dossier else _NOTHING)
    page = selectors.list_sent(scopes, chosen, before=request.GET.get("before", ""))
    context = {
        "form": form,
        "rows": [_row(message) for message in page.messages],
        "next": f"?{_query(chosen, code, page.next_before)}" if page.next_before else "",
        "is_filtered": chosen != Filter(),
    }
    return render(request, "console/messages.html", context)


def _query(chosen: Filter, code: str, before: str) -> str:
    day = chosen.day.isoformat() if isinstance(chosen.day, date) else ""
    given = {"state": chosen.state, "channel": chosen.channel, "purpose": chosen.purpose}
    return urlencode(given | {"day": day, "code": code, "before": before})


def _row(message: Message) -> dict[str, Any]:
    words, state = STATES[message.state]
    return {
        "url": reverse("console:message", args=[message.id]),
        "at": message.created_at,
        "state": state,
        "words": words,
        "channel": CHANNELS[message.channel],
        "purpose": purpose_label(message.purpose),
        "recipient": _("Citizen %(id)s") % {"id": short_id(message.recipient_id)},
        "address": message.masked_address,
        "reference": message.reference,
        "error": ERRORS.get(message.last_error, message.last_error),
    }


@officer_required
@never_cache
@require_safe
def message(request: ActingRequest, message_id: UUID) -> HttpResponse:
    found = selectors.get_sent(_scopes(request.actor), message_id)
    may_retry = any(found.agency_path.startswith(path) for path in scopes_of_retrying(request.actor))
    context = {
        "message": found,
        "row": _row(found),
        "facts": _facts(found, request.actor),
        "history": _history(found),
        "may_retry": may_retry and found.state == Message.State.FAILED and bool(found.address),
    }
    return render(request, "console/message.html", context)


def _facts(message: Message, actor: Actor) -> list[dict[str, Any]]:
    row = _row(message)
    about = {"label": _("About"), "value": message.reference}
    within = any(message.agency_path.startswith(path) for path in scopes_of_dossiers(actor))
    if message.concerns_kind == "dossier" and within:
        about |= {
            "url": reverse("desk:dossier", args=[message.concerns_id]),
            "url_text": _("Open the dossier"),
        }
    facts = [
        {"label": _("Purpose"), "value": row["purpose"]},
        {"label": _("Channel"), "value": row["channel"]},
        {"label": _("Recipient"), "value": row["recipient"]},
        {"label": _("Address"), "value": row["address"] or "–"},
        about,
        {"label": _("Tries"), "value": str(message.tries)},
    ]
    if message.last_error:
        facts.append({"label": _("Last problem"), "value": row["error"]})
    if message.state == Message.State.QUEUED:
        facts.append({"label": _("Goes out at"), "value": viet_datetime(message.not_before)})
    return facts


def _history(message: Message) -> list[dict[str, Any]]:
    """What happened to it, oldest first."""
    moments = [
        (message.created_at, _("Written")),
        (message.sent_at, _("Handed over for sending")),
        (message.delivered_at if message.channel != Message.Channel.IN_APP else None, _("Arrived")),
        (message.read_at, _("Opened")),
        (message.erased_at, _("Address and words erased")),
        *((at, _("Sent again by an operator")) for at in selectors.list_retries(message)),
    ]
    happened = sorted((at, title) for at, title in moments if at)
    return [{"state": "done", "title": title, "meta": viet_datetime(at)} for at, title in happened]


@officer_required
@require_POST
def retry(request: ActingRequest, message_id: UUID) -> HttpResponse:
    scopes = scopes_of_retrying(request.actor)
    if not scopes:
        raise Refused
    retry_message(actor=request.actor, scopes=scopes, message_id=message_id, at=timezone.now())
    messages.success(request, _("The message is sent again."))
    return redirect("console:message", message_id)
