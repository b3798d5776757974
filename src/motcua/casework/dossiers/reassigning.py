"""What lies with each officer, for who leads: to be moved when somebody leaves or is away.

The acts are those of single tasks, assigning and handing back, done by `services.bulk_acts`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Count, Min, Q
from django.utils import timezone

from motcua.casework.dossiers.inboxes import InboxRow, inbox_rows
from motcua.casework.dossiers.models import OfficialDocument
from motcua.casework.dossiers.rules.states import Status
from motcua.casework.process.models import Task
from motcua.casework.process.selectors import list_tasks_where
from motcua.foundation.kernel.actors import Actor
from motcua.foundation.kernel.errors import NotFound
from motcua.foundation.kernel.places import place_token, read_place
from motcua.registry.access.policies import within
from motcua.registry.organisations.models import Absence, Holding, Officer, valid_on

PAGE = 50
# An agency has some hundred officers; a province is looked at agency by agency.
_MOST_OFFICERS = 200


@dataclass(frozen=True, slots=True)
class Load:
    """How much lies with an officer. `away_until`: the first day they are back, None for who is there;
    `has_left`: they hold no post today."""

    officer: Officer
    tasks: int
    first_due: datetime | None
    away_until: date | None
    has_left: bool


def _led(actor: Actor) -> Q:
    """Tasks at agencies where the actor says who does what."""
    return within("agency_path", actor.scopes("leader"))


def list_loads(actor: Actor, *, at: datetime) -> list[Load]:
    """Officers with whom open tasks lie that the actor may move; who left or is away first. Four queries."""
    open_ones = Task.objects.filter(_led(actor), completed_at=None, claimed_by__isnull=False)
    counted = open_ones.values("claimed_by").annotate(tasks=Count("pk"), first_due=Min("due_at"))
    rows = {it["claimed_by"]: it for it in counted.order_by("-tasks", "claimed_by")[:_MOST_OFFICERS]}
    officers, today = Officer.objects.in_bulk(rows), timezone.localdate(at)
    posted = set(Holding.objects.filter(valid_on(today), officer__in=rows).values_list("officer", flat=True))
    away = dict(
        Absence.objects.filter(
            officer__in=rows, valid_from__lte=today, valid_to__gt=today, withdrawn_at=None
        ).values_list("officer", "valid_to")
    )
    loads = [
        Load(officer, rows[pk]["tasks"], rows[pk]["first_due"], away.get(pk), pk not in posted)
        for pk, officer in officers.items()
    ]
    return sorted(loads, key=lambda it: (not it.has_left, it.away_until is None, it.officer.full_name))


def list_tasks_of(
    actor: Actor, officer_id: UUID, *, after: str = "", limit: int = PAGE
) -> tuple[Officer, list[InboxRow], str]:
    """An officer's open tasks that the actor may move, and those nobody took in which their draft lies; nearest due
    date first, and the token of the next page ("" on the last). Three queries. Raises NotFound.
    """
    officer = Officer.objects.filter(pk=officer_id).first()
    if not officer or not actor.scopes("leader"):
        raise NotFound
    theirs = _led(actor) & (Q(claimed_by=officer_id) | _drafted_by(officer_id))
    tasks = list_tasks_where(theirs, after=read_place(after), limit=limit + 1)
    more, tasks = len(tasks) > limit, tasks[:limit]
    if not tasks and not _works_for(actor, officer):
        raise NotFound
    token = place_token(tasks[-1].due, tasks[-1].pk) if more else ""
    return officer, inbox_rows(tasks), token


def _works_for(actor: Actor, officer: Officer) -> bool:
    """Whether they hold or held a post where the actor leads; of others not even the name is told."""
    posts = Holding.objects.filter(within("post__unit__agency__path", actor.scopes("leader")))
    return posts.filter(officer=officer).exists()


def _drafted_by(officer_id: UUID) -> Q:
    """Tasks that nobody took, of dossiers under way for which the officer drafted a result."""
    drafts = OfficialDocument.objects.filter(kind=OfficialDocument.Kind.DRAFT, made_by=officer_id)
    under_way = drafts.filter(dossier__status=Status.IN_PROCESS).values("dossier")
    return Q(act="complete-task", claimed_by=None, subject__in=under_way)


def count_tasks_of(officer_id: UUID) -> int:
    """How many open tasks lie with an officer, wherever. One query, by an index."""
    return Task.objects.filter(claimed_by=officer_id, completed_at=None).count()
