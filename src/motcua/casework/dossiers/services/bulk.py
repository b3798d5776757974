"""Many dossiers at once, each as far as it went: for simulation, trials and load.

Rows are made along the same tables as act by act (`rules.courses`) and written with one statement a table. What all
dossiers alike have in common is worked out once. What a person must have (a checked form, a drafted and a signed paper)
is the caller's to vouch for.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any
from uuid import UUID

from django.db import transaction

from motcua.casework.dossiers.forms import component_names
from motcua.casework.dossiers.models import (
    Component,
    Dossier,
    Ending,
    OfficialDocument,
    Opinion,
    PaperHandedIn,
    PaymentRequest,
    SupplementRequest,
)
from motcua.casework.dossiers.offering import level_of
from motcua.casework.dossiers.rules.cases import under_case
from motcua.casework.dossiers.rules.courses import Course, Done, course
from motcua.casework.dossiers.rules.states import Status
from motcua.casework.dossiers.services.acting import act_facts
from motcua.casework.dossiers.services.bulk_forms import (
    NOWHERE,
    VARYING,
    Clerk,
    Seat,
    act_extras,
    instance_form,
    token_form,
)
from motcua.casework.dossiers.services.bulk_given import Desk, Filing, Words
from motcua.casework.dossiers.services.bulk_rows import (
    Alike,
    Making,
    Rows,
    Setting,
)
from motcua.casework.dossiers.services.bulk_staff import Staff
from motcua.casework.dossiers.services.clock import counting_by
from motcua.casework.dossiers.services.opinions import office_name
from motcua.casework.dossiers.services.submission import ONLINE, process_of, submission
from motcua.casework.process.models import Instance, Timer, Token
from motcua.casework.process.rules.model import Definition, Step
from motcua.casework.process.services import Place, definition_of
from motcua.foundation.journal.services import encode_facts, record_lines
from motcua.foundation.kernel.rows import insert_many
from motcua.foundation.worktime.limits import Limit, parse_limit
from motcua.foundation.worktime.moments import local
from motcua.registry.catalogue.models import Offer, ProcedureVersion
from motcua.registry.catalogue.offers.selectors import covering, standing_among
from motcua.registry.organisations.services import Series, take_many

__all__ = ["Bulk", "Clerk", "Desk", "Filing", "Staff", "Words", "take_numbers_for"]

Numbers = Mapping[Series, Iterator[int]]


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

    def __init__(self, staff: Staff) -> None:
        self._staff = staff
        self._versions: dict[UUID, _Published] = {}
        self._kept: dict[tuple[Any, ...], Alike] = {}
        self._receipts: dict[tuple[Any, ...], dict[str, Any]] = {}
        self._seats: dict[tuple[UUID, UUID], Mapping[str, Seat]] = {}
        self._limits: dict[tuple[UUID, str], Limit] = {}
        self._submitted: dict[tuple[Any, ...], dict[str, Any]] = {}
        self._offers: dict[UUID, Mapping[str, Sequence[Offer]]] = {}
        self._is_offered: dict[str, bool] = {}

    @transaction.atomic
    def enter(self, filings: Sequence[Filing], numbers: Numbers) -> list[Any]:
        """Enter dossiers with components, tasks, receipts (rows without a PDF, made when asked for) and journal.

        One transaction; rows of Dossier come back in the order of the filings. Raises DoesNotFit, NotFound (nobody has
        a right that a step needs).
        """
        rows = Rows()
        made = [Making(filing, self._setting(filing), numbers, rows).make() for filing in filings]
        insert_many(Dossier, rows.dossiers)
        insert_many(OfficialDocument, rows.documents)
        insert_many(SupplementRequest, rows.requests)
        insert_many(Ending, rows.endings)
        insert_many(PaymentRequest, rows.payments)
        insert_many(Component, rows.components)
        insert_many(PaperHandedIn, rows.handed_in)
        insert_many(Opinion, rows.opinions)
        insert_many(Instance, rows.instances)
        insert_many(Token, rows.tokens)
        insert_many(Timer, rows.timers)
        record_lines(rows.lines)
        return made

    def _setting(self, filing: Filing) -> Setting:
        published = self._publish(filing.version)
        day = local(filing.moments[0]).date()
        procedure = filing.version.definition["procedure"]
        return Setting(
            alike=self._alike(filing, published),
            seats=self._seats_of(published.definition, filing),
            counting=counting_by(procedure, self._limit(filing), filing.desk.agency, on=day),
            submitted=self._submission(filing),
        )

    def _publish(self, version: ProcedureVersion) -> _Published:
        if version.pk not in self._versions:
            stored = process_of(version)
            found = _Published(definition_of(stored), stored.pk, component_names(version))
            self._versions[version.pk] = found
        return self._versions[version.pk]

    def _alike(self, filing: Filing, published: _Published) -> Alike:
        key = (filing.version.pk, filing.alike, filing.acts)
        if key not in self._kept:
            definition = published.definition
            made = course(definition, filing.acts, {**filing.answers, "case": filing.case})
            said = [self._facts(definition, made, done, filing.facts) for done in made.acts]
            self._kept[key] = Alike(
                course=made,
                forms=[token_form(stay) for stay in made.stays],
                instance=instance_form(made, published.definition_id),
                facts=said,
                names=published.names,
                receipt=self._receipts.setdefault(key[:2], {}),
            )
        return self._kept[key]

    @staticmethod
    def _facts(
        definition: Definition, made: Course, done: Done, common: Mapping[str, Any]
    ) -> bytes | dict[str, Any]:
        dossier = SimpleNamespace(status=done.status, is_test=False)
        facts = act_facts(dossier, step=done.step, following=done.following)  # type: ignore[arg-type]
        facts |= {**act_extras(definition, made, done), **common}
        return facts if done.act.code in VARYING else encode_facts(facts)

    def _seats_of(self, definition: Definition, filing: Filing) -> Mapping[str, Seat]:
        """Node -> whose it is, and who does it."""
        agency, at = filing.desk.agency, filing.moments[0]
        key = (filing.version.pk, agency.pk)
        if key not in self._seats:
            lanes = {
                name: self._staff.place(agency, lane, at) if lane.unit or lane.agency else Place(agency.path)
                for name, lane in definition.lanes.items()
            }
            self._seats[key] = {
                code: self._seat(node, lanes[node.lane], filing.desk) if isinstance(node, Step) else NOWHERE
                for code, node in definition.nodes.items()
            }
        return self._seats[key]

    def _seat(self, step: Step, place: Place, desk: Desk) -> Seat:
        here, clerk, staff = desk.agency.path, desk.clerks[step.role], self._staff
        if place.agency_path != here:
            clerk = staff.clerk(step.role, place.agency_path, place.unit_id)
        elif place.unit_id not in {None, clerk.actor.unit_id}:
            clerk = staff.find_clerk(step.role, here, place.unit_id) or clerk
        name = office_name(place.agency_path, place.unit_id) if step.act == "give-opinion" else ""
        return Seat.at(place, clerk, here, name)

    def _limit(self, filing: Filing) -> Limit:
        key = (filing.version.pk, filing.case)
        if key not in self._limits:
            procedure = under_case(filing.version.definition["procedure"], filing.case)
            self._limits[key] = parse_limit(procedure["limit"]["value"])
        return self._limits[key]

    def _submission(self, filing: Filing) -> bytes | dict[str, Any]:
        """What the journal says of how it came in: encoded, but of what a counter takes in, which says more."""
        version, agency = filing.version, filing.desk.agency
        papers = [(file.sha256, filing.states.get(code, 1)) for code, file in filing.papers.items()]
        level = self._level(filing)
        said = (tuple(papers), len(filing.on_paper), filing.channel, level)
        key = (version.pk, filing.case, filing.alike, said)
        is_online = filing.channel == ONLINE
        if key not in self._submitted:
            dossier = Dossier(version=version, agency=agency, case=filing.case, channel=filing.channel)
            dossier.status = Status.SUBMITTED if is_online else Status.ACCEPTED
            dossier.procedure_code, dossier.level = version.procedure_id, level
            dossier.applicant_id = dossier.owner_person_id = filing.applicant.id
            dossier.answers, dossier.submitted_at = dict(filing.answers), filing.moments[0]
            digests, states = [digest for digest, _ in papers], [state for _, state in papers]
            reused = [digest for digest, state in papers if state > 1]
            facts = {**submission(dossier, digests, reused, states).facts, **filing.facts}
            if filing.on_paper:
                facts |= {"on_paper": len(filing.on_paper), "unscanned": len(filing.on_paper)}
            self._submitted[key] = facts
        facts = {**self._submitted[key], "agency": agency.code}
        return encode_facts(facts) if is_online else facts

    def _level(self, filing: Filing) -> str:
        """How far online it is offered there that day; offers are read once an agency, where there are any."""
        version, agency, day = filing.version, filing.desk.agency, local(filing.moments[0]).date()
        code = version.procedure_id
        if code not in self._is_offered:
            self._is_offered[code] = Offer.objects.filter(procedure=code).exists()
        if not self._is_offered[code]:
            return level_of(standing_among((), day), version.definition["procedure"])
        if agency.pk not in self._offers:
            found: dict[str, list[Offer]] = {}
            for offer in covering(agency):
                found.setdefault(offer.procedure_id, []).append(offer)
            self._offers[agency.pk] = found
        standing = standing_among(self._offers[agency.pk].get(code, ()), day)
        return level_of(standing, version.definition["procedure"])
