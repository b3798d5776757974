from __future__ import annotations

import pytest

from motcua.foundation.journal import contributions


@pytest.fixture(autouse=True)
def alone(monkeypatch, settings, tmp_path):
    """No consumer, stamper or maker of another room, and a file of heads of its own."""
    monkeypatch.setattr(contributions, "_consumers", {})
    monkeypatch.setattr(
        contributions, "_single", {"time_stamper": None, "extract_maker": None, "head_sealer": None}
    )
    settings.JOURNAL_HEADS_FILE = tmp_path / "journal" / "heads.jsonl"
