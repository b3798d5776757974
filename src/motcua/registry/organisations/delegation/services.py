"""Entering absences and delegations, and ending them. Each function is one act."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone

from motcua.foundation.journal.services import Happening, record
from motcua.foundation.kernel.actors import Actor, Authority
from motcua.foundation.kernel.errors import DomainError, NotFound, Refused
from motcua.foundation.kernel.text import clean
from motcua.registry.organisations.delegation.errors import (
    AbsenceEndsFirst,
    AbsenceOver,
    AbsencePast,
    AwayAlready,
    CannotDelegate,
    DelegatedAlready,
    DelegationEnded,
    NotInForce,
    RevokeReasonMissing,
)
from motcua.registry.organisations.delegation.policies import may_delegate_for, may_enter_absence
from motcua.registry.organisations.delegation.selectors import current_holding, place_of
from motcua.registry.organisations.models import Absence, Delegation, Holding
from motcua.registry.organisations.rules.delegation import Lending, problem_of
from motcua.registry.organisations.selectors import identify_officer


@dataclass(frozen=True, slots=True)
class NewDelegation:
    """What is to be lent to whom. Half-open days; valid_to None: until revoked. basis: number and day, or ("", None).

    procedures: codes it is limited to; empty: all. agency_path: "" for the delegator's agency and below.
    """

    delegator_id: UUID
    delegate_id: UUID
    authority: Authority
    right: str
    valid_from: date
    valid_to: date | None = None
    basis_number: str = ""
    basis_day: date | None = None
    procedures: tuple[str, ...] = ()
    agency_path: str = ""


@dataclass(frozen=True, slots=True)
class NewAbsence:
    """Who is away; half-open days. reason: free words, "" when it is nobody's business."""

    officer_id: UUID
    valid_from: date
    valid_to: date
    reason: str = ""


def check_delegation(*, actor: Actor, new: NewDelegation, at: datetime) -> Delegation:
    """The delegation as it would be granted, not saved. Raises as `grant_delegation` does, but for overlaps."""
    delegator, delegate = _holding(new.delegator_id, at), _holding(new.delegate_id, at)
    agency = delegator.post.unit.agency
    if not may_delegate_for(actor, new.delegator_id, agency.path):
        raise Refused
    # As with roles: an administrator gives themself nothing.
    if actor.person_id == new.delegate_id != new.delegator_id:
        raise Refused
    path, basis = new.agency_path or agency.path, clean(new.basis_number)[:60]
    holder = identify_officer(delegator.officer.account)
    asked = Lending(
        authority=new.authority,
        right=new.right,
        delegator=place_of(delegator),
        delegate=place_of(delegate),
        holds=holder is not None and holder.actor.owns(new.right, path),
        by_administrator=actor.owns("administrator", agency.path),
        valid_from=new.valid_from,
        valid_to=new.valid_to,
        has_basis=bool(basis and new.basis_day),
    )
    if problem := problem_of(asked, today=timezone.localdate(at)):
        raise CannotDelegate(problem)
    return Delegation(
        delegator=delegator.officer,
        delegator_post=delegator.post,
        delegate=delegate.officer,
        delegate_post=delegate.post,
        authority=new.authority,
        right=new.right,
        agency_path=path,
        procedures=sorted(set(new.procedures)),
        valid_from=new.valid_from,
        valid_to=new.valid_to,
        basis_number=basis if new.basis_day else "",
        basis_day=new.basis_day if basis else None,
        entered_by_id=actor.person,
        entered_at=at,
    )


@transaction.atomic
def grant_delegation(*, actor: Actor, new: NewDelegation, at: datetime) -> Delegation:
    """Lend a right. By the delegator themself or an administrator of their agency.

    Raises NotFound for who holds no post, Refused, CannotDelegate (with the question it is about), DelegatedAlready.
    Source: Decree 30/2020/NĐ-CP art. 13.
    """
    delegation = check_delegation(actor=actor, new=new, at=at)
    with _overlap_as(DelegatedAlready()):
        delegation.save(force_insert=True)
    facts = _parties(delegation) | {
        "delegator_post": str(delegation.delegator_post_id),
        "delegate_post": str(delegation.delegate_post_id),
        "authority": delegation.authority,
        "right": delegation.right,
        "scope": delegation.agency_path,
        "procedures": list(delegation.procedures),
        "valid_from": delegation.valid_from.isoformat(),
        "valid_to": delegation.valid_to.isoformat() if delegation.valid_to else "",
        "basis": delegation.basis_number,
    }
    happening = Happening(
        "delegation.granted", object_kind="delegation", object_id=delegation.id, facts=facts
    )
    record(actor=actor, happening=happening, at=at)
    return delegation


@transaction.atomic
def revoke_delegation(*, actor: Actor, delegation_id: UUID, reason: str, at: datetime) -> Delegation:
    """End a delegation at once, also one that has not begun. By the delegator or an administrator of the agency.

    Raises NotFound (also when the actor may not know of it), RevokeReasonMissing, NotInForce.
    """
    words = clean(reason)[:300]
    locked = Delegation.objects.select_for_update(of=("self",)).select_related("delegator_post__unit__agency")
    delegation = locked.filter(pk=delegation_id).first()
    if not delegation or not may_delegate_for(
        actor, delegation.delegator_id, delegation.delegator_post.unit.agency.path
    ):
        raise NotFound
    if not words:
        raise RevokeReasonMissing
    is_over = delegation.valid_to is not None and delegation.valid_to <= timezone.localdate(at)
    if delegation.revoked_at or is_over:
        raise NotInForce
    delegation.revoked_at, delegation.revoked_by_id, delegation.revoked_reason = at, actor.person, words
    delegation.save(update_fields=["revoked_at", "revoked_by", "revoked_reason"])
    happening = Happening(
        "delegation.revoked",
        object_kind="delegation",
        object_id=delegation.id,
        facts=_parties(delegation),
        details={"reason": words},
    )
    record(actor=actor, happening=happening, at=at)
    return delegation


def hold_delegation(delegation_id: UUID, *, at: datetime) -> None:
    """Make sure, in the act's transaction, that a delegation stays in force until the act is done.

    Raises DelegationEnded: who signed in while it was in force may find it revoked a moment later.
    """
    day = timezone.localdate(at)
    current = Delegation.objects.select_for_update().filter(
        Q(valid_to=None) | Q(valid_to__gt=day), pk=delegation_id, revoked_at=None, valid_from__lte=day
    )
    if not current.first():
        raise DelegationEnded


@transaction.atomic
def enter_absence(*, actor: Actor, new: NewAbsence, at: datetime) -> Absence:
    """Enter that an officer is away. By themself, the leader of their agency or an administrator of it.

    It may have begun before (somebody fell ill), but not be over. Raises NotFound for who holds no post, Refused,
    AbsenceEndsFirst, AbsencePast, AwayAlready.
    """
    holding = _holding(new.officer_id, at)
    if not may_enter_absence(actor, new.officer_id, holding.post.unit.agency.path):
        raise Refused
    if new.valid_to <= new.valid_from:
        raise AbsenceEndsFirst
    if new.valid_to <= timezone.localdate(at):
        raise AbsencePast
    absence = Absence(
        officer=holding.officer,
        valid_from=new.valid_from,
        valid_to=new.valid_to,
        reason=clean(new.reason)[:300],
        entered_by_id=actor.person,
        entered_at=at,
    )
    with _overlap_as(AwayAlready()):
        absence.save(force_insert=True)
    facts = {
        "officer": str(holding.officer_id),
        "valid_from": new.valid_from.isoformat(),
        "valid_to": new.valid_to.isoformat(),
    }
    details = {"reason": absence.reason} if absence.reason else None
    happening = Happening(
        "absence.entered", object_kind="absence", object_id=absence.id, facts=facts, details=details
    )
    record(actor=actor, happening=happening, at=at)
    return absence


@transaction.atomic
def enter_absence_and_delegate(
    *, actor: Actor, absence: NewAbsence, delegation: NewDelegation, at: datetime
) -> tuple[Absence, Delegation]:
    """Both acts or neither: who goes away says in the same step who signs meanwhile. Raises as both do."""
    entered = enter_absence(actor=actor, new=absence, at=at)
    return entered, grant_delegation(actor=actor, new=delegation, at=at)


@transaction.atomic
def withdraw_absence(*, actor: Actor, absence_id: UUID, at: datetime) -> Absence:
    """Somebody is back sooner, or it was a mistake. Raises NotFound (also when it is not theirs), AbsenceOver."""
    absence = Absence.objects.select_for_update().filter(pk=absence_id).first()
    holding = current_holding(absence.officer_id, at=at) if absence else None
    path = holding.post.unit.agency.path if holding else ""
    if not absence or not may_enter_absence(actor, absence.officer_id, path):
        raise NotFound
    if absence.withdrawn_at or absence.valid_to <= timezone.localdate(at):
        raise AbsenceOver
    absence.withdrawn_at = at
    absence.save(update_fields=["withdrawn_at"])
    facts = {"officer": str(absence.officer_id)}
    happening = Happening("absence.withdrawn", object_kind="absence", object_id=absence.id, facts=facts)
    record(actor=actor, happening=happening, at=at)
    return absence


def _holding(officer_id: UUID, at: datetime) -> Holding:
    holding = current_holding(officer_id, at=at)
    if not holding:
        raise NotFound
    return holding


def _parties(delegation: Delegation) -> dict[str, object]:
    return {"delegator": str(delegation.delegator_id), "delegate": str(delegation.delegate_id)}


@contextmanager
def _overlap_as(error: DomainError) -> Iterator[None]:
    """The constraint against overlaps, in words; two at once are told apart by the database alone."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as raised:
        if "do_not_overlap" not in str(raised):
            raise
        raise error from None
