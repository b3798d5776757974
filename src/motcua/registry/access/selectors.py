"""Who holds a right."""

from __future__ import annotations

from uuid import UUID

from motcua.registry.access.models import RoleGrant


def list_holders(*rights: str) -> list[tuple[UUID, str, str]]:
    """(account, right, agency path) of all active accounts that hold one of the rights."""
    rows = RoleGrant.objects.filter(role__in=rights, account__is_active=True)
    return list(rows.values_list("account_id", "role", "agency_path"))
