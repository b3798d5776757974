"""Reading batches of signatures: a leader's own, nobody else's."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Count

from motcua.casework.dossiers.models import SigningBatch, SigningItem
from motcua.foundation.kernel.actors import Actor
from motcua.foundation.kernel.errors import NotFound
from motcua.registry.catalogue.models import VERSION_CONTENT


def get_batch(actor: Actor, batch_id: UUID) -> SigningBatch:
    """The actor's own batch. Raises NotFound."""
    batch = SigningBatch.objects.filter(pk=batch_id, account=actor.account_id).first()
    if not batch:
        raise NotFound
    return batch


def list_batches(actor: Actor) -> list[SigningBatch]:
    """The actor's latest five, newest first."""
    return list(SigningBatch.objects.filter(account=actor.account_id).order_by("-created_at", "id")[:5])


def list_batch_items(batch: SigningBatch, *states: str) -> list[SigningItem]:
    """Its papers with their dossiers, in the order of signing; only those in `states` if given. One query."""
    related = batch.items.select_related("dossier__version__procedure").order_by("pk")
    asked = related.filter(state__in=states) if states else related
    return list(asked.defer(*(f"dossier__{name}" for name in VERSION_CONTENT), "dossier__search_text"))


def count_items(batch: SigningBatch) -> dict[str, int]:
    """How many of its papers are in each state. One query."""
    counted = batch.items.order_by().values_list("state").annotate(count=Count("pk"))
    return dict.fromkeys(SigningItem.State.values, 0) | dict(counted)


def find_place(batch: SigningBatch, number: int) -> tuple[SigningItem, int]:
    """The paper at that place, from 1, and how many there are. Raises NotFound. Two queries."""
    items, count = batch.items.order_by("pk"), batch.items.count()
    if not 1 <= number <= count:
        raise NotFound
    return items[number - 1], count
