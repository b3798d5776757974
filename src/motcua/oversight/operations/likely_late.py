"""Dossiers whose remaining steps need more working time than is left: computed by a job into a small table.

One page of an inbox may compute what it shows; a province may not compute all that is under way for every page.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from motcua.casework.dossiers.models import Dossier
from motcua.casework.dossiers.rules.forecast import Open, time_needed
from motcua.casework.dossiers.rules.states import Status
from motcua.casework.process.models import Task
from motcua.casework.process.services import definition_of
from motcua.foundation.worktime.calendars import Calendar
from motcua.foundation.worktime.moments import working_time_between
from motcua.oversight.operations.models import LikelyLate, Watch
from motcua.registry.organisations.selectors import calendar_of

BATCH = 1_000
_MINUTE = timedelta(minutes=1)
_DOSSIER = (
    "id",
    "case",
    "due_at",
    "agency_path",
    "agency__path",
    "agency__calendar_stamp",
)
_TASK = (
    *("subject", "kind", "step", "agency_path", "opened_at", "counted_from", "claimed_by", "claimed_at"),
    *("instance__definition__digest", "instance__definition__code"),
)
_CHANGING = [
    "agency_path",
    "due_at",
    "step",
    "lies_at",
    "officer_id",
    "since",
    "needed_minutes",
    "left_minutes",
]


@transaction.atomic
def look_ahead(*, at: datetime) -> int:
    """Compute what is likely late among all that runs, in place of what was before; how many. Two queries for every
    1,000 dossiers under way. Two at once: the second waits; computed for an earlier moment, nothing is done."""
    Watch.objects.get_or_create(pk="likely_late")
    own = Watch.objects.select_for_update().get(pk="likely_late")
    if own.looked_at and own.looked_at >= at:
        return LikelyLate.objects.count()
    found = list(_likely(at))
    LikelyLate.objects.exclude(pk__in=[it.pk for it in found]).delete()
    LikelyLate.objects.bulk_create(
        found, batch_size=BATCH, update_conflicts=True, unique_fields=["dossier"], update_fields=_CHANGING
    )
    own.looked_at = at
    own.save(update_fields=["looked_at"])
    return len(found)


def _likely(at: datetime) -> Iterator[LikelyLate]:
    left = _Left(at)
    for dossiers in _running(at):
        tasks = Task.objects.filter(subject__in=list(dossiers), completed_at=None, paused_at=None)
        worst: dict[UUID, LikelyLate] = {}
        for task in tasks.select_related("instance__definition").only(*_TASK).order_by("subject", "number"):
            row = _row(dossiers[task.subject], task, left, at)
            before = worst.get(task.subject)
            if row and (not before or row.needed_minutes > before.needed_minutes):
                worst[task.subject] = row
        yield from worst.values()


def _running(at: datetime) -> Iterator[dict[UUID, Dossier]]:
    """What runs and is not overdue, by due date, a batch at a time."""
    running = Dossier.objects.filter(
        status__in=[Status.ACCEPTED, Status.IN_PROCESS], stopped_at=None, is_test=False, due_at__gt=at
    )
    rows = running.select_related("agency").only(*_DOSSIER).order_by("due_at", "id")
    place: Any = Q()
    while batch := list(rows.filter(place)[:BATCH]):
        yield {it.pk: it for it in batch}
        last = batch[-1]
        place = Q(due_at__gt=last.due_at) | Q(due_at=last.due_at, pk__gt=last.pk)


class _Left:
    """Working time left until a moment; many are due at the same one."""

    def __init__(self, at: datetime) -> None:
        self.at = at
        self.known: dict[tuple[datetime, int], timedelta] = {}

    def until(self, due_at: datetime, calendar: Calendar) -> timedelta:
        key = (due_at, id(calendar))
        if key not in self.known:
            self.known[key] = working_time_between(self.at, due_at, calendar)
        return self.known[key]


def _row(dossier: Dossier, task: Task, known: _Left, at: datetime) -> LikelyLate | None:
    process = definition_of(task.instance.definition)
    calendar = calendar_of(dossier.agency, on=timezone.localdate(at))
    assert dossier.due_at is not None  # noqa: S101  what runs without a limit was not asked for
    begun = task.counted_from or task.opened_at
    left = known.until(dossier.due_at, calendar)
    needed = time_needed(
        process, Open(task.step, begun, dossier.due_at, {"case": dossier.case}), calendar, at=at
    )
    # In whole minutes, so that what is shown is what was compared.
    if needed // _MINUTE <= left // _MINUTE:
        return None
    return LikelyLate(
        dossier=dossier,
        agency_path=dossier.agency_path,
        due_at=dossier.due_at,
        step=_names(process.step(task.step).names, task.step),
        lies_at=task.agency_path,
        officer_id=task.claimed_by if task.claimed_at else None,
        since=begun,
        needed_minutes=needed // _MINUTE,
        left_minutes=left // _MINUTE,
    )


def _names(names: Mapping[str, str], code: str) -> dict[str, str]:
    return dict(names) or {"vi": code}
