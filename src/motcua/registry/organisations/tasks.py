"""Jobs of this room. Each may run twice without harm."""

from __future__ import annotations

from uuid import UUID

from django.utils import timezone
from procrastinate.contrib.django import app

from motcua.registry.organisations.services import officers


@app.task(name="organisations.end_rights", retry=5)
def end_rights(officer_id: str, path: str) -> None:
    officers.end_rights(officer_id=UUID(officer_id), path=path, at=timezone.now())
