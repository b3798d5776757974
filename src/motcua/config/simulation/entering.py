"""Puts made-up dossiers into the database, batch by batch, through the rooms' own services."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from random import Random

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from motcua.casework.dossiers.models import Dossier
from motcua.casework.dossiers.services.bulk import Desk, Filing, enter_filings, open_desk
from motcua.casework.dossiers.services.papers import make_certificate
from motcua.config.demo.papers import birth_evidence
from motcua.config.simulation.births import PROCEDURE, Place, make_answers, telephone
from motcua.config.simulation.hours import Period, day_of, make_moments, state_of
from motcua.config.simulation.people import make_family
from motcua.foundation.files.models import StoredFile
from motcua.foundation.files.services import store_bytes
from motcua.foundation.kernel.actors import SYSTEM
from motcua.foundation.kernel.errors import DomainError
from motcua.registry.catalogue.models import ProcedureVersion
from motcua.registry.catalogue.selectors import get_version
from motcua.registry.organisations.selectors import get_calendar, list_agencies_with_desk
from motcua.registry.people.models import Person
from motcua.registry.people.selectors import count_citizens
from motcua.registry.people.services import enter_citizens

BATCH = 500
PERIOD_DAYS = 180
MADE_UP = {"simulated": True}
# Numbers of made-up people begin with 9 (see `people`).
MADE_UP_PREFIX = "9"
# Who waits for a signature needs a rendered draft, so only small simulations have such dossiers.
SIGNING_UP_TO = 1000


class NoDesk(DomainError):
    code = "no_desk"
    message = _("There is no one-stop desk with officers at %(agency)s.")


@dataclass(frozen=True, slots=True)
class Plan:
    """What is asked for. `until`: all acts lie before this day. `agency`: code, empty for all with a desk."""

    dossiers: int
    seed: int
    until: date
    agency: str = ""


@dataclass(slots=True)
class Outcome:
    """What was entered: dossiers by status, drafts rendered, seconds."""

    seconds: float = 0.0
    drafts: int = 0
    by_status: Counter[int] = field(default_factory=Counter)


@dataclass(frozen=True, slots=True)
class _Stage:
    plan: Plan
    version: ProcedureVersion
    desks: Sequence[Desk]
    paper: StoredFile
    days: list[date]
    first: int


@dataclass(frozen=True, slots=True)
class _Case:
    state: str
    citizen: Person
    filing: Filing


def simulate(plan: Plan, *, at: datetime, progress: Callable[[int], None] = lambda entered: None) -> Outcome:
    """Enter the planned dossiers, one transaction a batch. `progress` is told how many a batch entered.

    The same plan on the same data gives the same people, answers and moments; ids and codes differ.
    Raises NoDesk, NotFound (the procedure is not published).
    """
    started, outcome = time.monotonic(), Outcome()
    stage = _set_up(plan)
    for start in range(0, plan.dossiers, BATCH):
        indexes = range(start, min(start + BATCH, plan.dossiers))
        _enter_batch(stage, indexes, outcome, at)
        progress(len(indexes))
    outcome.seconds = time.monotonic() - started
    return outcome


def _set_up(plan: Plan) -> _Stage:
    agencies = list_agencies_with_desk(at=plan.until)
    desks = [open_desk(agency) for agency in agencies if plan.agency in ("", agency.code)]
    if not desks:
        raise NoDesk(agency=plan.agency or _("any agency"))
    paper = store_bytes(
        content=birth_evidence(), name="giay-chung-sinh-mau.pdf", media_type="application/pdf"
    )
    return _Stage(
        plan=plan,
        version=get_version(PROCEDURE, at=plan.until),
        desks=desks,
        paper=paper,
        days=Period(plan.until, PERIOD_DAYS, get_calendar()).working_days(),
        first=count_citizens(number_prefix=MADE_UP_PREFIX),
    )


@transaction.atomic
def _enter_batch(stage: _Stage, indexes: range, outcome: Outcome, at: datetime) -> None:
    cases = sorted((_case(stage, index, at) for index in indexes), key=lambda case: case.filing.moments[0])
    enter_citizens([case.citizen for case in cases], actor=SYSTEM, facts=MADE_UP, at=at)
    dossiers = enter_filings(stage.version, [case.filing for case in cases])
    for case, dossier in zip(cases, dossiers, strict=True):
        outcome.by_status[int(dossier.status)] += 1
        if case.state == "signing":
            _draft(case.filing, dossier)
            outcome.drafts += 1


def _draft(filing: Filing, dossier: Dossier) -> None:
    """The draft that lies before the signer."""
    make_certificate(dossier, actor=filing.desk.clerks["specialist"].actor, at=filing.moments[3])


def _case(stage: _Stage, index: int, at: datetime) -> _Case:
    """The index-th dossier of the plan; everything made up comes from the seed and the person's number."""
    plan, number = stage.plan, stage.first + index
    random = Random(f"{plan.seed}/{number}")  # noqa: S311  nothing here is secret
    state = state_of(index, signing=plan.dossiers <= SIGNING_UP_TO)
    on = day_of(index, plan.dossiers, state, stage.days)
    desk = stage.desks[number % len(stage.desks)]
    parent = desk.agency.parent
    place = Place(desk.agency.place_code, desk.agency.place_name, parent.place_name if parent else "")
    family = make_family(random, number, before=on)
    answers = make_answers(random, family, place, on=on)
    mother = family.mother
    citizen = Person(
        personal_number=mother.personal_number,
        full_name=mother.full_name,
        birth_date=mother.birth_date,
        sex=mother.sex,
        ethnicity=mother.ethnicity,
        nationality="Việt Nam",
        telephone=telephone(mother),
        residence=answers["applicant_residence"],
        residence_place_code=place.code,
        assurance_level=2,
        verified_at=at,
    )
    filing = Filing(
        desk=desk,
        applicant=citizen,
        answers=answers | {"birth_evidence": str(stage.paper.pk)},
        papers={"birth_evidence": stage.paper},
        moments=make_moments(random, on, state, get_calendar()),
        facts=MADE_UP,
    )
    return _Case(state, citizen, filing)
