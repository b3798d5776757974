"""Due dates as they are stored with a dossier. Pure."""

from __future__ import annotations

from typing import Any

from motcua.foundation.worktime.deadlines import Due
from motcua.foundation.worktime.history import History


def due_steps(promise: Due | History) -> list[dict[str, Any]]:
    """The arithmetic as JSON: code, begins and ends (ISO 8601 with offset), params."""
    return [
        {
            "code": str(step.code),
            "begins": step.begins.isoformat(),
            "ends": step.ends.isoformat(),
            "params": dict(step.params),
        }
        for step in promise.steps
    ]
