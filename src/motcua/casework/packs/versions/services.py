"""Acts on drafts of versions. One transaction and one journal entry an act."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import get_language

from motcua.casework.dossiers.models import Draft
from motcua.casework.packs.exporting import files_of_version
from motcua.casework.packs.models import OPEN, VersionDraft
from motcua.casework.packs.rules.draft_files import NAMES, check_bounds, files_of
from motcua.casework.packs.rules.skeleton import New, new_files
from motcua.casework.packs.versions.checking import check_files
from motcua.casework.packs.versions.errors import (
    BaseChanged,
    DayIsOver,
    DayTooEarly,
    HasErrors,
    NoNote,
    NoSuchVersion,
    NothingAskedFor,
    NothingChanged,
    ProcedureExists,
    ReviewedByEditor,
    StaleDraft,
    WrongState,
)
from motcua.casework.packs.versions.policies import keeps, kept_by
from motcua.casework.packs.versions.publishing import gives, publication_of
from motcua.casework.process.services import publish_definition
from motcua.foundation.journal.services import Happening, record
from motcua.foundation.kernel.actors import Actor
from motcua.foundation.kernel.errors import NotFound, Refused
from motcua.foundation.kernel.text import clean
from motcua.foundation.ui.formats import format_date
from motcua.registry.catalogue.models import Procedure, ProcedureVersion
from motcua.registry.catalogue.selectors import find_version
from motcua.registry.catalogue.services import (
    locked_versions,
    procedure_id,
    publish_decided,
    withdraw_version,
)

_State = VersionDraft.State


@transaction.atomic
def start_draft(*, actor: Actor, code: str, number: int | None = None, at: datetime) -> VersionDraft:
    """A draft with the content of the version in force, or of the version `number`: a former one is an undo.

    It will replace the version in force, or the first that is announced where none is. Raises NotFound for a procedure
    the actor does not keep, NoSuchVersion.
    """
    procedure = _kept_procedure(actor, code)
    base = find_version(code, at=timezone.localdate(at))
    base = base or ProcedureVersion.objects.filter(procedure=code, valid_to=None).first()
    content = base if number is None else procedure.versions.filter(number=number).first()
    if not content:
        raise NoSuchVersion
    former = content if base and content.pk != base.pk else None
    draft = VersionDraft(code=code, publisher=procedure.publisher, base=base, restores=former)
    draft.files = text_of(content)
    return _begin(actor, draft, at)


@transaction.atomic
def start_new(*, actor: Actor, new: New, publisher: str = "", at: datetime) -> VersionDraft:
    """A draft of a procedure's first version: of one that has no version yet, listed or not in the catalogue at all.

    Raises Refused for a publisher whose catalogue the actor does not keep, ProcedureExists.
    """
    known = Procedure.objects.filter(pk=new.code).first()
    if not keeps(actor, known.publisher if known else publisher):
        raise Refused
    if ProcedureVersion.objects.filter(procedure=new.code).exists():
        raise ProcedureExists
    draft = VersionDraft(code=new.code, publisher=known.publisher if known else publisher)
    draft.files = new_files(new)
    return _begin(actor, draft, at)


def _begin(actor: Actor, draft: VersionDraft, at: datetime) -> VersionDraft:
    draft.author_id, draft.editors = actor.account, [actor.account]
    draft.began_at = draft.changed_at = at
    draft.save(force_insert=True)
    facts = {"replaces": draft.base.number if draft.base else 0}
    if draft.restores:
        facts["restores"] = draft.restores.number
    _record("procedure.draft_begun", actor, draft, at, facts)
    return draft


def text_of(version: ProcedureVersion) -> dict[str, str]:
    """As its author wrote it, comments and all, where that alone gives the same version; else written anew."""
    kept = files_of_version(version).files
    written = {name: kept[name] for name in NAMES if name in kept}
    if gives(written, version):
        return written
    return files_of(version.definition, version.result_template)


@dataclass(frozen=True, slots=True)
class About:
    """What an author says about a change, beside the files."""

    note: str = ""
    day: date | None = None
    backdating: str = ""


@dataclass(frozen=True, slots=True)
class Change:
    """What an author saves. `revision`: of the page that was shown; None leaves a value as it is; `day` None in
    `about`: from the day of the publication on."""

    revision: int
    files: Mapping[str, str] | None = None
    about: About | None = None


@transaction.atomic
def save_draft(*, actor: Actor, draft_id: UUID, change: Change, at: datetime) -> VersionDraft:
    """Keep what was changed, right or wrong. A change ends a review and an approval; who made it does not review it.

    The same again changes nothing. Raises NotFound, StaleDraft, WrongState once it is published or given up, BadFile
    for what is too long or has a name of no file.
    """
    draft = _locked(actor, draft_id, change.revision, *OPEN)
    if change.files is not None:
        check_bounds(change.files)
    before = (draft.files, draft.note, draft.valid_from, draft.backdating)
    if change.files is not None:
        draft.files = dict(change.files)
    if change.about:
        draft.note, draft.valid_from = clean(change.about.note)[:500], change.about.day
        draft.backdating = clean(change.about.backdating)[:500]
    if before != (draft.files, draft.note, draft.valid_from, draft.backdating):
        _changed(actor, draft, _State.DRAFT, at)
        if actor.account not in draft.editors:
            draft.editors = [*draft.editors, actor.account]
        draft.save()
        _record("procedure.draft_saved", actor, draft, at)
    return draft


@transaction.atomic
def rebase_draft(*, actor: Actor, draft_id: UUID, revision: int, at: datetime) -> VersionDraft:
    """Let the draft replace the version that is in force on its day by now. Its files stay; what differs is shown anew.

    Raises NotFound, StaleDraft, WrongState.
    """
    draft = _locked(actor, draft_id, revision, *OPEN)
    replaced = find_replaced(draft, at)
    if (replaced and replaced.pk) != draft.base_id:
        draft.base = replaced
        _changed(actor, draft, _State.DRAFT, at)
        if actor.account not in draft.editors:
            draft.editors = [*draft.editors, actor.account]
        draft.save()
        _record("procedure.draft_rebased", actor, draft, at, {"replaces": replaced.number if replaced else 0})
    return draft


@transaction.atomic
def send_draft(*, actor: Actor, draft_id: UUID, revision: int, at: datetime) -> VersionDraft:
    """Put the draft before a second person. Warnings do not hinder, errors do.

    Raises NotFound, StaleDraft, WrongState, NoNote, HasErrors, NothingChanged, BaseChanged, DayIsOver, DayTooEarly.
    """
    draft = _locked(actor, draft_id, revision, _State.DRAFT, _State.SENT_BACK)
    if not draft.note:
        raise NoNote
    _check(draft, at)
    draft.asked_for = ""
    _changed(actor, draft, _State.IN_REVIEW, at)
    draft.save()
    _record("procedure.draft_sent", actor, draft, at)
    return draft


@dataclass(frozen=True, slots=True)
class Verdict:
    """A reviewer's. `asked_for`: what is to be changed, where it is not approved."""

    revision: int
    is_approved: bool
    asked_for: str = ""


@transaction.atomic
def review_draft(*, actor: Actor, draft_id: UUID, verdict: Verdict, at: datetime) -> VersionDraft:
    """Let the draft pass as it was shown, or send it back.

    Raises NotFound, StaleDraft, WrongState when another was faster, ReviewedByEditor, NothingAskedFor, and as
    `send_draft` where something changed since.
    """
    draft = _locked(actor, draft_id, verdict.revision, _State.IN_REVIEW)
    if actor.account in draft.editors:
        raise ReviewedByEditor
    asked_for = clean(verdict.asked_for)[:1000]
    if verdict.is_approved:
        _check(draft, at)
    elif not asked_for:
        raise NothingAskedFor
    _changed(actor, draft, _State.APPROVED if verdict.is_approved else _State.SENT_BACK, at)
    draft.asked_for = "" if verdict.is_approved else asked_for
    draft.reviewer_id, draft.reviewed_at = actor.account, at
    draft.save()
    kind = "procedure.draft_approved" if verdict.is_approved else "procedure.draft_sent_back"
    _record(kind, actor, draft, at)
    return draft


@transaction.atomic
def publish_draft(*, actor: Actor, draft_id: UUID, revision: int, at: datetime) -> ProcedureVersion:
    """Publish an approved draft for its day, or for today. Dossiers that exist keep the version of their filing.

    Raises NotFound, StaleDraft, WrongState, BaseChanged, DayIsOver, DayTooEarly, HasErrors.
    """
    draft = _locked(actor, draft_id, revision, _State.APPROVED)
    # Nobody else publishes for this procedure between the look at what is in force and the new version.
    locked_versions(draft.code)
    _check(draft, at)
    day = draft.valid_from or timezone.localdate(at)
    publication = publication_of(draft, day)
    process = publication.definition["process"]
    publish_definition(code=draft.code, digest=publication.digest, content=process)
    version = publish_decided(actor=actor, publication=publication, at=at)
    draft.version, draft.published_by_id = version, actor.account
    _changed(actor, draft, _State.PUBLISHED, at)
    draft.save()
    return version


@transaction.atomic
def give_up_draft(*, actor: Actor, draft_id: UUID, revision: int, at: datetime) -> VersionDraft:
    """Close a draft that will not be published; it stays to be read. Raises NotFound, StaleDraft, WrongState."""
    draft = _locked(actor, draft_id, revision, *OPEN)
    _changed(actor, draft, _State.WITHDRAWN, at)
    draft.save()
    _record("procedure.draft_given_up", actor, draft, at)
    return draft


@transaction.atomic
def withdraw_announced(
    *, actor: Actor, code: str, number: int, reason: str, at: datetime
) -> ProcedureVersion:
    """Take back a version before its day; the one before goes on. Its draft is closed with it.

    Raises NotFound, NoNote without a reason, NotAnnounced.
    """
    _kept_procedure(actor, code)
    words = clean(reason)[:500]
    if not words:
        raise NoNote
    version = withdraw_version(actor=actor, code=code, number=number, reason=words, at=at)
    VersionDraft.objects.filter(version=version).update(state=_State.WITHDRAWN, changed_at=at)
    return version


def _kept_procedure(actor: Actor, code: str) -> Procedure:
    procedure = Procedure.objects.filter(pk=code).first()
    if not procedure or not keeps(actor, procedure.publisher):
        raise NotFound
    return procedure


def _locked(actor: Actor, draft_id: UUID, revision: int, *states: _State) -> VersionDraft:
    drafts = VersionDraft.objects.select_for_update(of=("self",)).select_related("base")
    draft = drafts.filter(kept_by(actor), pk=draft_id).first()
    if not draft:
        raise NotFound
    if draft.revision != revision:
        raise StaleDraft
    if draft.state not in states:
        raise WrongState
    return draft


def _changed(actor: Actor, draft: VersionDraft, state: _State, at: datetime) -> None:
    """A new revision in a new state; only publishing keeps the review."""
    draft.state, draft.changed_at = state, at
    draft.revision += 1
    if state != _State.PUBLISHED:
        draft.reviewer = draft.reviewed_at = None


def find_replaced(draft: VersionDraft, at: datetime) -> ProcedureVersion | None:
    """The version that is in force on the draft's day, or today for one that counts from an earlier day."""
    today = timezone.localdate(at)
    return find_version(draft.code, at=max(draft.valid_from or today, today))


def is_outdated(draft: VersionDraft, replaced: ProcedureVersion | None) -> bool:
    """Whether another version than the draft's base is in force on its day by now."""
    return (replaced and replaced.pk) != draft.base_id and not _is_first(draft, replaced)


def count_citizen_drafts(version: ProcedureVersion | None) -> int:
    """Applications that were begun under a version and not handed in: their owners are told of the new one."""
    return Draft.objects.filter(version=version).count() if version else 0


def _check(draft: VersionDraft, at: datetime) -> None:
    today = timezone.localdate(at)
    replaced = find_replaced(draft, at)
    if is_outdated(draft, replaced):
        raise BaseChanged
    if draft.valid_from and draft.valid_from < today:
        if not draft.backdating:
            raise DayIsOver(day=_day(draft.valid_from))
        if replaced and draft.valid_from < replaced.valid_from:
            raise DayTooEarly(day=_day(replaced.valid_from))
    findings = check_files(draft.code, draft.files)
    if errors := [it for it in findings if it.level == "error"]:
        raise HasErrors(errors)
    if draft.base and gives(draft.files, draft.base):
        raise NothingChanged


def _is_first(draft: VersionDraft, replaced: ProcedureVersion | None) -> bool:
    """Nothing is in force on its day, and what it was begun from is announced for later."""
    return replaced is None and draft.base is not None and draft.base.valid_to is None


def _day(day: date) -> str:
    return format_date(day, get_language() or "vi")


def _record(
    kind: str, actor: Actor, draft: VersionDraft, at: datetime, facts: Mapping[str, Any] | None = None
) -> None:
    happening = Happening(
        kind=kind,
        object_kind="procedure",
        object_id=procedure_id(draft.code),
        facts={"code": draft.code, "draft": str(draft.pk), "revision": draft.revision, **(facts or {})},
        details={"reason": draft.asked_for} if draft.state == _State.SENT_BACK else None,
    )
    record(actor=actor, happening=happening, at=at)
