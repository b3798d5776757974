"""Desks, units and officers of all agencies, read at once: who does what in a bulk."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.utils import timezone

from motcua.casework.dossiers.policies import ACTING_RIGHTS
from motcua.casework.dossiers.services.bulk_forms import Clerk
from motcua.casework.dossiers.services.bulk_given import Desk
from motcua.casework.process.rules.model import Lane
from motcua.casework.process.services import Place
from motcua.foundation.kernel.errors import NotFound
from motcua.registry.organisations.models import Agency, Unit, valid_on
from motcua.registry.organisations.selectors import find_unit_of_province, list_staff

_DESK = "one_stop_desk"


@dataclass(frozen=True, slots=True)
class Staff:
    """As things stand on one day.

    clerks: right and path of an agency -> who holds it there, by account name. units: path -> by code.
    provinces: units of a province, found as they are asked for.
    """

    clerks: Mapping[tuple[str, str], Sequence[Clerk]]
    units: Mapping[str, Sequence[Unit]]
    provinces: dict[tuple[UUID | None, str], Unit | None]

    @classmethod
    def read(cls, *, on: date | None = None) -> Staff:
        """Of a day, or of today. A handful of queries."""
        today = on or timezone.localdate()
        units: dict[str, list[Unit]] = {}
        for unit in Unit.objects.filter(valid_on(today)).select_related("agency").order_by("code"):
            units.setdefault(unit.agency.path, []).append(unit)
        clerks = {
            where: [Clerk.of(it.actor, it.display_name) for it in found]
            for where, found in list_staff(ACTING_RIGHTS, on=today).items()
        }
        return cls(clerks, units, {})

    def desk(self, agency: Agency) -> Desk:
        """The agency with one officer a right, the first by account name. Raises NotFound when one is missing."""
        clerks = {right: self.clerk(right, agency.path) for right in ACTING_RIGHTS}
        desk = self._unit(agency.path, _DESK)
        if desk is None:
            raise NotFound
        busy = {desk.pk, clerks["specialist"].actor.unit_id, clerks["leader"].actor.unit_id}
        others = (unit for unit in self.units[agency.path] if unit.pk not in busy)
        return Desk(agency, desk, clerks, next(others, None))

    def clerk(self, right: str, path: str, unit_id: UUID | None = None) -> Clerk:
        """Who holds the right at this very agency, in a unit of it if one is named. Raises NotFound."""
        found = self.find_clerk(right, path, unit_id)
        if found is None:
            raise NotFound
        return found

    def find_clerk(self, right: str, path: str, unit_id: UUID | None) -> Clerk | None:
        """As `clerk`, None when there is nobody."""
        held = self.clerks.get((right, path), ())
        return next((it for it in held if unit_id in {None, it.actor.unit_id}), None)

    def place(self, agency: Agency, lane: Lane, at: datetime) -> Place:
        """As `settings.place_of`."""
        if code := lane.agency.get("unit_of_province", ""):
            key = (agency.parent_id, code)
            if key not in self.provinces:
                day = timezone.localdate(at)
                self.provinces[key] = find_unit_of_province(agency, code, on=day)
            if asked := self.provinces[key]:
                return Place(asked.agency.path, asked.id)
        unit = self._unit(agency.path, lane.unit)
        return Place(agency.path, unit.id if unit else None)

    def _unit(self, path: str, code: str) -> Unit | None:
        return next((unit for unit in self.units.get(path, ()) if unit.code == code), None)
