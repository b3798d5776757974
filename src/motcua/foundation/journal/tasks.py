"""Jobs of the journal. Each may run twice without harm."""

from __future__ import annotations

from django.conf import settings
from django.utils import timezone

from motcua.foundation.journal.nightly import verify_and_keep
from motcua.foundation.journal.services import Erasure, erase_details
from motcua.foundation.kernel.actors import SYSTEM
from motcua.foundation.kernel.jobs import repeats
from motcua.foundation.kernel.retention import load_rules


# Half past two at night in Vietnam: the schedule is in UTC.
@repeats("verification.nightly", cron="30 19 * * *")
def verify(timestamp: int) -> None:
    verify_and_keep(at=timezone.now())


@repeats("journal.retention", cron="10 19 * * *")  # 02:10 in Việt Nam
def retention(timestamp: int) -> None:
    """Personal details older than the pack's rule says; entries and seals stay."""
    now = timezone.now()
    if before := load_rules(settings.RETENTION_FILE)["journal.detail"].before(now):
        erase_details(actor=SYSTEM, erasure=Erasure(before=before), at=now)
