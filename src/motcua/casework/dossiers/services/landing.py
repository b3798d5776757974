"""Where a result lands and what it says there, by the procedure's `results`."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from motcua.casework.dossiers.forms import form_of
from motcua.casework.dossiers.models import Dossier
from motcua.casework.forms.rules.summary import paper_values
from motcua.casework.warehouse.rules.validity import months_after


def about_of(dossier: Dossier, result: Mapping[str, Any]) -> str:
    """Whom a result is about where the procedure names the field: the child of a birth certificate. Else empty.

    A result lands with the one in whose name the dossier is. A newborn has neither a number nor an account: its birth
    certificate lies with who registered it, and says whose it is.
    """
    field = result.get("about")
    if not field:
        return ""
    values = paper_values(form_of(dossier.version), dossier.answers, "vi")
    return str((values["words"] | values["computed"]).get(field) or "")[:300]


def valid_to_of(result: Mapping[str, Any], *, on: date) -> date | None:
    """The first day on which a result issued on a day is no longer good; None where it stays good."""
    months = result.get("valid", {}).get("months")
    return months_after(on, int(months)) if months else None
