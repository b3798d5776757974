"""Signing many papers at once: choose, read what will be signed, confirm, watch."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from motcua.casework.dossiers import errors, selectors, signing_batches
from motcua.casework.dossiers.forms import heading
from motcua.casework.dossiers.models import OfficialDocument, SigningBatch, SigningItem
from motcua.casework.dossiers.services.batches import LIMIT, Chosen, start_batch
from motcua.casework.dossiers.services.handling import Target, name_signer
from motcua.casework.dossiers.services.signing import certificate_of, result_name
from motcua.casework.dossiers.web.inbox import inbox_row
from motcua.casework.dossiers.web.signers import names_actor
from motcua.casework.dossiers.web.words import language
from motcua.foundation.kernel import errors as kernel_errors
from motcua.foundation.kernel.errors import DomainError
from motcua.foundation.kernel.ids import new_id
from motcua.foundation.signatures.pdf import CannotSign
from motcua.registry.access.policies import ActingRequest, officer_required
from motcua.registry.organisations.delegation.errors import DelegationEnded

# Making one takes 50 ms.
_NAMED_AT_ONCE = 50
# Whoever left the page open overnight asks no more.
_WATCHED_FOR = timedelta(hours=1)
_REFUSALS: dict[str, type[DomainError]] = {
    error.code: error
    for error in (
        errors.ActNotAllowed,
        errors.CannotSignDossier,
        errors.CannotSignNow,
        errors.DossierMoved,
        errors.OldPreview,
        errors.OtherSigner,
        DelegationEnded,
        kernel_errors.NotFound,
        kernel_errors.Refused,
    )
}


@officer_required
@never_cache
@require_safe
def choose(request: ActingRequest) -> HttpResponse:
    """The sign queue with boxes to tick, as many as can be signed at once."""
    rows, now = _rows(request), timezone.now()
    context = {
        "rows": rows,
        "group": [{"title": _("To sign"), "count": len(rows), "note": "", "rows": _ticks(rows, now)}],
        "batches": signing_batches.list_batches(request.actor),
        "limit": LIMIT,
    }
    return render(request, "dossiers/desk_choose.html", context)


def _rows(request: ActingRequest) -> list[selectors.InboxRow]:
    return selectors.list_signing_queue(request.actor, limit=LIMIT)


def _ticks(rows: list[selectors.InboxRow], now: datetime) -> list[dict[str, Any]]:
    drafts = selectors.current_drafts(row.dossier for row in rows)
    return [
        inbox_row(row, now)
        | {
            "task": result_name(drafts.get(row.dossier.id), row.dossier),
            "url": f"{reverse('desk:signing')}?dossier={row.dossier.id}",
        }
        for row in rows
    ]


@officer_required
@never_cache
@require_POST
def check(request: ActingRequest) -> HttpResponse:
    """Exactly what will be signed, of what was ticked; what has left the queue meanwhile is not in it."""
    chosen, rows = set(request.POST.getlist("chosen")), _rows(request)
    if "all" not in request.POST:
        rows = [row for row in rows if str(row.dossier.id) in chosen]
    rows, drafts, others = _named(request, rows)
    papers = [
        {
            "dossier": row.dossier,
            "title": result_name(drafts[row.dossier.id], row.dossier),
            "heading": heading(row.dossier, language()),
            "draft": drafts[row.dossier.id],
            "item": _item(row, drafts[row.dossier.id]),
        }
        for row in rows
        if row.dossier.id in drafts
    ]
    if not papers:
        messages.error(request, str(errors.NothingChosen()))
        return redirect("desk:signing-several")
    context = {
        "papers": papers,
        "batch_id": new_id(),
        "left_out": 0 if "all" in request.POST else len(chosen) - len(papers) - others,
        "others": others,
        "certificate": certificate_of(request.actor),
    }
    return render(request, "dossiers/desk_confirm.html", context)


def _named(
    request: ActingRequest, rows: list[selectors.InboxRow]
) -> tuple[list[selectors.InboxRow], dict[UUID, OfficialDocument], int]:
    """The rows whose drafts name this signer, and how many still name another: those drafted for somebody who is
    away are made for this signer here, at most 50 at a time, each as an act of its own.
    """
    drafts = selectors.current_drafts(row.dossier for row in rows)
    elsewhere = [row for row in rows if row.dossier.id in drafts and not _is_mine(request, row, drafts)]
    for row in elsewhere[:_NAMED_AT_ONCE]:
        target = Target(row.dossier.id, row.dossier.revision)
        try:
            drafts[row.dossier.id] = name_signer(actor=request.actor, target=target, at=timezone.now())
        except DomainError as error:
            if error.status == 403:
                raise
        else:
            row.dossier.revision += 1
    mine = [row for row in rows if row.dossier.id in drafts and _is_mine(request, row, drafts)]
    return mine, drafts, sum(row.dossier.id in drafts for row in rows) - len(mine)


def _is_mine(request: ActingRequest, row: selectors.InboxRow, drafts: dict[UUID, OfficialDocument]) -> bool:
    return names_actor(request.actor, request.display_name, row.dossier, drafts[row.dossier.id])


def _item(row: selectors.InboxRow, draft: OfficialDocument) -> str:
    """What the confirmation is bound to, as `start` reads it."""
    return f"{row.dossier.id} {row.dossier.revision} {draft.stored.sha256}"


@officer_required
@require_POST
def start(request: ActingRequest) -> HttpResponse:
    """Take the confirmed papers down; the same page sent twice makes one batch."""
    try:
        batch_id = UUID(request.POST.get("batch", ""))
        chosen = [_chosen(text) for text in request.POST.getlist("item")]
    except ValueError:
        messages.error(request, _("The page was damaged on its way. Choose the papers again."))
        return redirect("desk:signing-several")
    try:
        start_batch(actor=request.actor, batch_id=batch_id, chosen=chosen, at=timezone.now())
    except DomainError as error:
        if error.status in {403, 404}:
            raise
        messages.error(request, str(error))
        return redirect("desk:signing-several")
    return redirect("desk:signing-batch", batch_id)


def _chosen(text: str) -> Chosen:
    """Raises ValueError."""
    dossier, revision, digest = text.split(" ")
    if not revision.isascii() or not revision.isdecimal() or len(revision) > 9:
        raise ValueError(revision)
    if len(digest) != 64:
        raise ValueError(digest)
    return Chosen(UUID(dossier), int(revision), digest)


@officer_required
@never_cache
@require_safe
def batch(request: ActingRequest, batch_id: UUID) -> HttpResponse:
    """What became of each paper so far; the page asks again by itself until all are done."""
    found = signing_batches.get_batch(request.actor, batch_id)
    items = signing_batches.list_batch_items(found)
    counts = {state: sum(item.state == state for item in items) for state in SigningItem.State.values}
    context = {
        "batch": found,
        "rows": [_outcome(item) for item in items],
        "total": len(items),
        "done": counts["signed"] + counts["refused"],
        **counts,
        "is_watched": counts["waiting"] > 0 and _is_young(found),
    }
    return render(request, "dossiers/desk_batch.html", context)


def _is_young(found: SigningBatch) -> bool:
    return timezone.now() - found.created_at < _WATCHED_FOR


def _outcome(item: SigningItem) -> dict[str, Any]:
    words = {"waiting": _("waits"), "signed": _("signed"), "refused": _("not signed")}
    states = {"waiting": "open", "signed": "done", "refused": "overdue"}
    return {
        "url": reverse("desk:dossier", args=[item.dossier_id]),
        "code": item.dossier.code,
        "title": result_name(None, item.dossier),
        "heading": heading(item.dossier, language()),
        "state": states[item.state],
        "words": words[item.state],
        "why": _why(item) if item.problem else "",
    }


def _why(item: SigningItem) -> str:
    """Why it was not signed and what to do, in the officer's language."""
    if item.problem == CannotSign.code and "reason" in item.problem_fields:
        return str(CannotSign(**item.problem_fields))
    error = _REFUSALS.get(item.problem)
    return str(error(**item.problem_fields)) if error else _("It could not be signed. Open it and try there.")
