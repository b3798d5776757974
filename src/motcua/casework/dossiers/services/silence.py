"""When nobody has decided in time, the law does, where a procedure says so (`silence`). By the system, journalled.

Approved: the dossier is finished and its answer returned, the message being the answer (status 10). Refused: it is
stopped (8), as vietnam.md 1.2 has it where the procedure foresees it, by an ending that nobody takes back.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import F

from motcua.casework.dossiers.models import Dossier, Ending
from motcua.casework.dossiers.rules.states import Status
from motcua.casework.dossiers.services.clock import rule_of_silence, worked_minutes
from motcua.casework.dossiers.services.submission import test_fact
from motcua.casework.process.selectors import find_standing
from motcua.casework.process.services import close_process
from motcua.foundation.journal.services import Happening, record
from motcua.foundation.kernel.actors import SYSTEM
from motcua.registry.catalogue.models import VERSION_CONTENT

BATCH = 500
# The ground of an ending by silence; the law itself is named by the procedure.
SILENCE = "silence"
_RUNNING = (Status.ACCEPTED, Status.IN_PROCESS)


def decide_by_silence(*, at: datetime) -> int:
    """Do what the law makes of every silence that lasted too long; how many. Each in its own transaction."""
    silent = Dossier.objects.filter(status__in=_RUNNING, stopped_at=None, silent_at__lt=at)
    ids = list(silent.order_by("silent_at").values_list("pk", flat=True)[:BATCH])
    return sum(_decide(pk, at=at) for pk in ids)


@transaction.atomic
def _decide(dossier_id: UUID, *, at: datetime) -> bool:
    """False when somebody was faster: whoever locks the dossier first decides."""
    related = Dossier.objects.select_for_update(of=("self",)).select_related("version__procedure", "agency")
    dossier = related.defer(*VERSION_CONTENT).get(pk=dossier_id)
    rule, over = rule_of_silence(dossier), dossier.silent_at
    if not rule or not over or over >= at or dossier.stopped_at or dossier.status not in _RUNNING:
        return False
    is_approved = rule.means == "approved"
    status = Status.RETURNED if is_approved else Status.STOPPED
    standing = find_standing(dossier.id)
    closed = close_process(standing, at=at) if standing else []
    if not is_approved:
        Ending.objects.create(
            dossier=dossier,
            kind=Ending.Kind.SILENCE,
            ground=SILENCE,
            status=dossier.status,
            tokens=[str(it) for it in closed],
            made_at=at,
        )
    # It counts from the moment when the time was over, not from that of the job.
    ended = {"finished_at": over, "returned_at": at} if is_approved else {}
    Dossier.objects.filter(pk=dossier.pk).update(
        status=status, revision=F("revision") + 1, updated_at=at, last_move=None, **ended
    )
    facts = {"status": int(status), "means": rule.means, "due_at": over.isoformat(), **test_fact(dossier)}
    if is_approved and (worked := worked_minutes(dossier, until=over)) is not None:
        facts["worked_minutes"] = worked
    happening = Happening("dossier.silence", "dossier", dossier.id, concerns_id=dossier.owner_id, facts=facts)
    record(actor=SYSTEM, happening=happening, at=at)
    return True
