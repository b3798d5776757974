"""Jobs about jobs. Each may run twice without harm."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from motcua.foundation.kernel.jobs import repeats
from motcua.foundation.kernel.retention import load_rules

_AT_ONCE = 5_000
# Their events go with them.
_ERASE = """
DELETE FROM procrastinate_jobs WHERE id IN (
    SELECT j.id FROM procrastinate_jobs j
    WHERE j.status IN ('succeeded', 'failed', 'cancelled', 'aborted')
      AND (SELECT max(e.at) FROM procrastinate_events e WHERE e.job_id = j.id) < %s
    LIMIT %s)
"""


@repeats("jobs.erase_finished", cron="50 18 * * *")  # 01:50 in Việt Nam
def erase_finished(timestamp: int) -> None:
    """Finished jobs older than the pack's rule says: nothing else removes them."""
    if before := load_rules(settings.RETENTION_FILE)["job.finished"].before(timezone.now()):
        erase_jobs(before=before)


def erase_jobs(*, before: datetime) -> int:
    """Remove jobs that ended before a moment, whether they succeeded or not. Returns how many."""
    erased = 0
    while True:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(_ERASE, [before, _AT_ONCE])
            count: int = cursor.rowcount
        erased += count
        if count < _AT_ONCE:
            return erased
