"""Who may see and do what."""

from __future__ import annotations

from django.db.models import Q

from motcua.casework.dossiers.models import Dossier
from motcua.casework.dossiers.rules.states import Act
from motcua.foundation.kernel.actors import Actor, Delegated
from motcua.registry.access.policies import within

# Roles that handle dossiers; an auditor reads the journal, an operator the state of the installation.
CASE_ROLES = ("reception", "specialist", "leader", "reader")


def readable(actor: Actor) -> Q:
    """Dossiers the actor may open: a citizen their own, an officer those of their agencies."""
    if actor.kind == "citizen":
        return Q(applicant=actor.person_id)
    if actor.kind == "officer":
        return within("agency_path", actor.scopes(*CASE_ROLES)) | _lent_for_procedures(actor)
    return Q(pk__in=[])


def _lent_for_procedures(actor: Actor) -> Q:
    """Dossiers of the procedures to which a delegation to the actor is limited."""
    condition = Q(pk__in=[])
    for one in actor.delegations:
        if one.procedures and one.right in CASE_ROLES:
            condition |= Q(agency_path__startswith=one.path, procedure_code__in=one.procedures)
    return condition


def can_act(actor: Actor, act: Act, dossier: Dossier) -> bool:
    """Whether the actor holds the act's role at the dossier's agency, or it is delegated to them for its procedure."""
    return actor.is_officer and (
        actor.holds(act.role, dossier.agency_path) or acts_under(actor, act, dossier) is not None
    )


def acts_under(actor: Actor, act: Act, dossier: Dossier) -> Delegated | None:
    """The delegation under which the actor would do this act; None when they do it in their own right."""
    return actor.delegated(act.role, dossier.agency_path, dossier.procedure_code)


def reads_under(actor: Actor, dossier: Dossier) -> Delegated | None:
    """The delegation that lets the actor read this dossier; None when they read it in their own right."""
    if not actor.delegations or any(actor.owns(role, dossier.agency_path) for role in CASE_ROLES):
        return None
    lent = (actor.delegated(role, dossier.agency_path, dossier.procedure_code) for role in CASE_ROLES)
    return next(filter(None, lent), None)
