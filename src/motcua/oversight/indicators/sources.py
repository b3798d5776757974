"""Numbers for the measures that the catalogue knows: decisions made public, complete procedures, services offered."""

from __future__ import annotations

from collections.abc import Mapping

from django.db.models import Count, F, Q

from motcua.oversight.indicators.contributions import Asked
from motcua.oversight.indicators.rules.counts import ALL
from motcua.oversight.indicators.rules.measures import NOT_ALONE, NoData
from motcua.registry.catalogue.models import DecidedProcedure
from motcua.registry.catalogue.offers.counting import count_complete, count_offered

Numbers = Mapping[str, Mapping[str, int]]


def publication(asked: Asked) -> Numbers:
    """Procedures of decisions due within the days: `due`, and those of them `published` by then (I.1). One query.

    What is due later than `on` cannot have been missed yet and does not count.
    """
    rows = DecidedProcedure.objects.filter(
        decision__due_on__gte=asked.first, decision__due_on__lt=asked.until, decision__due_on__lte=asked.on
    )
    in_time = Q(decision__published_on__lte=F("decision__due_on"))
    if asked.known_on:
        rows = rows.filter(decision__entered_at__date__lte=asked.known_on)
        in_time &= Q(decision__published_on__lte=asked.known_on)
    counted = rows.values_list("decision__agency_path").annotate(
        due=Count("pk"), done=Count("pk", filter=in_time)
    )
    by_path = [(path, {"due": due, "published": done}) for path, due, done in counted.order_by()]
    return {
        scope: {
            part: sum(it[part] for path, it in by_path if _is_of(path, scope, asked.is_own))
            for part in ("due", "published")
        }
        for scope in asked.scopes
    }


def completeness(asked: Asked) -> Numbers:
    """Procedures handled there on the last day: `all`, and those `complete` (I.3)."""
    _check(asked)
    found = count_complete(asked.scopes, on=asked.on)
    return {scope: {"complete": it.complete, "all": it.all} for scope, it in found.items()}


def offers(asked: Asked) -> Numbers:
    """Procedures offered on the last day: `full`, `partial`, `online`; and `eligible` (IV.1)."""
    _check(asked)
    found = count_offered(asked.scopes, on=asked.on)
    return {
        scope: {"full": it.full, "partial": it.partial, "online": it.online, "eligible": it.eligible}
        for scope, it in found.items()
    }


def _check(asked: Asked) -> None:
    """What an agency offers is offered by those below it, too: without them nothing can be said."""
    if asked.is_own:
        raise NoData(NOT_ALONE)


def _is_of(path: str, scope: str, is_own: bool) -> bool:
    return path == scope if is_own else scope == ALL or path.startswith(scope)
