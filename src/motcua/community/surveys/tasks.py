"""Jobs of the room. Each may run twice without harm."""

from __future__ import annotations

from django.conf import settings
from django.utils import timezone
from procrastinate.contrib.django import app

from motcua.community.surveys.services import asking, cases, keeping
from motcua.foundation.kernel.retention import load_rules


@app.periodic(cron="*/15 * * * *")
@app.task(name="surveys.ask", queueing_lock="surveys.ask")
def ask(timestamp: int) -> None:
    asking.ask_all(at=timezone.now())


@app.periodic(cron="5-55/10 * * * *")
@app.task(name="surveys.escalate", queueing_lock="surveys.escalate")
def escalate(timestamp: int) -> None:
    cases.escalate_late(at=timezone.now())


@app.periodic(cron="40 19 * * *")  # 02:40 in Việt Nam
@app.task(name="surveys.tidy", queueing_lock="surveys.tidy")
def tidy(timestamp: int) -> None:
    now = timezone.now()
    while cases.close_replied(at=now):
        pass
    if before := load_rules(settings.RETENTION_FILE)["survey.answer"].before(now):
        while keeping.erase_words(before=before, at=now):
            pass
