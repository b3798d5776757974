"""By what right somebody acted for another, in words, for the journal's readers. Citizens stay without names."""

from __future__ import annotations

from django.utils.translation import gettext as _

from motcua.doors.console.naming import short_id
from motcua.foundation.journal.models import Entry
from motcua.foundation.ui.templatetags.ui import viet_date
from motcua.registry.organisations.delegation.selectors import describe_delegations
from motcua.registry.people.models import Mandate, Representation
from motcua.registry.people.selectors import find_basis


def basis_words(entry: Entry) -> str:
    """What the entry's `mandate_id` names; "" when they acted in their own right. Two queries at most."""
    if entry.mandate_id is None:
        return ""
    if entry.actor_kind == "officer":
        authority, whom = describe_delegations([entry.mandate_id]).get(entry.mandate_id, ("", ""))
        return (
            _("%(authority)s., delegated by %(whom)s") % {"authority": authority, "whom": whom}
            if whom
            else ""
        )
    held = find_basis(entry.mandate_id)
    if isinstance(held, Representation):
        names = {"organisation": held.organisation.legal_name}
        if held.role == Representation.Role.LEGAL:
            return _("as legal representative of %(organisation)s") % names
        return _("as authorised representative of %(organisation)s") % names
    return _mandate_words(held) if held else ""


def _mandate_words(held: Mandate) -> str:
    whose = _("Citizen %(id)s") % {"id": short_id(held.principal_person_id)}
    if held.principal_organisation:
        whose = held.principal_organisation.legal_name
    purpose = _("for everything")
    if held.procedure_code:
        purpose = _("for the procedure %(code)s") % {"code": held.procedure_code}
    elif held.dossier_id:
        purpose = _("for one dossier")
    words = {"whose": whose, "purpose": purpose, "day": viet_date(held.valid_from, "plain")}
    return _("by a mandate of %(whose)s, %(purpose)s, from %(day)s") % words
