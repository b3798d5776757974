"""The rows of one dossier of a bulk: what the services of its acts would have left behind, as plain objects."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils import timezone

from motcua.casework.dossiers.forms import applicant_facts, form_of
from motcua.casework.dossiers.models import (
    Component,
    Dossier,
    OfficialDocument,
    Opinion,
    SupplementRequest,
)
from motcua.casework.dossiers.rules.courses import Course, Done, Stay
from motcua.casework.dossiers.services.acting import act_facts
from motcua.casework.dossiers.services.clock import counted_changes
from motcua.casework.dossiers.services.handling import (
    acceptance_facts,
    accepted,
    code_day,
    legal_code,
)
from motcua.casework.dossiers.services.papers import (
    Reception,
    receipt_content,
    receipt_heading,
    receipt_particulars,
)
from motcua.casework.dossiers.services.settings import ADVANCE
from motcua.casework.dossiers.services.submission import ONLINE, submission
from motcua.casework.dossiers.services.supplements import form_02
from motcua.casework.forms.rules.definition import fill
from motcua.casework.process.models import Instance, Token
from motcua.casework.process.services import Place
from motcua.casework.warehouse.codes import new_code
from motcua.foundation.files.models import StoredFile
from motcua.foundation.journal.services import Deed, Happening
from motcua.foundation.kernel.actors import Actor
from motcua.foundation.kernel.ids import new_id
from motcua.foundation.kernel.rows import plain_rows
from motcua.foundation.kernel.text import fold
from motcua.foundation.worktime.deadlines import due_moment
from motcua.foundation.worktime.events import Kind
from motcua.foundation.worktime.history import Counting
from motcua.foundation.worktime.limits import parse_limit
from motcua.registry.catalogue.models import ProcedureVersion
from motcua.registry.organisations.models import Agency, Unit
from motcua.registry.organisations.services import Series
from motcua.registry.people.models import Person

OPINION_LIMIT = parse_limit("2wd")
CODES, RECEIPTS, SUPPLEMENTS = "dossier", "form-01", "form-02"

_new_dossier, _new_component = plain_rows(Dossier), plain_rows(Component)
_new_document, _new_opinion = plain_rows(OfficialDocument), plain_rows(Opinion)
_new_request, _new_instance, _new_token = (
    plain_rows(SupplementRequest),
    plain_rows(Instance),
    plain_rows(Token),
)


@dataclass(frozen=True, slots=True)
class Clerk:
    """An officer as the one who acts, with the name that papers carry."""

    actor: Actor
    name: str


@dataclass(frozen=True, slots=True)
class Desk:
    """An agency with its one-stop desk, who acts there, by right, and the unit that is asked for opinions."""

    agency: Agency
    unit: Unit
    clerks: Mapping[str, Clerk]
    asked: Unit | None


@dataclass(frozen=True, slots=True)
class Words:
    """What is said in a course: what is missing and why, what is asked and answered; and the paper that is brought."""

    missing: str = ""
    reason: str = ""
    question: str = ""
    opinion: str = ""
    brought: StoredFile | None = None


@dataclass(frozen=True, slots=True)
class Filing:
    """One application and its course.

    applicant: a row of Person. answers: checked and only those asked, with the papers' ids. alike: the same for filings
    of a version whose case, fees and returning are the same. case: as the procedure makes it. named: what the title
    names. acts: codes, in order; moments: of the submission and of each. facts: added to every entry.
    """

    version: ProcedureVersion
    desk: Desk
    applicant: Person
    answers: Mapping[str, Any]
    papers: Mapping[str, StoredFile]
    alike: str
    case: str
    named: Mapping[str, Any]
    acts: tuple[str, ...]
    moments: Sequence[datetime]
    facts: Mapping[str, Any]
    words: Words = Words()

    def series(self) -> Iterator[Series]:
        """The running numbers it takes, one each."""
        agency = self.desk.agency.first_id or self.desk.agency.pk
        for code, at in zip(self.acts, self.moments[1:], strict=True):
            if code == "accept":
                yield Series(agency, CODES, code_day(at))
                yield Series(agency, RECEIPTS, str(timezone.localtime(at).year))
            elif code == "request-supplement":
                yield Series(agency, SUPPLEMENTS, str(timezone.localtime(at).year))


@dataclass(slots=True)
class Alike:
    """What filings alike share. `receipt`: what form 01 says of each beside desk and person; filled by the first."""

    course: Course
    definition_id: UUID
    places: Mapping[str, Place]
    names: Mapping[str, str]
    counting: Counting
    receipt: dict[str, Any] = field(default_factory=dict)


@dataclass(slots=True)
class Rows:
    """Of a batch, by table."""

    dossiers: list[Any] = field(default_factory=list)
    components: list[Any] = field(default_factory=list)
    documents: list[Any] = field(default_factory=list)
    requests: list[Any] = field(default_factory=list)
    opinions: list[Any] = field(default_factory=list)
    instances: list[Any] = field(default_factory=list)
    tokens: list[Any] = field(default_factory=list)
    deeds: list[Deed] = field(default_factory=list)


class Making:
    """One filing under way."""

    def __init__(
        self, filing: Filing, alike: Alike, numbers: Mapping[Series, Iterator[int]], rows: Rows
    ) -> None:
        self.filing, self.alike, self.rows = filing, alike, rows
        self.numbers = [next(numbers[series]) for series in filing.series()]
        self.dossier = _dossier(filing)
        self.tokens = self._tokens()
        self.citizen = Actor(
            kind="citizen", account_id=filing.applicant.account_id, person_id=filing.applicant.id
        )
        self.request: Any = None
        self.opinion: Any = None

    def make(self) -> Any:
        """Add the rows to the batch's; the dossier's row."""
        filing, dossier, rows = self.filing, self.dossier, self.rows
        for code, file in filing.papers.items():
            rows.components.append(
                _new_component(dossier_id=dossier.id, code=code, name=self.alike.names[code], file_id=file.pk)
            )
        happening = submission(dossier, [file.sha256 for file in filing.papers.values()])
        happening = replace(happening, facts={**happening.facts, **filing.facts})
        rows.deeds.append(Deed(self.citizen, happening, filing.moments[0]))
        for done, at in zip(self.alike.course.acts, filing.moments[1:], strict=True):
            self._do(done, at)
        self._end()
        rows.dossiers.append(dossier)
        rows.instances.append(self._instance())
        rows.tokens += self.tokens
        return dossier

    def _do(self, done: Done, at: datetime) -> None:
        """One act: what it changes beside the process, and its entry."""
        dossier, code = self.dossier, done.act.code
        actor = self.filing.desk.clerks[done.right].actor if done.right else self.citizen
        facts: dict[str, Any] = {}
        details = None
        if code == "accept":
            facts = self._accept(at)
        elif code == "request-supplement":
            facts, details = self._ask(done, at), {"reason": self.filing.words.reason}
        elif code == "supplement":
            facts = self._bring(at)
        elif code == "request-opinion":
            facts, details = self._consult(done, at), {"question": self.filing.words.question}
        elif code == "give-opinion":
            facts, details = self._answer(actor, at), {"opinion": self.filing.words.opinion}
        elif code == "sign":
            dossier.finished_at = at
        elif code == "return-result":
            dossier.returned_at = at
        dossier.status = done.status
        facts |= {**act_facts(dossier, step=done.step, following=done.following), **self.filing.facts}
        entry = Happening(done.act.entry, "dossier", dossier.id, dossier.owner_id, facts, details)
        self.rows.deeds.append(Deed(actor, entry, at))

    def _accept(self, at: datetime) -> dict[str, Any]:
        desk, dossier = self.filing.desk, self.dossier
        code, number = self.numbers.pop(0), self.numbers.pop(0)
        changes = accepted(
            dossier, self.alike.counting, code=legal_code(desk.agency, code_day(at), code), at=at
        )
        dossier.__dict__.update(changes)
        clerk, words, alike = desk.clerks["reception"], f"{number}/{desk.unit.symbol}", self.alike
        if not alike.receipt:
            papers = [alike.names[code] for code in self.filing.papers]
            reception = Reception(desk.unit, number, clerk.actor.person, clerk.name, papers)
            alike.receipt.update(receipt_content(dossier, reception, words, at))
        receipt = self._document("receipt", words, at, clerk.actor.person)
        heading = receipt_heading(desk.agency, desk.unit, clerk.name)
        receipt.content = {**alike.receipt, **heading, **receipt_particulars(dossier, words, at)}
        return dict(acceptance_facts(changes, receipt))

    def _document(self, kind: str, number: str, at: datetime, by: UUID) -> Any:
        made = _new_document(
            dossier_id=self.dossier.id, kind=kind, number=number, made_at=at, made_by=by, content={}
        )
        self.rows.documents.append(made)
        return made

    def _ask(self, done: Done, at: datetime) -> dict[str, Any]:
        desk, dossier, words = self.filing.desk, self.dossier, self.filing.words
        clerk, task = desk.clerks[done.right], self.tokens[done.stay]
        number = f"{self.numbers.pop(0)}/PBS-{desk.unit.symbol}"
        document = self._document("supplement", number, at, clerk.actor.person)
        said = {"items": [words.missing], "reason": words.reason, "officer": clerk.name, "test": False}
        document.content = form_02(dossier, desk.unit, number, at=at) | said
        self.request = _new_request(
            dossier_id=dossier.id,
            document_id=document.id,
            items=[{"text": words.missing}],
            reason=words.reason,
            step=task.step,
            task_id=task.id,
            status=dossier.status,
            asked_by=clerk.actor.person,
            asked_at=at,
        )
        self.rows.requests.append(self.request)
        self._clock(Kind.STOPPED, at)
        return {"request_id": str(self.request.id), "document_id": str(document.id), "items": 1}

    def _bring(self, at: datetime) -> dict[str, Any]:
        dossier, request, file = self.dossier, self.request, self.filing.words.brought
        request.answered_at, request.answered_by = at, self.citizen.person
        if file:
            self.rows.components.append(
                _new_component(
                    dossier_id=dossier.id,
                    code="supplement",
                    name=self.filing.words.missing,
                    file_id=file.pk,
                    supplement_id=request.id,
                )
            )
        self._clock(Kind.RESTARTED, at)
        papers = [file.sha256] if file else []
        return {
            "request_id": str(request.id),
            "papers": papers,
            "corrected": [],
            "next_step": request.step,
            **({"due_at": dossier.due_at.isoformat()} if dossier.due_at else {}),
        }

    def _clock(self, kind: Kind, at: datetime) -> None:
        if self.dossier.accepted_at:
            self.dossier.__dict__.update(counted_changes(self.dossier, self.alike.counting, kind, at=at))

    def _consult(self, done: Done, at: datetime) -> dict[str, Any]:
        desk, unit = self.filing.desk, self.filing.desk.asked
        if unit is None:
            raise ValueError(f"{desk.agency.code} has no unit to ask")
        self.opinion = _new_opinion(
            dossier_id=self.dossier.id,
            task_id=self.tokens[done.stay].id,
            agency_path=desk.agency.path,
            unit_id=unit.pk,
            asked_name=f"{unit.name}, {desk.agency.name}",
            question=self.filing.words.question,
            asked_by=desk.clerks[done.right].actor.person,
            asked_at=at,
            due_at=due_moment(at, OPINION_LIMIT, self.alike.counting.calendar),
        )
        self.rows.opinions.append(self.opinion)
        return {
            "opinion_id": str(self.opinion.id),
            "asked_of": self.opinion.asked_name,
            "due_at": self.opinion.due_at.isoformat(),
        }

    def _answer(self, actor: Actor, at: datetime) -> dict[str, Any]:
        self.opinion.answered_at, self.opinion.answered_by = at, actor.person
        self.opinion.text = self.filing.words.opinion
        return {"opinion_id": str(self.opinion.id)}

    def _end(self) -> None:
        dossier, course, clerks = self.dossier, self.alike.course, self.filing.desk.clerks
        dossier.revision, dossier.updated_at = course.revision, self.filing.moments[0]
        moved = [
            at for done, at in zip(course.acts, self.filing.moments[1:], strict=True) if done.act.changes
        ]
        if moved:
            dossier.updated_at = moved[-1]
        if course.last_move:
            number, right, status, revision = course.last_move
            by = str(clerks[right].actor.person)
            dossier.last_move = {"number": number, "by": by, "status": status, "revision": revision}

    def _instance(self) -> Any:
        course, moments = self.alike.course, self.filing.moments
        return _new_instance(
            id=self.instance_id,
            definition_id=self.alike.definition_id,
            subject=self.dossier.id,
            agency_path=self.filing.desk.agency.path,
            job=ADVANCE,
            started_at=moments[0],
            ended_at=None if course.ended is None else moments[course.ended],
            next_number=course.next_number,
            version=course.version,
            outcomes=course.outcomes,
            public_step=course.public_step,
        )

    def _tokens(self) -> list[Any]:
        self.instance_id = new_id()
        return [self._token(stay) for stay in self.alike.course.stays]

    def _token(self, stay: Stay) -> Any:
        moments, acts, clerks = self.filing.moments, self.alike.course.acts, self.filing.desk.clerks
        place, step, path = self.alike.places[stay.step.code], stay.step, self.filing.desk.agency.path

        def moment(number: int | None) -> datetime | None:
            return None if number is None else moments[number]

        def doer(number: int | None) -> UUID | None:
            return None if number is None else clerks[acts[number - 1].right].actor.person_id

        return _new_token(
            instance_id=self.instance_id,
            subject=self.dossier.id,
            number=stay.number,
            step=step.code,
            arrived=stay.arrived,
            cause=stay.cause,
            opened_at=moments[stay.opened],
            completed_at=moment(stay.done),
            completed_by=doer(stay.done),
            outcome=stay.outcome,
            paused_at=moment(stay.paused),
            lane=step.lane,
            role=step.role,
            act=step.act,
            unit_id=place.unit_id,
            agency_path=place.agency_path,
            is_elsewhere=not place.agency_path.startswith(path),
            due_at=due_moment(moments[stay.due_from], parse_limit(step.limit), self.alike.counting.calendar),
            claimed_by=doer(stay.claimed),
            claimed_at=moment(stay.claimed),
            version=stay.version,
        )


def _dossier(filing: Filing) -> Any:
    """What `build_dossier` makes of the draft, of what the caller vouches for; `version` and `agency` beside."""
    reference, agency, applicant = f"T-{new_code()}", filing.desk.agency, filing.applicant
    title = fill(form_of(filing.version).title, "vi", filing.named)
    return _new_dossier(
        id=new_id(),
        reference=reference,
        version_id=filing.version.pk,
        version=filing.version,
        procedure_code=filing.version.procedure_id,
        case=filing.case,
        applicant_id=applicant.id,
        owner_person_id=applicant.id,
        owner_id=applicant.id,
        agency_id=agency.pk,
        agency=agency,
        agency_path=agency.path,
        channel=ONLINE,
        status=1,
        answers=filing.answers,
        applicant_facts=applicant_facts(applicant),
        search_text=fold(f"{applicant.full_name} {title} {reference}"),
        submitted_at=filing.moments[0],
    )
