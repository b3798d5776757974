"""Permission in the query. Who holds which scopes is decided above."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Q

from motcua.foundation.kernel.paths import below


def within_scopes(scopes: Iterable[str]) -> Q:
    """Messages about objects of agencies below one of the paths; "/" is everything."""
    scopes = tuple(scopes)
    if "/" in scopes:
        return Q()
    condition = Q(pk__in=[])
    for path in scopes:
        condition |= below("agency_path", path)
    return condition
