"""The keeper's catalogue: procedures with their versions and drafts, the history of one, the beginning of a draft."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from motcua.casework.packs.exporting import export_procedure
from motcua.casework.packs.models import VersionDraft
from motcua.casework.packs.rules.skeleton import New
from motcua.casework.packs.versions import selectors, services
from motcua.casework.packs.versions.errors import ProcedureExists
from motcua.casework.packs.versions.policies import RIGHT
from motcua.casework.packs.versions.selectors import FILTERS, Asked, name_of
from motcua.casework.packs.versions.zipping import zipped
from motcua.casework.packs.web import words
from motcua.casework.packs.web.forms import NewForm, ReasonForm
from motcua.foundation.kernel.errors import DomainError
from motcua.registry.access.policies import ActingRequest, role_required
from motcua.registry.catalogue.errors import NotAnnounced
from motcua.registry.catalogue.rules.texts import in_language

_FILTERS = {
    "": gettext_lazy("All"),
    "drafts": gettext_lazy("With a draft"),
    "review": gettext_lazy("Waits for review"),
    "approved": gettext_lazy("Approved"),
    "announced": gettext_lazy("Announced"),
    "none": gettext_lazy("Without a version"),
}


@role_required(RIGHT)
@never_cache
@require_safe
def procedures(request: ActingRequest) -> HttpResponse:
    """All procedures one keeps, a page of 50 by code."""
    only = request.GET.get("only", "")
    asked = Asked(
        request.GET.get("q", "")[:200], only if only in FILTERS else "", request.GET.get("after", "")
    )
    today = timezone.localdate()
    found, following = selectors.page_of_procedures(request.actor, asked, on=today)
    query = {"q": asked.words, "only": asked.only}
    context = {
        "rows": [_row(it) for it in found],
        "new": [] if asked != Asked() else [_draft_row(it) for it in selectors.list_new(request.actor)],
        "q": asked.words,
        "only": asked.only,
        "tabs": [
            {
                "text": text,
                "url": f"?{urlencode({'q': asked.words, 'only': name})}",
                "current": name == asked.only,
            }
            for name, text in _FILTERS.items()
        ],
        "next_url": f"?{urlencode(query | {'after': following})}" if following else "",
    }
    return render(request, "versions/procedures.html", context)


def _row(procedure: Any) -> dict[str, Any]:
    states: list[tuple[str, Any]] = []
    if procedure.waiting:
        states.append(words.STATES["in_review"])
    if procedure.approved:
        states.append(words.STATES["approved"])
    if procedure.announced_on:
        day = words.day(procedure.announced_on)
        states.append(("soon", _("New version from %(day)s") % {"day": day}))
    return {
        "code": procedure.code,
        "name": in_language(procedure.names, words.language()),
        "number": procedure.number,
        "drafts": procedure.open_drafts or 0,
        "states": states,
    }


def _draft_row(draft: VersionDraft) -> dict[str, Any]:
    state, said = words.STATES[draft.state]
    return {
        "id": draft.pk,
        "code": draft.code,
        "state": state,
        "words": said,
        "changed": words.when(draft.changed_at),
    }


@role_required(RIGHT)
@never_cache
@require_safe
def history(request: ActingRequest, code: str) -> HttpResponse:
    """Every version of a procedure: when, by whom, why; and the drafts that are open."""
    procedure = selectors.find_kept(request.actor, code)
    versions, today = selectors.list_versions(code), timezone.localdate()
    drafts = [
        _draft_row(it) | {"by": name_of(it.author), "base": it.base.number if it.base else 0}
        for it in selectors.list_open(request.actor, code)
    ]
    current = next((it for it in versions if words.version_state(it, today)[0] == "done"), None)
    context = {
        "procedure": procedure,
        "name": in_language(procedure.names, words.language()),
        "items": words.timeline(versions, today),
        "drafts": drafts,
        "current": current,
        "former": [it for it in versions if it != current and it.valid_from <= today],
        "announced": [it for it in versions if words.version_state(it, today)[0] == "soon"],
        "versions": versions,
    }
    return render(request, "versions/history.html", context)


@role_required(RIGHT)
@never_cache
@require_safe
def version_files(request: ActingRequest, code: str, number: int) -> HttpResponse:
    """The folder of a published version as a zip, as its author wrote it where that is kept; the same bytes again."""
    procedure = selectors.find_kept(request.actor, code)
    exported = export_procedure(f"{procedure.code}@{number}")
    response = HttpResponse(zipped(exported.files), content_type="application/zip")
    response["Content-Disposition"] = f'attachment; filename="{procedure.code}-{number}.zip"'
    return response


@role_required(RIGHT)
@require_POST
def start(request: ActingRequest, code: str) -> HttpResponse:
    """A draft from the version in force, or from a former one (`version`)."""
    chosen = request.POST.get("version", "")
    number = int(chosen) if chosen.isdecimal() and len(chosen) < 6 else None
    draft = services.start_draft(actor=request.actor, code=code, number=number, at=timezone.now())
    return redirect("versions:draft", draft.pk)


@role_required(RIGHT)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: ActingRequest) -> HttpResponse:
    """A draft of a procedure that has no version yet."""
    form = NewForm(request.POST or None, initial={"code": request.GET.get("code", "")[:8]})
    if form.is_valid():
        made = New(form.cleaned_data["code"], form.names(), level=form.cleaned_data["level"])
        try:
            draft = services.start_new(actor=request.actor, new=made, at=timezone.now())
        except ProcedureExists as error:
            form.add_error("code", str(error))
        else:
            return redirect("versions:draft", draft.pk)
    return render(request, "versions/new.html", {"form": form}, status=422 if form.is_bound else 200)


@role_required(RIGHT)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: ActingRequest, code: str, number: int) -> HttpResponse:
    """Take back a version that was announced, before its day."""
    procedure = selectors.find_kept(request.actor, code)
    version = next((it for it in selectors.list_versions(code) if it.number == number), None)
    if not version or words.version_state(version, timezone.localdate())[0] != "soon":
        messages.error(request, str(NotAnnounced()))
        return redirect("versions:history", code)
    form = ReasonForm(request.POST or None)
    if form.is_valid():
        reason = form.cleaned_data["reason"]
        try:
            services.withdraw_announced(
                actor=request.actor, code=code, number=number, reason=reason, at=timezone.now()
            )
        except DomainError as error:
            messages.error(request, str(error))
        else:
            messages.success(request, _("Version %(number)d was taken back.") % {"number": number})
        return redirect("versions:history", code)
    context = {
        "form": form,
        "code": code,
        "number": number,
        "name": in_language(procedure.names, words.language()),
        "day": words.day(version.valid_from),
    }
    return render(request, "versions/withdraw.html", context, status=422 if form.is_bound else 200)
