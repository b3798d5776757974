"""What becomes of the parts of a linked case when what they wait for is there, or ended otherwise.

Called for every act that may change it, in the transaction of who follows the journal; the case's row is locked, so
that each part is submitted once, whoever comes first and however often it is tried.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from motcua.casework.dossiers.errors import DraftIncomplete, PaperEnded
from motcua.casework.dossiers.forms import draft_papers, file_fields, find_newer, form_of, open_pages
from motcua.casework.dossiers.models import (
    Dossier,
    Draft,
    DraftPaper,
    LinkedCase,
    LinkedPart,
    Origin,
    PartState,
)
from motcua.casework.dossiers.rules.linked import STOP, Member, answers_for, awaited, carried_again
from motcua.casework.dossiers.rules.states import Status
from motcua.casework.dossiers.services.intake import keep_ticked
from motcua.casework.dossiers.services.linked_cases import linked_members, own_questions
from motcua.casework.dossiers.services.submission import enter_dossier, papers_in_force
from motcua.casework.forms.rules.answers import carried_over
from motcua.casework.warehouse.models import Document
from motcua.casework.warehouse.selectors import find_document_of
from motcua.foundation.journal.services import Happening, record
from motcua.foundation.kernel.actors import SYSTEM, Actor
from motcua.foundation.kernel.errors import NotFound

_ENDED = {
    Status.REFUSED: "refused",
    Status.WITHDRAWN: "withdrawn",
    Status.STOPPED: "stopped",
}
# The person does not want the part any more; the draft of a part is gone.
LEFT_OUT, LOST = "left_out", "lost"
INCOMPLETE = "incomplete"


@dataclass(frozen=True, slots=True)
class Met:
    """How what a member waits for stands: `ending` of the first that ended otherwise; documents of all that are there;
    `waits` while one is still being handled."""

    waits: bool = False
    ending: str = ""
    documents: Mapping[str, Document] = field(default_factory=dict)


@transaction.atomic
def advance(case_id: UUID, *, at: datetime) -> list[Dossier]:
    """Submit every part whose results are there, and stop or release those that nothing will come for.

    Doing it again changes nothing. Gives the new dossiers.
    """
    case = LinkedCase.objects.select_for_update(of=("self",)).select_related("version").get(pk=case_id)
    parts = {it.member: it for it in case.parts.select_related("dossier")}
    made = []
    for member in linked_members(case.version):
        part = parts.get(member.name)
        if part and _may_move(part):
            dossier = _move(part, member, _met(member, parts, at), at)
            made += [dossier] if dossier else []
    return made


def _may_move(part: LinkedPart) -> bool:
    """A stop of the agency can be taken back, and with it what followed from it; nothing else."""
    return part.state == PartState.WAITING or (part.state == PartState.STOPPED and part.reason == "stopped")


def _met(member: Member, parts: Mapping[str, LinkedPart], at: datetime) -> Met:
    documents: dict[str, Document] = {}
    waits = False
    for name in awaited(member, parts):
        ending, document = _outcome(parts[name], at)
        if ending:
            return Met(ending=ending)
        waits |= document is None
        if document:
            documents[name] = document
    return Met(waits=waits, documents=documents)


def _outcome(part: LinkedPart, at: datetime) -> tuple[str, Document | None]:
    """How a part ended without a result, or its result; neither while it goes on."""
    if part.dossier is None:
        return ("stopped" if part.state == PartState.STOPPED else ""), None
    status = Status(part.dossier.status)
    if status in _ENDED:
        return _ENDED[status], None
    if status not in {Status.FINISHED, Status.RETURNED}:
        return "", None
    document = find_document_of(part.dossier.pk)
    if part.dossier.is_declined or document is None:
        return "refused", None
    if document.ended_as and document.replaced_by:
        document = document.replaced_by
    return ("revoked", None) if document.state_on(timezone.localdate(at)) != "valid" else ("", document)


def _move(part: LinkedPart, member: Member, met: Met, at: datetime) -> Dossier | None:
    if met.ending and member.on(met.ending) == STOP:
        _change(part, PartState.STOPPED, met.ending, at=at)
        return None
    if met.waits:
        _change(part, PartState.WAITING, "", at=at)
        return None
    return _submit(part, member, met, at)


def _submit(part: LinkedPart, member: Member, met: Met, at: datetime) -> Dossier | None:
    """Submit the part with what is there; where that does not suffice, it becomes the person's to complete."""
    related = ("version__procedure", "applicant", "owner_person", "owner_organisation")
    drafts = Draft.objects.select_for_update(of=("self",)).select_related(*related)
    draft = drafts.filter(part=part).first()
    if not draft:
        _change(part, PartState.STOPPED, LOST, at=at)
        return None
    _pass_on(draft, member, met.documents, at)
    draft.part = part
    dossier = None if met.ending else _entered(draft, at)
    if not dossier:
        Draft.objects.filter(pk=draft.pk).update(is_held=False, page=draft.page, updated_at=at)
        _change(part, PartState.YOURS, met.ending or INCOMPLETE, at=at)
    return dossier


def _pass_on(draft: Draft, member: Member, documents: Mapping[str, Document], at: datetime) -> None:
    """Put answers and papers of results into a held draft, in the version of its procedure that is in force now."""
    if newer := find_newer(draft.version, at=at):
        draft.answers = carried_over(form_of(draft.version), form_of(newer), draft.answers)
        draft.version = newer
        draft.papers.exclude(component__in=file_fields(form_of(newer))).delete()
    results = {name: _facts(it) for name, it in documents.items()}
    fresh = answers_for(member, own_questions(draft.version), {}, results)
    draft.answers = carried_again(member, draft.answers, fresh)
    draft.save(update_fields=["answers", "version"])
    for component, name in member.papers.items():
        if name in documents and component in file_fields(form_of(draft.version)):
            document = documents[name]
            DraftPaper.objects.get_or_create(
                draft=draft,
                component=component,
                file=document.file,
                defaults={"origin": Origin.WAREHOUSE, "document": document, "added_at": at},
            )


def _facts(document: Document) -> dict[str, str]:
    """What of a result can be passed on as an answer: `rules.linked.OF_RESULT`."""
    return {
        "number": document.number,
        "issued_on": timezone.localdate(document.issued_at).isoformat(),
        "code": document.verification_code,
    }


def _entered(draft: Draft, at: datetime) -> Dossier | None:
    """The dossier of a complete draft; None, with the page to go on at, where something is missing."""
    try:
        papers = papers_in_force(draft, at)
        if pages := open_pages(draft, draft_papers(draft, papers), at=at):
            raise DraftIncomplete(page=pages[0])
        dossier = enter_dossier(draft, papers, actor=SYSTEM, at=at)
    except (DraftIncomplete, PaperEnded) as error:
        draft.page = str(error.fields.get("page", ""))
        return None
    keep_ticked(dossier, draft)
    draft.delete()
    return dossier


def _change(part: LinkedPart, state: PartState, reason: str, *, at: datetime, actor: Actor = SYSTEM) -> None:
    """Note where a part stands now, and tell it; where it stood already nothing happens."""
    if (part.state, part.reason) == (state, reason):
        return
    case = part.case
    part.state, part.reason, part.changed_at = state, reason, at
    part.save(update_fields=["state", "reason", "changed_at"])
    facts = {"member": part.member, "procedure": part.procedure_code, "state": str(state)}
    happening = Happening(
        kind="dossier.part_changed",
        object_kind="dossier",
        object_id=case.id,
        concerns_id=case.owner_id,
        facts=facts | ({"reason": reason} if reason else {}) | ({"test": True} if case.is_test else {}),
    )
    record(actor=actor, happening=happening, at=at)


@transaction.atomic
def leave_out(*, actor: Actor, case_id: UUID, member: str, at: datetime) -> None:
    """The person does not want a part that is no dossier yet. Left out before is fine.

    `actor`: somebody who may act in the case, as the caller made sure. Raises NotFound when it is a dossier already.
    """
    case = LinkedCase.objects.select_for_update(of=("self",)).get(pk=case_id)
    part = case.parts.filter(member=member).exclude(state=PartState.FILED).first()
    if not part:
        raise NotFound
    Draft.objects.filter(part=part).delete()
    if part.state != PartState.STOPPED:
        _change(part, PartState.STOPPED, LEFT_OUT, at=at, actor=actor)
