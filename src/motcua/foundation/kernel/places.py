"""Where a page of a list ends, as a token that is opaque to who gets it (keyset paging)."""

from __future__ import annotations

import base64
import binascii
from datetime import datetime
from uuid import UUID


def place_token(moment: datetime, key: UUID) -> str:
    """The place of a row in a list that is ordered by a time and a key."""
    return base64.urlsafe_b64encode(f"{moment.isoformat()}_{key}".encode()).decode().rstrip("=")


def read_place(token: str) -> tuple[datetime, UUID] | None:
    """The place a token stands for; None for what is none."""
    try:
        text = base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True).decode()
        moment, _, last = text.partition("_")
        after, key = datetime.fromisoformat(moment), UUID(last)
    except (ValueError, binascii.Error):
        return None
    return (after, key) if after.tzinfo else None
