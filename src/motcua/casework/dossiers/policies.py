"""Who may see and do what."""

from __future__ import annotations

from django.db.models import Q

from motcua.casework.dossiers.models import Dossier
from motcua.casework.dossiers.rules.states import Act
from motcua.foundation.kernel.actors import Actor
from motcua.registry.access.policies import within

# Roles that handle dossiers; an auditor reads the journal, an operator the state of the installation.
CASE_ROLES = ("reception", "specialist", "leader")


def readable(actor: Actor) -> Q:
    """Dossiers the actor may open: a citizen their own, an officer those of their agencies."""
    if actor.kind == "citizen":
        return Q(applicant=actor.person_id)
    if actor.kind == "officer":
        return within("agency_path", actor.scopes(*CASE_ROLES))
    return Q(pk__in=[])


def can_act(actor: Actor, act: Act, dossier: Dossier) -> bool:
    """Whether the actor holds the act's role at the dossier's agency."""
    return actor.is_officer and actor.holds(act.role, dossier.agency_path)
