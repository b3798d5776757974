"""What this room tells the foundation and itself in `apps.py`."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from motcua.foundation.files.contributions import register_user
from motcua.foundation.notifications.contributions import Group, Purpose, register_purpose
from motcua.foundation.notifications.services.keeping import erase_messages_to
from motcua.foundation.notifications.services.reading import forget_choices
from motcua.foundation.ui.contributions import MenuEntry, register_menu
from motcua.registry.access.contributions import register_landing
from motcua.registry.people import answering, contacts, own_data
from motcua.registry.people.contributions import PersonalData, register_personal_data, register_reading

_SECURITY = Group("account", _("Safety of my account"))
_OWN_DATA = Group("own_data", _("My requests about my data"))
_MANDATES = Group("mandates", _("Mandates that I give or hold"))


def _erase_messages(person_id: UUID, at: datetime) -> int:
    return erase_messages_to(person_id, at=at)


def _erase_choices(person_id: UUID, at: datetime) -> int:
    return forget_choices(recipient_id=person_id)


HOLDINGS = (
    PersonalData(
        "person",
        _("Who you are, as your eID says"),
        own_data.export_person,
        None,
        _("Needed as long as you have an account or a dossier here; every sign-in reads it anew."),
    ),
    PersonalData(
        "contact",
        _("Telephone and e-mail"),
        own_data.export_contacts,
        contacts.forget_contacts,
        _("May go at your wish; you are then told on this site only."),
    ),
    PersonalData(
        "messages",
        _("Messages to you"),
        own_data.export_messages,
        _erase_messages,
        _("The words go at your wish; that and when something was sent stays."),
        retention="notification.message",
    ),
    PersonalData(
        "choices",
        _("How you want to be told"),
        own_data.export_choices,
        _erase_choices,
        _("May go at your wish."),
    ),
    PersonalData(
        "consents",
        _("What you agreed to"),
        own_data.export_consents,
        None,
        _("Proves that you agreed, and that you withdrew it (Law 91/2025/QH15)."),
    ),
    PersonalData(
        "requests",
        _("Your requests about your data"),
        own_data.export_requests,
        None,
        _("Proves that you were answered in time (Law 91/2025/QH15)."),
    ),
    PersonalData(
        "journal",
        _("Who did what with your data"),
        own_data.export_journal,
        None,
        _("Nobody can change or erase the journal, also not in your favour: it is what protects you."),
        retention="journal.detail",
    ),
)


def _request_read(facts: Mapping[str, Any]) -> Promise:
    return _("Opened your request about your data")


def _may_answer(request: HttpRequest) -> bool:
    return answering.may_answer(request.actor)  # type: ignore[attr-defined]


def register() -> None:
    _register_purposes()
    register_user("people.data_requests", own_data.files_in_use)
    for holding in HOLDINGS:
        register_personal_data(holding)
    register_reading("data_request.read", _request_read)
    register_reading(
        "organisation.read", lambda facts: _("Opened the entry of the organisation you represent")
    )
    register_landing("data_protection", "people-desk:requests")
    register_menu(
        MenuEntry(
            area="account",
            label=_("My account"),
            url_name="people:account",
            order=10,
            shows=lambda request: bool(request.actor.kind == "citizen"),  # type: ignore[attr-defined]
        )
    )
    register_menu(
        MenuEntry(
            area="desk",
            label=_("Requests about data"),
            url_name="people-desk:requests",
            order=50,
            group=_("Looking after"),
            shows=_may_answer,
            count=lambda request: answering.count_open(request.actor),  # type: ignore[attr-defined]
        )
    )


def _register_purposes() -> None:
    codes = {
        "contact_code_new": _("Code for a new address"),
        "contact_code_old": _("Code for a change of address"),
    }
    for code, label in codes.items():
        register_purpose(Purpose(code, label, _SECURITY, at_once=True, secret=contacts.code_in))
    warnings = {
        "contact_changed": _("Telephone or e-mail was changed"),
        "contact_old_lost": _("Telephone or e-mail will be changed"),
        "contact_old_lost_desk": _("Telephone or e-mail will be changed at a counter"),
    }
    for code, label in warnings.items():
        register_purpose(Purpose(code, label, _SECURITY, at_once=True))
    mandates = {
        "mandate_offered": _("A mandate is offered to you"),
        "mandate_accepted": _("A mandate that you gave counts"),
        "mandate_ended": _("A mandate has ended"),
    }
    for code, label in mandates.items():
        register_purpose(Purpose(code, label, _MANDATES))
    register_purpose(Purpose("data_request_answered", _("Answer about own data"), _OWN_DATA))
