"""Roles, who holds a right, who has a second factor."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from allauth.mfa.models import Authenticator
from django.db.models import Q, QuerySet

from motcua.foundation.kernel.errors import NotFound
from motcua.registry.access.models import Account, Invitation, Role, RoleGrant
from motcua.registry.access.rights import RIGHTS

# Rights over dossiers; an auditor reads the journal, an operator the state of the installation.
CASE_RIGHTS = tuple(right.code for right in RIGHTS if right.handles_dossiers)


def list_roles() -> QuerySet[Role]:
    """Every role, those an installation begins with first. For forms that offer them."""
    return Role.objects.order_by("-built_in", "code")


def get_role(code: str) -> Role:
    """Raises NotFound."""
    found = Role.objects.filter(code=code).first()
    if not found:
        raise NotFound
    return found


def list_holders(*rights: str, on: date | None = None) -> list[tuple[UUID, str, str]]:
    """(account, right, agency path) of all active accounts that hold one of the rights; `on`: on that day."""
    grants = RoleGrant.objects.filter(role__rights__overlap=list(rights), account__is_active=True)
    if on:
        grants = grants.filter(counting(on))
    return [
        (account, right, path)
        for account, held, path in grants.values_list("account_id", "role__rights", "agency_path")
        for right in held
        if right in rights
    ]


def list_without_factor(*, on: date) -> dict[UUID, bool]:
    """Active accounts that hold a role on that day and have neither TOTP nor passkey -> whether they administer."""
    types = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
    having = Authenticator.objects.filter(type__in=types).values("user")
    grants = RoleGrant.objects.filter(counting(on), account__is_active=True).exclude(account__in=having)
    found: dict[UUID, bool] = {}
    for account, rights in grants.values_list("account_id", "role__rights"):
        found[account] = found.get(account, False) or "administrator" in rights
    return found


def find_active(account_id: UUID) -> Account | None:
    """Unless it was closed. One query."""
    return Account.objects.filter(pk=account_id, is_active=True).first()


def has_role(account: Account, *, on: date) -> bool:
    """Whether the account holds a role on that day, or will later."""
    return account.grants.exclude(valid_to__lte=on).exists()


def find_open_invitation(account: Account, *, at: datetime) -> Invitation | None:
    """The invitation to choose a password that can still be answered."""
    return account.invitations.filter(used_at=None, expires_at__gt=at).first()


def counting(on: date, prefix: str = "") -> Q:
    """Grants that count on a day: `valid_from <= on < valid_to`, each open where it is None. `prefix`: "grants__".

    Whether the post is held to which a grant may be bound is not looked at.
    """
    begun = Q(**{f"{prefix}valid_from": None}) | Q(**{f"{prefix}valid_from__lte": on})
    return begun & (Q(**{f"{prefix}valid_to": None}) | Q(**{f"{prefix}valid_to__gt": on}))
