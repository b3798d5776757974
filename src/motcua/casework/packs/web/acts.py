"""Acts on a draft: send, review, publish, take the new base, give up."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from motcua.casework.packs.models import VersionDraft
from motcua.casework.packs.versions import selectors, services
from motcua.casework.packs.versions.checking import check_files
from motcua.casework.packs.versions.policies import RIGHT
from motcua.casework.packs.versions.services import Verdict
from motcua.casework.packs.web import words
from motcua.casework.packs.web.comparing import differences_context
from motcua.casework.packs.web.drafts import page_context
from motcua.casework.packs.web.forms import ReviewForm, RevisionForm
from motcua.foundation.kernel.errors import DomainError
from motcua.registry.access.policies import ActingRequest, role_required

_STATE = VersionDraft.State


def _do(request: ActingRequest, draft_id: UUID, act: Callable[..., Any], done: str) -> HttpResponse:
    """An act that needs nothing but the draft as it was shown; back to the draft, which says what became of it."""
    form = RevisionForm(request.POST)
    revision = form.cleaned_data["revision"] if form.is_valid() else 0
    try:
        act(actor=request.actor, draft_id=draft_id, revision=revision, at=timezone.now())
    except DomainError as error:
        if error.status in {403, 404}:
            raise
        messages.error(request, str(error))
    else:
        messages.success(request, done)
    return redirect("versions:draft", draft_id)


@role_required(RIGHT)
@require_POST
def send(request: ActingRequest, draft_id: UUID) -> HttpResponse:
    return _do(request, draft_id, services.send_draft, _("Sent to review. Somebody else looks at it now."))


@role_required(RIGHT)
@require_POST
def rebase(request: ActingRequest, draft_id: UUID) -> HttpResponse:
    done = _("The draft now replaces the version that is in force on its day. Look at what differs.")
    return _do(request, draft_id, services.rebase_draft, done)


@role_required(RIGHT)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def give_up(request: ActingRequest, draft_id: UUID) -> HttpResponse:
    """Asked before it is done: a draft that was given up is never opened again."""
    if request.method == "POST":
        return _do(
            request, draft_id, services.give_up_draft, _("The draft was given up. It stays to be read.")
        )
    found = selectors.get_draft(request.actor, draft_id)
    context = page_context(request, found, "draft")
    if not context["is_open"]:
        return redirect("versions:draft", draft_id)
    return render(request, "versions/give_up.html", context)


@role_required(RIGHT)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def review(request: ActingRequest, draft_id: UUID) -> HttpResponse:
    """What differs, and the verdict of a second person."""
    found = selectors.get_draft(request.actor, draft_id)
    form = ReviewForm(request.POST or None, initial={"revision": found.revision})
    if form.is_valid():
        is_approved = request.POST.get("decision") == "approve"
        verdict = Verdict(form.cleaned_data["revision"], is_approved, form.cleaned_data["asked_for"])
        try:
            services.review_draft(actor=request.actor, draft_id=draft_id, verdict=verdict, at=timezone.now())
        except DomainError as error:
            if error.status in {403, 404}:
                raise
            if error.status != 422:
                messages.error(request, str(error))
                return redirect("versions:draft", draft_id)
            form.add_error(None if is_approved else "asked_for", str(error))
        else:
            said = _("Approved. It can be published now.") if is_approved else _("Sent back to its author.")
            messages.success(request, said)
            return redirect("versions:draft", draft_id)
    elif found.state != _STATE.IN_REVIEW:
        return redirect("versions:draft", draft_id)
    context = page_context(request, found, "") | differences_context(found) | {"form": form}
    context["findings"] = check_files(found.code, found.files)
    return render(request, "versions/review.html", context, status=422 if form.is_bound else 200)


@role_required(RIGHT)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def publish(request: ActingRequest, draft_id: UUID) -> HttpResponse:
    """What will change for whom and when; then it is published."""
    if request.method == "POST":
        return _do(request, draft_id, services.publish_draft, _("Published."))
    found = selectors.get_draft(request.actor, draft_id)
    if found.state != _STATE.APPROVED:
        return redirect("versions:draft", draft_id)
    today = timezone.localdate()
    day = found.valid_from or today
    announced = selectors.next_announced(found.code, after=max(day, today))
    context = page_context(request, found, "") | {
        "day": words.day(day),
        "is_later": day > today,
        "is_backdated": day < today,
        "waiting": services.count_citizen_drafts(found.base),
        "announced": announced,
        "announced_on": words.day(announced.valid_from) if announced else "",
    }
    return render(request, "versions/publish.html", context | differences_context(found))
