"""Second factors of officers: added, removed, lost, and replaced by two people."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from allauth.mfa.models import Authenticator
from django.db import IntegrityError, transaction
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from motcua.foundation.kernel.actors import Actor
from motcua.foundation.kernel.errors import NotFound
from motcua.registry.access.contributions import ProposalKind, register_proposal_kind
from motcua.registry.access.errors import LastFactor
from motcua.registry.access.models import Account, Invitation, Proposal, UsedCode
from motcua.registry.access.policies import require_over
from motcua.registry.access.services.accounts import get_account, make_invitation, own_actor
from motcua.registry.access.services.approvals import Proposed, propose
from motcua.registry.access.services.sessions import end_sessions
from motcua.registry.access.services.telling import tell, write

_Type = Authenticator.Type
FACTORS = (_Type.TOTP, _Type.WEBAUTHN)
FACTOR_WORDS = {"totp": gettext_lazy("App with codes"), "webauthn": gettext_lazy("Passkey")}
# Longer than any one-time password is good for.
_REMEMBERED_FOR = timedelta(minutes=10)


def list_factors(account: Account) -> list[Authenticator]:
    """TOTP and passkeys, oldest first; recovery codes are no factor of their own."""
    return list(Authenticator.objects.filter(user=account, type__in=FACTORS).order_by("created_at", "id"))


def unused_codes(account: Account) -> list[str]:
    """Recovery codes that are left; [] where none were made."""
    codes = Authenticator.objects.filter(user=account, type=Authenticator.Type.RECOVERY_CODES).first()
    return list(codes.wrap().get_unused_codes()) if codes else []


def use_code_once(account: Account, code: str, *, at: datetime) -> bool:
    """Whether a one-time password is used for the first time. In all processes: the database says so.

    Source: RFC 6238, section 5.2.
    """
    digest = salted_hmac("motcua.access.totp", f"{account.id}{code}", algorithm="sha256").hexdigest()
    UsedCode.objects.filter(account=account, used_at__lt=at - _REMEMBERED_FOR).delete()
    try:
        with transaction.atomic():
            UsedCode.objects.create(account=account, digest=digest, used_at=at)
    except IntegrityError:
        return False
    return True


@transaction.atomic
def record_added(account: Account, kind: str, *, at: datetime) -> None:
    """Write down that a factor was added and tell the person; a loss that was reported is over."""
    Account.objects.filter(pk=account.pk).update(factor_lost_at=None)
    entry = write("account.factor_added", own_actor(account), account, at, {"factor": kind})
    tell("account_factor_added", entry, account, at)


@transaction.atomic
def remove_factor(*, account: Account, factor_id: int, must_keep_one: bool, at: datetime) -> None:
    """The officer takes away a factor of their own. Raises NotFound, LastFactor where one has to remain."""
    account = get_account(account.id, lock=True)
    factors = list_factors(account)
    factor = next((it for it in factors if it.pk == factor_id), None)
    if not factor:
        raise NotFound
    if must_keep_one and len(factors) == 1:
        raise LastFactor
    kind = factor.type
    factor.delete()
    if len(factors) == 1:
        Authenticator.objects.filter(user=account).delete()
    entry = write("account.factor_removed", own_actor(account), account, at, {"factor": kind})
    tell("account_factor_removed", entry, account, at)


@transaction.atomic
def report_lost(account: Account, *, at: datetime) -> None:
    """The officer, known by the password, says that the second factor is gone: support sees it. Once is enough."""
    if Account.objects.filter(pk=account.pk, factor_lost_at=None).update(factor_lost_at=at):
        write("account.factor_lost", own_actor(account), account, at)


@transaction.atomic
def start_reset(*, actor: Actor, account_id: UUID, reason: str, at: datetime) -> Proposal:
    """Support (or an administrator) asks for the replacement of an officer's second factor; another administrator
    confirms. The officer is told at once. Raises NotFound, Refused, NoReasonGiven."""
    account = get_account(account_id)
    require_over(actor, ("support", "administrator"), account)
    path = _reach(account)
    proposal = propose(actor=actor, what=Proposed("reset_factors", path, {}, account), reason=reason, at=at)
    entry = write("account.reset_started", actor, account, at)
    tell("account_reset_proposed", entry, account, at)
    return proposal


def _reach(account: Account) -> str:
    """The shortest path of the account: who confirms has to administer all that it reaches."""
    home = own_actor(account).agency_path or "/"
    return min([home, *account.grants.values_list("agency_path", flat=True)], key=len)


def _act_reset(proposal: Proposal, actor: Actor, at: datetime) -> str:
    """Every factor and session ends; gives the code of the invitation to enrol a new factor, good for four hours."""
    if proposal.subject is None:
        raise NotFound
    account = get_account(proposal.subject.id, lock=True)
    require_over(actor, ("administrator",), account)
    Authenticator.objects.filter(user=account).delete()
    end_sessions(account)
    code = make_invitation(account, Invitation.Purpose.RECOVERY, at)
    entry = write("account.factors_reset", actor, account, at)
    tell("account_factors_reset", entry, account, at)
    return code


def register() -> None:
    register_proposal_kind(
        ProposalKind(
            "reset_factors",
            gettext_lazy("Replace a second factor"),
            "administrator",
            _act_reset,
            lambda proposal: _(
                "Removes every second factor, ends all sessions and lets the officer enrol a new one."
            ),
            proposer_rights=("support",),
        )
    )
