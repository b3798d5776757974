"""Looking through the papers of a batch, one after the other, before they are signed together."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from motcua.casework.dossiers import selectors, signing_batches
from motcua.casework.dossiers.models import SigningBatch, SigningItem
from motcua.casework.dossiers.services.batches import return_item
from motcua.casework.dossiers.services.papers import find_draft
from motcua.casework.dossiers.services.signing import signature_place
from motcua.casework.dossiers.web.batches import has_changed
from motcua.casework.dossiers.web.signing import checks_of, signing_context
from motcua.foundation.kernel.errors import DomainError
from motcua.registry.access.policies import ActingRequest, officer_required


@officer_required
@never_cache
@require_safe
def paper(request: ActingRequest, batch_id: UUID, number: int) -> HttpResponse:
    """The page that will be signed, with the way to the next and the one before; J and K do the same."""
    return _page(request, signing_batches.get_batch(request.actor, batch_id), number)


def _page(request: ActingRequest, batch: SigningBatch, number: int, **problem: str) -> HttpResponse:
    item, count = signing_batches.find_place(batch, number)
    # Also who may not open it any more is told so: by the same answer as on its own page.
    found = selectors.open_dossier(request.actor, item.dossier_id, at=timezone.now())
    draft = find_draft(found)
    item.dossier = found
    context: dict[str, Any] = {
        "batch": batch,
        "item": item,
        "dossier": found,
        "draft": draft,
        "number": number,
        "count": count,
        "before": _url(batch, number - 1) if number > 1 else "",
        "after": _url(batch, number + 1) if number < count else "",
        "is_returned": item.state == SigningItem.State.RETURNED,
        "has_changed": has_changed(item, draft),
        **problem,
    }
    if draft:
        context |= signing_context(found, draft, signature_place(draft))
        context["check_items"] = [{"state": "done", "text": words} for words in checks_of(found)]
    return render(request, "dossiers/desk_batch_paper.html", context, status=422 if problem else 200)


def _url(batch: SigningBatch, number: int) -> str:
    return reverse("desk:signing-paper", args=[batch.id, number])


@officer_required
@require_POST
def not_this(request: ActingRequest, batch_id: UUID, number: int) -> HttpResponse:
    """Not this one: back to its drafter with a reason, and on to the next paper."""
    batch = signing_batches.get_batch(request.actor, batch_id)
    item, count = signing_batches.find_place(batch, number)
    reason = request.POST.get("reason", "")[:1000]
    try:
        return_item(actor=request.actor, batch_id=batch_id, item_id=item.pk, reason=reason, at=timezone.now())
    except DomainError as error:
        if error.status in {403, 404}:
            raise
        return _page(request, batch, number, problem=str(error), kept_reason=reason)
    if number < count:
        return redirect("desk:signing-paper", batch_id, number + 1)
    return redirect("desk:signing-batch", batch_id)
