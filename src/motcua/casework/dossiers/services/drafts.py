"""Filling in an application: start, save a page, add and remove papers. Nothing typed is lost."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from motcua.casework.dossiers.errors import DraftMissing, NotInThisName, TooManyPapers
from motcua.casework.dossiers.models import Draft, DraftPaper
from motcua.casework.dossiers.policies import may_apply, own_drafts
from motcua.foundation.files.services import DOSSIER_PAPERS, CheckedUpload, checked_upload, store_checked
from motcua.foundation.journal.selectors import locked_holds
from motcua.foundation.kernel.actors import Actor, Behalf
from motcua.registry.catalogue.models import ProcedureVersion

MAX_PAPERS = 10


def start_draft(*, actor: Actor, version: ProcedureVersion, at: datetime) -> Draft:
    """A new, empty draft of the acting citizen, in the name they act in.

    Raises DraftMissing for anybody else, NotInThisName.
    """
    if actor.kind != "citizen" or not actor.person_id:
        raise DraftMissing
    if not may_apply(actor, version):
        raise NotInThisName
    behalf = actor.behalf or Behalf(person_id=actor.person_id)
    return Draft.objects.create(
        applicant_id=actor.person_id,
        owner_person_id=behalf.person_id,
        owner_organisation_id=behalf.organisation_id,
        version=version,
        updated_at=at,
    )


def locked_draft(actor: Actor, draft_id: UUID) -> Draft:
    """The actor's own draft, locked in the caller's transaction. Raises DraftMissing."""
    draft = Draft.objects.select_for_update(of=("self",)).filter(own_drafts(actor), pk=draft_id).first()
    if not draft:
        raise DraftMissing
    return draft


@transaction.atomic
def save_answers(
    *,
    actor: Actor,
    draft_id: UUID,
    answers: Mapping[str, Any],
    at: datetime,
    page: Collection[str] | None = None,
) -> Draft:
    """Keep the answers after a page was sent in, right or wrong.

    `answers`: of the whole form. `page`: the names of the page's fields; only these replace what another tab or
    device may have saved meanwhile (None: all). Raises DraftMissing.
    """
    draft = locked_draft(actor, draft_id)
    if page is None:
        kept = dict(answers)
    else:
        others = {name: value for name, value in draft.answers.items() if name not in page}
        kept = others | {name: value for name, value in answers.items() if name in page or name not in others}
    draft.answers, draft.updated_at = kept, at
    draft.save(update_fields=["answers", "updated_at"])
    return draft


def add_paper(
    *, actor: Actor, draft_id: UUID, component: str, upload: UploadedFile, at: datetime
) -> DraftPaper:
    """Add a file for a component. The same content twice is kept once.

    The file is examined before the draft is locked. Raises DraftMissing, TooManyPapers, FileRefused.
    """
    if not Draft.objects.filter(own_drafts(actor), pk=draft_id).exists():
        raise DraftMissing
    with checked_upload(upload=upload, actor=actor, at=at, rules=DOSSIER_PAPERS) as checked:
        return _keep_paper(actor, draft_id, component, checked, at)


@transaction.atomic
def _keep_paper(
    actor: Actor, draft_id: UUID, component: str, checked: CheckedUpload, at: datetime
) -> DraftPaper:
    draft = locked_draft(actor, draft_id)
    papers = DraftPaper.objects.filter(draft=draft, component=component).select_related("file")
    for paper in papers:
        if paper.file.sha256 == checked.sha256:
            return paper
    if len(papers) >= MAX_PAPERS:
        raise TooManyPapers(limit=MAX_PAPERS)
    stored = store_checked(checked, belongs_to=draft.id, owner_id=draft.owner_id)
    return DraftPaper.objects.create(draft=draft, component=component, file=stored, added_at=at)


@transaction.atomic
def remove_paper(*, actor: Actor, draft_id: UUID, paper_id: int) -> None:
    """Take a file out of a draft. Already gone is fine. Raises DraftMissing."""
    DraftPaper.objects.filter(draft=locked_draft(actor, draft_id), pk=paper_id).delete()


@transaction.atomic
def discard_draft(*, actor: Actor, draft_id: UUID) -> None:
    """Throw a draft away, with its papers. Raises DraftMissing."""
    locked_draft(actor, draft_id).delete()


def discard_idle_drafts(*, before: datetime) -> int:
    """Throw away drafts that nobody saved since `before`, unless a legal hold lies on draft or person.

    Their papers go with the next sweep of unused files. Returns how many.
    """
    with transaction.atomic():
        # One that is being saved at this moment is locked, and not idle.
        idle = Draft.objects.select_for_update(skip_locked=True).filter(updated_at__lt=before)
        held_by = {draft.id: {draft.id, draft.applicant_id, draft.owner_id} for draft in idle}
        kept = locked_holds([key for keys in held_by.values() for key in keys])
        gone = [draft for draft, keys in held_by.items() if not kept & keys]
        Draft.objects.filter(pk__in=gone).delete()
    return len(gone)
