"""Jobs of the queue. Each may run twice without harm."""

from __future__ import annotations

from django.conf import settings
from django.utils import timezone

from motcua.casework.appointments import services
from motcua.casework.appointments.services.keeping import AT_ONCE
from motcua.foundation.kernel.jobs import repeats
from motcua.foundation.kernel.retention import load_rules


@repeats("appointments.remind", cron="*/5 * * * *")
def remind(timestamp: int) -> None:
    """Reminders that are due, and appointments whose holders have not come."""
    while services.send_reminders(at=timezone.now()) >= AT_ONCE:
        pass
    while services.mark_missed(at=timezone.now()) >= AT_ONCE:
        pass


@repeats("appointments.tidy", cron="20 18 * * *")  # 01:20 in Việt Nam
def tidy(timestamp: int) -> None:
    """Yesterday's tickets are over; what was kept long enough goes."""
    while services.leave_yesterdays(today=timezone.localdate(), at=timezone.now()) >= AT_ONCE:
        pass
    now = timezone.now()
    periods = {
        "tickets": load_rules(settings.RETENTION_FILE)["ticket.ended"].before(now),
        "appointments": load_rules(settings.RETENTION_FILE)["appointment.past"].before(now),
        "measures": load_rules(settings.RETENTION_FILE)["queue.measure"].before(now),
    }
    while services.erase_past(**periods, at=now) >= AT_ONCE:
        pass
