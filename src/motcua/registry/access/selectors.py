"""Who holds a right."""

from __future__ import annotations

from uuid import UUID

from motcua.registry.access.models import RoleGrant


def list_holders(*rights: str) -> list[tuple[UUID, str, str]]:
    """(account, right, agency path) of all active accounts that hold one of the rights."""
    grants = RoleGrant.objects.filter(role__rights__overlap=list(rights), account__is_active=True)
    return [
        (account, right, path)
        for account, held, path in grants.values_list("account_id", "role__rights", "agency_path")
        for right in held
        if right in rights
    ]
