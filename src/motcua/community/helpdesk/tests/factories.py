"""Requests, as people make them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from motcua.community.helpdesk.models import CallRequest
from motcua.community.helpdesk.services import NewCall, ask_call
from motcua.foundation.kernel.actors import Actor
from motcua.foundation.kernel.ids import new_id
from motcua.registry.organisations.models import Agency

STRANGER = Actor(kind="anonymous")


def asked(agency: Agency, *, at: datetime, actor: Actor = STRANGER, **changes: Any) -> CallRequest:
    """By a stranger who chose this agency."""
    values = {
        "key": new_id(),
        "name": "Bà Lê Thị Mẫu",
        "phone": "0912 345 678",
        "language": "vi",
        "agency": agency,
    }
    return ask_call(actor=actor, new=NewCall(**(values | changes)), at=at)
