"""How long finished dossiers of a procedure took, for its public page and whoever waits for one.

Of whole months that are over, and by month alone: what is told changes once a month, so that no single dossier can be
seen coming in. Source: Decree 61/2018/NĐ-CP (limits are published); stops do not count (vietnam.md 1.3).
"""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from typing import Any

from django.db import connection

from motcua.oversight.indicators.publishing import load_publication
from motcua.oversight.indicators.rules.counts import ALL, scopes_above
from motcua.oversight.indicators.rules.percentiles import within
from motcua.registry.catalogue.contributions import Taken
from motcua.registry.organisations.selectors import list_agencies_at

MONTHS = 12
HALF, MOST = 50, 80
_HOURS = """
SELECT scope, hours, sum(count) FROM oversight_indicators_duration
 WHERE scope = ANY (%(scopes)s) AND procedure = %(procedure)s AND month >= %(first)s AND month < %(until)s
 GROUP BY scope, hours ORDER BY hours
"""
_FINISHED = """
SELECT coalesce(sum(finished_early), 0), coalesce(sum(finished_on_time), 0), coalesce(sum(finished_late), 0)
  FROM oversight_indicators_monthtally
 WHERE scope = %(scope)s AND procedure = %(procedure)s AND month >= %(first)s AND month < %(until)s
"""


def times_taken(procedure: str, path: str, on: date) -> Taken | None:
    """Of the agency, where enough were finished there in the twelve months before this one; else of its province; else
    None. Two queries, and one for the name."""
    until = on.replace(day=1)
    first = date(until.year - 1, until.month, 1)
    scopes = [path] if path == ALL else [path, *scopes_above(path)[1:2]]
    histograms: dict[str, list[tuple[int, int]]] = defaultdict(list)
    of_months: dict[str, Any] = {"first": first, "until": until, "procedure": procedure}
    with connection.cursor() as cursor:
        cursor.execute(_HOURS, of_months | {"scopes": scopes})
        for scope, hours, count in cursor.fetchall():
            histograms[scope].append((hours, count))
    least = load_publication().least_cases
    for scope in scopes:
        cases = sum(count for _, count in histograms[scope])
        if cases >= least:
            return Taken(
                cases=cases,
                half=within(histograms[scope], HALF),
                most=within(histograms[scope], MOST),
                late_percent=_late(of_months | {"scope": scope}),
                path=scope,
                name=_name(scope),
                first=first,
                until=until,
            )
    return None


def _late(values: dict[str, Any]) -> int | None:
    """Percent, rounded down; None where those late, or those in time, are some and too few to tell of."""
    with connection.cursor() as cursor:
        cursor.execute(_FINISHED, values)
        early, on_time, late = cursor.fetchone()
    total, least = early + on_time + late, load_publication().least
    if not total or 0 < late < least or 0 < total - late < least:
        return None
    return int(100 * late // total)


def _name(scope: str) -> str:
    return next((it.name for it in list_agencies_at([scope])), "") if scope != ALL else ""
