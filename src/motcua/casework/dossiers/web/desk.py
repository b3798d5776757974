"""The officers' pages: inbox, dossier, sign queue. Each act is one POST and one service call."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import FileResponse, Http404, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from motcua.casework.dossiers import questions, selectors
from motcua.casework.dossiers.counters import list_transports_of
from motcua.casework.dossiers.errors import NotTheirTask
from motcua.casework.dossiers.linking import find_whole_of
from motcua.casework.dossiers.models import Dossier, ReturnWay
from motcua.casework.dossiers.notes import count_unread
from motcua.casework.dossiers.services import handling, papers, tasking, uploading
from motcua.casework.dossiers.services import signing as signatures
from motcua.casework.dossiers.services.acting import look_before
from motcua.casework.dossiers.services.handling import Target
from motcua.casework.dossiers.web.bulk_lists import bulk_context, latest_bulk_acts
from motcua.casework.dossiers.web.comparing import since_return_context
from motcua.casework.dossiers.web.fees import fee_context
from motcua.casework.dossiers.web.filters import asked_of, filter_items
from motcua.casework.dossiers.web.inbox import inbox_groups, segments, view_items
from motcua.casework.dossiers.web.intake_words import on_paper, whom
from motcua.casework.dossiers.web.linked_words import others_line
from motcua.casework.dossiers.web.note_words import notes_context
from motcua.casework.dossiers.web.pages import desk_dossier_context, file_response
from motcua.casework.dossiers.web.post_words import post_context
from motcua.casework.dossiers.web.prints import add_signing, document_response, picture_response
from motcua.casework.dossiers.web.results import result_context
from motcua.casework.dossiers.web.reuse import ended_words_of
from motcua.casework.dossiers.web.signers import signer_context
from motcua.casework.dossiers.web.signing import checks_of, queue_items, signing_context
from motcua.casework.dossiers.web.transport_words import transport_rows
from motcua.casework.dossiers.web.words import language
from motcua.foundation.files.errors import EmptyFile
from motcua.foundation.kernel.actors import Actor
from motcua.foundation.kernel.errors import DomainError, NotFound
from motcua.registry.access.contributions import landing_of
from motcua.registry.access.policies import ActingRequest, officer_required
from motcua.registry.access.selectors import CASE_RIGHTS
from motcua.registry.catalogue.rules.texts import in_language
from motcua.registry.organisations.delegation.selectors import list_unattended
from motcua.registry.organisations.delegation.words import unattended_items


@officer_required
@never_cache
@require_safe
def inbox(request: ActingRequest) -> HttpResponse:
    start = landing_of(request.actor)
    if start and not request.actor.rights & set(CASE_RIGHTS):
        return redirect(start)
    now, asked = timezone.now(), asked_of(request)
    found = selectors.list_inbox(request.actor, asked.looking, at=now)
    context = {
        "inbox": found,
        "due_in": asked.looking.due_in,
        "groups": inbox_groups(found, now, found.times, unread=_unread(request.actor, found)),
        "segments": segments(found.counts, asked),
        "view": asked.looking.view,
        "views": view_items(asked),
        "filters": filter_items(asked),
        "query": asked.address(),
        "is_narrowed": asked.is_narrowed,
        "next_url": asked.address(after=found.next_after),
        "bulk": bulk_context(request.actor, found),
        "latest": latest_bulk_acts(request.actor, now),
        "unattended": unattended_items(list_unattended(request.actor, at=now)),
    }
    return render(request, "dossiers/desk_inbox.html", context)


def _unread(actor: Actor, inbox: selectors.Inbox) -> dict[UUID, int]:
    return count_unread(actor, {row.dossier.id for row in inbox.rows})


@officer_required
@never_cache
@require_safe
def dossier(request: ActingRequest, dossier_id: UUID) -> HttpResponse:
    now = timezone.now()
    try:
        found = selectors.open_dossier(request.actor, dossier_id, at=now)
    except NotFound:
        return over_page(request, questions.find_timed_out_step(request.actor, dossier_id))
    context = desk_dossier_context(request.actor, found, now, request.GET.get("task", ""))
    context["kept_reason"] = _kept_reason(request, found)
    add_signing(context["documents"], request.actor, found)
    context |= fee_context(found, request.actor)
    context |= result_context(request.actor, found)
    context |= notes_context(request.actor, found)
    context |= post_context(request.actor, found)
    if found.counter_id:
        context["transports"] = transport_rows(list_transports_of(found), now)
    context |= {"helper": whom(found) if found.brought_by_id else {}, "on_paper": on_paper(found)}
    if whole := find_whole_of(context["dossier"]):
        context["others"] = others_line(whole, context["dossier"].pk)
    return render(request, "dossiers/desk_dossier.html", context)


@officer_required
@never_cache
@require_safe
def signing(request: ActingRequest) -> HttpResponse:
    """The sign queue; `?dossier=` chooses one, else the first."""
    now = timezone.now()
    queue = selectors.list_signing_queue(request.actor)
    chosen = request.GET.get("dossier", "")
    row = next((row for row in queue if str(row.dossier.id) == chosen), queue[0] if queue else None)
    kept = _kept_reason(request, row.dossier) if row else ""
    context: dict[str, object] = {"row": row, "kept_reason": kept}
    found = selectors.open_dossier(request.actor, row.dossier.id, at=now) if row else None
    draft = papers.find_draft(found) if found else None
    if found and draft:
        context |= {"dossier": found, "draft": draft, "certificate": signatures.certificate_of(request.actor)}
        context |= signing_context(found, draft, signatures.signature_place(draft))
        context |= since_return_context(request.actor, found, draft)
        context |= signer_context(request.actor, request.display_name, found, draft)
        context["check_items"] = [
            *({"state": "overdue", "text": words} for words in ended_words_of(selectors.list_papers(found))),
            *({"state": "done", "text": words} for words in checks_of(found)),
        ]
    count = sum(not row.dossier.is_test for row in queue)
    context |= {
        "queue_items": queue_items(queue, found, now),
        "queue_title": ngettext("%(count)d paper to sign", "%(count)d papers to sign", count)
        % {"count": count},
        "queue_note": _("nearest due date first"),
    }
    return render(request, "dossiers/desk_signing.html", context)


def over_page(request: ActingRequest, over: questions.Over | None) -> HttpResponse:
    """What became of a request to the officer's office that is over. Raises NotFound, when there was none."""
    if not over:
        raise NotFound
    context = {"over": over, "step": in_language(over.step, language()) if over.step else ""}
    return render(request, "dossiers/desk_over.html", context, status=410)


def _kept_reason(request: ActingRequest, dossier: Dossier) -> str:
    """What was typed as a reason for this very dossier and could not be sent."""
    kept = request.session.pop("kept_reason", None)
    return str(kept["text"]) if kept and kept["dossier"] == str(dossier.id) else ""


def _accept(actor: Actor, target: Target, request: ActingRequest, at: datetime) -> str:
    done = handling.accept_dossier(actor=actor, target=target, at=at)
    return _("Accepted as %(code)s.") % {"code": done.code}


def _hand_over(actor: Actor, target: Target, request: ActingRequest, at: datetime) -> str:
    handling.hand_over_dossier(actor=actor, target=target, at=at)
    return _("Handed over.")


def _draft(actor: Actor, target: Target, request: ActingRequest, at: datetime) -> str:
    handling.draft_result(actor=actor, target=target, checks=request.POST.getlist("check"), at=at)
    return _("The draft is made. Read it, then put it before the signer.")


def _upload(actor: Actor, target: Target, request: ActingRequest, at: datetime) -> str:
    upload = request.FILES.get("result")
    if not isinstance(upload, UploadedFile):
        raise EmptyFile
    checks = request.POST.getlist("check")
    uploading.upload_result(actor=actor, target=target, upload=upload, checks=checks, at=at)
    return _("The result is uploaded. Read it, then put it before the signer.")


def _submit(actor: Actor, target: Target, request: ActingRequest, at: datetime) -> str:
    outcome = request.POST.get("outcome", "")
    handling.submit_for_signature(actor=actor, target=target, outcome=outcome, at=at)
    return _("The draft lies before the signer.")


def _name_signer(actor: Actor, target: Target, request: ActingRequest, at: datetime) -> str:
    handling.name_signer(actor=actor, target=target, at=at)
    return _("The paper is made for your signature. Read it, then sign.")


def _sign(actor: Actor, target: Target, request: ActingRequest, at: datetime) -> str:
    seen = request.POST.get("seen", "")
    handling.sign_result(actor=actor, target=target, seen_sha256=seen, at=at)
    return _("Signed.")


def _return_task(actor: Actor, target: Target, request: ActingRequest, at: datetime) -> str:
    sent = request.POST
    reason, outcome = sent.get("reason", ""), sent.get("outcome", "")
    tasking.return_task(actor=actor, target=target, reason=reason, outcome=outcome, at=at)
    return _("Returned.")


def _complete_task(actor: Actor, target: Target, request: ActingRequest, at: datetime) -> str:
    sent = request.POST
    done = tasking.Done(sent.get("outcome", ""), sent.get("reason", ""), sent.getlist("check"))
    tasking.complete_task(actor=actor, target=target, done=done, at=at)
    return _("The step is completed.")


def _claim(actor: Actor, target: Target, request: ActingRequest, at: datetime) -> str:
    tasking.claim(actor=actor, target=target, at=at)
    return _("The task is yours.")


def _assign(actor: Actor, target: Target, request: ActingRequest, at: datetime) -> str:
    officer = as_uuid(request.POST.get("officer", ""))
    if not officer:
        raise NotTheirTask
    tasking.assign(actor=actor, target=target, officer_id=officer, at=at)
    return _("The task is assigned.")


def _hand_back(actor: Actor, target: Target, request: ActingRequest, at: datetime) -> str:
    tasking.hand_back(actor=actor, target=target, at=at)
    return _("The task is given back: anybody who may do it can take it.")


def _recall(actor: Actor, target: Target, request: ActingRequest, at: datetime) -> str:
    tasking.recall(actor=actor, target=target, at=at)
    return _("Taken back. The step is yours again.")


def _return_result(actor: Actor, target: Target, request: ActingRequest, at: datetime) -> str:
    done = handling.return_result(actor=actor, target=target, at=at)
    if done.return_way == ReturnWay.COUNTER:
        return _("The result is returned at the counter. Print the slip of return to be signed.")
    return _("The result lies in the applicant's warehouse.")


HANDLERS: dict[str, Callable[[Actor, Target, ActingRequest, datetime], str]] = {
    "accept": _accept,
    "hand-over": _hand_over,
    "draft-result": _draft,
    "upload-result": _upload,
    "submit-for-signature": _submit,
    "name-signer": _name_signer,
    "sign": _sign,
    "return-task": _return_task,
    "return-result": _return_result,
    "complete-task": _complete_task,
    "claim": _claim,
    "assign": _assign,
    "hand-back": _hand_back,
    "recall": _recall,
}
# Acts that have a page of their own.
PAGES = frozenset({"request-opinion", "give-opinion", "request-supplement"}) | {
    "refuse", "withdraw", "stop", "recall-stop", "suspend", "resume", "draft-refusal", "request-payment",
    "confirm-payment", "transfer", "correct", "extend", "recompute",
}  # fmt: skip


@officer_required
@require_POST
def act(request: ActingRequest, dossier_id: UUID, act: str) -> HttpResponse:
    """Do an act and go back to where it was asked for; what cannot be done is said there and nothing is lost."""
    if act not in HANDLERS:
        raise Http404
    back = _back(request, dossier_id)
    try:
        target = target_of(request, dossier_id)
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


def may_begin(request: ActingRequest, code: str, dossier_id: UUID) -> Dossier:
    """The dossier for an act that has a page of its own; raises as the act would, but for a stale page."""
    now = timezone.now()
    found = selectors.open_dossier(request.actor, dossier_id, at=now)
    task = as_uuid(request.POST.get("task", "") or request.GET.get("task", ""))
    look_before(code=code, actor=request.actor, target=Target(dossier_id, found.revision, task))
    return found


def target_of(request: ActingRequest, dossier_id: UUID) -> Target:
    """The dossier, its revision and the task as the page showed them."""
    return Target(dossier_id, _revision(request), as_uuid(request.POST.get("task", "")))


def revision_sent(request: ActingRequest, dossier: Dossier, *, is_stale: bool) -> str:
    """What a form carries: the revision it was opened with, also when it comes back; today's once its reader was told
    that the dossier has moved, so that what they typed can be sent after another look."""
    return (
        request.POST.get("revision", "")
        if request.method == "POST" and not is_stale
        else str(dossier.revision)
    )


def as_uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


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
def document(request: ActingRequest, dossier_id: UUID, document_id: UUID) -> HttpResponseBase:
    """The PDF; a form also on another sheet or with a second language, `?paper=a4&second=en`."""
    found = selectors.open_document(request.actor, dossier_id, document_id, at=timezone.now())
    return document_response(request, found)


@officer_required
@require_safe
def page(request: ActingRequest, dossier_id: UUID, document_id: UUID) -> HttpResponse:
    """The page of a document that is signed, mostly the first, as a picture of the very file."""
    found = selectors.open_document(request.actor, dossier_id, document_id, at=timezone.now())
    return picture_response(found, page=signatures.signature_page(found))
