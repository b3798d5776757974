"""Jobs of disposition. Each may run twice without harm."""

from __future__ import annotations

from uuid import UUID

from django.utils import timezone
from procrastinate.contrib.django import app

from motcua.casework.disposal import services
from motcua.foundation.kernel.jobs import AGAIN, repeats


@repeats("disposal.make_lists", cron="30 18 * * 0")  # Monday, 01:30 in Việt Nam
def make_lists(timestamp: int) -> None:
    """Every week: what the schedule lets go is put on lists; nothing is erased by that. A list that was approved and
    not carried out to its end is taken up again."""
    services.make_lists(at=timezone.now())
    for list_id in services.list_unfinished():
        services.carry_out(list_id, at=timezone.now())


@app.task(name="disposal.carry_out", retry=AGAIN)
def carry_out(list_id: str) -> None:
    services.carry_out(UUID(list_id), at=timezone.now())
