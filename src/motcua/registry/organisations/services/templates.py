"""Usual units of an agency, entered from the pack."""

from __future__ import annotations

from datetime import date, datetime
from functools import lru_cache
from typing import Any

import yaml
from django.conf import settings

from motcua.foundation.kernel.actors import Actor
from motcua.registry.organisations.models import Agency, Unit

from ._acts import Target, changing, check_valid, tell


@lru_cache(maxsize=1)
def _template() -> dict[str, Any]:
    return dict(yaml.safe_load((settings.PACKS / "vn" / "departments.yaml").read_text(encoding="utf-8")))


def missing_units(agency: Agency) -> list[dict[str, str]]:
    """Units of the template for the agency's level that it does not have: code, name, symbol. One query."""
    rows = _template().get(agency.level, [])
    known = set(agency.units.values_list("code", flat=True)) if rows else set()
    return [row for row in rows if row["code"] not in known]


def enter_from_template(*, actor: Actor, target: Target, on: date, at: datetime) -> list[Unit]:
    """Enter the usual units that are missing, from a day on; what is there stays. [] and no entry when none is.

    Source: packs/vn/departments.yaml (from memory, not verified).
    """
    with changing(actor, target) as agency:
        check_valid(agency, on)
        rows = missing_units(agency)
        units = Unit.objects.bulk_create(Unit(agency=agency, valid_from=on, **row) for row in rows)
        if units:
            codes = [unit.code for unit in units]
            tell(actor, "agency.units_entered", agency.id, at, code=agency.code, units=codes)
        return units
