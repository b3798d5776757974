"""What units and other agencies say to a dossier: asked for beside the process, or at a step of it."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone

from motcua.casework.dossiers.errors import ActNotAllowed, OpinionGiven, OpinionMissing, QuestionMissing
from motcua.casework.dossiers.models import Dossier, Opinion
from motcua.casework.dossiers.policies import ANSWERING, UNDER_WAY, answers_under, asked_of
from motcua.casework.dossiers.rules.states import ACTS
from motcua.casework.dossiers.services.acting import Acting, Target, acting, finish
from motcua.casework.process.selectors import find_standing
from motcua.foundation.files.models import StoredFile
from motcua.foundation.files.services import DOSSIER_PAPERS, CheckedUpload, checked_upload, store_checked
from motcua.foundation.kernel.actors import Actor
from motcua.foundation.kernel.errors import NotFound
from motcua.foundation.kernel.text import clean
from motcua.foundation.worktime.deadlines import due
from motcua.foundation.worktime.limits import parse_limit
from motcua.registry.catalogue.models import VERSION_CONTENT
from motcua.registry.organisations.delegation.services import hold_delegation
from motcua.registry.organisations.models import Agency, Unit, valid_on
from motcua.registry.organisations.selectors import calendar_of
from motcua.registry.organisations.selectors.choices import names_at, unit_names

MAX_TEXT = 4000


@dataclass(frozen=True, slots=True)
class Question:
    """`asked`: an agency, or a unit of one. `limit`: as worktime writes it ("3wd"). `shown`: codes of the components
    that they may open; none: all."""

    text: str
    agency_id: UUID
    limit: str
    unit_id: UUID | None = None
    shown: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    text: str
    upload: UploadedFile | None = None
    outcome: str = ""


def request_opinion(*, actor: Actor, target: Target, question: Question, at: datetime) -> Opinion:
    """Ask a unit or another agency; several may be asked at once, and the task goes on meanwhile.

    While it is open the asked see exactly this dossier. Its limit runs beside the dossier's, which does not stop
    (vietnam.md T11). Raises QuestionMissing with the field that is wrong.
    """
    with acting(code="request-opinion", actor=actor, target=target, at=at) as step:
        opinion = _asked(step, question)
        opinion.save(force_insert=True)
        step.facts = {
            "opinion_id": str(opinion.id),
            "asked_of": opinion.asked_name,
            "due_at": opinion.due_at.isoformat(),
        }
        step.details = {"question": opinion.question}
    return opinion


def _asked(step: Acting, question: Question) -> Opinion:
    day, text = timezone.localdate(step.at), clean(question.text)[:MAX_TEXT]
    if not text:
        raise QuestionMissing(field="question")
    agency = Agency.objects.filter(valid_on(day), pk=question.agency_id).first()
    units = Unit.objects.filter(
        valid_on(day), pk__in=[question.unit_id], agency__path=agency.path if agency else ""
    )
    unit = units.first() if question.unit_id else None
    if (
        not agency
        or (question.unit_id and not unit)
        or (not unit and agency.path == step.dossier.agency_path)
    ):
        raise QuestionMissing(field="asked")
    try:
        limit = parse_limit(question.limit)
    except ValueError:
        raise QuestionMissing(field="limit") from None
    known = set(step.dossier.components.values_list("code", flat=True))
    return Opinion(
        dossier=step.dossier,
        task_id=step.task.pk,
        agency_path=agency.path,
        unit_id=unit.id if unit else None,
        asked_name=_named(agency.name, unit.name if unit else ""),
        question=text,
        shown=[code for code in question.shown if code in known],
        asked_by=step.actor.person,
        asked_at=step.at,
        due_at=due(step.at, limit, calendar_of(agency, on=day)).at,
    )


def office_name(agency_path: str, unit_id: UUID | None) -> str:
    """Who is asked at a step of the process: the unit and its agency, as they are called now. Two queries at most."""
    unit = unit_names({unit_id}).get(unit_id, "") if unit_id else ""
    return _named(names_at({agency_path}).get(agency_path, ""), unit)


def _named(agency: str, unit: str) -> str:
    return f"{unit}, {agency}" if unit else agency


def give_opinion(*, actor: Actor, target: Target, answer: Answer, at: datetime) -> Opinion:
    """Give the opinion a step of the process asks for, and complete it. Raises OpinionMissing, FileRefused."""
    text = _text(answer)
    with (
        _checked(answer, actor, at) as checked,
        acting(code="give-opinion", actor=actor, target=target, at=at) as step,
    ):
        step.outcome = answer.outcome
        opinion = Opinion(
            dossier=step.dossier,
            task_id=step.task.pk,
            agency_path=step.task.agency_path,
            unit_id=step.task.unit_id,
            asked_name=office_name(step.task.agency_path, step.task.unit_id),
            question=step.node.names["vi"],
            asked_by=actor.person,
            asked_at=step.task.opened_at,
            due_at=step.task.due,
        )
        _answer(step, opinion, text, checked)
        opinion.save(force_insert=True)
    return opinion


def answer_opinion(*, actor: Actor, opinion_id: UUID, answer: Answer, at: datetime) -> Opinion:
    """Answer what one's unit or agency was asked.

    Raises NotFound, also for who may not; DelegationEnded; OpinionGiven for the second of two, ActNotAllowed when
    the dossier is finished, OpinionMissing, FileRefused.
    """
    text, mine = _text(answer), Opinion.objects.filter(asked_of(actor, ANSWERING), pk=opinion_id)
    if not mine.exists():
        raise NotFound
    with _checked(answer, actor, at) as checked, transaction.atomic():
        related = Dossier.objects.select_for_update(of=("self",)).defer(*VERSION_CONTENT)
        dossier = related.select_related("version__procedure", "agency").get(opinions=opinion_id)
        opinion = mine.get()
        if opinion.answered_at:
            raise OpinionGiven
        if dossier.status not in UNDER_WAY:
            raise ActNotAllowed
        if lent := answers_under(actor, opinion, dossier.procedure_code):
            hold_delegation(lent.delegation_id, at=at)
            actor = actor.under(lent)
        step = Acting(ACTS["give-opinion"], actor, dossier, find_standing(dossier.id), None, at)
        _answer(step, opinion, text, checked)
        opinion.save(update_fields=["answered_at", "answered_by", "text", "file"])
        finish(step)
    return opinion


def _text(answer: Answer) -> str:
    text = clean(answer.text)[:MAX_TEXT]
    if not text:
        raise OpinionMissing
    return text


def _checked(answer: Answer, actor: Actor, at: datetime) -> AbstractContextManager[CheckedUpload | None]:
    if not answer.upload:
        return nullcontext()
    return checked_upload(upload=answer.upload, actor=actor, at=at, rules=DOSSIER_PAPERS)


def _answer(step: Acting, opinion: Opinion, text: str, checked: CheckedUpload | None) -> None:
    file: StoredFile | None = None
    if checked:
        file = store_checked(checked, belongs_to=step.dossier.id, owner_id=step.dossier.owner_id)
    opinion.answered_at, opinion.answered_by, opinion.text, opinion.file = (
        step.at,
        step.actor.person,
        text,
        file,
    )
    step.facts = {"opinion_id": str(opinion.id), **({"sha256": file.sha256} if file else {})}
    step.details = {"opinion": text}
