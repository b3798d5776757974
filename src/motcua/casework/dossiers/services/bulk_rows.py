"""The rows of one dossier of a bulk: what the services of its acts would have left behind.

What many dossiers have alike (a token of a course, an entry's facts) is encoded once, with places for the rest.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from motcua.casework.dossiers.models import (
    Component,
    OfficialDocument,
    Opinion,
    PaperHandedIn,
    PaperSort,
    ReturnWay,
    SupplementRequest,
)
from motcua.casework.dossiers.rules.courses import Course, Done, Stay
from motcua.casework.dossiers.rules.states import Status
from motcua.casework.dossiers.services.bulk_dossier import dossier_of
from motcua.casework.dossiers.services.bulk_forms import Clerk, Seat, TokenForm, timer_form
from motcua.casework.dossiers.services.bulk_given import Filing
from motcua.casework.dossiers.services.bulk_law import LAW
from motcua.casework.dossiers.services.clock import ONLINE, counted_changes, worked_minutes
from motcua.casework.dossiers.services.handling import acceptance_facts, accepted, code_day, legal_code
from motcua.casework.dossiers.services.receipts import (
    Reception,
    receipt_content,
    receipt_heading,
    receipt_particulars,
)
from motcua.casework.dossiers.services.returning import asked_way
from motcua.casework.dossiers.services.supplements import form_02
from motcua.casework.dossiers.services.terms import terms_by
from motcua.foundation.journal.services import Doer, Line, encode_actor, encode_facts
from motcua.foundation.kernel.actors import SYSTEM
from motcua.foundation.kernel.rows import NULL, encode_moment, encode_new_id, encode_uuid, plain_rows
from motcua.foundation.worktime.deadlines import due_moment, hand_over_by
from motcua.foundation.worktime.events import Event, Kind
from motcua.foundation.worktime.history import Counting
from motcua.foundation.worktime.limits import ANSWER_ONLINE, parse_limit
from motcua.registry.organisations.services import Series

OPINION_LIMIT = parse_limit("2wd")

_new_component = plain_rows(Component)
_new_document, _new_opinion = plain_rows(OfficialDocument), plain_rows(Opinion)
_new_request, _new_handed_in = plain_rows(SupplementRequest), plain_rows(PaperHandedIn)
_BY_ITSELF = encode_actor(SYSTEM)


@dataclass(slots=True)
class Alike:
    """What filings alike share.

    `forms`: of the course's tokens; `instance`: of its process; `facts`: what entries of its acts say, encoded where no
    number or id varies; `receipt`: what form 01 says beside desk and person, filled by the first.
    """

    course: Course
    forms: Sequence[TokenForm]
    instance: bytes
    facts: Sequence[bytes | dict[str, Any]]
    names: Mapping[str, str]
    receipt: dict[str, Any] = field(default_factory=dict)


class Setting(NamedTuple):
    """Where a filing is handled. `seats`: by step; `submitted`: what the journal says of how it came in."""

    alike: Alike
    seats: Mapping[str, Seat]
    counting: Counting
    submitted: bytes | dict[str, Any]


@dataclass(slots=True)
class Rows:
    """Of a batch, by table."""

    dossiers: list[Any] = field(default_factory=list)
    components: list[Any] = field(default_factory=list)
    handed_in: list[Any] = field(default_factory=list)
    documents: list[Any] = field(default_factory=list)
    requests: list[Any] = field(default_factory=list)
    endings: list[Any] = field(default_factory=list)
    payments: list[Any] = field(default_factory=list)
    opinions: list[Any] = field(default_factory=list)
    instances: list[bytes] = field(default_factory=list)
    tokens: list[bytes] = field(default_factory=list)
    timers: list[bytes] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)


class Making:
    """One filing under way."""

    def __init__(
        self, filing: Filing, setting: Setting, numbers: Mapping[Series, Iterator[int]], rows: Rows
    ) -> None:
        self.filing, self.rows = filing, rows
        self.alike, self.seats, self.counting, self.submitted = setting
        self.numbers = [next(numbers[series]) for series in filing.series()]
        self.dossier = dossier_of(filing, self.counting.calendar)
        self.person = filing.applicant.id
        self.subject, self.applicant = encode_uuid(self.dossier.id), encode_uuid(self.person)
        self.moments = [encode_moment(at) for at in filing.moments]
        self.clerks = [self._clerk(done) for done in self.alike.course.acts]
        self.tokens = [encode_new_id() for _ in self.alike.forms]
        # After each act: until when its steps are due at the latest.
        self.latest: list[datetime | None] = [None]
        self.request: Any = None
        self.rounds = 0
        self.opinion: Any = None

    def make(self) -> Any:
        """Add the rows to the batch's; the dossier's row."""
        filing, dossier, rows = self.filing, self.dossier, self.rows
        self._hand_in()
        citizen = Doer("citizen", (NULL, self.applicant, NULL, NULL, NULL))
        if isinstance(self.submitted, bytes):
            self._record("dossier.submitted", citizen, 0, self.submitted)
        acts = zip(self.alike.course.acts, self.clerks, self.alike.facts, strict=True)
        for number, (done, clerk, said) in enumerate(acts, start=1):
            at = filing.moments[number]
            before = dossier.status
            changed, details = self._do(done, at)
            if (
                filing.channel == ONLINE
                and before == 1
                and done.status not in {1, Status.WITHDRAWN}
                and not dossier.answered_at
            ):
                dossier.answered_at = at
            self.latest.append(None if dossier.finished_at else dossier.due_at)
            if done.act.code == "accept" and isinstance(self.submitted, dict):
                self._record_intake(self.submitted, changed, number)
                continue
            facts = said if isinstance(said, bytes) else encode_facts({**said, **changed})
            doer = clerk.doer if clerk else _BY_ITSELF if done.stay is not None else citizen
            self._record(done.act.entry, doer, number, facts, details)
        self._end()
        rows.dossiers.append(dossier)
        self._enter_process()
        return dossier

    def _hand_in(self) -> None:
        filing, rows, made = self.filing, self.rows, self.dossier.id
        for code, file in filing.papers.items():
            state, name = filing.states.get(code, 1), self.alike.names[code]
            rows.components.append(
                _new_component(dossier_id=made, code=code, name=name, file_id=file.pk, digitisation=state)
            )
        for code in filing.on_paper:
            name = self.alike.names[code]
            rows.handed_in.append(
                _new_handed_in(dossier_id=made, code=code, name=name, sort=PaperSort.COPY, count=1)
            )

    def _record_intake(self, said: dict[str, Any], changed: Mapping[str, Any], number: int) -> None:
        """The one entry with which a counter takes in and accepts (`intake.take_in`)."""
        at, desk = self.filing.moments[number], self.filing.desk
        facts = {**said, **changed, "accepted_at": at.isoformat(), "counter": desk.agency.code}
        self._record("dossier.taken_in", desk.clerks["reception"].doer, number, encode_facts(facts))

    def _record(
        self, kind: str, doer: Doer, number: int, facts: bytes, details: Mapping[str, Any] | None = None
    ) -> None:
        """`number`: of the act, 0 for the submission."""
        at, moment = self.filing.moments[number], self.moments[number]
        line = Line(kind, doer, "dossier", self.subject, self.applicant, at, moment, facts, details)
        self.rows.lines.append(line)

    def _clerk(self, done: Done) -> Clerk | None:
        """Who did it; None: the applicant, or nobody."""
        if not done.right:
            return None
        return (
            self.filing.desk.clerks[done.right]
            if done.act.right or not done.step
            else self.seats[done.step].clerk
        )

    def _do(self, done: Done, at: datetime) -> tuple[dict[str, Any], dict[str, str] | None]:
        """What an act changes beside the process: facts that vary, and details."""
        dossier, code, words = self.dossier, done.act.code, self.filing.words
        dossier.status = done.status
        if code == "accept":
            return self._accept(at), None
        if code == "request-supplement":
            asked = self._ask(done, at)
            return asked, {"reason": words.reason, **({"arose": words.arose} if self.rounds > 1 else {})}
        if code == "supplement":
            return self._bring(at), None
        if code == "request-opinion":
            return self._consult(done, at), {"question": words.question}
        if code == "give-opinion":
            return self._answer(done, at), {"opinion": words.opinion}
        if code in LAW:
            return LAW[code](self, done, at)
        if code == "sign":
            dossier.finished_at = at
            return {"worked_minutes": worked_minutes(dossier, until=at)}, None
        if code == "return-result":
            dossier.returned_at, dossier.return_way = at, asked_way(dossier)
            if dossier.return_way == ReturnWay.COUNTER:
                dossier.return_receiver = self.filing.applicant.full_name
            return {"way": str(dossier.return_way)}, None
        return {}, None

    def _accept(self, at: datetime) -> dict[str, Any]:
        desk, dossier = self.filing.desk, self.dossier
        code, number = self.next_number(), self.next_number()
        changes = accepted(dossier, self.counting, code=legal_code(desk.agency, code_day(at), code), at=at)
        dossier.__dict__.update(changes)
        clerk, words, alike = desk.clerks["reception"], f"{number}/{desk.unit.symbol}", self.alike
        if not alike.receipt:
            papers = [alike.names[code] for code in self.filing.papers]
            reception = Reception(desk.unit, number, clerk.actor.person, clerk.name, papers)
            alike.receipt.update(receipt_content(dossier, reception, words, at))
        receipt = self.document("receipt", words, at, clerk.actor.person)
        heading = receipt_heading(desk.agency, desk.unit, clerk.name)
        receipt.content = {**alike.receipt, **heading, **receipt_particulars(dossier, words, at)}
        return dict(acceptance_facts(changes, receipt))

    def document(self, kind: str, number: str, at: datetime, by: UUID) -> Any:
        made = _new_document(
            dossier_id=self.dossier.id, kind=kind, number=number, made_at=at, made_by=by, content={}
        )
        self.rows.documents.append(made)
        return made

    def status_before(self, done: Done) -> int:
        """Where the act found the dossier."""
        acts = self.alike.course.acts
        index = next(number for number, it in enumerate(acts) if it is done)
        return int(acts[index - 1].status) if index else 1

    def next_number(self) -> int:
        """The next of those that were taken for it."""
        return self.numbers.pop(0)

    def _ask(self, done: Done, at: datetime) -> dict[str, Any]:
        desk, dossier, words = self.filing.desk, self.dossier, self.filing.words
        clerk, task = self.doer_of(done), self._task(done)
        number = f"{self.next_number()}/PBS-{desk.unit.symbol}"
        document = self.document("supplement", number, at, clerk.actor.person)
        self.rounds += 1
        document.edition, new = self.rounds, words.arose if self.rounds > 1 else ""
        reason = f"{words.reason}\n{new}" if new else words.reason
        said = {"items": [words.missing], "reason": reason, "officer": clerk.name, "test": False}
        document.content = form_02(dossier, desk.unit, number, at=at) | said
        self.request = _new_request(
            dossier_id=dossier.id,
            document_id=document.id,
            items=[{"text": words.missing}],
            reason=words.reason,
            arose=new,
            step=done.step,
            task_id=task,
            status=self.status_before(done),
            asked_by=clerk.actor.person,
            asked_at=at,
            **terms_by(dossier, self.counting.calendar, at=at),
        )
        self.rows.requests.append(self.request)
        self.clock(Event(Kind.STOPPED, at))
        return {
            "request_id": str(self.request.id),
            "document_id": str(document.id),
            "items": 1,
            "round": self.rounds,
            "due_at": self.request.due_at.isoformat(),
        }

    def _bring(self, at: datetime) -> dict[str, Any]:
        dossier, request, words = self.dossier, self.request, self.filing.words
        file = words.brought if self.rounds == 1 else words.again
        request.answered_at, request.answered_by = at, self.person
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
        self.clock(Event(Kind.RESTARTED, at))
        if request.status == 1:
            dossier.answer_by = due_moment(at, ANSWER_ONLINE, self.counting.calendar)
            dossier.answered_at = None
        papers = [file.sha256] if file else []
        return {
            "request_id": str(request.id),
            "papers": papers,
            "corrected": [],
            "next_step": request.step,
            **({"due_at": dossier.due_at.isoformat()} if dossier.due_at else {}),
        }

    def clock(self, event: Event) -> None:
        """What becomes of the dossier's clock, if one runs."""
        if self.dossier.accepted_at:
            self.dossier.__dict__.update(counted_changes(self.dossier, self.counting, event))

    def _consult(self, done: Done, at: datetime) -> dict[str, Any]:
        desk, unit = self.filing.desk, self.filing.desk.asked
        if unit is None:
            raise ValueError(f"{desk.agency.code} has no unit to ask")
        self.opinion = _new_opinion(
            dossier_id=self.dossier.id,
            task_id=self._task(done),
            agency_path=desk.agency.path,
            unit_id=unit.pk,
            asked_name=f"{unit.name}, {desk.agency.name}",
            question=self.filing.words.question,
            asked_by=self.doer_of(done).actor.person,
            asked_at=at,
            due_at=due_moment(at, OPINION_LIMIT, self.counting.calendar),
        )
        self.rows.opinions.append(self.opinion)
        return {
            "opinion_id": str(self.opinion.id),
            "asked_of": self.opinion.asked_name,
            "due_at": self.opinion.due_at.isoformat(),
        }

    def _answer(self, done: Done, at: datetime) -> dict[str, Any]:
        """Of who was asked beside the process, or at a step of it."""
        opinion, by = self.opinion, self.doer_of(done).actor.person
        if done.stay is not None:
            opinion = self._opinion_at_step(self.alike.course.stays[done.stay], done, by)
        opinion.answered_at, opinion.answered_by, opinion.text = at, by, self.filing.words.opinion
        return {"opinion_id": str(opinion.id)}

    def _opinion_at_step(self, stay: Stay, done: Done, by: UUID) -> Any:
        seat = self.seats[done.step]
        opinion = _new_opinion(
            dossier_id=self.dossier.id,
            task_id=self._task(done),
            agency_path=seat.place.agency_path,
            unit_id=seat.place.unit_id,
            asked_name=seat.name,
            question=stay.step.names["vi"],
            asked_by=by,
            asked_at=self.filing.moments[stay.opened],
            due_at=self._task_due(stay, stay.step.limit),
        )
        self.rows.opinions.append(opinion)
        return opinion

    def doer_of(self, done: Done) -> Clerk:
        """Raises ValueError for an act of no officer."""
        clerk = self._clerk(done)
        if clerk is None:
            raise ValueError(f"nobody does {done.act.code}")
        return clerk

    def _task(self, done: Done) -> UUID:
        if done.stay is None:
            raise ValueError(f"{done.act.code} is done at no task")
        return UUID(bytes=self.tokens[done.stay][4:])

    def _due(self, number: int, limit: str) -> datetime:
        return due_moment(self.filing.moments[number], parse_limit(limit), self.counting.calendar)

    def _end(self) -> None:
        dossier, course = self.dossier, self.alike.course
        dossier.revision, dossier.updated_at = course.revision, self.filing.moments[0]
        moved = [
            at for done, at in zip(course.acts, self.filing.moments[1:], strict=True) if done.act.changes
        ]
        if moved:
            dossier.updated_at = moved[-1]
        if last := course.last_move:
            clerk = self.clerks[last.act - 1]
            dossier.last_move = {
                "number": last.number,
                "words": last.words,
                "by": str(clerk.actor.person) if clerk else "",
                "status": last.status,
                "revision": last.revision,
            }

    def _enter_process(self) -> None:
        course, moments, rows = self.alike.course, self.moments, self.rows
        instance, ended = encode_new_id(), NULL if course.ended is None else moments[course.ended]
        here = self.filing.desk.clerks["reception"].path
        rows.instances.append(self.alike.instance % (instance, self.subject, here, moments[0], ended))
        for form, token in zip(self.alike.forms, self.tokens, strict=True):
            rows.tokens.append(form.encoded % self._token(form, token, instance))
            fired = NULL if form.stay.closed else self._moment(form.stay.done)
            for name, after in form.timers:
                due = encode_moment(self._due(form.stay.due_from, after))
                rows.timers.append(timer_form() % (encode_new_id(), token, name, due, fired))

    def _token(self, form: TokenForm, token: bytes, instance: bytes) -> tuple[bytes, ...]:
        """What varies of a token, in the order of `bulk_forms.TOKEN`."""
        stay, moment, seat = form.stay, self._moment, self.seats[form.stay.node.code]
        claimed = stay.claimed if stay.claimed is not None else stay.meant
        return (
            token,
            instance,
            self.subject,
            self.moments[stay.opened],
            moment(stay.done),
            self._person(stay.by),
            moment(stay.paused),
            moment(stay.due_from) if stay.due_from != stay.opened else NULL,
            seat.unit,
            seat.path,
            seat.elsewhere,
            encode_moment(self._task_due(stay, form.limit)) if form.limit else NULL,
            self._person(claimed),
            moment(stay.claimed),
        )

    def _moment(self, number: int | None) -> bytes:
        return NULL if number is None else self.moments[number]

    def _person(self, number: int | None) -> bytes:
        """Who did the act."""
        clerk = None if number is None else self.clerks[number - 1]
        return clerk.person if clerk else NULL

    def _accepted(self, stay: Stay) -> int:
        """The number of the act that accepted the dossier at this task, since its limit last began; 0: none."""
        acts = enumerate(self.alike.course.acts, start=1)
        codes = ((number, it) for number, it in acts if it.act.code == "accept")
        found = (number for number, it in codes if it.step == stay.node.code and number >= stay.due_from)
        return next(found, 0)

    def _task_due(self, stay: Stay, limit: str) -> datetime:
        """By the step's own limit, never after the dossier's; once accepted, when it is to be handed over."""
        number = self._accepted(stay) if stay.opened == 0 else 0
        if number:
            due_at = hand_over_by(self.filing.moments[number], self.counting.calendar)
        else:
            number, due_at = stay.due_from, self._due(stay.due_from, limit)
        latest = self.latest[number]
        return min(due_at, latest) if latest else due_at
