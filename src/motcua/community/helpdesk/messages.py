"""What people are told about their requests, and leaders about late ones."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from motcua.community.helpdesk.models import CallRequest
from motcua.foundation.notifications.contributions import Group, Purpose, register_purpose
from motcua.foundation.notifications.services.notifying import Notice, Recipient, notify
from motcua.registry.access.contributions import identify
from motcua.registry.access.models import Account
from motcua.registry.organisations.selectors import list_officers_with
from motcua.registry.people.selectors import get_contact

_OWN = Group("calls", _("Calls I asked for"))
ASKED = Purpose("call_back_asked", _("Call asked for"), _OWN)
NOT_REACHED = Purpose("call_back_not_reached", _("Nobody answered our call"), _OWN)
OVERDUE = Purpose(
    "call_back_overdue", _("A call is overdue"), Group("late_calls", _("Calls that are overdue"))
)


def register_purposes() -> None:
    for purpose in (ASKED, NOT_REACHED, OVERDUE):
        register_purpose(purpose)


def tell_asked(call: CallRequest, *, at: datetime) -> None:
    """The person who is signed in; a stranger reads it on the page: their number may be somebody else's."""
    _tell(call, ASKED.code, at)


def tell_not_reached(call: CallRequest, *, at: datetime) -> None:
    _tell(call, NOT_REACHED.code, at)


def _tell(call: CallRequest, purpose: str, at: datetime) -> None:
    if not call.person_id:
        return
    contact = get_contact(call.person_id)
    recipient = Recipient(call.person_id, contact.email, contact.telephone, call.language)
    context = {"name": contact.full_name, "agency": call.agency.name, "due_at": call.due_at}
    notify(recipient=recipient, notice=_notice(call, purpose, context, "helpdesk:call"), at=at)


def _notice(call: CallRequest, purpose: str, context: dict[str, object], page: str) -> Notice:
    return Notice(
        purpose=purpose,
        source_key=f"call:{call.id}:{purpose}",
        context=context,
        link=reverse(page, args=[call.number if page == "helpdesk:call" else call.id]),
        reference=call.number,
        concerns=("call", call.id),
        agency_path=call.agency_path,
    )


def tell_overdue(call: CallRequest, *, at: datetime) -> int:
    """The leaders of the agency, of those above it only where it has none; how many."""
    notice = _notice(
        call, OVERDUE.code, {"agency": call.agency.name, "due_at": call.due_at}, "help-calls:call"
    )
    leaders = _leaders(call.agency_path, at)
    for officer, account in leaders.items():
        recipient = Recipient(officer, email=account.email, language=account.language)
        # Once for each of them, at each agency it lay with.
        own = replace(notice, source_key=f"{notice.source_key}:{call.agency_id}:{officer}")
        notify(recipient=recipient, notice=own, at=at)
    return len(leaders)


def _leaders(path: str, at: datetime) -> dict[UUID, Account]:
    named = [pk for pk, _name in list_officers_with("leader", path, on=timezone.localdate(at))]
    accounts = Account.objects.filter(officer__in=named, is_active=True).order_by("username")
    found = [(identity.actor, account) for account in accounts if (identity := identify(account))]
    here = [pair for pair in found if pair[0].agency_path == path]
    return {actor.person: account for actor, account in here or found}
