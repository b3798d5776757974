"""Supplements whose time is nearly up, or is up: what the timer finds. Each request is one transaction."""

from __future__ import annotations

import logging
from datetime import datetime
from uuid import UUID

from django.db import transaction

from motcua.casework.dossiers.models import Dossier, SupplementRequest
from motcua.casework.dossiers.rules.states import Status
from motcua.casework.dossiers.services.ending import close_overdue
from motcua.casework.dossiers.services.submission import test_fact
from motcua.foundation.journal.services import Happening, record
from motcua.foundation.kernel.actors import SYSTEM
from motcua.foundation.kernel.errors import DomainError

logger = logging.getLogger(__name__)
# A sweep; what it leaves over, the next one finds.
_BATCH = 500


def sweep_supplements(*, at: datetime) -> tuple[int, int]:
    """Warn whom time runs out, close what is overdue; how many of each. Doing it twice changes nothing.

    What cannot be closed is logged by its id and keeps nobody else's waiting.
    """
    waiting = SupplementRequest.objects.filter(
        answered_at=None, due_at__isnull=False, dossier__status=Status.SUPPLEMENT_REQUESTED
    )
    over = waiting.filter(due_at__lte=at).order_by("due_at").values_list("pk", flat=True)[:_BATCH]
    closed = sum(_closed(pk, at=at) for pk in over)
    near = waiting.filter(due_at__gt=at, warn_at__lte=at, warned_at=None).order_by("due_at")
    return sum(warn(pk, at=at) for pk in near.values_list("pk", flat=True)[:_BATCH]), closed


def _closed(request_id: UUID, *, at: datetime) -> bool:
    try:
        return close_overdue(request_id=request_id, at=at) is not None
    except DomainError as error:
        logger.warning("supplement %s cannot be closed: %s", request_id, error.code)
        return False


@transaction.atomic
def warn(request_id: UUID, *, at: datetime) -> bool:
    """Tell the applicant again, once, that what was asked for is still missing; False when they were told."""
    dossier = Dossier.objects.select_for_update(of=("self",)).get(supplements=request_id)
    open_one = SupplementRequest.objects.filter(pk=request_id, answered_at=None, warned_at=None)
    request = open_one.first()
    if not request or not request.due_at or dossier.status != Status.SUPPLEMENT_REQUESTED:
        return False
    open_one.update(warned_at=at)
    record(
        actor=SYSTEM,
        happening=Happening(
            kind="dossier.supplement_warned",
            object_kind="dossier",
            object_id=dossier.id,
            concerns_id=dossier.owner_id,
            facts={
                "request_id": str(request.id),
                "due_at": request.due_at.isoformat(),
                **test_fact(dossier),
            },
        ),
        at=at,
    )
    return True
