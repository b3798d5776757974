"""Roles that an installation begins with."""

from __future__ import annotations

from typing import Any

import yaml
from django.conf import settings


def enter_roles(role_model: Any) -> None:
    """Enter the roles of `roles.yaml` that are not there yet. Called from migrations, with their model of a role."""
    rows = yaml.safe_load((settings.PACKS / "vn" / "roles.yaml").read_text(encoding="utf-8"))["roles"]
    for row in rows:
        values = {"names": row["names"], "rights": row["rights"], "built_in": True}
        role_model.objects.get_or_create(code=row["code"], defaults=values)
