"""Where the process of a dossier runs: its agency's working time, its facts, its units and other agencies."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import partial
from typing import Any

from django.utils import timezone

from motcua.casework.dossiers.forms import form_of
from motcua.casework.dossiers.models import Dossier
from motcua.casework.dossiers.rules.states import Status
from motcua.casework.forms.rules.answers import compute
from motcua.casework.process.rules.model import Lane
from motcua.casework.process.services import Place, Setting
from motcua.registry.organisations.models import Agency
from motcua.registry.organisations.selectors import calendar_of, find_unit, find_unit_of_province

# The job that moves a process on when a timer is due or a service is to run.
ADVANCE = "dossiers.advance"
_RUNNING = frozenset({Status.ACCEPTED, Status.IN_PROCESS})


def setting_of(dossier: Dossier, at: datetime) -> Setting:
    """For every move of the dossier's process at that moment."""
    agency, today = dossier.agency, timezone.localdate(at)
    return Setting(
        agency_path=dossier.agency_path,
        calendar=calendar_of(agency, on=today),
        facts=partial(facts_of, dossier),
        place=lambda lane: place_of(agency, lane, at),
        job=ADVANCE,
        latest=dossier.due_at if dossier.status in _RUNNING else None,
    )


def facts_of(dossier: Dossier) -> Mapping[str, Any]:
    """What a process's conditions may ask: the answers, what is computed from them, and the dossier's case."""
    form, day = form_of(dossier.version), timezone.localdate(dossier.submitted_at)
    return {**dossier.answers, **compute(form, dossier.answers, day), "case": dossier.case}


def place_of(agency: Agency, lane: Lane, at: datetime) -> Place:
    """Whose a lane's tasks are. A unit that the agency does not have: the whole agency's, so that nothing is stuck.

    `agency: {unit_of_province: CODE}`: that unit of a department of the province, or of the province itself.
    """
    day, code = timezone.localdate(at), lane.agency.get("unit_of_province", "")
    if code and (asked := find_unit_of_province(agency, code, on=day)):
        return Place(asked.agency.path, asked.id)
    unit = find_unit(agency, lane.unit, on=day)
    return Place(agency.path, unit.id if unit else None)
