"""The legal clock of an accepted dossier: what it counts, and what stops it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils import timezone

from motcua.casework.dossiers.forms import procedure_of
from motcua.casework.dossiers.models import Dossier
from motcua.casework.dossiers.rules.promises import due_steps
from motcua.foundation.worktime.events import Event, Kind
from motcua.foundation.worktime.history import Counting, history
from motcua.foundation.worktime.limits import Limit, parse_limit
from motcua.registry.organisations.selectors import calendar_of


def limit_of(dossier: Dossier) -> Limit:
    """The published limit that holds for the dossier: of its case, else of its procedure."""
    return parse_limit(procedure_of(dossier)["limit"]["value"])


def clock_changes(dossier: Dossier, kind: Kind, *, at: datetime) -> dict[str, Any]:
    """Fields of the dossier after its clock stopped or restarted; nothing before acceptance, when none runs.

    While it stands still, `due_at` keeps the last promise. Source: Decree 61/2018/NĐ-CP art. 19(4); vietnam.md T5, 1.4.
    """
    if dossier.accepted_at is None:
        return {}
    counting = Counting(limit_of(dossier), calendar_of(dossier.agency, on=timezone.localdate(at)))
    return counted_changes(dossier, counting, kind, at=at)


def counted_changes(dossier: Dossier, counting: Counting, kind: Kind, *, at: datetime) -> dict[str, Any]:
    """`clock_changes` by a limit and a calendar that are known. Raises ValueError before acceptance."""
    if dossier.accepted_at is None:
        raise ValueError("no clock runs before acceptance")
    clock = [*dossier.clock, {"kind": str(kind), "at": at.isoformat()}]
    events = [Event(Kind(row["kind"]), datetime.fromisoformat(row["at"])) for row in clock]
    found = history(dossier.accepted_at or at, counting, events, at=at)
    return {"clock": clock, "due_at": found.due_at or dossier.due_at, "due_steps": due_steps(found)}
