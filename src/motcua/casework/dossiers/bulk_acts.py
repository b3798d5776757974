"""Reading acts on many dossiers: what a list's choice means, what one officer's act became."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, Q

from motcua.casework.dossiers.errors import DossierMoved
from motcua.casework.dossiers.models import BulkAct, BulkActItem, Dossier
from motcua.casework.dossiers.policies import can_act, listed
from motcua.casework.dossiers.rules.states import ACTS, Status, is_allowed
from motcua.casework.dossiers.services.acting import not_here
from motcua.casework.dossiers.services.bulk_acts import Chosen
from motcua.casework.process.models import Token
from motcua.foundation.kernel.actors import Actor
from motcua.foundation.kernel.errors import DomainError, NotFound, Refused
from motcua.registry.access.clients.calls import Caller
from motcua.registry.catalogue.models import VERSION_CONTENT

State = BulkActItem.State


@dataclass(frozen=True, slots=True)
class Line:
    """A chosen dossier as it is now. `task`: None where the list showed none, or it is done."""

    chosen: Chosen
    dossier: Dossier
    task: Token | None


def list_chosen(actor: Actor, chosen: Sequence[Chosen]) -> list[Line]:
    """What the actor may know of, in the order chosen, each once. Two queries, for officers four at most."""
    dossiers = known_dossiers(actor, {one.dossier_id for one in chosen})
    tasks = Token.objects.filter(completed_at=None, kind=Token.Kind.TASK)
    related = tasks.select_related("instance__definition").defer("instance__definition__content")
    found = related.in_bulk({one.task_id for one in chosen if one.task_id})
    each = {(one.dossier_id, one.task_id): one for one in chosen}
    return [
        Line(one, dossiers[one.dossier_id], _of(dossiers[one.dossier_id], one, found))
        for one in each.values()
        if one.dossier_id in dossiers
    ]


def _of(dossier: Dossier, one: Chosen, tasks: dict[UUID, Token]) -> Token | None:
    task = tasks.get(one.task_id) if one.task_id else None
    return task if task and task.subject == dossier.pk else None


def known_dossiers(actor: Actor, ids: Collection[UUID]) -> dict[UUID, Dossier]:
    """Those of the dossiers that the actor may read, by the parts of a list, which go by their indexes."""
    if not ids:
        return {}
    related = Dossier.objects.select_related("version__procedure", "agency")
    rows = related.defer(*VERSION_CONTENT, "search_text", "due_steps", "clock")
    return {it.pk: it for part in listed(actor).parts for it in rows.filter(part, pk__in=ids)}


def forecast(actor: Actor, act: str, line: Line) -> DomainError | None:
    """Why the act would be refused as things stand, as far as the rows know; None where nothing speaks against it."""
    wanted, dossier, task = ACTS[act], line.dossier, line.task
    if dossier.revision != line.chosen.revision or (line.chosen.task_id and not task):
        return DossierMoved()
    kind = task.act if task else next(iter(wanted.needs), None)
    if not is_allowed(wanted, status=Status(dossier.status), kind=kind):
        return not_here(wanted, dossier)
    if task and not can_act(actor, wanted, dossier, task):
        return Refused()
    return None


def get_bulk_act(actor: Actor, bulk_id: UUID, *, caller: Caller | None = None) -> BulkAct:
    """The officer's own, or the program's, with `waiting`, `done` and `refused` counted. Raises NotFound."""
    mine = Q(account=actor.account_id) if actor.is_officer else Q(account=None)
    if caller:
        mine &= Q(client=caller.client_id)
    elif not actor.is_officer:
        raise NotFound
    states = {state.value: Count("items", filter=Q(items__state=state)) for state in State}
    bulk = BulkAct.objects.filter(mine, pk=bulk_id).annotate(**states).first()
    if not bulk:
        raise NotFound
    return bulk


def list_bulk_acts(actor: Actor) -> list[BulkAct]:
    """The officer's latest five, newest first."""
    mine = BulkAct.objects.filter(account=actor.account_id).exclude(account=None)
    return list(mine.order_by("-made_at", "-id")[:5])


def list_items(
    bulk: BulkAct, *, state: str = "", after: int = -1, limit: int
) -> tuple[list[BulkActItem], int | None]:
    """Items in order, of one state where it is named, and `after` of the next page (None on the last). One query."""
    items = bulk.items.filter(position__gt=after)
    if state:
        items = items.filter(state=state)
    found = list(items.order_by("position")[: limit + 1])
    return found[:limit], found[limit - 1].position if len(found) > limit else None


def as_they_are_now(actor: Actor, items: Iterable[BulkActItem]) -> list[Chosen]:
    """What was refused, to be tried again: with the revisions of now, as the officer is shown them anew."""
    kept = list(items)
    known = known_dossiers(actor, {it.dossier_id for it in kept})
    return [
        Chosen(it.dossier_id, known[it.dossier_id].revision, it.task_id)
        for it in kept
        if it.dossier_id in known
    ]
