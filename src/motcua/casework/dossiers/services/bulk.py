"""Many dossiers at once, each as far as it went: for simulation, trials and load.

Rows are made by the builders of the single acts, along the same state table, and written with one statement a
table. What a person must have (a checked form, a drafted and a signed paper) is the caller's to vouch for.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from motcua.casework.dossiers.errors import ActNotAllowed
from motcua.casework.dossiers.forms import component_names
from motcua.casework.dossiers.models import Component, Dossier, Draft, OfficialDocument
from motcua.casework.dossiers.policies import ACTING_RIGHTS
from motcua.casework.dossiers.rules.outcomes import outcomes_for, step_kind
from motcua.casework.dossiers.rules.states import ACTS, Act, Status, is_allowed
from motcua.casework.dossiers.services.acting import act_facts, change, changes_of
from motcua.casework.dossiers.services.handling import acceptance, acceptance_facts, code_day, legal_code
from motcua.casework.dossiers.services.papers import Reception, build_receipt
from motcua.casework.dossiers.services.submission import build_dossier, process_of, submission
from motcua.casework.process.models import Instance
from motcua.casework.process.rules import engine
from motcua.casework.process.rules.definition import END
from motcua.casework.process.rules.model import Definition
from motcua.casework.process.services import (
    Course,
    Move,
    Setting,
    build_course,
    definition_of,
    enter_courses,
)
from motcua.foundation.files.models import StoredFile
from motcua.foundation.journal.services import Deed, Happening, record_many
from motcua.foundation.kernel.actors import Actor
from motcua.foundation.kernel.errors import NotFound
from motcua.foundation.kernel.rows import insert_many
from motcua.registry.catalogue.models import ProcedureVersion
from motcua.registry.organisations.models import Agency, Unit
from motcua.registry.organisations.selectors import calendar_of, find_officer_with, get_reception_unit
from motcua.registry.organisations.services import take_numbers
from motcua.registry.people.models import Person

# The straight way of a dossier after its submission.
WAY = ("accept", "hand-over", "draft-result", "submit-for-signature", "sign", "return-result")


@dataclass(frozen=True, slots=True)
class Clerk:
    """An officer as the one who acts, with the name that papers carry."""

    actor: Actor
    name: str


@dataclass(frozen=True, slots=True)
class Desk:
    """An agency with its one-stop desk and who acts there, by right."""

    agency: Agency
    unit: Unit
    clerks: Mapping[str, Clerk]


@dataclass(frozen=True, slots=True)
class Filing:
    """One application and its course.

    answers: checked, with the papers' ids. moments: of the submission and of the acts of WAY that were done,
    in order, 1 to 7. facts: added to every journal entry.
    """

    desk: Desk
    applicant: Person
    answers: Mapping[str, Any]
    papers: Mapping[str, StoredFile]
    moments: Sequence[datetime]
    facts: Mapping[str, Any]


def open_desk(agency: Agency) -> Desk:
    """The agency with one officer a right, the first by account name. Raises NotFound when one is missing."""
    clerks = {}
    for right in ACTING_RIGHTS:
        identity = find_officer_with(right, agency)
        if not identity:
            raise NotFound
        clerks[right] = Clerk(identity.actor, identity.display_name)
    return Desk(agency, get_reception_unit(agency), clerks)


@dataclass(frozen=True, slots=True)
class Pace:
    """An act of WAY as a process has it: at which step, with which right, by which outcome, and what follows."""

    act: Act
    step: str
    kind: str
    right: str
    outcome: str = ""
    following: str = ""


def straight_way(definition: Definition) -> list[Pace]:
    """WAY along a process, past every gateway by its default. Raises ActNotAllowed where they do not fit."""
    state, way = engine.begin(definition, {}), []
    for code in WAY:
        act, token = ACTS[code], state.marking.tokens[0] if state.marking.tokens else None
        step = definition.steps.get(token.node) if token else None
        fitting = outcomes_for(definition, step, code) if step else []
        if not token or not step or (act.ends and not fitting):
            raise ActNotAllowed
        place = (act, step.code, step_kind(step), act.right or step.role)
        if not act.ends:
            way.append(Pace(*place))
            continue
        state = engine.leave(definition, state.marking, token.id, fitting[0].name, {})
        following = END if state.ended else " ".join(it.node for it in state.opened)
        way.append(Pace(*place, fitting[0].name, following))
    return way


@dataclass(slots=True)
class _Made:
    dossier: Dossier
    course: Course
    receipt: OfficialDocument | None
    deeds: list[Deed]


@transaction.atomic
def enter_filings(version: ProcedureVersion, filings: Sequence[Filing]) -> list[Dossier]:
    """Enter dossiers with components, tasks, receipts (rows without a PDF, made when asked for) and journal.

    One transaction; the dossiers come back in the order of the filings. Raises ActNotAllowed when WAY and the
    state table do not fit.
    """
    maker = _Maker(version, filings)
    made = [maker.make(filing) for filing in filings]
    insert_many(Dossier, (it.dossier for it in made))
    insert_many(Component, maker.components)
    insert_many(OfficialDocument, (it.receipt for it in made if it.receipt))
    enter_courses(it.course for it in made)
    record_many(sorted((deed for it in made for deed in it.deeds), key=lambda deed: deed.at))
    return [it.dossier for it in made]


class _Maker:
    """Builds the rows of a batch. Running numbers of the batch are taken at the start, in one go each."""

    def __init__(self, version: ProcedureVersion, filings: Sequence[Filing]) -> None:
        self.version, self.definition = version, process_of(version)
        self.way = straight_way(definition_of(self.definition))
        self.names = component_names(version)
        self.components: list[Component] = []
        accepted = [filing for filing in filings if len(filing.moments) > 1]
        self.codes = _take("dossier", code_day, accepted)
        self.receipts = _take("form-01", _year, accepted)

    def make(self, filing: Filing) -> _Made:
        agency, submitted_at = filing.desk.agency, filing.moments[0]
        draft = Draft(applicant=filing.applicant, owner_person=filing.applicant, version=self.version)
        dossier = build_dossier(draft, agency, dict(filing.answers), submitted_at)
        self.components += [
            Component(dossier=dossier, code=code, name=self.names[code], file=file)
            for code, file in filing.papers.items()
        ]
        course = self._course(filing, dossier, filing.moments[1:])
        citizen = Actor(kind="citizen", account_id=filing.applicant.account_id, person_id=filing.applicant.pk)
        happening = submission(dossier, [file.sha256 for file in filing.papers.values()])
        made = _Made(dossier, course, None, [_deed(filing, citizen, happening, submitted_at)])
        for pace, at in zip(self.way, filing.moments[1:], strict=False):
            self._apply(made, filing, pace, at)
        return made

    def _course(self, filing: Filing, dossier: Dossier, moments: Sequence[datetime]) -> Course:
        instance = Instance(definition=self.definition, subject=dossier.id, started_at=filing.moments[0])
        moves = [
            Move(pace.outcome, filing.desk.clerks[pace.right].actor.person_id, at)
            for pace, at in zip(self.way, moments, strict=False)
            if pace.act.ends
        ]
        agency = filing.desk.agency
        calendar = calendar_of(agency, on=timezone.localdate(filing.moments[0]))
        setting = Setting(agency.path, calendar)
        return build_course(instance, moves, setting=setting)

    def _apply(self, made: _Made, filing: Filing, pace: Pace, at: datetime) -> None:
        """One act as `acting` does it."""
        act, dossier, clerk = pace.act, made.dossier, filing.desk.clerks[pace.right]
        if not is_allowed(act, status=Status(dossier.status), kind=pace.kind):
            raise ActNotAllowed
        changes = self._changes(dossier, act, at)
        facts: dict[str, Any] = {}
        change(dossier, changes_of(act, changes))
        if act.code == "accept":
            made.receipt = self._receipt(dossier, filing, at)
            facts = acceptance_facts(changes, made.receipt)
        facts |= act_facts(dossier, step=pace.step, following=pace.following)
        happening = Happening(act.entry, "dossier", dossier.id, concerns_id=dossier.owner_id, facts=facts)
        made.deeds.append(_deed(filing, clerk.actor, happening, at))

    def _changes(self, dossier: Dossier, act: Act, at: datetime) -> dict[str, Any]:
        match act.code:
            case "accept":
                number = next(self.codes[dossier.agency_id, code_day(at)])
                return acceptance(dossier, code=legal_code(dossier.agency, code_day(at), number), at=at)
            case "sign":
                return {"finished_at": at}
            case "return-result":
                return {"returned_at": at}
        return {}

    def _receipt(self, dossier: Dossier, filing: Filing, at: datetime) -> OfficialDocument:
        clerk = filing.desk.clerks["reception"]
        reception = Reception(
            unit=filing.desk.unit,
            number=next(self.receipts[dossier.agency_id, _year(at)]),
            officer_id=clerk.actor.person,
            officer_name=clerk.name,
            papers=[self.names[code] for code in filing.papers],
        )
        return build_receipt(dossier, reception, at=at)


def _deed(filing: Filing, actor: Actor, happening: Happening, at: datetime) -> Deed:
    return Deed(actor, replace(happening, facts={**happening.facts, **filing.facts}), at)


def _year(at: datetime) -> str:
    return str(timezone.localtime(at).year)


def _take(
    series: str, period_of: Callable[[datetime], str], accepted: Sequence[Filing]
) -> dict[tuple[UUID, str], Iterator[int]]:
    """Running numbers for filings: (agency, period) -> numbers. Always locked in the same order."""
    needed = Counter((filing.desk.agency.pk, period_of(filing.moments[1])) for filing in accepted)
    return {
        (agency, period): iter(take_numbers(agency_id=agency, series=series, period=period, count=count))
        for (agency, period), count in sorted(needed.items())
    }
