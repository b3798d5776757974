"""What forms of the room share."""

from __future__ import annotations

from typing import Any

from django import forms


def keep_as_of(form: forms.Form, version: int) -> None:
    """Keep what was typed into a page that had become old; sent again, it counts for what is shown now."""
    sent: Any = form.data
    form.data = sent = sent.copy()
    sent["version"] = str(version)
