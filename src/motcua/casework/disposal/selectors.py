"""Reading lists of disposition. The actor comes first; permission is in the query."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count, Q

from motcua.casework.disposal.models import DisposalItem, DisposalList
from motcua.casework.disposal.policies import visible
from motcua.foundation.journal.selectors import held
from motcua.foundation.kernel.actors import Actor
from motcua.foundation.kernel.errors import NotFound
from motcua.registry.access.models import Proposal

PAGE_SIZE = 50
_MOST_LISTS = 100


def is_waiting(disposal: DisposalList, *, at: datetime) -> bool:
    """Whether it lies before the second person now."""
    proposal = disposal.proposal
    return bool(proposal and proposal.state == Proposal.State.OPEN and proposal.expires_at > at)


def list_disposals(actor: Actor) -> list[DisposalList]:
    """Lists of the actor's agencies, latest first, with `count` and `erased`; at most 100. One query."""
    found = DisposalList.objects.filter(visible(actor)).select_related("agency", "proposal")
    found = found.annotate(count=Count("items"), erased=Count("items", filter=Q(items__result="erased")))
    return list(found.order_by("-made_at", "-pk")[:_MOST_LISTS])


def get_disposal(actor: Actor, list_id: UUID) -> DisposalList:
    """Raises NotFound."""
    related = DisposalList.objects.select_related("agency", "proposal__proposed_by", "proposal__decided_by")
    found = related.filter(visible(actor), pk=list_id).first()
    if not found:
        raise NotFound
    return found


@dataclass(frozen=True, slots=True)
class Items:
    """A page of a list. counts: by class and result. held: ids of objects that a hold lies on by now, on them or their
    owner. next_after: "" on the last page."""

    rows: list[DisposalItem]
    counts: dict[tuple[str, str], int]
    held: set[UUID]
    next_after: str


def page_of_items(disposal: DisposalList, *, after: str = "") -> Items:
    """Three queries. A wrong `after` is ignored."""
    found = disposal.items.order_by("pk")
    if after.isdecimal() and len(after) < 19:
        found = found.filter(pk__gt=int(after))
    rows = list(found[: PAGE_SIZE + 1])
    more, rows = len(rows) > PAGE_SIZE, rows[:PAGE_SIZE]
    under_hold = held({key for it in rows for key in (it.object_id, it.owner_id)})
    return Items(
        rows,
        count_items(disposal),
        {it.object_id for it in rows if {it.object_id, it.owner_id} & under_hold},
        str(rows[-1].pk) if more else "",
    )


def count_items(disposal: DisposalList) -> dict[tuple[str, str], int]:
    """How many, by class and result ("": not settled)."""
    counted = disposal.items.order_by("thing", "result").values_list("thing", "result").annotate(Count("pk"))
    return {(thing, result): count for thing, result, count in counted}
