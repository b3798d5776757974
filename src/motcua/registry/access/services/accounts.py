"""Letting officers in: invitations, closing and opening accounts, passwords."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from allauth.mfa.models import Authenticator
from django.contrib.auth import password_validation
from django.db import transaction
from django.db.models import F
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from motcua.foundation.kernel.actors import Actor
from motcua.foundation.kernel.errors import NotFound, Refused
from motcua.registry.access.contributions import ProposalKind, identify, register_proposal_kind
from motcua.registry.access.errors import BadInvitation, BadPassword, NoReasonGiven, WasReset
from motcua.registry.access.models import Account, Invitation, Proposal
from motcua.registry.access.policies import require_over
from motcua.registry.access.services.approvals import Proposed, propose
from motcua.registry.access.services.roles import EVERYWHERE, require_another_administrator, running
from motcua.registry.access.services.sessions import end_sessions
from motcua.registry.access.services.telling import tell, write, write_reason

_Purpose = Invitation.Purpose
VALID_FOR = {_Purpose.JOIN: timedelta(hours=72), _Purpose.RECOVERY: timedelta(hours=4)}
# Without letters that look like others; 16 of 31 are 79 bits.
_LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"


def digest_of(code: str) -> str:
    """The digest an invitation is kept by; case, spaces and hyphens of what was typed do not matter."""
    plain = "".join(char for char in code.upper() if char.isalnum())
    return salted_hmac("motcua.access.invitation", plain, algorithm="sha256").hexdigest()


def get_account(account_id: UUID, *, lock: bool = False) -> Account:
    """An officer's account. Raises NotFound."""
    # No key: two who decide about each other's accounts refer to them as well, and would wait for each other for ever.
    accounts = Account.objects.select_for_update(no_key=True) if lock else Account.objects.all()
    account = accounts.filter(pk=account_id, kind=Account.Kind.OFFICER).first()
    if not account:
        raise NotFound
    return account


@transaction.atomic
def invite(*, actor: Actor, account_id: UUID, at: datetime) -> str:
    """A code with which the officer chooses a password, for 72 hours; an earlier one is void.

    The code is given back this once and kept as a digest only. Factors stay: whoever has some still needs them.
    Not after two people replaced the second factor, until a new one is enrolled: one administrator alone would get hold
    of the account. Raises NotFound and Refused as `require_over`, WasReset.
    """
    account = get_account(account_id, lock=True)
    if actor.kind != "system":
        require_over(actor, ("administrator",), account)
    if not account.is_active:
        raise Refused
    if actor.kind != "system" and _was_reset(account):
        raise WasReset
    code = make_invitation(account, _Purpose.JOIN, at)
    entry = write("account.invited", actor, account, at)
    tell("account_invited", entry, account, at)
    return code


def _was_reset(account: Account) -> bool:
    last = account.invitations.order_by("-made_at", "-id").first()
    return last is not None and last.purpose == _Purpose.RECOVERY and not has_factor(account)


def make_invitation(account: Account, purpose: Invitation.Purpose, at: datetime) -> str:
    """The code of a new invitation; in the caller's transaction."""
    letters = "".join(secrets.choice(_LETTERS) for _ in range(16))
    account.invitations.filter(used_at=None).delete()
    Invitation.objects.create(
        account=account,
        purpose=purpose,
        digest=digest_of(letters),
        made_at=at,
        expires_at=at + VALID_FOR[purpose],
    )
    return "-".join(letters[n : n + 4] for n in range(0, 16, 4))


def find_invitation(code: str, *, at: datetime) -> Invitation:
    """An invitation that can still be used. Raises BadInvitation, for whatever reason it cannot."""
    return _usable(at, digest=digest_of(code))


def reopen_invitation(invitation_id: UUID, *, at: datetime) -> Invitation:
    """The invitation somebody began to use. Raises BadInvitation, as `find_invitation`."""
    return _usable(at, pk=invitation_id)


def _usable(at: datetime, lock: bool = False, **which: Any) -> Invitation:
    invitations = Invitation.objects.filter(used_at=None, expires_at__gt=at, account__is_active=True, **which)
    if lock:
        invitations = invitations.select_for_update(of=("self",))
    invitation = invitations.select_related("account").first()
    if not invitation:
        raise BadInvitation
    return invitation


@transaction.atomic
def use_invitation(*, invitation_id: UUID, password: str, at: datetime) -> Account:
    """The officer comes in: with a new password (join) or the known one (recovery). Good once.

    All other sessions of the account end. Raises BadInvitation, BadPassword, ValidationError for a weak password.
    """
    invitation = _usable(at, lock=True, pk=invitation_id)
    account = invitation.account
    if invitation.purpose == _Purpose.JOIN:
        password_validation.validate_password(password, account)
        account.set_password(password)
        account.save(update_fields=["password"])
    elif not account.check_password(password):
        raise BadPassword
    invitation.used_at = at
    invitation.save(update_fields=["used_at"])
    end_sessions(account)
    entry = write("account.joined", own_actor(account), account, at, {"purpose": invitation.purpose})
    if invitation.purpose == _Purpose.JOIN:
        tell("account_password_changed", entry, account, at)
    return account


def own_actor(account: Account) -> Actor:
    """The officer acting on their own account, who need not hold a post for it."""
    identity = identify(account)
    return identity.actor if identity else Actor(kind="officer", account_id=account.id)


@transaction.atomic
def change_password(*, account: Account, old: str, new: str, session_key: str | None, at: datetime) -> None:
    """The officer chooses another password; every other session ends. Raises BadPassword, ValidationError."""
    account = get_account(account.id, lock=True)
    if not account.check_password(old):
        raise BadPassword
    password_validation.validate_password(new, account)
    account.set_password(new)
    account.save(update_fields=["password"])
    end_sessions(account, but=session_key)
    entry = write("account.password_changed", own_actor(account), account, at)
    tell("account_password_changed", entry, account, at)


@transaction.atomic
def close_account(*, actor: Actor, account_id: UUID, reason: str, at: datetime) -> Proposal | None:
    """The officer does not get in any more and is signed out; an administrator's account is proposed instead.

    Raises NotFound, Refused (also for one's own account), NoReasonGiven.
    """
    account = get_account(account_id, lock=True)
    require_over(actor, ("administrator",), account)
    if account.id == actor.account_id:
        raise Refused
    if not reason.strip():
        raise NoReasonGiven
    if path := _administers(account, at):
        what = Proposed("close_account", path, {"account": str(account.id)}, account)
        return propose(actor=actor, what=what, reason=reason, at=at)
    _close(account, actor, reason, at)
    return None


def _administers(account: Account, at: datetime) -> str | None:
    """The shortest path the account administers; None for an ordinary account."""
    grants = account.grants.filter(running(at=at), role__rights__contains=["administrator"])
    return min(grants.values_list("agency_path", flat=True), key=len, default=None)


def _close(account: Account, actor: Actor, reason: str, at: datetime) -> None:
    account.is_active = False
    account.save(update_fields=["is_active"])
    account.invitations.filter(used_at=None).delete()
    end_sessions(account)
    entry = write_reason("account.closed", actor, account, reason, at)
    tell("account_closed", entry, account, at)


def _act_close(proposal: Proposal, actor: Actor, at: datetime) -> None:
    account = get_account(UUID(proposal.payload["account"]), lock=True)
    if proposal.agency_path == EVERYWHERE:
        require_another_administrator(account, at)
    _close(account, actor, proposal.reason, at)


@transaction.atomic
def open_account(*, actor: Actor, account_id: UUID, reason: str, at: datetime) -> Proposal | None:
    """Open a closed account again; password, factors and roles are as they were.

    An administrator's account, and one that two people closed, are proposed instead. Raises NotFound, Refused,
    NoReasonGiven, AlreadyProposed.
    """
    account = get_account(account_id, lock=True)
    require_over(actor, ("administrator",), account)
    if account.is_active:
        return None
    if not reason.strip():
        raise NoReasonGiven
    if path := _administers(account, at) or _closed_by_two(account):
        what = Proposed("open_account", path, {"account": str(account.id)}, account)
        return propose(actor=actor, what=what, reason=reason, at=at)
    _open(account, actor, reason, at)
    return None


def _closed_by_two(account: Account) -> str | None:
    """Where two people closed the account last; None where one did."""
    kinds = ("close_account", "open_account")
    decided = Proposal.objects.filter(subject=account, kind__in=kinds, state=Proposal.State.APPROVED)
    last = decided.order_by("-decided_at", "-id").first()
    return last.agency_path if last and last.kind == "close_account" else None


def _open(account: Account, actor: Actor, reason: str, at: datetime) -> None:
    account.is_active = True
    account.save(update_fields=["is_active"])
    entry = write_reason("account.opened", actor, account, reason, at)
    tell("account_opened", entry, account, at)


def _act_open(proposal: Proposal, actor: Actor, at: datetime) -> None:
    account = get_account(UUID(proposal.payload["account"]), lock=True)
    if not account.is_active:
        _open(account, actor, proposal.reason, at)


@transaction.atomic
def end_officers_sessions(*, actor: Actor, account_id: UUID, at: datetime) -> int:
    """Sign an officer out everywhere; for administrators and support. Raises NotFound, Refused."""
    account = get_account(account_id)
    require_over(actor, ("administrator", "support"), account)
    ended = end_sessions(account)
    write("account.sessions_ended", actor, account, at, {"count": ended})
    return ended


@transaction.atomic
def count_failed(username: str, at: datetime) -> None:
    """A wrong password for this name. The owner sees how many at the next sign-in; the journal says it from five on.

    For a name nobody has, the same statement changes nothing.
    """
    Account.objects.filter(username=username).update(failed_tries=F("failed_tries") + 1)
    account = Account.objects.filter(username=username).first()
    if account and (account.failed_tries == 5 or account.failed_tries % 50 == 0):
        write("account.tried", Actor(kind="anonymous"), account, at, {"count": account.failed_tries})


def take_failed(account: Account) -> int:
    """How many wrong passwords there were since the last sign-in; counting begins anew."""
    tries = account.failed_tries
    if tries:
        Account.objects.filter(pk=account.pk).update(failed_tries=0)
    return tries


def has_factor(account: Account) -> bool:
    types = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
    return Authenticator.objects.filter(user=account, type__in=types).exists()


def register() -> None:
    register_proposal_kind(
        ProposalKind(
            "close_account",
            gettext_lazy("Close an administrator's account"),
            "administrator",
            _act_close,
            lambda proposal: _("Closes the account and ends its sessions."),
        )
    )
    register_proposal_kind(
        ProposalKind(
            "open_account",
            gettext_lazy("Open a closed account again"),
            "administrator",
            _act_open,
            lambda proposal: _("Opens the account again, with the roles it has."),
        )
    )
