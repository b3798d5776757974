"""What the last page of an application shows, before it is sent. No queries of its own."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from motcua.casework.dossiers.web.words import when
from motcua.casework.forms.rules.summary import Section
from motcua.foundation.worktime.deadlines import due
from motcua.foundation.worktime.limits import parse_limit
from motcua.registry.organisations.models import Agency
from motcua.registry.organisations.selectors import calendar_of, get_calendar


def promise_now(procedure: Mapping[str, Any], agency: Agency | None, now: datetime) -> str:
    """When the result would be due if the agency accepted the dossier now; None: not chosen yet."""
    calendar = calendar_of(agency, on=timezone.localdate(now)) if agency else get_calendar()
    limit = parse_limit(procedure["limit"]["value"])
    return when(due(now, limit, calendar, last_hour_next_day=bool(procedure.get("linked"))).at)


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
