"""Reading questions, answers and cases."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Count, F, Func, Q, QuerySet
from django.db.models.functions import Coalesce

from motcua.casework.dossiers.models import Dossier
from motcua.casework.dossiers.selectors import get_dossier
from motcua.community.surveys.messages import GROUP
from motcua.community.surveys.models import CaseStep, Survey, UnhappyCase
from motcua.community.surveys.policies import answers_seen_by, cases_seen_by, led_by
from motcua.community.surveys.rules.shares import per_mille
from motcua.community.surveys.tokens import token_digest
from motcua.foundation.journal.services import Happening, record
from motcua.foundation.kernel.actors import Actor
from motcua.foundation.kernel.errors import NotFound
from motcua.foundation.kernel.paths import below
from motcua.foundation.kernel.text import fold
from motcua.foundation.notifications.selectors import has_switched_off
from motcua.registry.access.policies import within
from motcua.registry.catalogue.models import VERSION_CONTENT, Procedure
from motcua.registry.organisations.models import Agency

PAGE_SIZE = 20
MOST_LISTED = 100
MOST_EXPORTED = 20_000
MOST_TERMS = 6


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which answers: of agencies below `path`, given `since <= t < until`. Empty: all."""

    since: datetime
    until: datetime
    path: str = ""
    procedure: str = ""
    rating: int = 0
    reason: str = ""
    words: str = ""


@dataclass(frozen=True, slots=True)
class Distribution:
    """Answers of an agency by rating; `asked`: results about which somebody was asked, or answered unasked."""

    agency: str
    very_satisfied: int
    satisfied: int
    dissatisfied: int
    asked: int

    @property
    def answered(self) -> int:
        return self.very_satisfied + self.satisfied + self.dissatisfied

    def share_of(self, rating: int) -> int | None:
        """In tenths of a percent of what was answered; None: nothing was."""
        return per_mille((self.dissatisfied, self.satisfied, self.very_satisfied)[rating - 1], self.answered)

    @property
    def response(self) -> int | None:
        """Answers of those asked, in tenths of a percent."""
        return per_mille(self.answered, self.asked)


def find_by_token(typed: str) -> Survey | None:
    """For whoever has the link."""
    digest = token_digest(typed)
    return Survey.objects.filter(token_digest=digest).first() if digest else None


def get_own(actor: Actor, dossier_id: UUID) -> Dossier:
    """A dossier the citizen may answer about: theirs, for themselves or as their office. Raises NotFound."""
    if actor.kind != "citizen" or not actor.may("receive"):
        raise NotFound
    return get_dossier(actor, dossier_id)


def find_survey(dossier_id: UUID) -> Survey | None:
    """With its case."""
    return Survey.objects.select_related("case").filter(pk=dossier_id).first()


def get_linked(dossier_id: UUID) -> Dossier:
    """For whoever came by its link. Raises NotFound."""
    rows = Dossier.objects.select_related("version__procedure", "agency").defer(*VERSION_CONTENT)
    found = rows.filter(pk=dossier_id, is_test=False).first()
    if not found:
        raise NotFound
    return found


def is_asked_no_more(dossier: Dossier) -> bool:
    """Whether its applicant wants to be asked about no result, whoever switched it off where. One query."""
    return has_switched_off(dossier.applicant_id, GROUP.code)


def _matching(actor: Actor, wanted: Wanted) -> Q:
    """By agency and procedure, which the figures heed too."""
    condition = answers_seen_by(actor)
    if wanted.path:
        condition &= below("agency_path", wanted.path)
    if wanted.procedure:
        condition &= Q(procedure_code=wanted.procedure)
    return condition


def _answers(actor: Actor, wanted: Wanted) -> QuerySet[Survey]:
    found = Survey.objects.filter(
        _matching(actor, wanted), answered_at__gte=wanted.since, answered_at__lt=wanted.until
    )
    if wanted.rating:
        found = found.filter(rating=wanted.rating)
    if wanted.reason:
        found = found.filter(reasons__contains=[wanted.reason])
    for term in fold(wanted.words).split()[:MOST_TERMS]:
        found = found.filter(search_text__contains=term)
    return found


def list_answers(actor: Actor, wanted: Wanted, *, page: int) -> tuple[list[Survey], bool]:
    """Twenty a page, latest first, and whether there are more. Who applied is not named. One query."""
    related = _answers(actor, wanted).select_related("agency", "case").order_by("-answered_at", "pk")
    found = list(related[(page - 1) * PAGE_SIZE : page * PAGE_SIZE + 1])
    return found[:PAGE_SIZE], len(found) > PAGE_SIZE


def list_for_export(actor: Actor, wanted: Wanted) -> list[Survey]:
    """With the dossier's facts about people, whose names are covered in the words. One query."""
    related = _answers(actor, wanted).select_related("agency", "dossier").order_by("-answered_at", "pk")
    return list(
        related.only(
            "agency__name", "procedure_code", "answered_at", "rating", "way", "reasons", "words",
            "dossier__applicant_facts", "dossier__owner_facts",
        )[:MOST_EXPORTED]
    )  # fmt: skip


def distributions(actor: Actor, wanted: Wanted) -> list[Distribution]:
    """By agency, most answers first, then most asked, every one of them. The day is that of the answer, else of the
    asking. One query."""
    counted = Survey.objects.filter(_matching(actor, wanted)).annotate(on=Coalesce("answered_at", "asked_at"))
    rows = (
        counted.filter(on__gte=wanted.since, on__lt=wanted.until)
        .values("agency_path", name=F("agency__name"))
        .annotate(
            very=Count("pk", filter=Q(rating=3)),
            satisfied=Count("pk", filter=Q(rating=2)),
            dissatisfied=Count("pk", filter=Q(rating=1)),
            answers=Count("pk", filter=Q(rating__isnull=False)),
            asked=Count("pk"),
        )
        .order_by("-answers", "-asked", "agency_path", "name")
    )
    return [
        Distribution(it["name"], it["very"], it["satisfied"], it["dissatisfied"], it["asked"]) for it in rows
    ]


def summed(rows: Iterable[Distribution]) -> Distribution:
    parts = [(it.very_satisfied, it.satisfied, it.dissatisfied, it.asked) for it in rows]
    very, satisfied, dissatisfied, asked = (
        (sum(column) for column in zip(*parts, strict=True)) if parts else (0,) * 4
    )
    return Distribution("", very, satisfied, dissatisfied, asked)


def count_reasons(actor: Actor, wanted: Wanted) -> dict[str, int]:
    """Reason -> answers that name it. One query."""
    rows = _answers(actor, wanted).annotate(reason=Func("reasons", function="unnest")).values("reason")
    return {
        row["reason"]: row["count"] for row in rows.annotate(count=Count("pk")).order_by("-count", "reason")
    }


def agencies_led(actor: Actor) -> list[Agency]:
    """With answers, by name; at most 200. One query."""
    named = Survey.objects.filter(answers_seen_by(actor)).values("agency")
    rows = Agency.objects.filter(within("path", led_by(actor)), pk__in=named)
    return list(rows.order_by("sort_key", "id")[:200])


def procedures_answered(actor: Actor) -> dict[str, Any]:
    """Code -> names, of those somebody was asked about; at most 300. One query."""
    codes = Survey.objects.filter(answers_seen_by(actor)).values("procedure_code")
    return dict(Procedure.objects.filter(pk__in=codes).order_by("code").values_list("code", "names")[:300])


def list_cases(actor: Actor, *, replied: bool = False) -> list[UnhappyCase]:
    """What waits, earliest due first; or what was replied to, latest first. At most 100. One query."""
    related = UnhappyCase.objects.filter(cases_seen_by(actor)).select_related("agency", "survey")
    if replied:
        done = related.filter(state__in=["replied", "closed"])
        return list(done.order_by("-replied_at", "id")[:MOST_LISTED])
    return list(related.filter(state__in=["waiting", "claimed"]).order_by("due_at", "id")[:MOST_LISTED])


def list_replies(case: UnhappyCase) -> list[CaseStep]:
    """What was replied, and where the person said that it did not help, in order: what they may read. One query."""
    said = case.steps.filter(kind__in=[CaseStep.Kind.REPLY, CaseStep.Kind.REOPENED])
    return list(said.order_by("at", "pk"))


def count_cases(actor: Actor) -> int:
    """Those that wait."""
    return UnhappyCase.objects.filter(cases_seen_by(actor), state__in=["waiting", "claimed"]).count()


@transaction.atomic
def open_case_page(actor: Actor, case_id: UUID, *, at: datetime) -> UnhappyCase:
    """A case with what the person wrote; that it was read is on their record. Raises NotFound."""
    related = UnhappyCase.objects.select_related("agency", "survey__agency", "survey__dossier")
    found = related.filter(cases_seen_by(actor), pk=case_id).first()
    if not found:
        raise NotFound
    concerned = found.survey.dossier.applicant_id
    happening = Happening("survey.case_read", "survey", found.id, concerns_id=concerned)
    record(actor=actor, happening=happening, at=at)
    return found


@transaction.atomic
def record_export(actor: Actor, *, rows: int, at: datetime) -> None:
    """That answers were taken out, and how many; the object is the officer."""
    happening = Happening("survey.exported", "officer", actor.person, facts={"rows": rows})
    record(actor=actor, happening=happening, at=at)
