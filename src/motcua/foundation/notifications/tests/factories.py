"""Messages as they are written, and gates that answer as they are told."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction

from motcua.foundation.kernel.ids import new_id
from motcua.foundation.notifications.models import Message
from motcua.foundation.notifications.services.notifying import Notice, Recipient, notify

HANOI = ZoneInfo("Asia/Ho_Chi_Minh")
MORNING = datetime(2026, 3, 10, 9, 0, tzinfo=HANOI)
NIGHT = datetime(2026, 3, 10, 22, 30, tzinfo=HANOI)


def mother(**changes: Any) -> Recipient:
    return replace(Recipient(new_id(), email="nhung@example.org", phone="0912 345 678"), **changes)


def notice(**changes: Any) -> Notice:
    plain = Notice(
        purpose="tested",
        source_key=f"test:{new_id()}",
        context={"name": "Nguyễn Thị Hồng Nhung", "title": "Khai sinh"},
        link="/dossiers/1/",
        reference="H44.04894-260310-0001",
        agency_path="/H44/H44.25/",
    )
    return replace(plain, **changes)


def told(recipient: Recipient | None = None, *, at: datetime = MORNING, **changes: Any) -> dict[str, Message]:
    """What one notice wrote, by channel."""
    with transaction.atomic():
        written = notify(recipient=recipient or mother(), notice=notice(**changes), at=at)
    return {message.channel: message for message in written}
