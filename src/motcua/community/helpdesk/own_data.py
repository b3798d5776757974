"""What this room holds about people, and how its readings are told them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from motcua.community.helpdesk.models import CallRequest
from motcua.community.helpdesk.services import erase_calls_of
from motcua.registry.people.contributions import (
    PersonalData,
    register_mover,
    register_personal_data,
    register_reading,
)


def export_calls(person_id: UUID) -> list[dict[str, Any]]:
    names = (
        "number",
        "name",
        "phone",
        "about",
        "wish",
        "asked_at",
        "due_at",
        "state",
        "tries",
        "closed_at",
        "outcome",
    )
    return [
        dict(row)
        for row in CallRequest.objects.filter(person_id=person_id).order_by("asked_at").values(*names)
    ]


def move_calls(gone: UUID, kept: UUID) -> int:
    return CallRequest.objects.filter(person_id=gone).update(person_id=kept)


def register() -> None:
    register_personal_data(
        PersonalData(
            "calls",
            _("Calls you asked for"),
            export_calls,
            erase_calls_of,
            _("May go at your wish; else they go by themselves."),
            retention="call_back.closed",
        )
    )
    register_mover("calls", move_calls)
    register_reading("call.read", lambda facts: _("Opened your request to be called"))
