"""Lists for programs: filters and keyset paging. Permission is in the query, as everywhere."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from motcua.casework.dossiers.models import BulkFiling, BulkItem, Dossier
from motcua.casework.dossiers.policies import CLIENT_ACTS, can_act, readable
from motcua.casework.dossiers.rules.states import Status, allowed_acts
from motcua.casework.dossiers.selectors import READINGS
from motcua.casework.process.selectors import find_open_task
from motcua.foundation.journal.models import Entry
from motcua.foundation.kernel.actors import Actor
from motcua.foundation.kernel.errors import NotFound
from motcua.foundation.kernel.places import place_token, read_place
from motcua.registry.access.clients.calls import Caller
from motcua.registry.catalogue.models import VERSION_CONTENT

LONG = ("answers", "applicant_facts", "owner_facts", "search_text", "due_steps")


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which dossiers. `agency`: its path, with all below it; `updated_since`: moved since then, oldest move first, so
    that who follows many dossiers misses none."""

    status: int | None = None
    procedure: str = ""
    agency: str = ""
    submitted_since: datetime | None = None
    updated_since: datetime | None = None

    def condition(self) -> Q:
        asked = {
            "status": self.status,
            "procedure_code": self.procedure or None,
            "agency_path__startswith": self.agency or None,
            "submitted_at__gte": self.submitted_since,
            "updated_at__gte": self.updated_since,
        }
        return Q(**{name: value for name, value in asked.items() if value is not None})


def list_readable(actor: Actor, wanted: Wanted, *, after: str, limit: int) -> tuple[list[Dossier], str]:
    """Dossiers the actor may open, latest submission first (with `updated_since`: oldest move first), and the token of
    the next page ("" on the last). One query. `after`: the token of the page before; a wrong one is ignored.
    """
    rows = Dossier.objects.filter(readable(actor), wanted.condition()).select_related("agency", "version")
    rows = rows.defer(*LONG, *VERSION_CONTENT)
    name = "updated_at" if wanted.updated_since else "submitted_at"
    found = _page(rows, name, read_place(after), limit)
    more, found = len(found) > limit, found[:limit]
    return found, place_token(getattr(found[-1], name), found[-1].pk) if more else ""


def _page(
    rows: QuerySet[Dossier], name: str, place: tuple[datetime, UUID] | None, limit: int
) -> list[Dossier]:
    forward = name == "updated_at"
    if place:
        moment, last = place
        beyond = "gt" if forward else "lt"
        rows = rows.filter(Q(**{f"{name}__{beyond}": moment}) | Q(**{name: moment, f"pk__{beyond}": last}))
    order = (name, "pk") if forward else (f"-{name}", "-pk")
    return list(rows.order_by(*order)[: limit + 1])


def list_acts(actor: Actor, dossier: Dossier) -> list[str]:
    """Codes of the acts that the actor may do now. One query for those who handle dossiers, none for others."""
    if actor.kind == "citizen" or (actor.kind == "client" and not CLIENT_ACTS):
        return []
    task = find_open_task(dossier.id)
    acts = allowed_acts(status=Status(dossier.status), step=task.step if task else None)
    return [act.code for act in acts if can_act(actor, act, dossier)]


def list_journal(dossier: Dossier, *, after: int, limit: int) -> tuple[list[Entry], int]:
    """Acts on a dossier, oldest first, without who read it; and where the next page begins (0 on the last).

    `after`: the sequence of the last entry of the page before. One query.
    """
    entries = Entry.objects.filter(object_id=dossier.id, sequence__gt=after).exclude(kind__in=READINGS)
    found = list(entries.order_by("sequence")[: limit + 1])
    return found[:limit], found[limit - 1].sequence if len(found) > limit else 0


def get_bulk(caller: Caller, bulk_id: UUID) -> BulkFiling:
    """The caller's own bulk filing, with `waiting`, `filed` and `refused` counted. Raises NotFound."""
    states = {state.value: Count("items", filter=Q(items__state=state)) for state in BulkItem.State}
    mine = BulkFiling.objects.filter(client=caller.client_id, account_id=caller.account_id, pk=bulk_id)
    bulk = mine.annotate(**states).first()
    if not bulk:
        raise NotFound
    return bulk


def list_bulk_items(bulk: BulkFiling, *, after: int, limit: int) -> tuple[list[BulkItem], int | None]:
    """Items in order, and `after` of the next page (None on the last). `after`: -1 for the first page. One query."""
    items = bulk.items.filter(position__gt=after).select_related("dossier").defer("content")
    items = items.defer(*(f"dossier__{name}" for name in LONG))
    found = list(items.order_by("position")[: limit + 1])
    return found[:limit], found[limit - 1].position if len(found) > limit else None
