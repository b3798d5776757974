"""Whether a dossier under way will probably be late, for officers. The arithmetic: `rules.forecast`."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone

from motcua.casework.dossiers.models import Dossier
from motcua.casework.dossiers.rules.forecast import Open, is_likely_late
from motcua.casework.process.models import Token
from motcua.casework.process.rules.model import Definition
from motcua.casework.process.services import Standing
from motcua.registry.organisations.selectors import calendar_of


def likely_late(dossier: Dossier, task: Token, process: Definition, *, at: datetime) -> bool:
    """Whether what remains after this task may take longer than is left; never while the clock stands still."""
    if not dossier.due_at or dossier.finished_at or dossier.stopped_at or task.paused_at:
        return False
    begun = task.counted_from or task.opened_at
    outlook = Open(task.step, begun, dossier.due_at, {"case": dossier.case})
    calendar = calendar_of(dossier.agency, on=timezone.localdate(at))
    return is_likely_late(process, outlook, calendar, at=at)


def any_late(dossier: Dossier, standing: Standing | None, *, at: datetime) -> bool:
    """`likely_late` for any of its open tasks."""
    tasks = standing.tasks if standing else []
    return any(likely_late(dossier, it, standing.definition, at=at) for it in tasks if standing)
