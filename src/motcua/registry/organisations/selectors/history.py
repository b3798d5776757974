"""Who was it then, and who is it now."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from django.db import connection
from django.db.models import Q

from motcua.registry.organisations.models import Agency, AgencyCode, Succession
from motcua.registry.organisations.rules.successions import follow

# All successions that can be reached from an agency, in one direction; the places of the columns are filled in.
_REACHED = """
WITH RECURSIVE reached(source, target) AS (
    SELECT {source}, {target} FROM registry_organisations_succession WHERE {source} = %s
    UNION
    SELECT s.{source}, s.{target} FROM registry_organisations_succession s JOIN reached r ON s.{source} = r.target
)
SELECT source, target FROM reached
"""


def successors_of(agency: Agency, *, at: date) -> list[Agency]:
    """Who this agency is on a day: itself while it exists, else those that came after it and exist that day.

    By sort key; several after a split, none when it ended without successor. Two queries at most.
    """
    return _followed(agency, "predecessor_id", "successor_id", at)


def predecessors_of(agency: Agency, *, at: date) -> list[Agency]:
    """Who this agency was on a day: itself if it existed, else those before it that did."""
    return _followed(agency, "successor_id", "predecessor_id", at)


def _followed(agency: Agency, source: str, target: str, at: date) -> list[Agency]:
    if _is_valid(agency, at):
        return [agency]
    with connection.cursor() as cursor:
        cursor.execute(_REACHED.format(source=source, target=target), [agency.pk])
        links: list[tuple[UUID, UUID]] = cursor.fetchall()
    rows = Agency.objects.in_bulk([onward for _, onward in links]) if links else {}
    ids = follow(links, agency.pk, lambda pk: pk in rows and _is_valid(rows[pk], at))
    return sorted((rows[pk] for pk in ids), key=lambda row: (row.sort_key, row.pk))


def _is_valid(agency: Agency, at: date) -> bool:
    return agency.valid_from <= at and (agency.valid_to is None or at < agency.valid_to)


def find_agency_by_code(code: str, *, at: date) -> Agency | None:
    """Who the bearer of a code, new form or old, is on a day; None for an unknown code, or when several came after.

    Codes lead to agencies by table, never by rule (vietnam.md 2.1).
    """
    bearers = list(Agency.objects.filter(code=code).order_by("-valid_from"))
    if not bearers:
        other = AgencyCode.objects.filter(code=code).select_related("agency").first()
        bearers = [other.agency] if other else []
    for agency in bearers:
        if _is_valid(agency, at):
            return agency
    found = successors_of(bearers[0], at=at) if bearers else []
    if not found and bearers:
        found = predecessors_of(bearers[-1], at=at)
    return found[0] if len(found) == 1 else None


def origins_of(agency: Agency) -> tuple[list[Succession], list[Succession]]:
    """The successions that led to this very row, and those that led on from it, oldest first. One query."""
    rows = Succession.objects.filter(Q(successor=agency) | Q(predecessor=agency))
    found: Iterable[Succession] = rows.select_related("predecessor", "successor").order_by("on", "id")
    listed = list(found)
    return (
        [row for row in listed if row.successor_id == agency.pk],
        [row for row in listed if row.predecessor_id == agency.pk],
    )
