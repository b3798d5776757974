"""A person's requests about their own data."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import FileResponse, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from motcua.foundation.files.errors import FileRefused
from motcua.foundation.files.services import open_file
from motcua.foundation.journal.selectors import find_access
from motcua.foundation.kernel.errors import NotFound
from motcua.foundation.ui.templatetags.ui import viet_datetime
from motcua.registry.access.policies import ActingRequest, citizen_required
from motcua.registry.people import data_requests
from motcua.registry.people.contributions import personal_data, reading_kinds, reading_words
from motcua.registry.people.data_requests import Asked, Kind, Status
from motcua.registry.people.errors import RequestOpen, TooManyChanges
from motcua.registry.people.facts import kept_days, sources
from motcua.registry.people.forms import AskForm, CorrectForm, EraseForm
from motcua.registry.people.models import DataRequest
from motcua.registry.people.selectors import tracked_ids
from motcua.registry.people.web.account import form_page, has_fresh_sign_in, to_fresh
from motcua.registry.people.words import KINDS, STATUSES


def row_of(request: DataRequest) -> dict[str, Any]:
    """A request for a list."""
    words, state = STATUSES[request.status]
    return {
        "id": request.id,
        "reference": request.reference,
        "kind": KINDS[request.kind],
        "words": words,
        "state": state,
        "asked_at": request.asked_at,
        "due_at": request.due_at,
        "is_open": request.status == Status.OPEN,
        "answered_at": request.answered_at,
    }


def _until(retention: str) -> str:
    if not retention:
        return ""
    days = kept_days(retention)
    return _("Kept for %(days)d days.") % {"days": days} if days else _("Kept by the archive's schedule.")


@citizen_required
@never_cache
@require_safe
def overview(request: ActingRequest) -> HttpResponse:
    holdings = [
        {"label": it.label, "why": it.why_kept, "until": _until(it.retention), "can_go": it.erase is not None}
        for it in personal_data()
    ]
    rows = [
        row_of(it) | {"has_file": it.result_id is not None} for it in data_requests.list_own(request.actor)
    ]
    return render(request, "people/data.html", {"holdings": holdings, "requests": rows})


def _ask(request: ActingRequest, asked: Asked) -> HttpResponse:
    """Enter it and show it. Raises RequestOpen, TooManyChanges, FileRefused."""
    made = data_requests.ask(actor=request.actor, asked=asked, at=timezone.now())
    messages.success(request, _("We have your request %(code)s.") % {"code": made.reference})
    return redirect("people:data-request", made.id)


@citizen_required
@require_POST
def download(request: ActingRequest) -> HttpResponse:
    try:
        return _ask(request, Asked(Kind.DOWNLOAD))
    except (RequestOpen, TooManyChanges) as error:
        messages.error(request, str(error))
        return redirect("people:data")


@citizen_required
@never_cache
@form_page
def correct(request: ActingRequest) -> HttpResponse:
    known = sources()
    bound = (request.POST, request.FILES) if request.method == "POST" else (None,)
    form = CorrectForm(*bound, sources=[(code, name) for code, name, _where in known])
    if form.is_valid():
        values = form.cleaned_data
        asked = Asked(Kind.CORRECT, (values["source"],), values["words"], evidence=values["evidence"])
        try:
            return _ask(request, asked)
        except FileRefused as error:
            form.add_error("evidence", str(error))
        except TooManyChanges as error:
            form.add_error(None, str(error))
    context = {"form": form, "sources": known}
    return render(request, "people/correct.html", context, status=422 if form.is_bound else 200)


@citizen_required
@never_cache
@form_page
def erase(request: ActingRequest) -> HttpResponse:
    """After a fresh eID sign-in: a borrowed telephone is not enough."""
    if not has_fresh_sign_in(request):
        return to_fresh(reverse("people:data-erase"))
    holdings = [(it.name, it.label) for it in personal_data() if it.erase]
    kept = [
        {"label": it.label, "value": it.why_kept, "note": _until(it.retention)}
        for it in personal_data()
        if not it.erase
    ]
    form = EraseForm(request.POST if request.method == "POST" else None, holdings=holdings)  # type: ignore[arg-type]
    if form.is_valid():
        try:
            return _ask(request, Asked(Kind.ERASE, tuple(form.cleaned_data["chosen"])))
        except (RequestOpen, TooManyChanges) as error:
            form.add_error(None, str(error))
    context = {"form": form, "kept": kept}
    return render(request, "people/erase.html", context, status=422 if form.is_bound else 200)


@citizen_required
@never_cache
@form_page
def ask(request: ActingRequest, entry_id: UUID) -> HttpResponse:
    """Ask about one reading of the data tracker."""
    concerned = tracked_ids(request.actor.person, on=timezone.localdate())
    entry = find_access(entry_id, concerned=concerned, kinds=reading_kinds())
    if entry is None:
        raise NotFound
    form = AskForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            return _ask(request, Asked(Kind.ASK, words=form.cleaned_data["words"], entry_id=entry_id))
        except TooManyChanges as error:
            form.add_error(None, str(error))
    context = {"form": form, "what": reading_words(entry.kind, entry.facts), "when": viet_datetime(entry.at)}
    return render(request, "people/ask.html", context, status=422 if form.is_bound else 200)


@citizen_required
@never_cache
@require_safe
def one(request: ActingRequest, request_id: UUID) -> HttpResponse:
    found = data_requests.get_own(request.actor, request_id)
    labels = {it.name: it.label for it in personal_data()} | {code: name for code, name, _where in sources()}
    context = {
        "request_": found,
        "row": row_of(found),
        "about": [labels.get(it, it) for it in found.about],
        "until": _until("personal_data.export"),
    }
    return render(request, "people/data_request.html", context)


@citizen_required
@never_cache
@require_safe
def file(request: ActingRequest, request_id: UUID) -> FileResponse | HttpResponse:
    """The archive holds everything: after a fresh eID sign-in, which leads back to the request's page."""
    found = data_requests.get_own(request.actor, request_id)
    if found.result is None:
        raise NotFound
    if not has_fresh_sign_in(request):
        return to_fresh(reverse("people:data-request", args=[found.id]))
    return FileResponse(open_file(found.result), as_attachment=True, filename=found.result.name)


@citizen_required
@require_POST
def take_back(request: ActingRequest, request_id: UUID) -> HttpResponse:
    data_requests.take_back(actor=request.actor, request_id=request_id, at=timezone.now())
    messages.success(request, _("The request was taken back."))
    return redirect("people:data")
