"""Reading tasks. Permission is in the query: the actor's roles below their agency paths."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Q, QuerySet

from motcua.casework.process.models import Instance, ProcessDefinition, Task, Token
from motcua.casework.process.rules.model import Step
from motcua.casework.process.services import Standing, definition_of
from motcua.foundation.kernel.actors import Actor
from motcua.foundation.kernel.chunks import of_many
from motcua.foundation.kernel.paths import below

# The content of a definition is read once a process, by `definition_of`.
_WITH_INSTANCE = "instance__definition"
_WITHOUT_CONTENT = "instance__definition__content"
# What an inbox shows of a task.
_ROW = [
    "kind",
    "subject",
    "step",
    "role",
    "act",
    "unit_id",
    "agency_path",
    "opened_at",
    "counted_from",
    "due_at",
    "claimed_by",
    "claimed_at",
    "paused_at",
    "instance__definition__digest",
    "instance__definition__code",
]
# Whose tasks an inbox shows: what the actor can do now; what they have; all of their roles; what waits for citizens.
VIEWS = ("", "mine", "unit", "waiting")


def _for_actor(actor: Actor) -> QuerySet[Task]:
    """Open tasks of the actor's roles below their paths."""
    mine = Q(pk__in=[])
    for role, path in actor.grants:
        mine |= Q(role=role) & below("agency_path", path)
    for one in actor.delegations:
        if one.procedures:  # a process has the code of its procedure
            codes = Q(instance__definition__code__in=one.procedures)
            mine |= Q(codes, role=one.right) & below("agency_path", one.path)
    return Task.objects.filter(mine, completed_at=None)


def may_do(actor: Actor) -> Q:
    """Of the tasks of the actor's roles: theirs, or nobody's and of no other unit than theirs."""
    free = Q(claimed_by=None) & (Q(unit_id=None) | Q(unit_id=actor.unit_id))
    return free | Q(claimed_by=actor.person_id)


def can_do(actor: Actor, task: Token, procedure: str) -> bool:
    """The same of one task: its role is the actor's there, own or lent, and nobody else has it."""
    if not actor.is_officer or not _holds(actor, task, procedure):
        return False
    if task.claimed_by:
        return task.claimed_by == actor.person_id
    return task.unit_id is None or task.unit_id == actor.unit_id


def _holds(actor: Actor, task: Token, procedure: str) -> bool:
    lent = actor.delegated(task.role, task.agency_path, procedure)
    return actor.holds(task.role, task.agency_path) or lent is not None


def elsewhere(actor: Actor, roles: Iterable[str]) -> QuerySet[Any]:
    """Subjects with an open task at an agency of the actor's that does not decide about them."""
    return _elsewhere(actor, roles).filter(completed_at=None).values("subject")


def find_timed_out(actor: Actor, roles: Iterable[str], subject: UUID) -> tuple[Token, Step] | None:
    """The last task about this subject at an agency of the actor's that does not decide about it, and its step, if the
    step's timer ended it."""
    tasks = _elsewhere(actor, roles).filter(subject=subject).order_by("-opened_at", "-number")
    task = tasks.select_related("instance__definition").first()
    if not task or not task.completed_at:
        return None
    step = definition_of(task.instance.definition).step(task.step)
    return (task, step) if task.outcome in {timer.name for timer in step.timers} else None


def _elsewhere(actor: Actor, roles: Iterable[str]) -> QuerySet[Token]:
    places = Q(pk__in=[])
    for path in actor.scopes(*roles):
        places |= below("agency_path", path)
    return Token.objects.filter(places, is_elsewhere=True)


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


def view_of(actor: Actor, name: str) -> Q:
    """The condition of one of VIEWS; an unknown one is the first."""
    if name == "waiting":
        return Q(paused_at__isnull=False)
    going = Q(paused_at=None)
    if name == "mine":
        return going & Q(claimed_by=actor.person_id)
    if name == "unit":
        return going & (Q(unit_id=None) | Q(unit_id=actor.unit_id))
    return going & may_do(actor)


def count_open_tasks(actor: Actor, moments: Moments, *, condition: Q) -> DueCounts:
    """How many open tasks of the actor's roles meet the condition, by due date. One query."""
    rows = _for_actor(actor).filter(condition).values_list("due_at")
    try:
        tasks, values = rows.query.sql_with_params()
    except EmptyResultSet:
        return DueCounts(0, 0, 0, 0, 0)
    now, today, soon = moments.now, moments.today_ends, moments.soon_ends
    with connection.cursor() as cursor:
        cursor.execute(_COUNTS % tasks, [now, now, today, today, soon, soon, *values])
        return DueCounts(*cursor.fetchone())


# By the bounds of `Moments`; written out, as Django takes four times as long to make it of its expressions.
_COUNTS = """
SELECT count(*), count(*) FILTER (WHERE due_at < %%s), count(*) FILTER (WHERE due_at >= %%s AND due_at <= %%s),
       count(*) FILTER (WHERE due_at > %%s AND due_at <= %%s), count(*) FILTER (WHERE due_at > %%s)
  FROM (%s) AS tasks
"""


def count_tasks(actor: Actor, condition: Q) -> int:
    """How many open tasks of the actor's roles meet the condition. One query."""
    return _for_actor(actor).filter(condition).count()


def list_open_tasks(
    actor: Actor, *, condition: Q, after: tuple[datetime, UUID] | None, limit: int
) -> list[Task]:
    """Open tasks of the actor's roles, nearest due date first; `after` is the last row of the page before."""
    return _page(_for_actor(actor).filter(condition), after, limit)


def list_tasks_where(condition: Q, *, after: tuple[datetime, UUID] | None, limit: int) -> list[Task]:
    """The same of all open tasks: who may see them is the condition's to say."""
    return _page(Task.objects.filter(condition, completed_at=None), after, limit)


def _page(tasks: QuerySet[Task], after: tuple[datetime, UUID] | None, limit: int) -> list[Task]:
    if after:
        moment, last = after
        tasks = tasks.filter(Q(due_at__gt=moment) | Q(due_at=moment, pk__gt=last))
    # Only the rows of the page are joined with their processes.
    page = Task.objects.filter(pk__in=tasks.order_by("due_at", "pk").values("pk")[:limit])
    related = page.select_related(_WITH_INSTANCE).only(*_ROW)
    return sorted(related, key=lambda it: (it.due, it.pk))


def list_open_steps(actor: Actor) -> list[tuple[str, Mapping[str, str]]]:
    """The steps at which tasks of the actor's roles are open: code, names by language; each once. Two queries."""
    found = (
        _for_actor(actor).order_by("step", "instance__definition").values_list("step", "instance__definition")
    )
    pairs = list(found.distinct()[:200])
    stored = ProcessDefinition.objects.defer("content")
    definitions = stored.in_bulk({definition for _, definition in pairs})
    names = {
        step: definition_of(definitions[definition]).step(step).names for step, definition in reversed(pairs)
    }
    return sorted(names.items())


def find_standing(subject: UUID) -> Standing | None:
    """Where the subject's process stands; None when none runs. One query, of a chunk one for all."""
    return _standing(subject)


@of_many
def _standing(subjects: Sequence[UUID]) -> dict[UUID, Standing]:
    tokens = Token.objects.filter(subject__in=subjects, completed_at=None).select_related(_WITH_INSTANCE)
    found: dict[UUID, Standing] = {}
    for token in sorted(tokens.defer(_WITHOUT_CONTENT), key=lambda it: (it.subject, it.number)):
        standing = found.setdefault(token.subject, Standing(token.instance, []))
        token.instance = standing.instance
        standing.tokens.append(token)
    return found


def list_tasks(subject: UUID) -> list[Task]:
    """All tasks of a subject, oldest first."""
    tasks = Task.objects.filter(subject=subject).select_related(_WITH_INSTANCE).defer(_WITHOUT_CONTENT)
    return sorted(tasks, key=lambda it: (it.opened_at, it.number))


def find_public_words(subject: UUID) -> Mapping[str, str]:
    """The words for the citizen of the last step reached that has some, by language. One query."""
    found = Instance.objects.filter(subject=subject).select_related("definition").defer("definition__content")
    instance = found.first()
    if not instance or not instance.public_step:
        return {}
    return definition_of(instance.definition).nodes[instance.public_step].public


def get_token(token_id: UUID) -> Token | None:
    return Token.objects.filter(pk=token_id).first()
