"""Playing the scenario: batch by batch through the bulk services, and into the ledger as it is decided."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from random import Random
from typing import Any

from django.db import connection, transaction

from motcua.casework.dossiers.services.bulk import Bulk, Desk, Filing, Staff, Words, take_numbers_for
from motcua.config.demo.papers import birth_evidence
from motcua.config.simulation.births import telephone
from motcua.config.simulation.making import MADE_UP
from motcua.config.simulation.people import Person as MadeUp
from motcua.config.simulation.people import make_family, next_index, word_lists
from motcua.config.simulation.province.cases import BY_NET, Fate, Fates, choose_service
from motcua.config.simulation.province.ground import DAY, Ground
from motcua.config.simulation.province.ledger import Ledger
from motcua.config.simulation.province.moments import Played, play, working_days
from motcua.config.simulation.province.quotas import quotas_of
from motcua.foundation.files.models import StoredFile
from motcua.foundation.files.services import store_bytes
from motcua.foundation.journal.services import Line, encode_actor, encode_facts, record_lines
from motcua.foundation.kernel.actors import ANONYMOUS, SYSTEM
from motcua.foundation.kernel.rows import encode_moment, encode_uuid, plain_rows
from motcua.foundation.worktime.calendars import Calendar
from motcua.foundation.worktime.limits import Limit, parse_limit
from motcua.foundation.worktime.moments import local
from motcua.registry.catalogue.models import ProcedureVersion
from motcua.registry.organisations.models import Agency
from motcua.registry.organisations.selectors import get_calendar
from motcua.registry.people.models import Person
from motcua.registry.people.selectors import find_last_serial
from motcua.registry.people.services import enter_citizens

YEAR, BATCH = 2024, 1000
_COUNTER = 20
_new_person = plain_rows(Person)
_WORDS = Words(
    missing="Bản chụp rõ hơn của giấy tờ đã nộp",
    reason="Bản chụp không đọc được.",
    ended="Hồ sơ không đủ điều kiện theo quy định của thủ tục.",
)


@dataclass(frozen=True, slots=True)
class _Case:
    """One dossier as it is decided. `way`: by which the result is returned."""

    fate: Fate
    played: Played
    agency: Agency
    version: ProcedureVersion
    way: str


class Game:
    """A scenario under way."""

    def __init__(self, ground: Ground, order: tuple[int, int], *, at: datetime) -> None:
        """order: dossiers, seed. Raises TooFew."""
        dossiers, self.seed = order
        self.ground, self.at = ground, at
        self.fates = Fates(quotas_of(dossiers), self.seed)
        self.calendar: Calendar = get_calendar()
        self.days: Sequence[date] = working_days(YEAR, self.calendar)
        self.ledger = Ledger(dossiers, self.seed, services=dict(ground.levels))
        staff = Staff.read(on=DAY)
        self._bulk, self._desks = Bulk(staff), dict[str, Desk]()
        self._staff, self._limits = staff, dict[Any, Limit]()
        self._first = next_index(find_last_serial)
        self._paper: StoredFile = store_bytes(
            content=birth_evidence(), name="giay-to-mau.pdf", media_type="application/pdf"
        )
        self._agencies = {
            group: [it for it in ground.agencies[group] if ground.services.get(it.path)]
            for group in ("district", "department", "commune")
        }
        for group, agencies in self._agencies.items():
            self.ledger.groups |= dict.fromkeys((it.path for it in agencies), group)

    def run(self, progress: Callable[[int], None] = lambda entered: None) -> Ledger:
        """Play all of it, one transaction a batch."""
        total = self.fates.total
        for start in range(0, total, BATCH):
            batch = range(start, min(start + BATCH, total))
            self._enter(batch)
            progress(len(batch))
        return self.ledger

    @transaction.atomic
    def _enter(self, batch: range) -> None:
        with connection.cursor() as cursor:
            # As in simulation.batches: what a crash takes away is played again.
            cursor.execute("SET LOCAL synchronous_commit = off")
        cases = [self._case(index) for index in batch]
        made = [self._filing(index, case) for index, case in zip(batch, cases, strict=True)]
        enter_citizens([it.applicant for it in made], actor=SYSTEM, facts=MADE_UP, at=self.at)
        dossiers = self._bulk.enter(made, take_numbers_for(made))
        record_lines(
            self._answer(row, case) for row, case in zip(dossiers, cases, strict=True) if case.played.answered
        )

    def _case(self, index: int) -> _Case:
        random = Random(f"{self.seed}/{index}")  # noqa: S311  nothing here is secret
        fate = self.fates.of(index)
        agency = random.choice(self._agencies[fate.group])
        version = choose_service(random, self.ground.services[agency.path])
        played = play(fate, self._limit(version), self.days, self.calendar, random)
        case = _Case(
            fate, played, agency, version, "counter" if random.randrange(100) < _COUNTER else "warehouse"
        )
        self._write_down(case)
        return case

    def _write_down(self, case: _Case) -> None:
        """What was decided, in the ledger's own words and months."""
        fate, played = case.fate, case.played
        where = (case.agency.path, case.version.procedure_id, fate.channel)
        said = {"submitted": played.moments[0]}
        if played.accepted:
            said |= dict.fromkeys(self._received(case), played.accepted)
        if fate.end in {"refused", "withdrawn", "stopped"}:
            said[fate.end] = played.moments[-1]
        if played.finished:
            said |= dict.fromkeys(self._done(case), played.finished)
        if played.answered:
            answer = {3: "very_satisfied", 2: "satisfied", 1: "dissatisfied"}[fate.rating]
            is_bad = fate.rating == 1 or played.pace == "late"
            said |= dict.fromkeys(
                ("rated", answer, *(["dissatisfied_or_late"] if is_bad else [])), played.answered
            )
        for what, moment in said.items():
            self.ledger.note(what, where, f"{local(moment):%Y-%m}")

    def _received(self, case: _Case) -> list[str]:
        fate, level = case.fate, self.ground.offered[case.version.pk]
        found = ["received", "received_offered", "received_papers"]
        found += ["received_full"] if level == "full" else []
        found += ["received_digitised"] if fate.is_digitised else []
        return found + (["received_reused"] if self._is_reused(fate) else [])

    @staticmethod
    def _done(case: _Case) -> list[str]:
        found = ["finished", f"finished_{case.played.pace}", "result_electronic"]
        if case.fate.is_digitised:
            found.append("finished_digitised")
            if case.fate.channel == BY_NET and case.way != "counter":
                found.append("online_throughout")
        return found

    @staticmethod
    def _is_reused(fate: Fate) -> bool:
        """What the State had already is there in digital form."""
        return fate.is_reused and fate.is_digitised

    def _limit(self, version: ProcedureVersion) -> Limit:
        if version.pk not in self._limits:
            self._limits[version.pk] = parse_limit(version.definition["procedure"]["limit"]["value"])
        return self._limits[version.pk]

    def _filing(self, index: int, case: _Case) -> Filing:
        number, fate, agency = self._first + index, case.fate, case.agency
        random = Random(f"{self.seed}/{number}/who")  # noqa: S311  nothing here is secret
        who = make_family(random, number, before=local(case.played.moments[0]).date()).mother
        citizen, field = self._citizen(who, agency), self.ground.papers[case.version.pk]
        on_paper = not fate.is_digitised and fate.channel != BY_NET
        papers = {} if on_paper else {field: self._paper}
        state = 0 if not fate.is_digitised else 2 if self._is_reused(fate) else 1
        answers = self._answers(who, case)
        return Filing(
            version=case.version,
            desk=self._desk(agency),
            applicant=citizen,
            answers=answers | ({} if on_paper else {field: [str(self._paper.pk)]}),
            papers=papers,
            alike=f"{case.way} {fate.channel} {on_paper}",
            case="",
            named={"applicant": {"full_name": who.full_name}},
            acts=case.played.acts,
            moments=case.played.moments,
            facts=MADE_UP,
            words=_WORDS,
            channel=fate.channel,
            states={field: state} if papers and state != 1 else {},
            on_paper=(field,) if on_paper else (),
        )

    def _desk(self, agency: Agency) -> Desk:
        if agency.path not in self._desks:
            self._desks[agency.path] = self._staff.desk(agency)
        return self._desks[agency.path]

    def _answers(self, who: MadeUp, case: _Case) -> dict[str, Any]:
        levels = case.version.definition["procedure"]["decided"]["levels"]
        at = {"decided_at": "province" if case.fate.group == "department" else "commune"}
        return {
            "applicant": {
                "full_name": who.full_name,
                "birth_date": who.birth_date.isoformat(),
                "personal_number": who.personal_number,
                "sex": who.sex,
                "residence": _residence(case.agency),
            },
            "applicant_phone": telephone(who),
            "subject": "Đề nghị giải quyết (hồ sơ mẫu).",
            **(at if len(levels) > 1 else {}),
            "registration_commune": self._commune(case.agency),
            "result_by": case.way,
        }

    def _commune(self, agency: Agency) -> str:
        communes = self.ground.agencies["commune"]
        below = (it.place_code for it in communes if it.path.startswith(agency.path))
        return next(below, communes[0].place_code)

    def _citizen(self, who: MadeUp, agency: Agency) -> Any:
        return _new_person(
            personal_number=who.personal_number,
            full_name=who.full_name,
            birth_date=who.birth_date,
            sex=who.sex,
            ethnicity=who.ethnicity,
            nationality=word_lists()["nationality"],
            telephone=telephone(who),
            residence=_residence(agency),
            residence_place_code=self._commune(agency),
            assurance_level=2,
            verified_at=self.at,
        )

    @staticmethod
    def _answer(dossier: Any, case: _Case) -> Line:
        """As the room of satisfaction tells it."""
        moment = case.played.answered
        if moment is None:
            raise ValueError("nobody answered")
        facts = encode_facts({"rating": case.fate.rating, "way": "link", "reasons": [], **MADE_UP})
        subject, concerned = encode_uuid(dossier.id), encode_uuid(dossier.applicant_id)
        at, doer = encode_moment(moment), encode_actor(ANONYMOUS)
        return Line("survey.answered", doer, "dossier", subject, concerned, moment, at, facts)


def _residence(agency: Agency) -> str:
    return f"{agency.place_name}, tỉnh Vĩnh Phúc" if agency.place_name else "Tỉnh Vĩnh Phúc"
