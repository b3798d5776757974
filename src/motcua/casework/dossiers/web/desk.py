"""The officers' pages: inbox, dossier, sign queue. Each act is one POST and one service call."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from motcua.casework.dossiers import selectors
from motcua.casework.dossiers.services import handling, papers
from motcua.casework.dossiers.services import signing as signatures
from motcua.casework.dossiers.services.handling import Target
from motcua.casework.dossiers.web import pages
from motcua.casework.dossiers.web.pages import desk_dossier_context, file_response
from motcua.casework.dossiers.web.signers import signer_context
from motcua.foundation.files.previews import page_png
from motcua.foundation.files.services import read_file
from motcua.foundation.kernel.actors import Actor
from motcua.foundation.kernel.errors import DomainError
from motcua.registry.access.contributions import landing_of
from motcua.registry.access.policies import ActingRequest, officer_required
from motcua.registry.access.selectors import CASE_RIGHTS
from motcua.registry.organisations.delegation.selectors import list_unattended
from motcua.registry.organisations.delegation.words import unattended_items


@officer_required
@never_cache
@require_safe
def inbox(request: ActingRequest) -> HttpResponse:
    start = landing_of(request.actor)
    if start and not request.actor.rights & set(CASE_RIGHTS):
        return redirect(start)
    due_in, step = request.GET.get("due", ""), request.GET.get("step", "")
    now = timezone.now()
    found = selectors.list_inbox(
        request.actor, due_in=due_in, step=step, after=request.GET.get("after", ""), at=now
    )
    context = {
        "inbox": found,
        "due_in": due_in,
        "step": step,
        "groups": pages.inbox_groups(found, now, found.times),
        "segments": pages.segments(found.counts, due_in),
        "unattended": unattended_items(list_unattended(request.actor, at=now)),
    }
    return render(request, "dossiers/desk_inbox.html", context)


@officer_required
@never_cache
@require_safe
def dossier(request: ActingRequest, dossier_id: UUID) -> HttpResponse:
    now = timezone.now()
    found = selectors.open_dossier(request.actor, dossier_id, at=now)
    return render(request, "dossiers/desk_dossier.html", desk_dossier_context(request.actor, found, now))


@officer_required
@never_cache
@require_safe
def signing(request: ActingRequest) -> HttpResponse:
    """The sign queue; `?dossier=` chooses one, else the first."""
    now = timezone.now()
    queue = selectors.list_signing_queue(request.actor)
    chosen = request.GET.get("dossier", "")
    row = next((row for row in queue if str(row.dossier.id) == chosen), queue[0] if queue else None)
    context: dict[str, object] = {"row": row, "kept_reason": _kept_reason(request, row)}
    found = selectors.open_dossier(request.actor, row.dossier.id, at=now) if row else None
    draft = papers.find_draft(found) if found else None
    if found and draft:
        context |= {"dossier": found, "draft": draft, "certificate": signatures.certificate_of(request.actor)}
        context |= pages.signing_context(found, draft, signatures.signature_place(found))
        context |= signer_context(request.actor, request.display_name, found, draft)
        context["check_items"] = [{"state": "done", "text": words} for words in pages.checks_of(found)]
    count = sum(not row.dossier.is_test for row in queue)
    context |= {
        "queue_items": pages.queue_items(queue, found, now),
        "queue_title": ngettext("%(count)d paper to sign", "%(count)d papers to sign", count)
        % {"count": count},
        "queue_note": _("nearest due date first"),
    }
    return render(request, "dossiers/desk_signing.html", context)


def _kept_reason(request: ActingRequest, row: selectors.InboxRow | None) -> str:
    """What was typed as a reason for this very dossier and could not be sent."""
    kept = request.session.pop("kept_reason", None)
    return str(kept["text"]) if kept and row and kept["dossier"] == str(row.dossier.id) else ""


def _accept(actor: Actor, target: Target, request: ActingRequest, at: datetime) -> str:
    done = handling.accept_dossier(actor=actor, target=target, at=at)
    return _("Accepted as %(code)s.") % {"code": done.code}


def _hand_over(actor: Actor, target: Target, request: ActingRequest, at: datetime) -> str:
    handling.hand_over_dossier(actor=actor, target=target, at=at)
    return _("Handed over.")


def _draft(actor: Actor, target: Target, request: ActingRequest, at: datetime) -> str:
    handling.draft_result(actor=actor, target=target, checks=request.POST.getlist("check"), at=at)
    return _("The draft is made. Read it, then put it before the signer.")


def _submit(actor: Actor, target: Target, request: ActingRequest, at: datetime) -> str:
    handling.submit_for_signature(actor=actor, target=target, at=at)
    return _("The draft lies before the signer.")


def _name_signer(actor: Actor, target: Target, request: ActingRequest, at: datetime) -> str:
    handling.name_signer(actor=actor, target=target, at=at)
    return _("The paper is made for your signature. Read it, then sign.")


def _sign(actor: Actor, target: Target, request: ActingRequest, at: datetime) -> str:
    seen = request.POST.get("seen", "")
    handling.sign_result(actor=actor, target=target, seen_sha256=seen, at=at)
    return _("Signed.")


def _return_task(actor: Actor, target: Target, request: ActingRequest, at: datetime) -> str:
    handling.return_task(actor=actor, target=target, reason=request.POST.get("reason", ""), at=at)
    return _("Returned to the drafter.")


def _return_result(actor: Actor, target: Target, request: ActingRequest, at: datetime) -> str:
    handling.return_result(actor=actor, target=target, at=at)
    return _("The result lies in the applicant's warehouse.")


HANDLERS: dict[str, Callable[[Actor, Target, ActingRequest, datetime], str]] = {
    "accept": _accept,
    "hand-over": _hand_over,
    "draft-result": _draft,
    "submit-for-signature": _submit,
    "name-signer": _name_signer,
    "sign": _sign,
    "return-task": _return_task,
    "return-result": _return_result,
}


@officer_required
@require_POST
def act(request: ActingRequest, dossier_id: UUID, act: str) -> HttpResponse:
    """Do an act and go back to where it was asked for; what cannot be done is said there and nothing is lost."""
    if act not in HANDLERS:
        raise Http404
    back = _back(request, dossier_id)
    try:
        target = Target(dossier_id=dossier_id, revision=_revision(request))
        words = HANDLERS[act](request.actor, target, request, timezone.now())
    except DomainError as error:
        if error.status in {403, 404}:
            raise
        messages.error(request, str(error))
        if reason := request.POST.get("reason", "")[:1000]:
            request.session["kept_reason"] = {"dossier": str(dossier_id), "text": reason}
        return HttpResponseRedirect(back)
    messages.success(request, words)
    return HttpResponseRedirect(back)


def _revision(request: ActingRequest) -> int:
    """The revision the page showed; 0, which no dossier has, when it is none."""
    text = request.POST.get("revision", "")
    return int(text) if text.isdecimal() and len(text) < 10 else 0


def _back(request: ActingRequest, dossier_id: UUID) -> str:
    target = request.POST.get("back", "")
    if target.startswith("/") and url_has_allowed_host_and_scheme(target, allowed_hosts={request.get_host()}):
        return target
    return f"/desk/dossiers/{dossier_id}/"


@officer_required
@never_cache
@require_safe
def paper(request: ActingRequest, dossier_id: UUID, paper_id: int) -> FileResponse:
    return file_response(
        selectors.open_paper(request.actor, dossier_id, paper_id, at=timezone.now()), inline=True
    )


@officer_required
@never_cache
@require_safe
def document(request: ActingRequest, dossier_id: UUID, document_id: UUID) -> FileResponse:
    found = selectors.open_document(request.actor, dossier_id, document_id, at=timezone.now())
    return file_response(papers.file_of(found), inline=True)


@officer_required
@require_safe
def page(request: ActingRequest, dossier_id: UUID, document_id: UUID) -> HttpResponse:
    """The first page of a document as a picture of the very file."""
    found = selectors.open_document(request.actor, dossier_id, document_id, at=timezone.now())
    picture = page_png(read_file(papers.file_of(found)), width=1100)
    return HttpResponse(picture, content_type="image/png", headers={"Cache-Control": "private, no-store"})
