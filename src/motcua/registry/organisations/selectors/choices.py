"""Agencies and units as the desk's pages offer and name them."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from motcua.foundation.kernel.errors import NotFound
from motcua.foundation.kernel.paths import below
from motcua.registry.access.policies import within
from motcua.registry.organisations.models import Agency, Unit


def list_current_agencies(scopes: tuple[str, ...]) -> list[Agency]:
    """Agencies of these paths and below, as they are called now, a superior first. One query."""
    agencies = Agency.objects.filter(within("path", scopes), valid_to=None)
    found = agencies.only("id", "code", "name", "path", "place_name")
    return list(found.order_by("-level", "sort_key", "id"))


def list_below(path: str) -> list[Agency]:
    """Agencies strictly below this one, as they are called now, with level and place; by name. One query."""
    agencies = Agency.objects.filter(below("path", path), valid_to=None).exclude(path=path)
    found = agencies.only("id", "code", "name", "path", "level", "place_code", "place_name")
    return list(found.order_by("sort_key", "id"))


def list_agencies_at(paths: Collection[str]) -> list[Agency]:
    """The agencies of just these paths, as they are called now, by path. One query."""
    return list(Agency.objects.filter(path__in=paths, valid_to=None).order_by("path"))


def agencies_by_path() -> dict[str, Agency]:
    """All there are and were, each as it is called now or was called last. One query."""
    shown = Agency.objects.only("code", "name", "path", "level", "sort_key", "valid_to")
    return {it.path: it for it in shown.order_by("valid_from", "id")}


def names_at(paths: Collection[str]) -> dict[str, str]:
    """path -> name of the agencies of just these paths, as they are called now, or were last. One query."""
    found = Agency.objects.filter(path__in=paths).order_by("valid_from")
    return dict(found.values_list("path", "name"))


def get_agency_of_path(scopes: tuple[str, ...], path: str) -> Agency:
    """As it is called now, or was last. Raises NotFound, also for an agency outside the scopes."""
    found = Agency.objects.filter(within("path", scopes), path=path).order_by("-valid_from").first()
    if not found:
        raise NotFound
    return found


def find_agency(agency_id: UUID | None) -> Agency | None:
    """None for nobody's."""
    return Agency.objects.filter(pk=agency_id).first() if agency_id else None


def list_units_of(path: str) -> list[Unit]:
    """Units of the agency with this path, those that have ended too, by name. One query."""
    return list(Unit.objects.filter(agency__path=path).only("id", "name").order_by("name", "pk"))


def find_unit_of(path: str, unit_id: UUID) -> Unit | None:
    """A unit of the agency with this path, also one that has ended; None for another agency's."""
    return Unit.objects.filter(agency__path=path, pk=unit_id).only("id", "name").first()


def unit_names(unit_ids: Collection[UUID]) -> dict[UUID, str]:
    """One query."""
    return dict(Unit.objects.filter(pk__in=unit_ids).values_list("pk", "name"))
