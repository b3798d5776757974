"""Files that callers of the API send ahead, to name them in applications."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction

from motcua.casework.dossiers.models import Upload
from motcua.foundation.files.services import CheckedUpload, as_checked, store_checked
from motcua.registry.access.clients.calls import Caller

# How long it may be named.
KEPT_FOR = timedelta(days=2)
MOST_OF_A_FIELD = 10


@transaction.atomic
def keep_upload(checked: CheckedUpload, *, caller: Caller, at: datetime) -> Upload:
    """Keep a file for the caller's later applications."""
    file = store_checked(checked)
    return Upload.objects.create(client_id=caller.client_id, account_id=caller.account_id, file=file, at=at)


def find_sent_ahead(caller: Caller, named: Any) -> Sequence[CheckedUpload]:
    """The caller's own files with this id or these ids (10 at most), in that order; none unless all are there."""
    names = named if isinstance(named, list) else [named]
    ids = [one for one in map(_id, names[: MOST_OF_A_FIELD + 1]) if one]
    if len(ids) != len(names) or len(ids) > MOST_OF_A_FIELD:
        return ()
    mine = Upload.objects.filter(client=caller.client_id, account_id=caller.account_id, pk__in=ids)
    found = {
        upload.pk: upload.file for upload in mine.select_related("file") if not upload.file.quarantined_at
    }
    return [as_checked(found[one]) for one in ids] if all(one in found for one in ids) else ()


def _id(named: Any) -> UUID | None:
    try:
        return UUID(named)
    except (ValueError, TypeError, AttributeError):
        return None


def forget_uploads(*, at: datetime) -> int:
    """Let go of files older than KEPT_FOR; the sweep of unused files takes those that nothing else uses."""
    return Upload.objects.filter(at__lt=at - KEPT_FOR).delete()[0]
