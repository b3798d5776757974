"""The person's side of showing a screen: the code, who looks, what they point at, the end; what is typed is kept."""

from __future__ import annotations

import hashlib
from typing import Any
from uuid import UUID

from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from motcua.casework.dossiers import forms, selectors
from motcua.casework.dossiers.errors import DraftChanged
from motcua.casework.dossiers.models import Draft, Showing
from motcua.casework.dossiers.services import drafts, showing
from motcua.casework.dossiers.web.asking import draft_asking
from motcua.casework.dossiers.web.words import language
from motcua.casework.forms.django_forms import page_form
from motcua.casework.forms.rules.definition import FormDefinition, in_language
from motcua.foundation.kernel.errors import NotFound
from motcua.registry.access.policies import ActingRequest, citizen_required

# Milliseconds that an open page waits before it asks again.
POLLED_EVERY = 1500


def draft_pages(definition: FormDefinition) -> set[str]:
    return {page.name for page in definition.pages} | {"check"}


def shown_now(draft: Draft, page: str) -> dict[str, Any] | None:
    """For `dossiers/_showing.html`: how things stand once this page is open; None: nobody is shown it."""
    found = showing.find_showing(draft.id, at=timezone.now())
    if not found:
        return None
    showing.turn_to(found, page)
    return showing_row(found, forms.form_of(draft.version))


def showing_row(found: Showing, definition: FormDefinition) -> dict[str, Any]:
    code = showing.code_of(found.id) if not found.joined_at else ""
    return {
        "code": f"{code[:4]} {code[4:]}",
        "code_spoken": " ".join(code),
        "code_until": found.code_until,
        "viewer": found.viewer,
        "ends_at": found.ends_at,
        "pointed": found.pointed,
        "label": pointed_label(definition, found.pointed),
        "words": found.pointed_words,
        "etag": state_tag(found),
        "every": POLLED_EVERY,
    }


def pointed_label(definition: FormDefinition, key: str) -> str:
    """The question a helper points at, by the name of its input; "" for none."""
    name = key.partition("-")[0]
    return in_language(definition.fields[name].label, language()) if name in definition.fields else ""


def state_tag(found: Showing) -> str:
    state = f"{found.joined_at}{found.pointed_at}{found.ended_at}{language()}"
    return hashlib.sha256(state.encode()).hexdigest()[:16]


@citizen_required
@require_POST
def begin(request: ActingRequest, draft_id: UUID) -> HttpResponse:
    draft = selectors.get_draft(request.actor, draft_id)
    page = request.POST.get("page", "")[:60]
    if page not in draft_pages(forms.form_of(draft.version)):
        raise NotFound
    showing.begin_showing(actor=request.actor, draft_id=draft.id, page=page, at=timezone.now())
    return redirect(f"/drafts/{draft.id}/{page}/#showing")


@citizen_required
@require_POST
def end(request: ActingRequest, draft_id: UUID) -> HttpResponse:
    draft = selectors.get_draft(request.actor, draft_id)
    showing.end_showing(actor=request.actor, draft_id=draft.id, at=timezone.now())
    page = request.POST.get("page", "")[:60]
    return redirect(
        f"/drafts/{draft.id}/{page}/" if page in draft_pages(forms.form_of(draft.version)) else "/"
    )


@citizen_required
@never_cache
@require_safe
def state(request: ActingRequest, draft_id: UUID) -> HttpResponse:
    """The part of the page that says who looks; 304 while nothing has changed."""
    draft = selectors.get_draft(request.actor, draft_id)
    found = showing.find_showing(draft.id, at=timezone.now())
    tag = f'"{state_tag(found)}"' if found else '"over"'
    if request.headers.get("If-None-Match") == tag:
        return HttpResponse(status=304)
    row = showing_row(found, forms.form_of(draft.version)) if found else None
    context = {
        "draft": draft,
        "showing": row,
        "page": found.page if found else draft.page,
        "is_over": not found,
    }
    response = render(request, "dossiers/_showing.html", context)
    response["ETag"] = tag
    return response


@citizen_required
@never_cache
@require_POST
def typed(request: ActingRequest, draft_id: UUID, page: str) -> JsonResponse:
    """Keep what is being typed while a helper is shown the page: right or wrong, nothing is said about it yet.

    Answers with what the page must send along from now on as `seen`.
    """
    draft = selectors.get_draft(request.actor, draft_id)
    definition, now = forms.form_of(draft.version), timezone.now()
    if page not in {it.name for it in definition.pages} or not showing.find_showing(draft.id, at=now):
        raise NotFound
    current, papers = definition.page(page), selectors.list_draft_papers(draft)
    asking = draft_asking(draft, papers, timezone.localdate(now))
    files = {name: asking.answers[name] for name in forms.file_fields(definition) if name in asking.answers}
    held = {name: it if isinstance(it, list) else [it] for name, it in files.items()}
    form = page_form(definition, current, asking, dict(request.POST.lists()) | held)
    form.is_valid()  # what is wrong in it is said when the page is sent
    fields = frozenset(field.name for field in current.fields)
    sent = drafts.SentPage(fields, request.POST.get("seen", "")[:16], stopped_at=current.name)
    try:
        draft = drafts.save_answers(
            actor=request.actor, draft_id=draft.id, answers=form.answers, at=now, page=sent
        )
    except DraftChanged as error:
        return JsonResponse({}, status=error.status)
    return JsonResponse({"seen": drafts.page_digest(draft.answers, fields)})
