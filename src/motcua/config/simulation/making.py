"""From a plan to filings: who applies for what, where, when, and how far it went."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from random import Random
from typing import Any

from django.utils.translation import gettext_lazy as _

from motcua.casework.dossiers.services.bulk import Desk, Filing, Staff, Words
from motcua.config.demo.papers import birth_evidence
from motcua.config.simulation.applications import KINDS, Application, choose_kind
from motcua.config.simulation.births import Place, telephone
from motcua.config.simulation.hours import Period, day_of, make_moments, state_of
from motcua.config.simulation.people import Person as MadeUp
from motcua.config.simulation.people import make_family, next_index, word_lists
from motcua.config.simulation.plan import Plan
from motcua.config.simulation.residences import residence
from motcua.config.simulation.ways import STATES, acts_of
from motcua.foundation.files.models import StoredFile
from motcua.foundation.files.services import store_bytes
from motcua.foundation.kernel.errors import DomainError
from motcua.foundation.kernel.rows import plain_rows
from motcua.foundation.worktime.calendars import Calendar
from motcua.registry.catalogue.models import ProcedureVersion
from motcua.registry.catalogue.selectors import get_version
from motcua.registry.organisations.models import Agency
from motcua.registry.organisations.selectors import get_calendar, list_agencies_with_desk
from motcua.registry.people.models import Person
from motcua.registry.people.selectors import find_last_serial

MADE_UP = {"simulated": True}
# Who waits for a signature needs a rendered draft, which takes as long as hundreds of dossiers.
DRAFTS = 10
# So many dossiers, over so many days: an office's half year, a province's two years.
_PERIODS = ((20_000, 180), (200_000, 365))
_LONGEST = 730

_new_person = plain_rows(Person)


class NoDesk(DomainError):
    code = "no_desk"
    message = _("There is no one-stop desk with officers at %(agency)s.")


@dataclass(frozen=True, slots=True)
class Stage:
    """What all dossiers of a plan share. `first`: number of the first person."""

    plan: Plan
    versions: Mapping[str, ProcedureVersion]
    staff: Staff
    desks: Sequence[Desk]
    paper: StoredFile
    second_paper: StoredFile
    days: list[date]
    calendar: Calendar
    first: int
    at: datetime


@dataclass(frozen=True, slots=True)
class Case:
    state: str
    citizen: Any
    filing: Filing


def set_up(plan: Plan, *, at: datetime) -> Stage:
    """Store the paper, count who was made up before, read who works where.

    Raises NoDesk, NotFound (a procedure is not published).
    """
    agencies, versions, staff = _agencies(plan), _versions(plan), Staff.read()
    desks = [staff.desk(agency) for agency in agencies]
    days = next((days for most, days in _PERIODS if plan.dossiers <= most), _LONGEST)
    calendar = get_calendar()
    working = Period(plan.until, days, calendar).working_days()
    content = birth_evidence()
    # The same paper, and another file.
    paper, second = (
        store_bytes(content=it, name="giay-chung-sinh-mau.pdf", media_type="application/pdf")
        for it in (content, content + b"\n")
    )
    first = next_index(find_last_serial)
    return Stage(plan, versions, staff, desks, paper, second, working, calendar, first, at)


def _agencies(plan: Plan) -> list[Agency]:
    found = [it for it in list_agencies_with_desk(at=plan.until) if plan.agency in ("", it.code)]
    if not found:
        raise NoDesk(agency=plan.agency or _("any agency"))
    return found


def _versions(plan: Plan) -> dict[str, ProcedureVersion]:
    return {kind.code: get_version(kind.code, at=plan.until) for kind in KINDS}


def make_case(stage: Stage, index: int) -> Case:
    """The index-th dossier of the plan; everything made up comes from the seed and the person's number."""
    plan, number = stage.plan, stage.first + index
    random = Random(f"{plan.seed}/{number}")  # noqa: S311  nothing here is secret
    state = state_of(index, signing=index < DRAFTS * 50)
    desk, kind = random.choice(stage.desks), choose_kind(random)
    parent = desk.agency.parent
    place = Place(desk.agency.place_code, desk.agency.place_name, parent.place_name if parent else "")
    share, plain = index / plan.dossiers, STATES[state]
    on = day_of(random, share, state, stage.days, plain)
    application = kind.make(random, make_family(random, number, before=on), place, on)
    acts = acts_of(state, application.way, index // 100)
    if acts != plain:
        on = day_of(random, share, state, stage.days, acts)
    citizen, version = _citizen(application.applicant, place, stage.at), stage.versions[kind.code]
    filing = Filing(
        version=version,
        desk=desk,
        applicant=citizen,
        answers=application.with_papers(str(stage.paper.pk)),
        papers=dict.fromkeys(application.papers, stage.paper),
        alike=application.alike,
        case=application.case,
        named=application.named,
        acts=acts,
        moments=make_moments(random, on, acts, stage.calendar, pace=kind.pace),
        facts=MADE_UP,
        words=_words(application, stage),
    )
    return Case(state, citizen, filing)


def _citizen(who: MadeUp, place: Place, at: datetime) -> Any:
    return _new_person(
        personal_number=who.personal_number,
        full_name=who.full_name,
        birth_date=who.birth_date,
        sex=who.sex,
        ethnicity=who.ethnicity,
        nationality=word_lists()["nationality"],
        telephone=telephone(who),
        residence=residence(who, place),
        residence_place_code=place.code,
        assurance_level=2,
        verified_at=at,
    )


def _words(application: Application, stage: Stage) -> Words:
    return Words(
        missing="Bản chụp rõ hơn của giấy tờ đã nộp",
        reason="Bản chụp không đọc được.",
        question=application.question,
        opinion=application.opinion,
        brought=stage.paper,
        again=stage.second_paper,
        arose="Bản đã bổ sung vẫn thiếu trang sau.",
        ended="Hồ sơ không đủ điều kiện theo quy định của thủ tục.",
        late="Cần xác minh thêm tại nơi cư trú.",
        to_pay="Phí, lệ phí theo thông báo",
    )
