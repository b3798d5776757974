"""The case of who was dissatisfied: it is replied to in time, or goes up."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from motcua.community.surveys.errors import (
    CannotDo,
    CaseMoved,
    HandledIt,
    NoSuperior,
    NotYourCase,
    NoWords,
)
from motcua.community.surveys.law import law
from motcua.community.surveys.messages import tell_late, tell_reply
from motcua.community.surveys.models import CaseStep, Survey, UnhappyCase
from motcua.community.surveys.policies import cases_worked_by, worked_on
from motcua.community.surveys.rules.cases import after
from motcua.foundation.journal.services import Happening, record
from motcua.foundation.kernel.actors import SYSTEM, Actor
from motcua.foundation.kernel.errors import NotFound
from motcua.foundation.kernel.text import clean
from motcua.foundation.worktime.deadlines import due_moment
from motcua.foundation.worktime.limits import Limit
from motcua.registry.organisations.models import Agency
from motcua.registry.organisations.selectors import calendar_of
from motcua.registry.organisations.selectors.choices import get_agency_of_path

MAX_WORDS = 2_000
BATCH = 500
Kind = CaseStep.Kind


@dataclass(frozen=True, slots=True)
class Seen:
    """A case as the page showed it."""

    case_id: UUID
    revision: int


def open_case(survey: Survey, *, at: datetime) -> UnhappyCase:
    """In the transaction of the answer."""
    due_at = _due(survey.agency, law().answer_within, at)
    case = UnhappyCase.objects.create(
        survey=survey, agency_id=survey.agency_id, agency_path=survey.agency_path, opened_at=at, due_at=due_at
    )
    facts = {"dossier": str(survey.pk), "agency": str(survey.agency_id), "due_at": due_at.isoformat()}
    record(actor=SYSTEM, happening=_happening("survey.case_opened", case, facts), at=at)
    return case


def _due(agency: Agency, limit: Limit, at: datetime) -> datetime:
    return due_moment(at, limit, calendar_of(agency, on=timezone.localdate(at)))


@transaction.atomic
def claim_case(*, actor: Actor, seen: Seen, at: datetime) -> UnhappyCase:
    """Take a case on, also from a colleague. Raises NotFound, CaseMoved, CannotDo, HandledIt."""
    case = _locked(actor, seen)
    if case.claimed_by == actor.person_id:
        return case
    facts = {"from": str(case.claimed_by)} if case.claimed_by else {}
    _move(case, "claim")
    case.claimed_by = actor.person_id
    case.save()
    record(actor=actor, happening=_happening("survey.case_claimed", case, facts), at=at)
    return case


@transaction.atomic
def note_call(*, actor: Actor, seen: Seen, words: str, at: datetime) -> UnhappyCase:
    """The person was called; what was said. Raises NoWords, NotYourCase and what `claim_case` raises."""
    case = _mine(actor, seen)
    _move(case, "note_call")
    case.save()
    _step(case, Kind.CALL, words, at, actor)
    record(actor=actor, happening=_happening("survey.case_called", case, words=words), at=at)
    return case


@transaction.atomic
def pass_on(*, actor: Actor, seen: Seen, reason: str, at: datetime) -> UnhappyCase:
    """To the agency above; the limit that was told stays. Raises NoSuperior and what `note_call` raises."""
    case = _mine(actor, seen)
    above = _superior(case)
    if not above:
        raise NoSuperior
    facts = {"from": str(case.agency_id), "to": str(above.id)}
    _step(case, Kind.PASSED_ON, reason, at, actor)
    _move(case, "pass_on")
    _give(case, above)
    case.save()
    record(actor=actor, happening=_happening("survey.case_passed_on", case, facts, words=reason), at=at)
    return case


@transaction.atomic
def reply_to_case(*, actor: Actor, seen: Seen, words: str, at: datetime) -> UnhappyCase:
    """In words, to the person, who is told that it is there. Raises what `note_call` raises."""
    case = _mine(actor, seen)
    _step(case, Kind.REPLY, words, at, actor)
    _move(case, "reply")
    case.replied_at = at
    case.save()
    facts = {"in_time": case.late_at is None and at <= case.due_at, "due_at": case.due_at.isoformat()}
    record(actor=actor, happening=_happening("survey.case_replied", case, facts, words=words), at=at)
    tell_reply(case, at=at)
    return case


@transaction.atomic
def say_it_helped(*, actor: Actor, survey: Survey, has_helped: bool, words: str, at: datetime) -> UnhappyCase:
    """The person says whether our reply helped: then the case is closed; if not, it is opened again, once.

    Raises NotFound without a case, CannotDo where nothing was replied or it was opened again before.
    """
    rows = UnhappyCase.objects.select_for_update(of=("self",)).select_related("agency")
    case = rows.filter(survey=survey).first()
    if not case:
        raise NotFound
    if has_helped:
        return _close(case, actor, at, has_helped=True)
    if case.reopened_at:
        raise CannotDo
    _move(case, "reopen")
    case.reopened_at, case.has_helped, case.claimed_by, case.late_at = at, False, None, None
    case.due_at = _due(case.agency, law().answer_within, at)
    case.save()
    said = clean(words)[:MAX_WORDS]
    case.steps.create(kind=Kind.REOPENED, at=at, words=said)
    record(
        actor=actor,
        happening=_happening("survey.case_reopened", case, {"due_at": case.due_at.isoformat()}, words=said),
        at=at,
    )
    return case


def escalate_late(*, at: datetime) -> int:
    """Cases whose limit is over without a reply: the leaders are told, and the agency above has it. How many."""
    keys = list(_late(at).order_by("due_at").values_list("pk", flat=True)[:BATCH])
    return sum(_escalate(key, at) for key in keys)


def _late(at: datetime) -> QuerySet[UnhappyCase]:
    late = UnhappyCase.objects.filter(state__in=["waiting", "claimed"], due_at__lte=at)
    return late.filter(Q(warned_due_at=None) | ~Q(warned_due_at=F("due_at")))


@transaction.atomic
def _escalate(case_id: UUID, at: datetime) -> bool:
    rows = _late(at).select_for_update(of=("self",), skip_locked=True).select_related("agency")
    case = rows.filter(pk=case_id).first()
    if not case:
        return False
    case.late_at, case.warned_due_at = case.late_at or at, case.due_at
    told, above = tell_late(case, at=at), _superior(case)
    facts: dict[str, Any] = {"from": str(case.agency_id), "due_at": case.due_at.isoformat(), "count": told}
    if above:
        facts["to"] = str(above.id)
        _move(case, "escalate")
        _give(case, above)
        case.due_at = _due(above, law().escalated_within, at)
        case.steps.create(kind=Kind.ESCALATED, at=at)
        tell_late(case, at=at)
    else:
        # Nobody is above: it stays, and its leaders are not told again.
        case.revision += 1
    case.save()
    record(actor=SYSTEM, happening=_happening("survey.case_late", case, facts), at=at)
    return True


def close_replied(*, at: datetime) -> int:
    """Cases whose reply nobody objected to in time. How many."""
    old = UnhappyCase.objects.filter(state="replied", replied_at__lte=at - law().close_after)
    return sum(_close_old(key, at) for key in old.order_by("replied_at").values_list("pk", flat=True)[:BATCH])


@transaction.atomic
def _close_old(case_id: UUID, at: datetime) -> bool:
    rows = UnhappyCase.objects.select_for_update(skip_locked=True)
    case = rows.filter(pk=case_id, state="replied", replied_at__lte=at - law().close_after).first()
    if case:
        _close(case, SYSTEM, at, has_helped=None)
    return bool(case)


def _close(case: UnhappyCase, actor: Actor, at: datetime, *, has_helped: bool | None) -> UnhappyCase:
    _move(case, "close")
    case.closed_at, case.has_helped = at, has_helped
    case.save()
    record(actor=actor, happening=_happening("survey.case_closed", case, {"has_helped": has_helped}), at=at)
    return case


def _locked(actor: Actor, seen: Seen) -> UnhappyCase:
    rows = UnhappyCase.objects.select_for_update(of=("self",)).select_related("agency", "survey__dossier")
    case = rows.filter(cases_worked_by(actor), pk=seen.case_id).first()
    if not case:
        raise NotFound
    if case.revision != seen.revision:
        raise CaseMoved
    if worked_on(actor, case.survey.dossier):
        raise HandledIt
    return case


def _mine(actor: Actor, seen: Seen) -> UnhappyCase:
    case = _locked(actor, seen)
    if case.is_open and case.claimed_by != actor.person_id:
        raise NotYourCase
    return case


def _move(case: UnhappyCase, act: str) -> None:
    state = after(case.state, act)
    if not state:
        raise CannotDo
    case.state, case.revision = state, case.revision + 1


def _superior(case: UnhappyCase) -> Agency | None:
    path = case.agency_path.rstrip("/").rpartition("/")[0] + "/"
    if path == "/":
        return None
    try:
        return get_agency_of_path((path,), path)
    except NotFound:
        return None


def _give(case: UnhappyCase, agency: Agency) -> None:
    case.agency, case.agency_path, case.claimed_by = agency, agency.path, None


def _step(case: UnhappyCase, kind: str, words: str, at: datetime, actor: Actor) -> None:
    said = clean(words)[:MAX_WORDS]
    if not said:
        raise NoWords
    case.steps.create(kind=kind, at=at, by=actor.person_id, words=said)


def _happening(
    kind: str, case: UnhappyCase, facts: Mapping[str, Any] | None = None, words: str = ""
) -> Happening:
    said = clean(words)[:MAX_WORDS]
    return Happening(kind, "survey", case.id, facts=facts or {}, details={"words": said} if said else None)
