"""Who may see and do what."""

from __future__ import annotations

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from motcua.casework.dossiers.models import Dossier
from motcua.casework.dossiers.rules.states import Act
from motcua.foundation.kernel.actors import Actor
from motcua.registry.access.clients.selectors import TEST
from motcua.registry.access.policies import within

# Roles that handle dossiers; an auditor reads the journal, an operator the state of the installation.
CASE_ROLES = ("reception", "specialist", "leader")
# Scopes of clients.
FILE, READ, READ_AGENCY = "dossiers:file", "dossiers:read", "dossiers:read-agency"
FILE_WORDS = _("File dossiers for people at agencies of its own area")
READ_WORDS = _("See status and dates of the dossiers it filed")
READ_AGENCY_WORDS = _("See status and dates of all dossiers of its agency and those below")


def readable(actor: Actor) -> Q:
    """Dossiers the actor may open: a citizen their own, an officer those of their agencies.

    A client those it filed, by scope also those of its agency; a test client tests only, any other one none.
    """
    if actor.kind == "citizen":
        return Q(applicant=actor.person_id)
    if actor.kind == "officer":
        return within("agency_path", actor.scopes(*CASE_ROLES))
    if actor.kind == "client":
        own = Q(client=actor.account_id) | within("agency_path", actor.scopes(READ_AGENCY))
        return own & Q(is_test=bool(actor.scopes(TEST)))
    return Q(pk__in=[])


def can_act(actor: Actor, act: Act, dossier: Dossier) -> bool:
    """Whether the actor holds the act's role at the dossier's agency."""
    return actor.is_officer and actor.holds(act.role, dossier.agency_path)
