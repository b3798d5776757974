"""What the last page of an application shows, before it is sent. No queries of its own."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from motcua.casework.dossiers.forms import procedure_of
from motcua.casework.dossiers.models import Dossier
from motcua.casework.dossiers.policies import UNDER_WAY
from motcua.casework.dossiers.rules.states import Status
from motcua.casework.dossiers.web.words import language, when
from motcua.casework.forms.rules.summary import Section
from motcua.foundation.worktime.deadlines import due
from motcua.foundation.worktime.limits import parse_limit
from motcua.registry.catalogue.contributions import times_taken
from motcua.registry.catalogue.words import taken_bars
from motcua.registry.organisations.models import Agency
from motcua.registry.organisations.selectors import calendar_of, get_calendar


def promise_now(procedure: Mapping[str, Any], agency: Agency | None, now: datetime) -> str:
    """When the result would be due if the agency accepted the dossier now; None: not chosen yet."""
    calendar = calendar_of(agency, on=timezone.localdate(now)) if agency else get_calendar()
    limit = parse_limit(procedure["limit"]["value"])
    return when(due(now, limit, calendar, last_hour_next_day=bool(procedure.get("linked"))).at)


def taken_before(procedure: Mapping[str, Any], agency: Agency | None, now: datetime) -> dict[str, Any]:
    """What like dossiers really took, for catalogue/_taken.html. Three queries at most."""
    taken = times_taken(str(procedure["code"]), agency.path if agency else "/", timezone.localdate(now))
    return taken_bars(taken, procedure["limit"]["value"], language())


def taken_meanwhile(dossier: Dossier, now: datetime) -> dict[str, Any] | None:
    """The same for one that is under way or waits for acceptance; None when there is nothing more to wait for."""
    if dossier.status not in {Status.SUBMITTED, *UNDER_WAY}:
        return None
    return taken_before(procedure_of(dossier), dossier.agency, now)


def summary_sections(sections: list[Section], base: str) -> list[dict[str, Any]]:
    """Answers read back, for components/summary_list: every row leads back to its page."""
    return [
        {
            "title": section.title,
            "note": _("Known from your eID") if any(row.known for row in section.rows) else "",
            "rows": [
                {
                    "label": row.label,
                    "value": row.value,
                    "change_url": ""
                    if row.known or row.computed or not row.field
                    else f"{base}/{section.page}/?check",
                }
                for row in section.rows
            ],
        }
        for section in sections
    ]
