"""Who looked at a dossier, for the page of whose dossier it is."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from motcua.casework.dossiers.selectors import Happened
from motcua.casework.dossiers.web.words import ENTRIES, SEARCHES
from motcua.foundation.kernel.text import mask_name
from motcua.foundation.ui.formats import format_datetime


def reader_rows(readers: list[Happened]) -> list[dict[str, Any]]:
    """Who looked, latest first, for the applicant's page: a day's readings by one officer make one row."""
    language = (get_language() or "vi").split("-")[0]
    rows: dict[tuple[Any, ...], dict[str, Any]] = {}
    for happened in readers:
        words = SEARCHES.get(happened.entry.facts.get("by"), ENTRIES[happened.entry.kind][0])
        key = (happened.entry.person_id, words, timezone.localdate(happened.entry.at))
        if key not in rows:
            when = format_datetime(timezone.localtime(happened.entry.at), language)
            # Officers have a post; anybody else who could look was let in by a mandate.
            by = mask_name(happened.by) if happened.by else ""
            by = by or (_("The authorised person") if happened.entry.mandate_id else "")
            who = {"who": by, "unit": happened.unit}
            rows[key] = {"when": when, **who, "what": str(words), "count": 0}
        rows[key]["count"] += 1
    return list(rows.values())
