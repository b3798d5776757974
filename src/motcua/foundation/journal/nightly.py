"""The nightly verification: what is new since the last one, everything once a week."""

from __future__ import annotations

import logging
from dataclasses import asdict
from datetime import datetime, timedelta

from motcua.foundation.journal.models import Verification
from motcua.foundation.journal.selectors import last_position
from motcua.foundation.journal.verification import verify_journal

log = logging.getLogger(__name__)
EVERYTHING_EVERY = timedelta(days=7)
FAULTS_KEPT = 100


def verify_and_keep(*, at: datetime) -> Verification:
    """Verify from the last verified position on, or everything, and keep what was found.

    Everything is read when a week has passed since that was last done, and as long as there are faults. At most
    the first 100 faults are kept; `motcua journal verify` lists all.
    """
    first, last = _first_position(at), last_position()
    report = verify_journal(from_position=first)
    if report.fault_count:
        log.error("journal_not_whole faults=%s", report.fault_count)
    return Verification.objects.create(
        at=at,
        first_position=first,
        last_position=last,
        fault_count=report.fault_count,
        faults=[asdict(fault) for fault in report.faults[:FAULTS_KEPT]],
        unchecked=report.unchecked,
    )


def _first_position(at: datetime) -> int:
    runs = Verification.objects.order_by("-at", "-id")
    latest = runs.first()
    # A minute less than a week: the job does not begin to the second.
    whole_week = runs.filter(first_position=1, at__gt=at - EVERYTHING_EVERY + timedelta(minutes=1)).exists()
    return 1 if latest is None or latest.fault_count or not whole_week else latest.last_position + 1
