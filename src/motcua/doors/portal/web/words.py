"""Representations and mandates in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from motcua.casework.dossiers.selectors import dossier_codes
from motcua.foundation.ui.formats import format_date
from motcua.registry.catalogue.rules.texts import in_language
from motcua.registry.catalogue.selectors import procedures_named
from motcua.registry.people.models import Mandate, Representation

POWERS = {
    "apply": gettext_lazy("apply in my name"),
    "see": gettext_lazy("see my dossiers"),
    "receive": gettext_lazy("receive results"),
}
ROLES = {
    "legal": gettext_lazy("You are its legal representative."),
    "authorised": gettext_lazy("You are its authorised representative."),
}


def language() -> str:
    return (get_language() or "vi").split("-")[0]


def _last_day(valid_to: date) -> str:
    """The last day on which it counts, in words."""
    return format_date(valid_to - timedelta(days=1), language())


def procedure_names(held: Iterable[Representation | Mandate]) -> dict[str, str]:
    """Code -> name in the active language, of the procedures that mandates are limited to. One query at most."""
    codes = {it.procedure_code for it in held if isinstance(it, Mandate) and it.procedure_code}
    return {it.code: in_language(it.names, language()) for it in procedures_named(codes)}


def purpose_words(mandate: Mandate, names: Mapping[str, str], dossiers: Mapping[Any, str]) -> str:
    if mandate.dossier_id:
        return _("for the dossier %(code)s") % {"code": dossiers.get(mandate.dossier_id, "–")}
    if mandate.procedure_code:
        name = names.get(mandate.procedure_code, mandate.procedure_code)
        return _("for the procedure “%(name)s”") % {"name": name}
    return _("for everything")


def choice_note(held: Representation | Mandate, names: Mapping[str, str]) -> str:
    """By what right, and until when."""
    if isinstance(held, Representation):
        return str(ROLES[held.role])
    words = {"purpose": purpose_words(held, names, {}), "day": _last_day(held.valid_to)}
    if held.dossier_id:
        words["purpose"] = _("for one dossier")
    return _("By a mandate %(purpose)s, until %(day)s.") % words


def mandate_rows(mandates: Iterable[Mandate]) -> list[dict[str, Any]]:
    """Rows of the list of mandates. Two queries at most, however many there are."""
    mandates = list(mandates)
    names = procedure_names(mandates)
    dossiers = dossier_codes({it.dossier_id for it in mandates if it.dossier_id})
    return [_row(it, names, dossiers) for it in mandates]


def _row(mandate: Mandate, names: Mapping[str, str], dossiers: Mapping[Any, str]) -> dict[str, Any]:
    principal = mandate.principal_person or mandate.principal_organisation
    state, words = _state(mandate)
    powers = [str(label) for power, label in POWERS.items() if getattr(mandate, f"may_{power}")]
    return {
        "id": mandate.id,
        "principal": str(getattr(principal, "full_name", "") or getattr(principal, "legal_name", "")),
        "agent": mandate.agent.full_name,
        "purpose": purpose_words(mandate, names, dossiers),
        "powers": ", ".join(powers),
        "until": _last_day(mandate.valid_to),
        "state": state,
        "words": words,
        "is_open": state in {"done", "look"},
        "waits": state == "look",
    }


def _state(mandate: Mandate) -> tuple[str, str]:
    if mandate.ended_at:
        return "stopped", _("ended")
    if mandate.valid_to <= timezone.localdate():
        return "stopped", _("over")
    return ("done", _("counts")) if mandate.accepted_at else ("look", _("waits to be accepted"))
