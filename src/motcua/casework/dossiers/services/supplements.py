"""What is missing is asked for once, all of it (form 02), and the applicant brings it; the clock stands still between.

Source: Decree 61/2018/NĐ-CP art. 15(3), 19(4), kept by Decree 118/2025/NĐ-CP; vietnam.md 1.2, T1, T5.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import get_language
from procrastinate.contrib.django import app as jobs

from motcua.casework.dossiers.errors import (
    AskedBefore,
    DossierMoved,
    MoreAsked,
    NothingAsked,
    NothingBrought,
    NotOffered,
    PaperEnded,
    TooManyPapers,
)
from motcua.casework.dossiers.forms import component_names, form_of
from motcua.casework.dossiers.models import (
    Component,
    Dossier,
    OfficialDocument,
    SupplementPaper,
    SupplementRequest,
)
from motcua.casework.dossiers.offering import DECIDES_WHERE
from motcua.casework.dossiers.policies import readable, supplementable
from motcua.casework.dossiers.questions import list_supplement_papers
from motcua.casework.dossiers.rules.states import ACTS, Status
from motcua.casework.dossiers.services.acting import Acting, Target, acting, finish, not_here
from motcua.casework.dossiers.services.clock import answer_due, clock_changes, send_back_by
from motcua.casework.dossiers.services.corrected import Correction, Row, case_after, check_corrected, correct
from motcua.casework.dossiers.services.papers import form_head, next_form_number, party
from motcua.casework.dossiers.services.reusing import Reuse, is_usable, list_reusable
from motcua.casework.dossiers.services.settings import setting_of
from motcua.casework.dossiers.services.terms import supplement_terms
from motcua.casework.forms.rules.definition import Field, FormDefinition, in_language
from motcua.casework.process.selectors import find_standing
from motcua.casework.process.services import pause_process, resume_process
from motcua.casework.warehouse.services import note_use
from motcua.foundation.files.services import DOSSIER_PAPERS, checked_upload, store_checked
from motcua.foundation.kernel.actors import Actor
from motcua.foundation.kernel.errors import NotFound, Refused
from motcua.foundation.kernel.text import clean
from motcua.foundation.worktime.events import Kind
from motcua.registry.catalogue.models import VERSION_CONTENT
from motcua.registry.organisations.models import Unit
from motcua.registry.organisations.selectors import get_officer, get_reception_unit

MAX_ITEMS, MAX_PAPERS = 40, 10
# No questions whose answers are corrected: papers are handed in, and what is calculated follows.
UNASKED = frozenset({"file", "calculated"})


@dataclass(frozen=True, slots=True)
class Item:
    """`text`: what to complete, in words. `component`: the field of the form that asks for that paper, `field`: the one
    whose answer is to be corrected; neither: any paper. `reason`: why this one, where it is not the reason of all."""

    text: str
    component: str = ""
    field: str = ""
    reason: str = ""


def request_supplement(  # noqa: PLR0913  one keyword for each part of form 02
    *, actor: Actor, target: Target, items: Sequence[Item], reason: str, arose: str = "", at: datetime
) -> SupplementRequest:
    """Ask the applicant for everything that is missing: form 02, status 5, the clock stops, the task waits.

    A second round is only for what has arisen since the first: `arose` says what, and stands on the form.
    Raises NothingAsked without a reason, without an item, or with one that says nothing or names no such field;
    AskedBefore in a second round without `arose`.
    """
    words, new = clean(reason)[:2000], clean(arose)[:1000]
    with acting(code="request-supplement", actor=actor, target=target, at=at) as step:
        asked = _checked_items(step.dossier, items)
        if not words or not asked:
            raise NothingAsked
        is_again = step.dossier.supplements.exists()
        if is_again and not new:
            raise AskedBefore
        new = new if is_again else ""
        document = _form_02(step, asked, words, new)
        request = SupplementRequest.objects.create(
            dossier=step.dossier,
            document=document,
            items=asked,
            reason=words,
            arose=new,
            step=step.task.step,
            task_id=step.task.pk,
            status=step.dossier.status,
            asked_by=actor.person,
            asked_at=at,
            **supplement_terms(step.dossier, at=at),
        )
        pause_process(step.running, at=at)
        step.changes = clock_changes(step.dossier, Kind.STOPPED, at=at)
        step.facts = {
            "request_id": str(request.id),
            "document_id": str(document.id),
            "items": len(asked),
            "round": step.dossier.supplements.count(),
            "due_at": request.due_at.isoformat() if request.due_at else None,
        }
        if (latest := send_back_by(step.dossier)) and at > latest:
            step.facts["late"] = True
        step.details = {"reason": words, **({"arose": new} if new else {})}
        jobs.configure_task("dossiers.render_receipt").defer(document_id=str(document.id))
    return request


def _checked_items(dossier: Dossier, items: Sequence[Item]) -> list[dict[str, str]]:
    fields = form_of(dossier.version).fields
    if len(items) > MAX_ITEMS:
        raise NothingAsked
    rows = []
    for item in items:
        row = asdict(item) | {"text": clean(item.text)[:500], "reason": clean(item.reason)[:500]}
        if not row["text"] or not _can_be_brought(fields, item):
            raise NothingAsked
        rows.append({key: value for key, value in row.items() if value})
    return rows


def _can_be_brought(fields: Mapping[str, Field], item: Item) -> bool:
    """Whether the applicant can answer it: what nobody can answer would hold the dossier for ever."""
    if item.component and item.field:
        return False
    if not item.component and not item.field:
        return True
    asked = fields.get(item.component or item.field)
    return asked is not None and (asked.kind == "file" if item.component else can_be_corrected(asked))


def can_be_corrected(asked: Field) -> bool:
    """Whether an item may be about the answer to this question."""
    # A dossier that is elsewhere's is not corrected, but transferred.
    return asked.kind not in UNASKED and asked.name != DECIDES_WHERE


def _form_02(step: Acting, items: list[dict[str, str]], reason: str, arose: str) -> OfficialDocument:
    """Form 02 as a row; its PDF is made by a job. Source: Circular 03/2025/TT-VPCP, form 02; vietnam.md 1.5."""
    dossier, at = step.dossier, step.at
    unit = get_reception_unit(dossier.agency)
    number = next_form_number(dossier, unit, form="02", prefix="PBS-", at=at)
    content = {
        **form_02(dossier, unit, number, at=at),
        "items": [{"text": item["text"], "reason": item.get("reason", "")} for item in items],
        "arose": arose,
        "reason": reason,
        "officer": get_officer(step.actor.person).full_name,
    }
    edition = dossier.documents.filter(kind=OfficialDocument.Kind.SUPPLEMENT).count() + 1
    return OfficialDocument.objects.create(
        dossier=dossier,
        kind=OfficialDocument.Kind.SUPPLEMENT,
        edition=edition,
        number=number,
        content=content,
        made_at=at,
        made_by=step.actor.person,
    )


def form_02(dossier: Dossier, unit: Unit, number: str, *, at: datetime) -> dict[str, Any]:
    """What form 02 says beside what is asked for, by whom."""
    return {
        **form_head(dossier, unit, number, at=at),
        "desk": f"{unit.name} {dossier.agency.place_name}",
        "applicant": party(dossier.owner_facts or dossier.applicant_facts),
        "procedure": dossier.version.definition["procedure"]["name"]["vi"],
        "phone": unit.telephone,
    }


def find_request(actor: Actor, dossier_id: UUID) -> SupplementRequest:
    """The open request to the acting applicant, or to one who stands at the officer's counter where it was taken in.

    Raises NotFound, also when they may not know of it.
    """
    dossiers = Dossier.objects.filter(supplementable(actor), pk=dossier_id)
    waiting = dossiers.filter(status=Status.SUPPLEMENT_REQUESTED)
    related = SupplementRequest.objects.filter(dossier__in=waiting, answered_at=None)
    request = related.select_related("dossier__version__procedure", "dossier__agency", "document").first()
    if not request:
        raise NotFound
    return request


def add_paper(
    *, actor: Actor, dossier_id: UUID, item: int, upload: UploadedFile, at: datetime
) -> SupplementPaper:
    """Keep a file for one item until everything is sent. The same content twice is kept once.

    Raises NotFound, TooManyPapers, FileRefused.
    """
    request = find_request(actor, dossier_id)
    if not 0 <= item < len(request.items) or request.items[item].get("field"):
        raise NotFound
    with (
        checked_upload(upload=upload, actor=actor, at=at, rules=DOSSIER_PAPERS) as checked,
        transaction.atomic(),
    ):
        if same := kept_before(request, item, checked.sha256):
            return same
        dossier = request.dossier
        stored = store_checked(checked, belongs_to=dossier.id, owner_id=dossier.owner_id)
        return SupplementPaper.objects.create(request=request, item=item, file=stored)


def kept_before(request: SupplementRequest, item: int, sha256: str) -> SupplementPaper | None:
    """The same content kept for this item; the request is locked from here on. Raises NotFound, TooManyPapers."""
    if not _hold(request):
        raise NotFound
    papers = SupplementPaper.objects.filter(request=request, item=item).select_related("file")
    if same := next((it for it in papers if it.file.sha256 == sha256), None):
        return same
    if len(papers) >= MAX_PAPERS:
        raise TooManyPapers(limit=MAX_PAPERS)
    return None


def list_offers(actor: Actor, request: SupplementRequest, *, at: datetime) -> dict[int, list[Reuse]]:
    """What the State has already, by item that asks for a paper of the form. At most two queries, none at a counter."""
    if actor.kind != "citizen":
        return {}
    asked = {index: item["component"] for index, item in enumerate(request.items) if "component" in item}
    found = list_reusable(actor, request.dossier, set(asked.values()), at=at)
    return {index: found[component] for index, component in asked.items()}


@transaction.atomic
def use_again(*, actor: Actor, dossier_id: UUID, item: int, source: str, at: datetime) -> SupplementPaper:
    """Keep a paper that was offered for one item, instead of a file. Twice is once.

    `source`: as `Reuse.source`. Raises NotFound, NotOffered, TooManyPapers.
    """
    request = find_request(actor, dossier_id)
    offered = list_offers(actor, request, at=at).get(item, [])
    chosen = next((it for it in offered if it.source == source), None)
    if not chosen:
        raise NotOffered
    if same := kept_before(request, item, chosen.file.sha256):
        return same
    return SupplementPaper.objects.create(request=request, item=item, **chosen.origin)


@transaction.atomic
def remove_paper(*, actor: Actor, dossier_id: UUID, paper_id: int) -> None:
    """Take a file out again that was not sent yet. Already gone is fine. Raises NotFound."""
    request = find_request(actor, dossier_id)
    if not _hold(request):
        raise NotFound
    SupplementPaper.objects.filter(request=request, pk=paper_id).delete()


def _hold(request: SupplementRequest) -> bool:
    """Whether it is still open; until the transaction ends nobody adds, removes or sends papers beside us."""
    return SupplementRequest.objects.select_for_update().filter(pk=request.pk, answered_at=None).exists()


def supplement(
    *, actor: Actor, dossier_id: UUID, revision: int, answers: Mapping[str, Any], at: datetime
) -> Dossier:
    """Bring what was asked for: the files kept for each item, and the corrected answers; None empties an optional one.

    The dossier goes back to the step that asked, with the whole limit again from now on. Before acceptance its case
    follows the answers; what the form asks under them is asked for too, and kept as items of the request. Raises
    NotFound, Refused, DossierMoved, ForbiddenByLaw, NothingBrought, MoreAsked, AnswersRefused, CaseFixed, PaperEnded.
    """
    with transaction.atomic():
        dossier = lock_own(actor, dossier_id)
        request = open_request(dossier, revision)
        bringing = _bring(dossier, request, answers, at)
        if not bringing.missing:
            _take(actor, bringing, at)
            return dossier
    # Raised when the items that follow from the answers are kept, so that papers can be brought for them.
    error = MoreAsked if any(row.get("follows") for row in bringing.missing) else NothingBrought
    errors = [_told(bringing.correction, row) for row in bringing.missing]
    raise error(missing="; ".join(it["detail"] for it in errors), errors=errors)


def _told(correction: Correction, row: Row) -> dict[str, str]:
    """What is missing, in words, and where a program would send it."""
    if "field" in row:
        path = f"/answers/{row['field']}"
    else:
        path = f"/papers/{row['component'] if 'follows' in row else correction.rows.index(row)}"
    return {"path": path, "code": "required", "detail": row_words(correction.form, row)}


def row_words(form: FormDefinition, row: Row) -> str:
    """An item as the officer wrote it; what follows from an answer as the form asks for it, in the active language."""
    if "follows" not in row:
        return str(row["text"])
    language = (get_language() or "vi").split("-")[0]
    return in_language(form.fields[row.get("component") or row["field"]].label, language)


@dataclass(frozen=True, slots=True)
class _Bringing:
    """What is brought, all checked. `missing`: rows of the request without which nothing is taken."""

    dossier: Dossier
    request: SupplementRequest
    papers: Sequence[SupplementPaper]
    correction: Correction
    case: str
    missing: Sequence[Row]


def open_request(dossier: Dossier, revision: int) -> SupplementRequest:
    """The request that waits for an answer, locked. Raises DossierMoved, ForbiddenByLaw."""
    if dossier.revision != revision:
        raise DossierMoved
    request = SupplementRequest.objects.filter(dossier=dossier, answered_at=None).first()
    if not request or Status(dossier.status) not in ACTS["supplement"].sources or not _hold(request):
        raise not_here(ACTS["supplement"], dossier, to_applicant=True)
    return request


def _bring(
    dossier: Dossier, request: SupplementRequest, answers: Mapping[str, Any], at: datetime
) -> _Bringing:
    """Everything at once: half of it would start the limit anew for an incomplete dossier."""
    papers = _papers_in_force(request, dossier, at)
    correction = correct(dossier, request.items, answers, papers)
    case = case_after(dossier, correction.answers)
    papers = keep_rows(request, correction.rows, papers)
    missing = correction.missing(answers, {paper.item for paper in papers})
    if not missing:
        check_corrected(correction, answers, on=timezone.localdate(at))
    return _Bringing(dossier, request, papers, correction, case, missing)


def keep_rows(
    request: SupplementRequest, rows: list[Row], papers: list[SupplementPaper]
) -> list[SupplementPaper]:
    """Let the request ask for these rows; the papers that still have one."""
    if rows == request.items:
        return papers
    same = {index for index, (old, new) in enumerate(zip(request.items, rows, strict=False)) if old == new}
    request.items = rows
    SupplementRequest.objects.filter(pk=request.pk).update(items=rows)
    SupplementPaper.objects.filter(request=request).exclude(item__in=same).delete()
    return [paper for paper in papers if paper.item in same]


def _take(actor: Actor, bringing: _Bringing, at: datetime) -> None:
    dossier, request = bringing.dossier, bringing.request
    step = Acting(ACTS["supplement"], actor, dossier, find_standing(dossier.id), None, at)
    _enter_papers(request, bringing.papers)
    names = {row["field"] for row in bringing.correction.rows if "field" in row}
    before = {name: dossier.answers.get(name) for name in names}
    dossier.answers, case_before, dossier.case = bringing.correction.answers, dossier.case, bringing.case
    step.changes |= clock_changes(dossier, Kind.RESTARTED, at=at)
    if request.status == Status.SUBMITTED:
        step.changes |= {"answer_by": answer_due(dossier, at=at), "answered_at": None}
    setting = replace(setting_of(dossier, at), latest=step.changes.get("due_at"))
    resume_process(step.running, setting, at=at)
    SupplementRequest.objects.filter(pk=request.pk).update(
        answered_at=at, answered_by=actor.person, before=before
    )
    step.changes |= {"status": request.status, "answers": dossier.answers, "case": dossier.case}
    reused = [paper.file.sha256 for paper in bringing.papers if paper.is_reused]
    note_use([paper.document_id for paper in bringing.papers if paper.document_id])
    states = [paper.reuse_state for paper in bringing.papers]
    step.facts = {
        "request_id": str(request.id),
        "papers": [paper.file.sha256 for paper in bringing.papers],
        **({"reused": reused, "states": states} if reused else {}),
        "corrected": sorted(before),
        **({"case": dossier.case, "case_before": case_before} if dossier.case != case_before else {}),
        "next_step": request.step,
        **({"due_at": step.changes["due_at"].isoformat()} if "due_at" in step.changes else {}),
    }
    finish(step)


def lock_own(actor: Actor, dossier_id: UUID) -> Dossier:
    """The dossier of the applicant, or of who stands at the officer's counter where it was taken in.

    Raises NotFound, Refused for other officers and who may only look.
    """
    related = Dossier.objects.select_for_update(of=("self",)).defer(*VERSION_CONTENT)
    named = related.select_related("version__procedure", "agency__parent").filter(pk=dossier_id)
    dossier = named.filter(supplementable(actor)).first()
    if dossier:
        return dossier
    raise Refused if named.filter(readable(actor)).exists() else NotFound


def _papers_in_force(request: SupplementRequest, dossier: Dossier, at: datetime) -> list[SupplementPaper]:
    """What is kept for the request; a document with the signatures it has by now. Raises PaperEnded."""
    papers = list_supplement_papers(request)
    for paper in papers:
        if not (document := paper.document):
            continue
        if not is_usable(paper, dossier, on=timezone.localdate(at)):
            raise PaperEnded(page="supplement", name=f"{document.name} {document.number}")
        paper.file = document.file
    return papers


def _enter_papers(request: SupplementRequest, papers: Sequence[SupplementPaper]) -> None:
    names = component_names(request.dossier.version)
    Component.objects.bulk_create(
        [
            Component(
                dossier_id=request.dossier_id,
                code=request.items[paper.item].get("component", "supplement"),
                name=names.get(
                    request.items[paper.item].get("component", ""), request.items[paper.item]["text"]
                )[:300],
                file=paper.file,
                supplement=request,
                origin=paper.origin,
                digitisation=paper.reuse_state,
                document_id=paper.document_id,
                earlier_id=paper.earlier_id,
            )
            for paper in papers
        ],
        ignore_conflicts=True,
    )
    SupplementPaper.objects.filter(request=request).delete()
