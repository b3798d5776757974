"""Lists for programs: filters and keyset paging. Permission is in the query, as everywhere."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from motcua.casework.dossiers.forms import procedure_of
from motcua.casework.dossiers.models import BulkFiling, BulkItem, Dossier
from motcua.casework.dossiers.notes import ENTRIES as NOTES
from motcua.casework.dossiers.policies import can_act, listed
from motcua.casework.dossiers.rules.law import suspension_law
from motcua.casework.dossiers.rules.states import ACTS, Act, Status, is_allowed
from motcua.casework.dossiers.selectors import READINGS
from motcua.casework.dossiers.services.acting import fits, may_do
from motcua.casework.dossiers.services.ending import may_undo
from motcua.casework.dossiers.services.extending import was_extended
from motcua.casework.dossiers.services.recomputing import would_change
from motcua.casework.process.models import Token
from motcua.casework.process.services import Standing
from motcua.foundation.journal.models import Entry
from motcua.foundation.kernel.actors import Actor
from motcua.foundation.kernel.errors import NotFound
from motcua.foundation.kernel.places import place_token, read_place
from motcua.registry.access.clients.calls import Caller

LONG = ("answers", "applicant_facts", "owner_facts", "search_text", "due_steps")

# What a list shows of a dossier.
_ROW = [
    "reference",
    "code",
    "procedure_code",
    "status",
    "is_test",
    "submitted_at",
    "accepted_at",
    "due_at",
    "basis_at",
    "stopped_at",
    "answer_by",
    "answered_at",
    "finished_at",
    "is_declined",
    "returned_at",
    "updated_at",
    "agency__code",
    "version__number",
]


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
            "agency_path__below": self.agency or None,
            "submitted_at__gte": self.submitted_since,
            "updated_at__gte": self.updated_since,
        }
        return Q(**{name: value for name, value in asked.items() if value is not None})


def list_readable(actor: Actor, wanted: Wanted, *, after: str, limit: int) -> tuple[list[Dossier], str]:
    """Dossiers the actor may open, latest submission first (with `updated_since`: oldest move first), and the token of
    the next page ("" on the last). One query, for officers three, four when others ask them. `after`: the token of the
    page before; a wrong one is ignored.
    """
    rows = Dossier.objects.filter(wanted.condition()).select_related("agency", "version")
    rows = rows.only(*_ROW)
    name = "updated_at" if wanted.updated_since else "submitted_at"
    place = read_place(after)
    pages = [_page(rows.filter(part), name, place, limit) for part in listed(actor).parts]
    by_place = sorted(
        {it.pk: it for page in pages for it in page}.values(),
        key=lambda it: (getattr(it, name), it.pk),
        reverse=name != "updated_at",
    )
    more, found = len(by_place) > limit, by_place[:limit]
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


@dataclass(frozen=True, slots=True)
class Doable:
    """An open task that the actor can do something with, and the codes of those acts."""

    task: Token
    acts: tuple[str, ...]


# What takes back an ending: one of them, by whose it is.
_UNDOING = frozenset({"recall-stop", "resume"})


def list_doable(actor: Actor, dossier: Dossier, standing: Standing | None) -> list[Doable]:
    """The open tasks the actor can do something with, none for citizens. No query."""
    if not standing or actor.kind == "citizen":
        return []
    status = Status(dossier.status)
    found = []
    for task in standing.tasks:
        allowed = (act for act in ACTS.values() if act.needs and fits(act, standing, task, status))
        codes = tuple(act.code for act in allowed if _may(actor, act, dossier, task))
        found += [Doable(task, codes)] if codes else []
    return found


def list_own(actor: Actor, dossier: Dossier) -> list[str]:
    """Codes of the acts that the applicant may do with their dossier as it stands. No query."""
    if actor.kind != "citizen" or not actor.may("apply"):
        return []
    status = Status(dossier.status)
    return [code for code, act in ACTS.items() if act.by_applicant and status in act.sources]


def list_beside(actor: Actor, dossier: Dossier, *, at: datetime) -> list[str]:
    """Codes of the acts that need no task and that the actor may do with the dossier as it stands, as the services
    decide. One query at most, for a dossier that is stopped."""
    status = Status(dossier.status)
    fitting = (act for act in ACTS.values() if act.right and is_allowed(act, status=status, kind=None))
    codes = {act.code for act in fitting if can_act(actor, act, dossier)}
    if "suspend" in codes and not suspension_law(procedure_of(dossier)):
        codes.remove("suspend")
    if codes & _UNDOING:
        codes = codes - _UNDOING | {may_undo(actor, dossier)}
    # Of the clock: the date is moved once and only while it runs, and counted anew where that changes it.
    if dossier.stopped_at or was_extended(dossier):
        codes.discard("extend")
    if "recompute" in codes and not would_change(dossier, at=at):
        codes.remove("recompute")
    return [code for code in ACTS if code in codes]


def _may(actor: Actor, act: Act, dossier: Dossier, task: Token) -> bool:
    """As `acting` decides, so that nothing is offered that is refused then."""
    if not can_act(actor, act, dossier, task):
        return False
    if (act.code == "claim" and task.claimed_at) or (act.code == "hand-back" and not task.claimed_by):
        return False
    return act.code in {"assign", "hand-back"} or may_do(actor, task, dossier, act)


def list_journal(dossier: Dossier, *, after: int, limit: int) -> tuple[list[Entry], int]:
    """Acts on a dossier, oldest first, without who read it and without notes inside the office; and where the next
    page begins (0 on the last).

    `after`: the sequence of the last entry of the page before. One query.
    """
    entries = Entry.objects.filter(object_id=dossier.id, sequence__gt=after).exclude(
        kind__in=(*READINGS, *NOTES)
    )
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
