"""Who may see and do what."""

from __future__ import annotations

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from motcua.casework.dossiers.models import Dossier
from motcua.casework.dossiers.rules.states import Act
from motcua.foundation.kernel.actors import Actor, Delegated
from motcua.registry.access.clients.selectors import TEST
from motcua.registry.access.policies import within
from motcua.registry.access.selectors import CASE_RIGHTS
from motcua.registry.catalogue.models import ProcedureVersion

# Scopes of clients.
FILE, READ, READ_AGENCY = "dossiers:file", "dossiers:read", "dossiers:read-agency"
FILE_WORDS = _("File dossiers for people at agencies of its own area")
READ_WORDS = _("See status and dates of the dossiers it filed")
READ_AGENCY_WORDS = _("See status and dates of all dossiers of its agency and those below")


def owned_by(actor: Actor) -> Q:
    """What is in the name the citizen acts in: their own, the organisation's, the principal's."""
    if actor.behalf:
        behalf = actor.behalf
        return Q(owner_person=behalf.person_id, owner_organisation=behalf.organisation_id)
    return Q(owner_person=actor.person)


def own_drafts(actor: Actor) -> Q:
    """Drafts of the citizen in the name they act in. The owner sees what another filled in once it is submitted."""
    if actor.kind != "citizen":
        return Q(pk__in=[])
    mine = owned_by(actor) & Q(applicant=actor.person)
    procedure = actor.behalf.procedure if actor.behalf else ""
    return mine & Q(version__procedure=procedure) if procedure else mine


def readable(actor: Actor) -> Q:
    """Dossiers the actor may open: a citizen those in the name they act in, an officer those of their agencies.

    A client those it filed, by scope also those of its agency; a test client tests only, any other one none.
    """
    if actor.kind == "citizen":
        return _of_citizen(actor)
    if actor.kind == "officer":
        return within("agency_path", actor.scopes(*CASE_RIGHTS)) | _lent_for_procedures(actor)
    if actor.kind == "client":
        own = Q(client=actor.account_id) | within("agency_path", actor.scopes(READ_AGENCY))
        return own & Q(is_test=bool(actor.scopes(TEST)))
    return Q(pk__in=[])


def _lent_for_procedures(actor: Actor) -> Q:
    """Dossiers of the procedures to which a delegation to the actor is limited."""
    condition = Q(pk__in=[])
    for one in actor.delegations:
        if one.procedures and one.right in CASE_RIGHTS:
            condition |= Q(agency_path__startswith=one.path, procedure_code__in=one.procedures)
    return condition


def _of_citizen(actor: Actor) -> Q:
    found, behalf = owned_by(actor), actor.behalf
    if behalf and behalf.procedure:
        found &= Q(procedure_code=behalf.procedure)
    if behalf and behalf.dossier_id:
        found &= Q(pk=behalf.dossier_id)
    # Who may only apply sees what they submitted themselves.
    return found if actor.may("see") else found & Q(applicant=actor.person)


def is_own(actor: Actor, dossier: Dossier) -> bool:
    """Whether a reading of it is nobody's business but the actor's: the owner's, or who stands for the organisation."""
    if actor.kind != "citizen":
        return False
    if actor.behalf and actor.behalf.is_office:
        return dossier.owner_organisation_id == actor.behalf.organisation_id
    return not actor.behalf and dossier.owner_person_id == actor.person_id


def may_apply(actor: Actor, version: ProcedureVersion) -> bool:
    """Whether somebody in whose name the actor acts may apply for this procedure, and the actor in their name."""
    allowed = version.definition["procedure"].get("applicants", ["citizen"])
    behalf = actor.behalf
    if behalf and behalf.organisation_id:
        is_allowed = not {"organisation", behalf.organisation_kind}.isdisjoint(allowed)
    else:
        is_allowed = "citizen" in allowed
    if behalf and (behalf.dossier_id or behalf.procedure not in {"", version.procedure_id}):
        return False
    return is_allowed and actor.may("apply")


def can_act(actor: Actor, act: Act, dossier: Dossier) -> bool:
    """Whether the actor holds the act's right at the dossier's agency, or it is delegated to them for its procedure."""
    return actor.is_officer and (
        actor.holds(act.right, dossier.agency_path) or acts_under(actor, act, dossier) is not None
    )


def acts_under(actor: Actor, act: Act, dossier: Dossier) -> Delegated | None:
    """The delegation under which the actor would do this act; None when they do it in their own right."""
    return actor.delegated(act.right, dossier.agency_path, dossier.procedure_code)


def reads_under(actor: Actor, dossier: Dossier) -> Delegated | None:
    """The delegation that lets the actor read this dossier; None when they read it in their own right."""
    if not actor.delegations or any(actor.owns(right, dossier.agency_path) for right in CASE_RIGHTS):
        return None
    lent = (actor.delegated(right, dossier.agency_path, dossier.procedure_code) for right in CASE_RIGHTS)
    return next(filter(None, lent), None)
