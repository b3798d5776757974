"""The answer: by the link, on the portal, at a kiosk, entered by an officer on the telephone. Once for a dossier."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from motcua.casework.dossiers.models import Dossier
from motcua.community.surveys.errors import (
    AnsweredAlready,
    BadRating,
    HandledIt,
    NoConsent,
    NotAsked,
    SurveyOver,
)
from motcua.community.surveys.law import law
from motcua.community.surveys.models import Rating, Survey, Way
from motcua.community.surveys.policies import handled, may_enter
from motcua.community.surveys.services.asking import open_survey
from motcua.community.surveys.services.cases import open_case
from motcua.foundation.journal.services import Happening, record
from motcua.foundation.kernel.actors import Actor
from motcua.foundation.kernel.text import clean, fold

MAX_WORDS = 2_000
STRANGER = Actor(kind="anonymous")


@dataclass(frozen=True, slots=True)
class Answer:
    """`rating`: 3 very satisfied, 2 satisfied, 1 dissatisfied. `reasons`: codes of the pack; others are left out.
    `words`: at most 2,000 characters are kept."""

    rating: int
    reasons: Collection[str] = ()
    words: str = ""


@transaction.atomic
def answer_survey(*, actor: Actor, dossier: Dossier, way: Way, answer: Answer, at: datetime) -> Survey:
    """Take an answer down; dissatisfied opens a case. Who may answer this dossier this way, the caller has found out.

    The actor of a link and of a kiosk is nobody. Raises BadRating, NotAsked, SurveyOver, AnsweredAlready.
    """
    if answer.rating not in Rating.values:
        raise BadRating
    survey = Survey.objects.select_for_update().get(pk=open_survey(dossier).pk)
    if survey.answered_at:
        raise AnsweredAlready
    if not law().is_open(survey.returned_at, at):
        raise SurveyOver
    words = clean(answer.words)[:MAX_WORDS]
    survey.rating, survey.way, survey.answered_at = answer.rating, way, at
    survey.reasons = [code for code in law().reasons if code in answer.reasons]
    survey.words, survey.search_text = words, fold(words)
    survey.entered_by = actor.person_id if way == Way.PHONE else None
    survey.save()
    doer = STRANGER if way in {Way.LINK, Way.KIOSK} else actor
    happening = Happening(
        "survey.answered",
        "dossier",
        survey.pk,
        facts={"rating": int(answer.rating), "way": str(way), "reasons": survey.reasons},
        details={"words": words} if words else None,
    )
    record(actor=doer, happening=happening, at=at)
    if answer.rating == Rating.DISSATISFIED:
        open_case(survey, at=at)
    return survey


def answer_by_phone(*, actor: Actor, code: str, answer: Answer, has_agreed: bool, at: datetime) -> Survey:
    """What somebody says on the telephone, entered by an officer who had no hand in the dossier.

    Raises NotAsked also for a dossier that is none of the officer's business; NoConsent, HandledIt and what
    `answer_survey` raises.
    """
    dossier = find_returned(code)
    if not dossier or not may_enter(actor, dossier):
        raise NotAsked
    if not has_agreed:
        raise NoConsent
    if handled(actor, dossier):
        raise HandledIt
    return answer_survey(actor=actor, dossier=dossier, way=Way.PHONE, answer=answer, at=at)


def dossier_at_kiosk(*, code: str, path: str, at: datetime) -> Dossier:
    """A dossier whose result was returned in the last days, of the agency in whose hall the kiosk stands or taken in at
    its counter. Raises NotAsked, AnsweredAlready."""
    dossier = find_returned(code)
    if not dossier or path not in {dossier.agency_path, dossier.counter.path if dossier.counter else ""}:
        raise NotAsked
    if not dossier.returned_at or not law().is_open_at_kiosk(dossier.returned_at, at):
        raise NotAsked
    if Survey.objects.filter(pk=dossier.pk, answered_at__isnull=False).exists():
        raise AnsweredAlready
    return dossier


def find_returned(code: str) -> Dossier | None:
    """By its legal code, however it was typed, or as the QR of a receipt holds it."""
    typed = code.rpartition("code=")[2].strip().upper()[:60]
    rows = Dossier.objects.select_related("counter", "agency", "version__procedure")
    return rows.filter(code=typed, is_test=False, returned_at__isnull=False).first() if typed else None
