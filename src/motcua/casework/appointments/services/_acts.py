"""What all acts share: the queue's lock, its revision, and the entry."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F, Q

from motcua.casework.appointments.models import Queue
from motcua.foundation.journal.services import Happening, record
from motcua.foundation.kernel.actors import Actor
from motcua.foundation.kernel.errors import NotFound


@contextmanager
def changing(queue_id: UUID, may: Q | None = None) -> Iterator[Queue]:
    """Holds the queue's row until the act is committed, and lets boards, phones and counters know.

    `may`: which queues the actor may act on. Raises NotFound. The lock makes acts of one queue follow one another, so
    that who is called next is chosen knowing whom the others called (decision 0045).
    """
    with transaction.atomic():
        queue = Queue.objects.select_for_update().filter(may or Q(), pk=queue_id).first()
        if not queue:
            raise NotFound
        yield queue
        Queue.objects.filter(pk=queue.pk).update(revision=F("revision") + 1)


def tell(actor: Actor, kind: str, about: tuple[str, UUID], at: datetime, **facts: Any) -> None:
    """One entry. `about`: kind and id of the object. Facts are codes and ids, never a name."""
    record(actor=actor, happening=Happening(kind, *about, facts=facts), at=at)
