"""Jobs of the room. Each may run twice without harm."""

from __future__ import annotations

from django.utils import timezone

from motcua.foundation.kernel.actors import SYSTEM
from motcua.foundation.kernel.jobs import repeats
from motcua.oversight.indicators.freezing import freeze_days as freeze
from motcua.oversight.indicators.publishing import publish_frozen


# From 01:00 to 03:30 in Việt Nam: until the journal is followed to midnight.
@repeats("indicators.freeze_days", cron="*/30 18-20 * * *")
def freeze_days(timestamp: int) -> None:
    now = timezone.now()
    freeze(actor=SYSTEM, until=timezone.localdate(now), at=now)
    publish_frozen(at=now)
