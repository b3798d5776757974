"""An application for linked procedures: what it becomes when it is submitted, online or at a counter.

The first member is a dossier at once; of each other one a draft is held until what it waits for is there. All in the
transaction of the submission. Source: Decree 63/2024/NĐ-CP [M]; reference: docs/linked.md.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils import timezone

from motcua.casework.dossiers.errors import DraftIncomplete
from motcua.casework.dossiers.forms import (
    deciding_agency,
    draft_papers,
    form_of,
    open_pages,
    stored_answers,
    with_papers,
)
from motcua.casework.dossiers.models import Dossier, Draft, DraftPaper, LinkedCase, LinkedPart, PartState
from motcua.casework.dossiers.rules.linked import Member, answers_for, is_wanted, members_of
from motcua.casework.forms.rules.answers import compute
from motcua.casework.forms.rules.definition import LANGUAGES
from motcua.casework.forms.rules.summary import title
from motcua.casework.warehouse.codes import new_code
from motcua.foundation.worktime.deadlines import due
from motcua.foundation.worktime.limits import parse_limit
from motcua.foundation.worktime.moments import local
from motcua.registry.catalogue.models import ProcedureVersion
from motcua.registry.catalogue.selectors import get_version
from motcua.registry.organisations.selectors import calendar_of

# Questions whose answers are no part of a draft's own.
_NOT_KEPT = frozenset({"file", "calculated"})


@dataclass(frozen=True, slots=True)
class Part:
    """A member as it will be submitted: a draft that is not saved, and its papers."""

    member: Member
    draft: Draft
    papers: list[DraftPaper]


@dataclass(frozen=True, slots=True)
class Application:
    """What was submitted, and the parts that the person wants, the first one first."""

    draft: Draft
    answers: Mapping[str, Any]
    parts: Sequence[Part]


def linked_members(version: ProcedureVersion) -> tuple[Member, ...]:
    """The members of the group; none where the procedure is no group."""
    return members_of(version.definition.get("linked"))


def application_of(draft: Draft, papers: list[DraftPaper], *, at: datetime) -> Application | None:
    """The parts of a complete draft; None where its procedure is no group. Saves nothing.

    Raises DraftIncomplete when the first part cannot be submitted as it is, NotFound when a member is not in force.
    """
    if not linked_members(draft.version):
        return None
    answers, parts = parts_of(draft, papers, at=at)
    first = parts[0]
    first.draft.id = draft.id
    if pages := open_pages(first.draft, draft_papers(first.draft, first.papers), at=at):
        raise DraftIncomplete(page=pages[0])
    return Application(draft, answers, parts)


def parts_of(draft: Draft, papers: list[DraftPaper], *, at: datetime) -> tuple[dict[str, Any], list[Part]]:
    """The answers of an application for linked procedures, complete or not, and the parts the person wants."""
    form, today = form_of(draft.version), timezone.localdate(at)
    answers = stored_answers(form, with_papers(draft.answers, draft_papers(draft, papers)))
    known = compute(form, answers, today) | answers
    wanted = [it for it in linked_members(draft.version) if is_wanted(it, answers)]
    return answers, [_part(it, draft, papers, known, at) for it in wanted]


def _part(
    member: Member, draft: Draft, papers: list[DraftPaper], known: Mapping[str, Any], at: datetime
) -> Part:
    version = get_version(member.procedure, at=timezone.localdate(at))
    fields = form_of(version).fields
    own = {member.asked_as(name): name for name, it in fields.items() if it.kind == "file"}
    made = Draft(
        applicant=draft.applicant,
        owner_person=draft.owner_person,
        owner_organisation=draft.owner_organisation,
        version=version,
        answers=answers_for(member, own_questions(version), known, {}),
        updated_at=at,
        counter=draft.counter,
        taken_by=draft.taken_by,
        brought_by=draft.brought_by,
        brought=draft.brought,
        ticked={own[name]: it for name, it in draft.ticked.items() if name in own},
    )
    taken = [_paper(it, made, own[it.component], at) for it in papers if it.component in own]
    return Part(member, made, taken)


def own_questions(version: ProcedureVersion) -> list[str]:
    """The questions whose answers a draft keeps."""
    return [name for name, it in form_of(version).fields.items() if it.kind not in _NOT_KEPT]


def _paper(paper: DraftPaper, draft: Draft, component: str, at: datetime) -> DraftPaper:
    return DraftPaper(
        draft=draft,
        component=component,
        file=paper.file,
        origin=paper.origin,
        document=paper.document,
        earlier_id=paper.earlier_id,
        added_at=at,
    )


def begin_case(dossier: Dossier, application: Application, *, at: datetime) -> None:
    """Save the case of the dossier that is the first of it; the dossier is saved after it."""
    draft, day = application.draft, timezone.localdate(at)
    dossier.linked = LinkedCase.objects.create(
        id=dossier.id,
        code=f"L-{new_code()}",
        version=draft.version,
        applicant=draft.applicant,
        owner_person=draft.owner_person,
        owner_organisation=draft.owner_organisation,
        titles={it: title(form_of(draft.version), application.answers, it, day) for it in LANGUAGES},
        submitted_at=at,
        is_test=dossier.is_test,
    )


def hold_parts(dossier: Dossier, application: Application, *, at: datetime) -> None:
    """Keep where the parts of a new case stand, and a draft of each that waits."""
    case_id, (first, *later) = dossier.linked_id, application.parts
    common = {"case_id": case_id, "changed_at": at}
    LinkedPart.objects.create(
        **common,
        position=0,
        member=first.member.name,
        procedure_code=first.member.procedure,
        state=PartState.FILED,
        dossier=dossier,
    )
    for position, part in enumerate(later, start=1):
        row = LinkedPart.objects.create(
            **common,
            position=position,
            member=part.member.name,
            procedure_code=part.member.procedure,
            state=PartState.WAITING,
        )
        part.draft.part, part.draft.is_held = row, True
        part.draft.save(force_insert=True)
        DraftPaper.objects.bulk_create(part.papers)


def note_filed(dossier: Dossier, *, at: datetime) -> None:
    """A part became this dossier, by the system or by the person."""
    parts = LinkedPart.objects.filter(case=dossier.linked_id, procedure_code=dossier.procedure_code)
    parts.update(state=PartState.FILED, reason="", dossier=dossier, changed_at=at)


def promise_whole(dossier: Dossier, *, at: datetime) -> LinkedCase | None:
    """The case of an accepted dossier, if it has one. The acceptance of the first begins the limit of the whole.

    What comes in the last office hour counts from the next working day (vietnam.md T9).
    """
    if not dossier.linked_id:
        return None
    case = LinkedCase.objects.select_for_update().get(pk=dossier.linked_id)
    if case.pk == dossier.pk and case.due_at is None:
        limit = parse_limit(case.version.definition["procedure"]["limit"]["value"])
        begun = dossier.accepted_at or at
        calendar = calendar_of(dossier.agency, on=timezone.localdate(begun))
        case.due_at = due(begun, limit, calendar, last_hour_next_day=True).at
        case.save(update_fields=["due_at"])
    return case


def receipt_facts(dossier: Dossier) -> dict[str, Any]:
    """What form 01 of the first dossier says of the whole: code, due date, all parts; empty for any other dossier."""
    if not dossier.linked_id or dossier.linked_id != dossier.pk:
        return {}
    case = LinkedCase.objects.select_related("version").get(pk=dossier.linked_id)
    titles = {it.name: it.title["vi"] for it in linked_members(case.version)}
    parts = case.parts.select_related("dossier__agency", "dossier__version", "draft__version")
    rows = [_receipt_row(it, titles[it.member], on=timezone.localdate(case.submitted_at)) for it in parts]
    due_at = local(case.due_at).replace(tzinfo=None).isoformat(timespec="minutes") if case.due_at else None
    return {"linked": {"code": case.code, "due_at": due_at, "parts": rows}}


def _receipt_row(part: LinkedPart, name: str, *, on: date) -> dict[str, str]:
    made = part.dossier or getattr(part, "draft", None)
    if made is None:
        return {"name": name, "agency": "", "limit": ""}
    agency = made.agency if isinstance(made, Dossier) else deciding_agency(made.answers, on=on)
    limit = made.version.definition["procedure"]["limit"]["text"]["vi"]
    return {"name": name, "agency": agency.name if agency else "", "limit": limit}
