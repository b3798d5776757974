"""The result of a procedure without a template: the officer uploads it as the draft; it is signed like any other."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.core.files.uploadedfile import UploadedFile

from motcua.casework.dossiers.models import OfficialDocument
from motcua.casework.dossiers.services.acting import Target, acting, look_before
from motcua.casework.dossiers.services.papers import keep_uploaded
from motcua.casework.dossiers.services.signing import place_at_foot
from motcua.casework.dossiers.services.tasking import check_all
from motcua.foundation.files.services import UploadRules, checked_upload
from motcua.foundation.kernel.actors import Actor

RESULTS = UploadRules(kinds=frozenset({"pdf"}))


def upload_result(
    *, actor: Actor, target: Target, upload: UploadedFile, checks: Sequence[str], at: datetime
) -> OfficialDocument:
    """Draft the result by uploading it: the act `draft-result`. `checks`: indexes of the checks that were ticked.

    The file is examined before the dossier is locked. Raises FileRefused (not a PDF, harmful, too large), NoRoomToSign,
    ChecksMissing, and ActNotAllowed where the procedure has a template.
    """
    look_before(code="draft-result", actor=actor, target=target)
    with checked_upload(upload=upload, actor=actor, at=at, rules=RESULTS) as checked:
        upload.seek(0)
        place = place_at_foot(upload.read())
        with acting(code="draft-result", actor=actor, target=target, at=at) as step:
            checked_off = check_all(step, checks)
            document = keep_uploaded(step.dossier, checked, place, actor=actor, at=at)
            step.facts = {
                "document_id": str(document.id),
                "edition": document.edition,
                "sha256": document.stored.sha256,
                "checks": checked_off,
                "uploaded": True,
            }
    return document
