"""Who may enter and end absences and delegations. A lent right counts for nothing here."""

from __future__ import annotations

from uuid import UUID

from motcua.foundation.kernel.actors import Actor


def may_delegate_for(actor: Actor, delegator_id: UUID, agency_path: str) -> bool:
    """The delegator themself, or an administrator of the agency; `problem_of` says whether it can be lent at all."""
    if not actor.is_officer:
        return False
    return actor.person_id == delegator_id or actor.owns("administrator", agency_path)


def may_enter_absence(actor: Actor, officer_id: UUID, agency_path: str) -> bool:
    """The officer themself, the leader of the agency, or an administrator of it."""
    if not actor.is_officer:
        return False
    is_superior = bool(agency_path) and any(
        actor.owns(right, agency_path) for right in ("leader", "administrator")
    )
    return actor.person_id == officer_id or is_superior


def manages_delegations(actor: Actor) -> bool:
    """Leaders see their own agency's, administrators those of their scope."""
    return actor.is_officer and any(right in {"leader", "administrator"} for right, _ in actor.own_grants)


def managed_scopes(actor: Actor) -> tuple[str, ...]:
    return tuple(sorted({path for right, path in actor.own_grants if right in {"leader", "administrator"}}))
