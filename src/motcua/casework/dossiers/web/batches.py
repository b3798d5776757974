"""Signing many papers at once: choose, look through, confirm, watch, stop."""

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
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe

from motcua.casework.dossiers import errors, selectors, signing_batches
from motcua.casework.dossiers.forms import heading
from motcua.casework.dossiers.models import OfficialDocument, SigningBatch, SigningItem
from motcua.casework.dossiers.note_errors import DraftOutdated
from motcua.casework.dossiers.services.batches import (
    LIMIT,
    Chosen,
    prepare_batch,
    start_batch,
    stop_batch,
)
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
from motcua.registry.access.proving import SecondFactorProof
from motcua.registry.organisations.delegation.errors import DelegationEnded

# Making one takes 50 ms.
_NAMED_AT_ONCE = 50
# Whoever left the page open overnight asks no more.
_WATCHED_FOR = timedelta(hours=1)
_REFUSALS: dict[str, type[DomainError]] = {
    error.code: error
    for error in (
        errors.ActNotAllowed,
        errors.BatchStopped,
        errors.CannotSignDossier,
        errors.CannotSignNow,
        errors.DossierMoved,
        errors.OldPreview,
        DraftOutdated,
        errors.OtherSigner,
        errors.ReliesOnEnded,
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
    """Take down exactly what would be signed, of what was ticked; what has left the queue meanwhile is not in it."""
    chosen, rows = set(request.POST.getlist("chosen")), _rows(request)
    if "all" not in request.POST:
        rows = [row for row in rows if str(row.dossier.id) in chosen]
    rows, drafts, others = _named(request, rows)
    papers = [
        Chosen(row.dossier.id, row.dossier.revision, drafts[row.dossier.id].stored.sha256)
        for row in rows
        if row.dossier.id in drafts
    ]
    try:
        made = prepare_batch(actor=request.actor, batch_id=new_id(), chosen=papers, at=timezone.now())
    except DomainError as error:
        if error.status in {403, 404}:
            raise
        messages.error(request, str(error))
        return redirect("desk:signing-several")
    left_out = 0 if "all" in request.POST else len(chosen) - len(papers) - others
    _tell_left_out(request, left_out, others)
    return redirect("desk:signing-batch", made.id)


def _tell_left_out(request: ActingRequest, left_out: int, others: int) -> None:
    if left_out > 0:
        words = ngettext(
            "%(count)d ticked paper does not wait for your signature any more and is left out.",
            "%(count)d ticked papers do not wait for your signature any more and are left out.",
            left_out,
        )
        messages.info(request, words % {"count": left_out})
    if others:
        words = ngettext(
            "%(count)d paper names another signer and is left out.",
            "%(count)d papers name another signer and are left out.",
            others,
        )
        messages.info(request, words % {"count": others})


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


@officer_required
@never_cache
@require_safe
def batch(request: ActingRequest, batch_id: UUID) -> HttpResponse:
    """What will be signed, until it is confirmed; then what became of each paper so far."""
    found = signing_batches.get_batch(request.actor, batch_id)
    return _progress(request, found) if found.started_at else confirm_page(request, found)


def confirm_page(
    request: ActingRequest, found: SigningBatch, proof: SecondFactorProof | None = None
) -> HttpResponse:
    """The list to look through, with the one confirmation. `proof`: one that was wrong."""
    items = signing_batches.list_batch_items(found)
    drafts = selectors.current_drafts(item.dossier for item in items)
    papers = [_paper(number, item, drafts.get(item.dossier_id)) for number, item in enumerate(items, start=1)]
    context = {
        "batch": found,
        "papers": papers,
        "count": sum(it["state"] == "open" for it in papers),
        "certificate": certificate_of(request.actor),
        "proof_failed": proof is not None,
        **(proof or SecondFactorProof(request)).context(),
    }
    return render(request, "dossiers/desk_confirm.html", context, status=422 if proof else 200)


def _paper(number: int, item: SigningItem, draft: OfficialDocument | None) -> dict[str, Any]:
    """A row of the list. state: "open" what will be signed, "done" what went back, "overdue" what changed since."""
    state, words = "open", _("will be signed")
    if item.state == SigningItem.State.RETURNED:
        state, words = "done", _("returned to the drafter")
    elif has_changed(item, draft):
        state, words = "overdue", _("changed since, left out")
    return {
        "number": number,
        "dossier": item.dossier,
        "title": result_name(draft, item.dossier),
        "heading": heading(item.dossier, language()),
        "draft": draft,
        "digest": item.seen_sha256,
        "state": state,
        "words": words,
    }


def has_changed(item: SigningItem, draft: OfficialDocument | None) -> bool:
    """Whether the dossier moved, or was drafted anew, since it was chosen: it would not be signed."""
    is_same = draft is not None and draft.stored.sha256 == item.seen_sha256
    return item.dossier.revision != item.revision or not is_same


@officer_required
@sensitive_post_parameters()
@require_POST
def start(request: ActingRequest, batch_id: UUID) -> HttpResponse:
    """The one confirmation, with the second factor of who has one; sent twice it is one."""
    found = signing_batches.get_batch(request.actor, batch_id)
    if not found.started_at:
        proof = SecondFactorProof(request)
        if not proof.is_given():
            return confirm_page(request, found, proof)
        try:
            start_batch(actor=request.actor, batch_id=batch_id, at=timezone.now())
        except DomainError as error:
            if error.status in {403, 404}:
                raise
            messages.error(request, str(error))
    return redirect("desk:signing-batch", batch_id)


@officer_required
@require_POST
def stop(request: ActingRequest, batch_id: UUID) -> HttpResponse:
    """Sign no more of it."""
    stop_batch(actor=request.actor, batch_id=batch_id, at=timezone.now())
    return redirect("desk:signing-batch", batch_id)


def _progress(request: ActingRequest, found: SigningBatch) -> HttpResponse:
    """What became of each so far; the page asks again by itself until all are done, and lists all of them then."""
    counts = signing_batches.count_items(found)
    is_watched = counts["waiting"] > 0 and _is_young(found)
    states = ("refused",) if is_watched else ()
    context = {
        "batch": found,
        "rows": [_outcome(item) for item in signing_batches.list_batch_items(found, *states)],
        "total": sum(counts.values()) - counts["returned"],
        "done": counts["signed"] + counts["refused"],
        **counts,
        "is_watched": is_watched,
    }
    return render(request, "dossiers/desk_batch.html", context)


def _is_young(found: SigningBatch) -> bool:
    return timezone.now() - (found.started_at or found.created_at) < _WATCHED_FOR


def _outcome(item: SigningItem) -> dict[str, Any]:
    words = {
        "waiting": _("waits"),
        "signed": _("signed"),
        "refused": _("not signed"),
        "returned": _("returned to the drafter"),
    }
    states = {"waiting": "open", "signed": "done", "refused": "overdue", "returned": "done"}
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
