"""Reading tasks. Permission is in the query: the actor's roles below their agency paths."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from motcua.casework.process.models import Task
from motcua.foundation.kernel.actors import Actor


def _for_actor(actor: Actor) -> QuerySet[Task]:
    mine = Q(pk__in=[])
    for role, path in actor.grants:
        mine |= Q(role=role, agency_path__startswith=path)
    for one in actor.delegations:
        if one.procedures:  # a process has the code of its procedure
            codes = Q(instance__definition__code__in=one.procedures)
            mine |= Q(codes, role=one.right, agency_path__startswith=one.path)
    return Task.objects.filter(mine, completed_at=None)


@dataclass(frozen=True, slots=True)
class DueCounts:
    everything: int
    overdue: int
    today: int
    soon: int
    later: int


@dataclass(frozen=True, slots=True)
class Moments:
    """Instants that part the inbox: now, the end of today, the end of the second working day from now."""

    now: datetime
    today_ends: datetime
    soon_ends: datetime

    def bounds(self, name: str) -> Q:
        return {
            "overdue": Q(due_at__lt=self.now),
            "today": Q(due_at__gte=self.now, due_at__lte=self.today_ends),
            "soon": Q(due_at__gt=self.today_ends, due_at__lte=self.soon_ends),
            "later": Q(due_at__gt=self.soon_ends),
        }.get(name, Q())


def count_open_tasks(actor: Actor, moments: Moments, *, condition: Q) -> DueCounts:
    """How many open tasks the actor may do that meet the condition, by due date. One query."""
    rows = (
        _for_actor(actor)
        .filter(condition)
        .aggregate(
            everything=Count("pk"),
            **{
                name: Count("pk", filter=moments.bounds(name))
                for name in ("overdue", "today", "soon", "later")
            },
        )
    )
    return DueCounts(**rows)


def list_open_tasks(
    actor: Actor, *, condition: Q, after: tuple[datetime, UUID] | None, limit: int
) -> list[Task]:
    """Open tasks the actor may do, nearest due date first; `after` is the last row of the page before."""
    tasks = _for_actor(actor).filter(condition)
    if after:
        moment, last = after
        tasks = tasks.filter(Q(due_at__gt=moment) | Q(due_at=moment, pk__gt=last))
    return list(tasks.order_by("due_at", "pk")[:limit])


def find_open_task(subject: UUID) -> Task | None:
    tasks = Task.objects.filter(subject=subject, completed_at=None)
    return tasks.select_related("instance__definition").first()


def list_tasks(subject: UUID) -> list[Task]:
    """All tasks of a subject, oldest first."""
    return list(
        Task.objects.filter(subject=subject)
        .select_related("instance__definition")
        .order_by("opened_at", "pk")
    )


def open_steps(subjects: Iterable[UUID]) -> dict[UUID, str]:
    """The step each subject stands at."""
    return dict(
        Task.objects.filter(subject__in=list(subjects), completed_at=None).values_list("subject", "step")
    )
