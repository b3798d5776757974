"""Who may see, share and end documents."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Q

from motcua.foundation.kernel.actors import Actor
from motcua.registry.access.policies import within

# Who may say that a document counts no longer: rights at the agency that issued it.
ENDING_RIGHTS = ("specialist", "leader")
# Who may put a paper into somebody's warehouse: rights at the agency that digitised or certified it.
KEEPING_RIGHTS = ("reception", "specialist")


def owner_of(actor: Actor) -> UUID | None:
    """In whose name a citizen acts: their own id, the organisation's, the principal's. None for anybody else."""
    if actor.kind != "citizen":
        return None
    if actor.behalf:
        return actor.behalf.organisation_id or actor.behalf.person_id
    return actor.person_id


def own_documents(actor: Actor) -> Q:
    """Documents that were delivered to the one in whose name the citizen acts.

    A mandate must let them receive results; one for a single dossier opens its result alone, one for a single
    procedure none here: its results stand on the pages of their dossiers.
    """
    owner = owner_of(actor)
    if owner is None or not actor.may("receive") or (actor.behalf and actor.behalf.procedure):
        return Q(pk__in=[])
    found = Q(owner_id=owner, delivered_at__isnull=False)
    if actor.behalf and actor.behalf.dossier_id:
        found &= Q(subject=actor.behalf.dossier_id)
    return found


def is_owner(actor: Actor) -> bool:
    """Whether the citizen acts for themself, or stands for the organisation by office. Only they share."""
    return actor.kind == "citizen" and (actor.behalf is None or actor.behalf.is_office)


def own_shares(actor: Actor) -> Q:
    """Shares of the one in whose name the citizen acts."""
    owner = owner_of(actor)
    return Q(owner_id=owner) if owner and is_owner(actor) else Q(pk__in=[])


def endable(actor: Actor) -> Q:
    """Documents of agencies where the officer signs or works on dossiers, in their own right."""
    return within("agency__path", _ending_paths(actor)) if actor.is_officer else Q(pk__in=[])


def may_end(actor: Actor, agency_path: str) -> bool:
    """The same for one agency."""
    return actor.is_officer and agency_path.startswith(_ending_paths(actor))


def may_keep(actor: Actor, agency_path: str) -> bool:
    """Whether an officer may put papers into warehouses for this agency, in their own right."""
    return actor.is_officer and any(actor.owns(right, agency_path) for right in KEEPING_RIGHTS)


def _ending_paths(actor: Actor) -> tuple[str, ...]:
    return tuple(sorted({path for right, path in actor.own_grants if right in ENDING_RIGHTS}))
