"""Jobs of the room. Each may run twice without harm."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.utils import timezone
from procrastinate.contrib.django import app

from motcua.foundation.kernel.jobs import repeats
from motcua.foundation.kernel.retention import load_rules
from motcua.registry.people import answering, contacts, own_data


@app.task(name="people.finish_contact_change", retry=5)
def finish_contact_change(change_id: str) -> None:
    contacts.finish_waiting(UUID(change_id), at=timezone.now())


@app.task(name="people.make_export", retry=5)
def make_export(request_id: str) -> None:
    answering.make_export(UUID(request_id), at=timezone.now())


@repeats("people.forget", cron="10 19 * * *")  # 02:10 in Việt Nam, before the sweep of unused files
def forget(timestamp: int) -> None:
    """Archives and addresses of changes whose time is over."""
    rules, now = load_rules(settings.RETENTION_FILE), timezone.now()
    if before := rules["personal_data.export"].before(now):
        own_data.drop_old_exports(before=before)
    if before := rules["contact_change.begun"].before(now):
        contacts.forget_old_changes(before=before)
