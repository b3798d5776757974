"""Alerts as the watch raises them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from motcua.oversight.operations.alerts.evaluating import watch
from motcua.oversight.operations.alerts.selectors import last_look
from motcua.oversight.operations.models import Alert


def make_alert(scope: str, *, at: datetime, rule: str = "late", value: int = 5, **changes: Any) -> Alert:
    """Open and seen at that moment; nobody was told and nobody is (no `escalates_at`)."""
    figures = {"value": value, "days": 3, "hours": 9, "untaken": 1, "waiting": 4, "usual": 20}
    figures |= {"today": 2, "low": 20, "high": 30}
    values = {"severity": "look", "figures": figures, "since": at, "seen_at": at} | changes
    return Alert.objects.create(rule=rule, scope=scope, **values)


def watched(at: datetime, *, failed: tuple[str, ...] = ()) -> list[Alert]:
    """What is open after a look at that moment, at which just these measures could not be read."""
    watch(at=at)
    assert last_look(at=at).failed == failed
    return list(Alert.objects.exclude(state=Alert.State.RESOLVED).order_by("rule", "scope"))
