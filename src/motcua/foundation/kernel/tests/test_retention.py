"""The rules of retention as the pack states them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.conf import settings

from motcua.foundation.kernel.retention import RetentionRule, load_rules

NOW = datetime(2026, 3, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    "thing",
    [
        *("draft.idle", "dossier.file", "stored_file.quarantined", "stored_file.unused", "journal.detail"),
        *("notification.message", "upload.verification"),
    ],
)
def test_the_pack_has_a_rule_with_its_source(thing):
    rule = load_rules(settings.RETENTION_FILE)[thing]
    assert rule.event
    assert rule.source


def test_a_period_is_over_on_its_last_moment():
    rule = RetentionRule("a", "b", 7, "[M]")
    assert not rule.is_over(NOW, at=NOW + timedelta(days=7, microseconds=-1))
    assert rule.is_over(NOW, at=NOW + timedelta(days=7))


def test_what_has_no_period_is_kept_for_ever():
    assert not RetentionRule("a", "b", None, "[M]").is_over(NOW, at=NOW + timedelta(days=36500))


@pytest.mark.parametrize(
    "row",
    [
        "{thing: a, event: b, days: -1, source: x, note: y}",
        "{thing: a, event: b, days: seven, source: x, note: y}",
        "{thing: a, event: b, days: 7, source: '', note: y}",
        "{thing: a, days: 7, source: x, note: y}",
        "{thing: a, event: b, days: 7, source: x, note: y}\n- {thing: a, event: b, days: 9, source: x, note: y}",
    ],
)
def test_refuses_a_rule_that_is_not_whole(tmp_path, row):
    path = tmp_path / "retention.yaml"
    path.write_text(f"rules:\n- {row}\n")
    with pytest.raises(ValueError, match=r"retention|stands twice|source"):
        load_rules(path)
