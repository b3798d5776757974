"""What this room shows in "My account"."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from motcua.foundation.kernel.actors import Actor
from motcua.foundation.ui.templatetags.ui import viet_date, viet_datetime
from motcua.registry.access.models import Account
from motcua.registry.access.services.sessions import list_sessions
from motcua.registry.people import consents, linking
from motcua.registry.people.adapters.provider import provider_name
from motcua.registry.people.contacts import FIELDS
from motcua.registry.people.contributions import AccountSection, register_account_section
from motcua.registry.people.models import ConfirmedContact, ContactKind, Person

_SHOWN_SESSIONS = 5


def _identity(actor: Actor) -> list[dict[str, Any]]:
    person = Person.objects.get(pk=actor.person)
    sexes = {"male": _("male"), "female": _("female")}
    values = [
        (_("Name"), person.full_name),
        (_("Personal number"), person.masked_number),
        (_("Date of birth"), viet_date(person.birth_date, "plain")),
        (_("Sex"), sexes.get(person.sex, person.sex)),
        (_("Ethnicity"), person.ethnicity),
        (_("Nationality"), person.nationality),
        (_("Residence"), person.residence),
    ]
    source = _("From your eID, read %(when)s") % {"when": viet_datetime(person.verified_at)}
    rows: list[dict[str, Any]] = [{"label": label, "value": value} for label, value in values if value]
    rows[-1] |= {"note": source}
    return rows


def _contact(actor: Actor) -> list[dict[str, Any]]:
    person = Person.objects.get(pk=actor.person)
    confirmed = {it.kind: it for it in ConfirmedContact.objects.filter(person=person)}
    labels = {ContactKind.PHONE: _("Telephone"), ContactKind.EMAIL: _("E-mail")}
    rows = []
    for kind, label in labels.items():
        value = getattr(person, FIELDS[kind])
        rows.append(
            {
                "label": label,
                "value": value or _("none"),
                "note": _contact_note(confirmed.get(kind), person),
                "url": reverse("people:contact", args=[kind.value]),
                "url_text": _("Change"),
            }
        )
    return rows


def _contact_note(confirmed: ConfirmedContact | None, person: Person) -> str:
    if confirmed is None:
        return _("From your eID, read %(when)s") % {"when": viet_datetime(person.verified_at)}
    if not confirmed.value:
        return _("Erased at your wish %(when)s") % {"when": viet_datetime(confirmed.confirmed_at)}
    note = _("Confirmed by you %(when)s") % {"when": viet_datetime(confirmed.confirmed_at)}
    if confirmed.eid_value and confirmed.eid_value != confirmed.value:
        note += ". " + _("Your eID says: %(value)s") % {"value": confirmed.eid_value}
    return note


def _ways(actor: Actor) -> list[dict[str, Any]]:
    ways = linking.list_ways(actor)
    return [
        {
            "label": provider_name(way.provider),
            "value": _("last used %(when)s") % {"when": viet_datetime(way.last_login)},
        }
        for way in ways
    ]


def _sessions(actor: Actor) -> list[dict[str, Any]]:
    """The sessions on a few lines; where they are ended is a page of its own."""
    account = Account.objects.get(pk=actor.account)
    return [
        {
            "label": it.device or _("Unknown device"),
            "value": _("since %(when)s") % {"when": viet_datetime(it.began_at)},
        }
        for it in list_sessions(account, at=timezone.now())[:_SHOWN_SESSIONS]
    ]


def _consents(actor: Actor) -> list[dict[str, Any]]:
    rows = consents.list_consents(actor)
    return [{"label": it.terms.name, "value": _("yes") if it.holds else _("no")} for it in rows]


def _nothing(actor: Actor) -> list[dict[str, Any]]:
    return []


def register() -> None:
    for section in (
        AccountSection(
            "identity",
            gettext_lazy("What the state knows of you here"),
            10,
            _identity,
            ((gettext_lazy("Something wrong?"), "people:wrong-data"),),
        ),
        AccountSection("contact", gettext_lazy("How you are reached"), 20, _contact),
        AccountSection(
            "ways",
            gettext_lazy("How you sign in"),
            40,
            _ways,
            ((gettext_lazy("Ways to sign in"), "people:ways"),),
        ),
        AccountSection(
            "sessions",
            gettext_lazy("Where you are signed in"),
            45,
            _sessions,
            ((gettext_lazy("See all sessions and end them"), "people:sessions"),),
        ),
        AccountSection(
            "consents",
            gettext_lazy("What you agreed to"),
            70,
            _consents,
            ((gettext_lazy("Your consents"), "people:consents"),),
        ),
        AccountSection(
            "data",
            gettext_lazy("Your data"),
            80,
            _nothing,
            ((gettext_lazy("See, correct, download or erase your data"), "people:data"),),
        ),
    ):
        register_account_section(section)
