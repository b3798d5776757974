"""How long finished dossiers of a procedure took, for its public page and whoever waits for one.

Of whole months that are over, and by month alone: what is told changes once a month, so that no single dossier can be
seen coming in. Source: Decree 61/2018/NĐ-CP (limits are published); stops do not count (vietnam.md 1.3).
"""

from __future__ import annotations

from collections import defaultdict
from datetime import date

from django.db.models import QuerySet, Sum

from motcua.oversight.indicators.models import Duration, MonthTally
from motcua.oversight.indicators.publishing import load_publication
from motcua.oversight.indicators.rules.counts import ALL, Count, scopes_above
from motcua.oversight.indicators.rules.percentiles import within
from motcua.registry.catalogue.contributions import Taken
from motcua.registry.organisations.selectors import list_agencies_at

MONTHS = 12
HALF, MOST = 50, 80
_CLASSES = (Count.FINISHED_EARLY, Count.FINISHED_ON_TIME, Count.FINISHED_LATE)


def times_taken(procedure: str, path: str, on: date) -> Taken | None:
    """Of the agency, where enough were finished there in the twelve months before this one; else of its province; else
    None. Two queries, and one for the name."""
    until = on.replace(day=1)
    first = date(until.year - 1, until.month, 1)
    scopes = [path] if path == ALL else [path, *scopes_above(path)[1:2]]
    months = {"month__gte": first, "month__lt": until, "procedure": procedure}
    histograms: dict[str, list[tuple[int, int]]] = defaultdict(list)
    rows = Duration.objects.filter(scope__in=scopes, **months).values_list("scope", "hours")
    for scope, hours, count in rows.annotate(Sum("count")).order_by("hours"):
        histograms[scope].append((hours, count))
    least = load_publication().least_cases
    for scope in scopes:
        cases = sum(count for _, count in histograms[scope])
        if cases >= least:
            return Taken(
                cases=cases,
                half=within(histograms[scope], HALF),
                most=within(histograms[scope], MOST),
                late_percent=_late(MonthTally.objects.filter(scope=scope, **months)),
                path=scope,
                name=_name(scope),
                first=first,
                until=until,
            )
    return None


def _late(rows: QuerySet[MonthTally]) -> int | None:
    """Percent, rounded down; None where those late, or those in time, are some and too few to tell of."""
    sums = rows.aggregate(**{f"sum_{it}": Sum(it) for it in _CLASSES})
    early, on_time, late = (sums[f"sum_{it}"] or 0 for it in _CLASSES)
    total, least = early + on_time + late, load_publication().least
    if not total or 0 < late < least or 0 < total - late < least:
        return None
    return int(100 * late // total)


def _name(scope: str) -> str:
    return next((it.name for it in list_agencies_at([scope])), "") if scope != ALL else ""
