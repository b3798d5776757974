"""Roles and who holds them. What opens much is done by two people (services.approvals)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from motcua.foundation.journal.services import Happening, record
from motcua.foundation.kernel.actors import Actor
from motcua.foundation.kernel.errors import NotFound, Refused
from motcua.foundation.kernel.ids import new_id
from motcua.registry.access.contributions import ProposalKind, identify, list_rights, register_proposal_kind
from motcua.registry.access.errors import (
    AlreadyGranted,
    BadPeriod,
    ChangedMeanwhile,
    DossiersEverywhere,
    LastAdministrator,
    NoReasonGiven,
    UnknownRight,
)
from motcua.registry.access.models import Account, Proposal, Role, RoleGrant
from motcua.registry.access.policies import require_over
from motcua.registry.access.services.approvals import Proposed, propose
from motcua.registry.access.services.telling import tell, write

EVERYWHERE = "/"
# Rights that let their holder see or give more than their own work.
FAR_REACHING = frozenset({"administrator", "auditor", "data_protection"})


@dataclass(frozen=True, slots=True)
class NewGrant:
    """A role for an account at an agency and below, from a day to before another (None: without end).

    With a post it counts only while the officer holds that post.
    """

    account_id: UUID
    role: str
    agency_path: str
    valid_from: date
    valid_to: date | None = None
    post_id: UUID | None = None


@transaction.atomic
def grant_role(*, actor: Actor, new: NewGrant, reason: str, at: datetime) -> RoleGrant | Proposal:
    """Grant a role at an agency within the actor's own scope, or propose it where two people are needed.

    Two are needed for the rights administrator, auditor and data_protection and for all agencies ("/"). Raises
    Refused, NotFound, NoReasonGiven, DossiersEverywhere, BadPeriod, AlreadyGranted.
    """
    account, role = _officer(new.account_id), _role(new.role)
    if not actor.holds("administrator", new.agency_path) or account.id == actor.account_id:
        raise Refused
    require_over(actor, ("administrator",), account)
    _check(new, role, reason)
    if new.agency_path == EVERYWHERE or FAR_REACHING & set(role.rights):
        payload = {
            "role": role.code,
            "valid_from": new.valid_from.isoformat(),
            "valid_to": new.valid_to and new.valid_to.isoformat(),
            "post_id": new.post_id and str(new.post_id),
        }
        what = Proposed("grant_role", new.agency_path, payload, account)
        return propose(actor=actor, what=what, reason=reason, at=at)
    return _grant(new, role, actor, reason, at)


def _check(new: NewGrant, role: Role, reason: str) -> None:
    if not reason.strip():
        raise NoReasonGiven
    if new.agency_path == EVERYWHERE and handles_dossiers(role.rights):
        raise DossiersEverywhere
    if new.valid_to and new.valid_to <= new.valid_from:
        raise BadPeriod


def handles_dossiers(rights: list[str]) -> bool:
    return any(right.handles_dossiers for right in list_rights() if right.code in rights)


def _grant(new: NewGrant, role: Role, actor: Actor, reason: str, at: datetime) -> RoleGrant:
    try:
        with transaction.atomic():
            grant = RoleGrant.objects.create(
                account_id=new.account_id,
                role=role,
                agency_path=new.agency_path,
                valid_from=new.valid_from,
                valid_to=new.valid_to,
                post_id=new.post_id,
                granted_by_id=actor.account_id,
                reason=reason.strip()[:300],
            )
    except IntegrityError as error:
        raise AlreadyGranted if "one_grant" in str(error) else DossiersEverywhere from error
    entry = write("role.granted", actor, grant.account, at, _facts(grant))
    tell("account_role_granted", entry, grant.account, at)
    return grant


def _facts(grant: RoleGrant) -> dict[str, Any]:
    return {
        "role": grant.role_id,
        "path": grant.agency_path,
        "valid_from": grant.valid_from and grant.valid_from.isoformat(),
        "valid_to": grant.valid_to and grant.valid_to.isoformat(),
        "post": grant.post_id and str(grant.post_id),
    }


@transaction.atomic
def end_grant(*, actor: Actor, grant_id: int, reason: str, at: datetime) -> RoleGrant | Proposal:
    """End a grant today, or propose it where its role administers. Raises as `grant_role`, LastAdministrator."""
    grant = _running(grant_id, at)
    if not actor.holds("administrator", grant.agency_path):
        raise NotFound
    if not reason.strip():
        raise NoReasonGiven
    if "administrator" in grant.role.rights:
        what = Proposed(
            "end_grant", grant.agency_path, {"grant": grant.id, "role": grant.role_id}, grant.account
        )
        return propose(actor=actor, what=what, reason=reason, at=at)
    return _end(grant, actor, at)


def _end(grant: RoleGrant, actor: Actor, at: datetime) -> RoleGrant:
    today = timezone.localdate(at)
    if "administrator" in grant.role.rights and grant.agency_path == EVERYWHERE:
        require_another_administrator(grant.account, at)
    if grant.valid_from and grant.valid_from >= today:
        RoleGrant.objects.filter(pk=grant.pk).delete()
    else:
        grant.valid_to = today
        grant.save(update_fields=["valid_to"])
    entry = write("role.ended", actor, grant.account, at, _facts(grant))
    tell("account_role_ended", entry, grant.account, at)
    return grant


def running(*, at: datetime) -> Q:
    """Grants that have not ended by that day; those that begin later too."""
    return Q(valid_to=None) | Q(valid_to__gt=timezone.localdate(at))


def require_another_administrator(account: Account, at: datetime) -> None:
    """That somebody else administers all agencies. Raises LastAdministrator.

    Locks the grants it counts, so that two administrators do not end each other at once; who waited for the lock reads
    the accounts afterwards.
    """
    grants = RoleGrant.objects.select_for_update(of=("self",)).filter(
        running(at=at), agency_path=EVERYWHERE, role__rights__contains=["administrator"]
    )
    ids = {grant.account_id for grant in grants.order_by("pk")} - {account.id}
    others = (identify(other) for other in Account.objects.filter(pk__in=ids, is_active=True))
    if not any(it and it.actor.holds("administrator", EVERYWHERE) for it in others):
        raise LastAdministrator


@dataclass(frozen=True, slots=True)
class RoleChange:
    """A role as it shall be; `version` is the one that was looked at, 0 for a new role."""

    code: str
    names: dict[str, str]
    rights: tuple[str, ...]
    version: int


@transaction.atomic
def propose_role(*, actor: Actor, change: RoleChange, reason: str, at: datetime) -> Proposal:
    """Propose a new role or another set of rights; needs administrators of all agencies. Raises UnknownRight,
    ChangedMeanwhile, DossiersEverywhere, NoReasonGiven, Refused."""
    _check_change(change)
    payload = {
        "code": change.code,
        "names": change.names,
        "rights": list(change.rights),
        "version": change.version,
    }
    return propose(actor=actor, what=Proposed("change_role", EVERYWHERE, payload), reason=reason, at=at)


def _check_change(change: RoleChange) -> None:
    if not change.rights or not set(change.rights) <= {right.code for right in list_rights()}:
        raise UnknownRight
    current = Role.objects.select_for_update().filter(code=change.code).first()
    if change.version != (current.version if current else 0):
        raise ChangedMeanwhile
    held_everywhere = RoleGrant.objects.filter(role_id=change.code, agency_path=EVERYWHERE).exists()
    if held_everywhere and handles_dossiers(list(change.rights)):
        raise DossiersEverywhere


def _act_change(proposal: Proposal, actor: Actor, at: datetime) -> Role:
    payload = proposal.payload
    change = RoleChange(payload["code"], payload["names"], tuple(payload["rights"]), payload["version"])
    _check_change(change)
    values = {"names": change.names, "rights": list(change.rights), "version": change.version + 1}
    role, _created = Role.objects.update_or_create(code=change.code, defaults=values)
    facts = {"role": role.code, "rights": role.rights, "version": role.version}
    record(
        actor=actor,
        happening=Happening("role.changed", object_kind="role", object_id=new_id(), facts=facts),
        at=at,
    )
    return role


def _act_grant(proposal: Proposal, actor: Actor, at: datetime) -> RoleGrant:
    payload = proposal.payload
    new = NewGrant(
        account_id=_subject(proposal).id,
        role=payload["role"],
        agency_path=proposal.agency_path,
        valid_from=date.fromisoformat(payload["valid_from"]),
        valid_to=date.fromisoformat(payload["valid_to"]) if payload["valid_to"] else None,
        post_id=UUID(payload["post_id"]) if payload["post_id"] else None,
    )
    role = _role(new.role)
    _check(new, role, proposal.reason)
    return _grant(new, role, actor, proposal.reason, at)


def _act_end(proposal: Proposal, actor: Actor, at: datetime) -> RoleGrant:
    return _end(_running(proposal.payload["grant"], at), actor, at)


def _subject(proposal: Proposal) -> Account:
    if proposal.subject is None:
        raise NotFound
    return proposal.subject


def _role(code: str) -> Role:
    role = Role.objects.filter(code=code).first()
    if not role:
        raise NotFound
    return role


def _officer(account_id: UUID) -> Account:
    account = Account.objects.filter(pk=account_id, kind=Account.Kind.OFFICER, is_active=True).first()
    if not account:
        raise NotFound
    return account


def _running(grant_id: int, at: datetime) -> RoleGrant:
    grants = RoleGrant.objects.select_for_update(of=("self",)).select_related("role", "account")
    grant = grants.filter(running(at=at), pk=grant_id).first()
    if not grant:
        raise NotFound
    return grant


def _role_words(proposal: Proposal) -> str:
    return str(Role.objects.filter(code=proposal.payload["role"]).first() or proposal.payload["role"])


def register() -> None:
    grant = ProposalKind(
        "grant_role",
        lazy("Grant a role"),
        "administrator",
        _act_grant,
        lambda proposal: _("Grants the role “%(role)s”.") % {"role": _role_words(proposal)},
        first_alone=True,
    )
    end = ProposalKind(
        "end_grant",
        lazy("End an administrator's role"),
        "administrator",
        _act_end,
        lambda proposal: _("Ends the role “%(role)s”.") % {"role": _role_words(proposal)},
    )
    change = ProposalKind(
        "change_role",
        lazy("Change a role"),
        "administrator",
        _act_change,
        lambda proposal: (
            _("Gives the role “%(role)s” the rights: %(rights)s.")
            % {
                "role": proposal.payload["names"]["vi"],
                "rights": ", ".join(right_words(proposal.payload["rights"])),
            }
        ),
    )
    for kind in (grant, end, change):
        register_proposal_kind(kind)


def right_words(codes: list[str]) -> list[str]:
    """Rights in words, in their order of the vocabulary."""
    return [str(right.label) for right in list_rights() if right.code in codes]
