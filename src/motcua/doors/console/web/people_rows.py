"""A person's record in rows of a page. Numbers are masked."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from motcua.casework.dossiers.models import Dossier
from motcua.casework.dossiers.selectors import dossier_heading, status_label
from motcua.foundation.ui.formats import format_date
from motcua.registry.people.models import Mandate, Representation
from motcua.registry.people.selectors import Opened, name_of, principal_of

SEXES = {"male": gettext_lazy("male"), "female": gettext_lazy("female")}
PAPERS = {
    "passport": gettext_lazy("Passport"),
    "residence_card": gettext_lazy("Residence card"),
    "other": gettext_lazy("Other paper"),
}
ROLES = {
    "legal": gettext_lazy("legal representative"),
    "authorised": gettext_lazy("authorised representative"),
}


def _language() -> str:
    return (get_language() or "vi").split("-")[0]


def person_facts(opened: Opened) -> list[dict[str, Any]]:
    """For components/fact_list."""
    person = opened.person
    rows = [
        (_("Personal number"), person.masked_number or _("none yet")),
        (_("Date of birth"), format_date(person.birth_date, _language(), weekday=False)),
        (_("Sex"), str(SEXES[person.sex])),
        (_("Nationality"), person.nationality),
        (_("Residence"), person.residence),
        (_("Telephone"), person.telephone),
        (_("E-mail"), person.email),
        *((str(PAPERS[paper.kind]), f"{paper.country} {paper.masked_number}") for paper in opened.papers),
    ]
    return [{"label": label, "value": value} for label, value in rows if value]


def dossier_rows(dossiers: Iterable[Dossier]) -> list[dict[str, Any]]:
    """For components/papers."""
    return [
        {
            "title": dossier_heading(dossier, _language()),
            "note": f"{dossier.code or dossier.reference} · {status_label(dossier.status)}",
            "url": reverse("desk:dossier", args=[dossier.id]),
        }
        for dossier in dossiers
    ]


def office_rows(offices: Iterable[Representation]) -> list[dict[str, str]]:
    return [{"label": office.organisation.legal_name, "value": str(ROLES[office.role])} for office in offices]


def mandate_rows(mandates: Iterable[Mandate], person_id: UUID) -> list[dict[str, str]]:
    """Who acts for the person, and for whom they act."""
    rows = []
    for mandate in mandates:
        names = {"agent": mandate.agent.full_name, "principal": name_of(principal_of(mandate))}
        words = (
            _("acts for %(principal)s") if mandate.agent_id == person_id else _("is acted for by %(agent)s")
        )
        last = format_date(mandate.valid_to - timedelta(days=1), _language(), weekday=False)
        rows.append({"label": words % names, "value": _("until %(day)s") % {"day": last}})
    return rows
