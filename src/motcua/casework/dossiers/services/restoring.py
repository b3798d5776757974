"""An older version of the draft becomes the current one: as a new version, word for word."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from motcua.casework.dossiers.models import OfficialDocument
from motcua.casework.dossiers.note_errors import DraftOutdated, NothingToRestore
from motcua.casework.dossiers.selectors import get_document
from motcua.casework.dossiers.services.acting import Target, acting
from motcua.casework.dossiers.services.papers import find_draft
from motcua.casework.dossiers.services.tasking import check_all
from motcua.casework.dossiers.versions import is_outdated
from motcua.foundation.kernel.actors import Actor
from motcua.foundation.kernel.errors import NotFound


def drafting_act(draft: OfficialDocument) -> str:
    """The act by which such a draft is made; so it is also restored."""
    return "draft-refusal" if draft.content.get("refusal") else "draft-result"


def restore_draft(
    *, actor: Actor, target: Target, document_id: UUID, checks: Sequence[str] = (), at: datetime
) -> OfficialDocument:
    """Make an older draft the next edition, the same file: the act by which it was drafted, with its checks.

    Raises NotFound for what is no draft of the dossier, NothingToRestore for the current one, DraftOutdated when what
    was declared has changed since, ChecksMissing; and as `acting` does.
    """
    older = get_document(actor, target.dossier_id, document_id)
    if older.kind != OfficialDocument.Kind.DRAFT:
        raise NotFound
    code = drafting_act(older)
    with acting(code=code, actor=actor, target=target, at=at) as step:
        current = find_draft(step.dossier)
        if not current or current.pk == older.pk:
            raise NothingToRestore
        if is_outdated(older):
            raise DraftOutdated
        checked = {"checks": check_all(step, checks)} if code == "draft-result" else {}
        document = OfficialDocument.objects.create(
            dossier=step.dossier,
            kind=older.kind,
            edition=current.edition + 1,
            number=older.number,
            content=older.content,
            made_at=at,
            made_by=actor.person,
            file=older.stored,
            restored_from=older.edition,
        )
        step.facts = {
            "document_id": str(document.id),
            "edition": document.edition,
            "sha256": document.stored.sha256,
            "restored": older.edition,
            **checked,
        }
    return document
