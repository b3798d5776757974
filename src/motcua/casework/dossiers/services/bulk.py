"""Many dossiers at once, each as far as it went: for simulation, trials and load.

Rows are made along the same tables as act by act (`rules.courses`) and written with one statement a table. What all
dossiers alike have in common is worked out once. What a person must have (a checked form, a drafted and a signed paper)
is the caller's to vouch for.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from motcua.casework.dossiers.forms import component_names
from motcua.casework.dossiers.models import (
    Component,
    Dossier,
    OfficialDocument,
    Opinion,
    SupplementRequest,
)
from motcua.casework.dossiers.policies import ACTING_RIGHTS
from motcua.casework.dossiers.rules.cases import under_case
from motcua.casework.dossiers.rules.courses import Course, course
from motcua.casework.dossiers.services.bulk_rows import (
    Alike,
    Clerk,
    Desk,
    Filing,
    Making,
    Rows,
    Words,
)
from motcua.casework.dossiers.services.settings import place_of
from motcua.casework.dossiers.services.submission import process_of
from motcua.casework.process.models import Instance, Token
from motcua.casework.process.rules.model import Definition
from motcua.casework.process.services import Place, definition_of
from motcua.foundation.journal.services import record_many
from motcua.foundation.kernel.errors import NotFound
from motcua.foundation.kernel.rows import insert_many
from motcua.foundation.worktime.history import Counting
from motcua.foundation.worktime.limits import Limit, parse_limit
from motcua.registry.catalogue.models import ProcedureVersion
from motcua.registry.organisations.models import Agency, Unit, valid_on
from motcua.registry.organisations.selectors import calendar_of, find_officer_with, get_reception_unit
from motcua.registry.organisations.services import Series, take_many

__all__ = ["Bulk", "Clerk", "Desk", "Filing", "Words", "open_desk", "take_numbers_for"]

Numbers = Mapping[Series, Iterator[int]]


def open_desk(agency: Agency) -> Desk:
    """The agency with one officer a right, the first by account name. Raises NotFound when one is missing."""
    clerks = {}
    for right in ACTING_RIGHTS:
        identity = find_officer_with(right, agency)
        if not identity:
            raise NotFound
        clerks[right] = Clerk(identity.actor, identity.display_name)
    desk, drafter = get_reception_unit(agency), clerks["specialist"].actor.unit_id
    units = Unit.objects.filter(valid_on(timezone.localdate()), agency=agency)
    others = units.exclude(pk__in=[desk.pk, drafter, clerks["leader"].actor.unit_id])
    return Desk(agency, desk, clerks, others.order_by("code").first())


def take_numbers_for(filings: Sequence[Filing]) -> Numbers:
    """The running numbers that the filings need; before their transaction, so that nobody waits for it.

    Numbers of filings that are not entered then are lost.
    """
    wanted = Counter(series for filing in filings for series in filing.series())
    return {series: iter(numbers) for series, numbers in take_many(wanted).items()}


@dataclass(frozen=True, slots=True)
class _Published:
    """What a version says, read once."""

    definition: Definition
    definition_id: UUID
    names: Mapping[str, str]


class Bulk:
    """Enters batches, and keeps from one to the next what dossiers alike have in common."""

    def __init__(self) -> None:
        self._versions: dict[UUID, _Published] = {}
        self._courses: dict[tuple[Any, ...], Course] = {}
        self._places: dict[tuple[UUID, UUID], Mapping[str, Place]] = {}
        self._receipts: dict[tuple[Any, ...], dict[str, Any]] = {}
        self._limits: dict[tuple[UUID, str], Limit] = {}

    @transaction.atomic
    def enter(self, filings: Sequence[Filing], numbers: Numbers) -> list[Any]:
        """Enter dossiers with components, tasks, receipts (rows without a PDF, made when asked for) and journal.

        One transaction; rows of Dossier come back in the order of the filings. Raises DoesNotFit.
        """
        rows = Rows()
        made = [Making(filing, self._alike(filing), numbers, rows).make() for filing in filings]
        insert_many(Dossier, rows.dossiers)
        insert_many(OfficialDocument, rows.documents)
        insert_many(SupplementRequest, rows.requests)
        insert_many(Component, rows.components)
        insert_many(Opinion, rows.opinions)
        insert_many(Instance, rows.instances)
        insert_many(Token, rows.tokens)
        record_many(sorted(rows.deeds, key=lambda deed: deed.at))
        return made

    def _alike(self, filing: Filing) -> Alike:
        version, agency = filing.version, filing.desk.agency
        published = self._published(version)
        day = timezone.localdate(filing.moments[0])
        return Alike(
            course=self._course(filing, published.definition),
            definition_id=published.definition_id,
            places=self._places_of(published.definition, filing),
            names=published.names,
            counting=Counting(
                self._limit(filing),
                calendar_of(agency, on=day),
                last_hour_next_day=bool(version.definition["procedure"].get("linked")),
            ),
            receipt=self._receipts.setdefault((version.pk, filing.alike), {}),
        )

    def _published(self, version: ProcedureVersion) -> _Published:
        if version.pk not in self._versions:
            stored = process_of(version)
            found = _Published(definition_of(stored), stored.pk, component_names(version))
            self._versions[version.pk] = found
        return self._versions[version.pk]

    def _course(self, filing: Filing, definition: Definition) -> Course:
        key = (filing.version.pk, filing.alike, filing.acts)
        if key not in self._courses:
            self._courses[key] = course(definition, filing.acts, {**filing.answers, "case": filing.case})
        return self._courses[key]

    def _places_of(self, definition: Definition, filing: Filing) -> Mapping[str, Place]:
        """Step -> whose it is."""
        agency, at = filing.desk.agency, filing.moments[0]
        key = (filing.version.pk, agency.pk)
        if key not in self._places:
            lanes = {
                name: place_of(agency, lane, at) if lane.unit or lane.agency else Place(agency.path)
                for name, lane in definition.lanes.items()
            }
            self._places[key] = {code: lanes[step.lane] for code, step in definition.steps.items()}
        return self._places[key]

    def _limit(self, filing: Filing) -> Limit:
        key = (filing.version.pk, filing.case)
        if key not in self._limits:
            procedure = under_case(filing.version.definition["procedure"], filing.case)
            self._limits[key] = parse_limit(procedure["limit"]["value"])
        return self._limits[key]
