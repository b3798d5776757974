"""Filling in an application: start, save a page, add and remove papers. Nothing typed is lost."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from motcua.casework.dossiers.errors import (
    DraftChanged,
    DraftMissing,
    NothingNewer,
    NotInThisName,
    TooManyPapers,
)
from motcua.casework.dossiers.forms import file_fields, find_newer, form_of
from motcua.casework.dossiers.models import Digitisation, Draft, DraftPaper, PartState
from motcua.casework.dossiers.policies import check_offered, may_apply, own_drafts
from motcua.casework.forms.rules.answers import carried_over
from motcua.foundation.files.services import DOSSIER_PAPERS, CheckedUpload, checked_upload, store_checked
from motcua.foundation.journal.selectors import locked_holds
from motcua.foundation.kernel.actors import Actor, Behalf
from motcua.registry.catalogue.models import ProcedureVersion

MAX_PAPERS = 10


def start_draft(*, actor: Actor, version: ProcedureVersion, at: datetime) -> Draft:
    """A new, empty draft of the acting citizen, in the name they act in.

    Raises DraftMissing for anybody else, NotInThisName, NoLongerOffered.
    """
    if actor.kind != "citizen" or not actor.person_id:
        raise DraftMissing
    check_offered(version)
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


@dataclass(frozen=True, slots=True)
class SentPage:
    """A page as it came back. fields: the names of its questions. seen: digest of what it was shown (`page_digest`),
    "" where the sender does not say. stopped_at: the page where the person goes on, "check" for the last."""

    fields: Collection[str]
    seen: str = ""
    stopped_at: str = ""


@transaction.atomic
def save_answers(
    *,
    actor: Actor,
    draft_id: UUID,
    answers: Mapping[str, Any],
    at: datetime,
    page: SentPage | None = None,
) -> Draft:
    """Keep the answers after a page was sent in, right or wrong.

    `answers`: of the whole form. `page`: only its questions replace what another tab or device may have saved meanwhile
    (None: all). Raises DraftMissing, and DraftChanged when the page's own questions were saved elsewhere since it was
    shown, and differently.
    """
    draft = locked_draft(actor, draft_id)
    if page is None:
        kept = dict(answers)
    else:
        _check_seen(draft, answers, page)
        others = {name: value for name, value in draft.answers.items() if name not in page.fields}
        own = {name: it for name, it in answers.items() if name in page.fields or name not in others}
        kept = others | own
        draft.page = page.stopped_at or draft.page
    draft.answers, draft.updated_at = kept, at
    draft.save(update_fields=["answers", "updated_at", "page"])
    return draft


def page_digest(answers: Mapping[str, Any], fields: Collection[str]) -> str:
    """What the questions of a page hold, in a few figures, for who sends the page back."""
    own = {name: answers[name] for name in sorted(fields) if name in answers}
    return hashlib.sha256(json.dumps(own, sort_keys=True).encode()).hexdigest()[:16]


def _check_seen(draft: Draft, answers: Mapping[str, Any], page: SentPage) -> None:
    stored = page_digest(draft.answers, page.fields)
    if page.seen and stored != page.seen and stored != page_digest(answers, page.fields):
        raise DraftChanged


@transaction.atomic
def renew_draft(*, actor: Actor, draft_id: UUID, at: datetime) -> Draft:
    """Take a draft over into the version of its procedure that is valid now, with all answers that fit there.

    An answer fits when the new form asks the same question in the same way; papers stay with the questions that stay.
    Raises DraftMissing, NothingNewer, NotInThisName.
    """
    draft = locked_draft(actor, draft_id)
    newer = find_newer(draft.version, at=at)
    if not newer:
        raise NothingNewer
    if not may_apply(actor, newer):
        raise NotInThisName
    before, form = form_of(draft.version), form_of(newer)
    draft.answers = carried_over(before, form, draft.answers)
    draft.version, draft.page, draft.updated_at = newer, form.pages[0].name, at
    draft.save(update_fields=["version", "answers", "page", "updated_at"])
    draft.papers.exclude(component__in=file_fields(form)).delete()
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
    Digitisation.objects.filter(subject=draft_id).delete()


def discard_idle_drafts(*, before: datetime) -> int:
    """Throw away drafts that nobody saved since `before`, unless a legal hold lies on draft or person.

    Their papers go with the next sweep of unused files. Returns how many.
    """
    with transaction.atomic():
        # One that is being saved at this moment is locked, and not idle.
        drafts = Draft.objects.select_for_update(skip_locked=True, of=("self",))
        # A part of a linked case is held for as long as what it waits for takes.
        idle = drafts.filter(updated_at__lt=before).exclude(part__state=PartState.WAITING)
        held_by = {draft.id: {draft.id, draft.applicant_id, draft.owner_id} for draft in idle}
        kept = locked_holds([key for keys in held_by.values() for key in keys])
        gone = [draft for draft, keys in held_by.items() if not kept & keys]
        Digitisation.objects.filter(subject__in=gone).delete()
        Draft.objects.filter(pk__in=gone).delete()
    return len(gone)
