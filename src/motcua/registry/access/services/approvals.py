"""Acts for which two people are needed: one proposes, another approves or rejects."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from motcua.foundation.journal.services import Happening, record
from motcua.foundation.kernel.actors import Actor
from motcua.foundation.kernel.errors import NotFound, Refused
from motcua.registry.access.contributions import ProposalKind, identify, proposal_kind
from motcua.registry.access.errors import AlreadyProposed, Decided, NoReasonGiven, NotYours
from motcua.registry.access.models import Account, Proposal
from motcua.registry.access.policies import within
from motcua.registry.access.services.telling import person_of

OPEN_FOR = timedelta(days=7)
_State = Proposal.State


@dataclass(frozen=True, slots=True)
class Proposed:
    """What is to be done: a registered kind, what its function needs, about whom, and at which agency."""

    kind: str
    agency_path: str
    payload: dict[str, Any] = field(default_factory=dict)
    subject: Account | None = None


@transaction.atomic
def propose(*, actor: Actor, what: Proposed, reason: str, at: datetime) -> Proposal:
    """Put an act before a second person, for seven days; a kind with `first_alone` is done at once where nobody
    else could approve. Raises Refused without the right at the agency, NoReasonGiven, AlreadyProposed.
    """
    kind = proposal_kind(what.kind)
    if not any(actor.holds(right, what.agency_path) for right in (kind.right, *kind.proposer_rights)):
        raise Refused
    if not reason.strip():
        raise NoReasonGiven
    same = Proposal.objects.filter(kind=what.kind, subject=what.subject, agency_path=what.agency_path)
    if same.filter(state=_State.OPEN, expires_at__gt=at, payload=what.payload).exists():
        raise AlreadyProposed
    proposal = Proposal.objects.create(
        kind=what.kind,
        payload=what.payload,
        subject=what.subject,
        agency_path=what.agency_path,
        reason=reason.strip()[:300],
        proposed_by_id=actor.account,
        proposed_at=at,
        expires_at=at + OPEN_FOR,
    )
    _record("proposal.made", actor, proposal, at)
    if kind.first_alone and actor.holds(kind.right, what.agency_path) and not _others(kind, proposal):
        _decide(proposal, actor, _State.APPROVED, at, alone=True)
        kind.act(proposal, actor, at)
    return proposal


@transaction.atomic
def approve(*, actor: Actor, proposal_id: UUID, at: datetime) -> Any:
    """Do what was proposed; gives what the act gives. Raises NotFound outside the actor's scope, NotYours for the
    proposer and the person concerned, Decided when it was decided or is too old, and what the act raises."""
    proposal = _get_open(actor, proposal_id, at)
    _decide(proposal, actor, _State.APPROVED, at)
    return proposal_kind(proposal.kind).act(proposal, actor, at)


@transaction.atomic
def reject(*, actor: Actor, proposal_id: UUID, at: datetime) -> None:
    """Nothing is done. The proposer may take back what they proposed. Raises as `approve` does."""
    proposal = _get_open(actor, proposal_id, at, also_proposer=True)
    _decide(proposal, actor, _State.REJECTED, at)


def list_proposals(actor: Actor, *, at: datetime) -> QuerySet[Proposal]:
    """What waits at the actor's agencies, oldest first, and what they proposed themselves."""
    waiting = Proposal.objects.filter(state=_State.OPEN, expires_at__gt=at)
    seen = within("agency_path", actor.scopes("administrator"))
    own = Proposal.objects.filter(proposed_by_id=actor.account, state=_State.OPEN, expires_at__gt=at)
    related = ("proposed_by", "subject")
    return (waiting.filter(seen) | own).select_related(*related).order_by("proposed_at", "id")


def may_decide(actor: Actor, proposal: Proposal) -> bool:
    is_other = actor.account_id not in (proposal.proposed_by_id, proposal.subject_id)
    return is_other and actor.holds(proposal_kind(proposal.kind).right, proposal.agency_path)


def _get_open(actor: Actor, proposal_id: UUID, at: datetime, also_proposer: bool = False) -> Proposal:
    proposal = Proposal.objects.select_for_update().filter(pk=proposal_id).first()
    is_own = proposal is not None and proposal.proposed_by_id == actor.account_id
    if not proposal or not (is_own or actor.holds(proposal_kind(proposal.kind).right, proposal.agency_path)):
        raise NotFound
    if proposal.state != _State.OPEN or proposal.expires_at <= at:
        raise Decided
    if not (may_decide(actor, proposal) or (also_proposer and is_own)):
        raise NotYours
    return proposal


def _decide(
    proposal: Proposal, actor: Actor, state: Proposal.State, at: datetime, alone: bool = False
) -> None:
    proposal.state, proposal.decided_by_id, proposal.decided_at = state, actor.account, at
    proposal.alone = alone
    proposal.save(update_fields=["state", "decided_by", "decided_at", "alone"])
    _record(f"proposal.{state}", actor, proposal, at)


def _others(kind: ProposalKind, proposal: Proposal) -> bool:
    """Whether anybody else could approve: holds the right there and can sign in."""
    parts = proposal.agency_path.strip("/").split("/")
    above = ["/", *(f"/{'/'.join(parts[: n + 1])}/" for n in range(len(parts)))]
    holders = Account.objects.filter(
        is_active=True, grants__role__rights__contains=[kind.right], grants__agency_path__in=above
    )
    others = holders.exclude(pk__in=[proposal.proposed_by_id, proposal.subject_id or proposal.proposed_by_id])
    found = (identify(account) for account in others.distinct())
    return any(it and it.actor.holds(kind.right, proposal.agency_path) for it in found)


def _record(kind: str, actor: Actor, proposal: Proposal, at: datetime) -> None:
    facts = {"act": proposal.kind, "path": proposal.agency_path, "alone": proposal.alone}
    happening = Happening(
        kind=kind,
        object_kind="proposal",
        object_id=proposal.id,
        concerns_id=person_of(proposal.subject) if proposal.subject else None,
        facts=facts,
        details={"reason": proposal.reason},
    )
    record(actor=actor, happening=happening, at=at)
