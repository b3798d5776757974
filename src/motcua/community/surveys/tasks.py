"""Jobs of the room. Each may run twice without harm."""

from __future__ import annotations

from django.conf import settings
from django.utils import timezone

from motcua.community.surveys.services import asking, cases, keeping
from motcua.foundation.kernel.jobs import repeats
from motcua.foundation.kernel.retention import load_rules


@repeats("surveys.ask", cron="*/15 * * * *")
def ask(timestamp: int) -> None:
    asking.ask_all(at=timezone.now())


@repeats("surveys.escalate", cron="5-55/10 * * * *")
def escalate(timestamp: int) -> None:
    cases.escalate_late(at=timezone.now())


@repeats("surveys.tidy", cron="40 19 * * *")  # 02:40 in Việt Nam
def tidy(timestamp: int) -> None:
    now = timezone.now()
    while cases.close_replied(at=now):
        pass
    if before := load_rules(settings.RETENTION_FILE)["survey.answer"].before(now):
        while keeping.erase_words(before=before, at=now):
            pass
