"""The data-protection officer's desk."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import FileResponse, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from motcua.foundation.files.services import open_file
from motcua.foundation.ui.templatetags.ui import due_state, due_words, viet_datetime
from motcua.registry.access.policies import ActingRequest, role_required
from motcua.registry.organisations.selectors import post_holders
from motcua.registry.people import answering
from motcua.registry.people.answering import RIGHT, Answer
from motcua.registry.people.contributions import personal_data, reading_words
from motcua.registry.people.errors import AlreadyAnswered, UnderHold
from motcua.registry.people.facts import sources
from motcua.registry.people.forms import AnswerForm
from motcua.registry.people.models import DataRequest
from motcua.registry.people.web.account import form_page
from motcua.registry.people.web.data import row_of


@role_required(RIGHT)
@never_cache
@require_safe
def request_list(request: ActingRequest) -> HttpResponse:
    is_open = request.GET.get("box") != "answered"
    page = answering.list_requests(request.actor, is_open=is_open, after=request.GET.get("after", ""))
    now = timezone.now()
    rows = [
        row_of(it) | {"due": due_words(it.due_at, now), "due_state": due_state(it.due_at, now)}
        for it in page.rows
    ]
    tabs = [
        {"text": _("Not answered yet"), "url": "?box=open", "current": is_open},
        {"text": _("Answered"), "url": "?box=answered", "current": not is_open},
    ]
    box = "open" if is_open else "answered"
    following = f"?box={box}&after={page.after}" if page.after else ""
    context = {"rows": rows, "tabs": tabs, "is_open": is_open, "next": following}
    return render(request, "people/desk_requests.html", context)


@role_required(RIGHT)
@never_cache
@form_page
def one(request: ActingRequest, request_id: UUID) -> HttpResponse:
    """Open a request, which the person sees in their tracker; answer it."""
    if request.method != "POST":
        found = answering.open_request(request.actor, request_id, at=timezone.now())
        return _page(request, found, AnswerForm(None, holdings=_asked_for(found)))
    found = answering.get_for_answer(request.actor, request_id)
    form = AnswerForm(request.POST, holdings=_asked_for(found))
    if form.is_valid():
        values = form.cleaned_data
        given = Answer(values["status"], values["text"], values["law"], tuple(values.get("erase", ())))
        try:
            answering.answer(actor=request.actor, request_id=request_id, given=given, at=timezone.now())
            messages.success(request, _("The person was told."))
            return redirect("people-desk:requests")
        except (AlreadyAnswered, UnderHold) as error:
            form.add_error(None, str(error))
    return _page(request, found, form)


def _asked_for(found: DataRequest) -> list[tuple[str, str]]:
    if found.kind != DataRequest.Kind.ERASE:
        return []
    return [(it.name, str(it.label)) for it in personal_data() if it.name in found.about]


def _page(request: ActingRequest, found: DataRequest, form: AnswerForm) -> HttpResponse:
    context = {
        "request_": found,
        "row": row_of(found),
        "facts": _facts(found),
        "form": form if found.status == DataRequest.Status.OPEN else None,
    }
    return render(request, "people/desk_request.html", context, status=422 if form.is_bound else 200)


def _facts(found: DataRequest) -> list[dict[str, Any]]:
    labels = {it.name: it.label for it in personal_data()} | {code: name for code, name, _where in sources()}
    facts: list[dict[str, Any]] = [
        {"label": _("Person"), "value": f"{found.person.full_name}, {found.person.masked_number}"},
        {"label": _("Asked"), "value": viet_datetime(found.asked_at)},
        {"label": _("Answer due"), "value": viet_datetime(found.due_at)},
    ]
    if found.about:
        facts.append({"label": _("About"), "value": ", ".join(str(labels.get(it, it)) for it in found.about)})
    entry = answering.asked_about(found)
    if entry:
        holders = post_holders({entry.post_id}) if entry.post_id else {}
        holder = next((it for (_post, officer), it in holders.items() if officer == entry.person_id), None)
        who = f"{holder.name}, {holder.title}, {holder.unit}" if holder else _("Automatic processing")
        reading = f"{reading_words(entry.kind, entry.facts)}, {viet_datetime(entry.at)}"
        facts += [{"label": _("The reading"), "value": reading}, {"label": _("Who read"), "value": who}]
    return facts


@role_required(RIGHT)
@never_cache
@require_safe
def evidence(request: ActingRequest, request_id: UUID) -> FileResponse:
    stored = answering.open_evidence(request.actor, request_id, at=timezone.now())
    return FileResponse(open_file(stored), as_attachment=True, filename=stored.name)
