"""Time stamps on the latest head: it covers all before it, so an authority that was down leaves no hole."""

from __future__ import annotations

import hashlib
import logging
from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection

from motcua.foundation.journal import heads
from motcua.foundation.journal.contributions import time_stamper
from motcua.foundation.journal.models import Batch, Stamp

log = logging.getLogger(__name__)
OVERDUE = timedelta(minutes=10)


def is_stamp_overdue(at: datetime) -> bool:
    """Whether a batch has waited for its time stamp ten minutes longer than it should; False without an authority."""
    if time_stamper() is None:
        return False
    stamped = Stamp.objects.order_by("-batch_id").values_list("batch_id", flat=True).first() or 0
    first = Batch.objects.filter(number__gt=stamped).order_by("number").first()
    allowed = OVERDUE + timedelta(seconds=settings.JOURNAL_STAMP_EVERY_SECONDS)
    return first is not None and at - first.sealed_at > allowed


class Stamper:
    """Stamps the latest head. Keep one for a process, so that an authority that is down is said once."""

    def __init__(self) -> None:
        self._is_down = False

    def stamp(self) -> bool:
        """Ask the time stamper for a token on the latest head. True when one was stored.

        False without a time stamper, without new batches, or when the authority gave no good token; whatever it
        raises is logged once until it works again. Holds no transaction while it waits for the authority.
        """
        stamper = time_stamper()
        batch = Batch.objects.order_by("-number").first()
        if stamper is None or batch is None or Stamp.objects.filter(batch_id__gte=batch.number).exists():
            return False
        head = bytes(batch.head)
        if not connection.in_atomic_block:
            connection.close()
        try:
            token = stamper.stamp(head)
            facts = stamper.check(token, head)
        except Exception as error:
            if not self._is_down:
                log.warning("time_stamp_failed error=%s", type(error).__name__)
            self._is_down = True
            return False
        if self._is_down:
            log.info("time_stamps_again")
        self._is_down = False
        # Another follower may have been quicker.
        Stamp.objects.bulk_create(
            [Stamp(batch_id=batch.number, token=token, made_at=facts.at)], ignore_conflicts=True
        )
        stored = bytes(Stamp.objects.get(pk=batch.number).token)
        if stored == token and not connection.in_atomic_block:
            heads.note_stamp(batch.number, hashlib.sha256(token).digest())
        return True
