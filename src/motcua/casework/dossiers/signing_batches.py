"""Reading batches of signatures: a leader's own, nobody else's."""

from __future__ import annotations

from uuid import UUID

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


def list_batch_items(batch: SigningBatch) -> list[SigningItem]:
    """Its papers with their dossiers, in the order of signing. One query."""
    related = batch.items.select_related("dossier__version__procedure").order_by("pk")
    return list(related.defer(*(f"dossier__{name}" for name in VERSION_CONTENT)))
