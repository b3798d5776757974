"""The helper's side of showing a screen: the code, the page as the person sees it, pointing, leaving. Nothing else."""

from __future__ import annotations

import hashlib
from typing import Any
from uuid import UUID

from django import forms as django_forms
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from motcua.casework.dossiers import forms, selectors
from motcua.casework.dossiers.models import Draft, Showing
from motcua.casework.dossiers.policies import HELPING_RIGHTS
from motcua.casework.dossiers.services import showing
from motcua.casework.dossiers.showing_errors import ShowingEnded, WrongShowingCode
from motcua.casework.dossiers.web.asking import draft_asking
from motcua.casework.dossiers.web.checking import summary_sections
from motcua.casework.dossiers.web.showing import POLLED_EVERY, pointed_label
from motcua.casework.dossiers.web.words import language
from motcua.casework.forms.django_forms import PageForm, page_form
from motcua.casework.forms.rules.definition import in_language
from motcua.foundation.kernel.text import mask_number
from motcua.registry.access.errors import Slow
from motcua.registry.access.policies import ActingRequest, role_required
from motcua.registry.access.services.throttle import Limit, Try, count, forget

# Wrong codes of one account: ten thousand tries at eight digits would take weeks.
CODES = Limit("showing code", 5, 900)
_helpers = role_required(*HELPING_RIGHTS)


class CodeForm(django_forms.Form):
    code = django_forms.CharField(
        label=gettext_lazy("Code the person reads out"),
        max_length=20,
        help_text=gettext_lazy("Eight digits. The person finds them under “Show my screen to a helper”."),
        widget=django_forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        error_messages={"required": gettext_lazy("Enter the eight digits the person reads out.")},
    )


@_helpers
@never_cache
@sensitive_post_parameters("code")
@require_http_methods(["GET", "HEAD", "POST"])
def enter(request: ActingRequest) -> HttpResponse:
    """Asks for the code; tries are counted."""
    form = CodeForm(request.POST if request.method == "POST" else None)
    status = 422 if form.is_bound else 200
    if form.is_valid():
        now, tried = timezone.now(), Try(CODES, str(request.actor.account_id))
        try:
            count(tried, at=now)
            found = showing.join_showing(actor=request.actor, code=form.cleaned_data["code"], at=now)
        except (Slow, WrongShowingCode) as error:
            form.add_error("code", str(error))
            status = error.status
        else:
            forget(tried)
            return redirect("desk:showing", found.id)
    return render(request, "dossiers/desk_showing_code.html", {"form": form}, status=status)


@_helpers
@never_cache
@require_safe
def look(request: ActingRequest, showing_id: UUID) -> HttpResponse:
    """The page that the person has open now, and what to point at."""
    try:
        found, draft = showing.get_shown(request.actor, showing_id, at=timezone.now())
    except ShowingEnded as error:
        return render(request, "dossiers/desk_showing_over.html", status=error.status)
    context = _screen(found, draft) | {"tag": _tag(found, draft), "every": POLLED_EVERY}
    return render(request, "dossiers/desk_showing.html", context)


@_helpers
@never_cache
@require_safe
def screen(request: ActingRequest, showing_id: UUID) -> HttpResponse:
    """The part of it that changes; 304 while nothing has. Once it is over it says so, and nothing else."""
    try:
        found, draft = showing.get_shown(request.actor, showing_id, at=timezone.now())
    except ShowingEnded:
        return render(request, "dossiers/_screen_over.html")
    tag = f'"{_tag(found, draft)}"'
    if request.headers.get("If-None-Match") == tag:
        return HttpResponse(status=304)
    response = render(request, "dossiers/_screen.html", _screen(found, draft))
    response["ETag"] = tag
    return response


@_helpers
@require_POST
def point(request: ActingRequest, showing_id: UUID) -> HttpResponse:
    showing.point(
        actor=request.actor,
        showing_id=showing_id,
        key=request.POST.get("field", ""),
        words=request.POST.get("words", ""),
        at=timezone.now(),
    )
    return redirect("desk:showing", showing_id)


@_helpers
@require_POST
def leave(request: ActingRequest, showing_id: UUID) -> HttpResponse:
    showing.leave_showing(actor=request.actor, showing_id=showing_id, at=timezone.now())
    return redirect("desk:showing-code")


def _tag(found: Showing, draft: Draft) -> str:
    state = f"{found.page} {found.pointed_at} {draft.updated_at} {language()}"
    return hashlib.sha256(state.encode()).hexdigest()[:16]


def _screen(found: Showing, draft: Draft) -> dict[str, Any]:
    """What the person sees, to be read only; personal numbers hidden but for three digits."""
    papers, now = selectors.list_draft_papers(draft), timezone.now()
    today, definition = timezone.localdate(now), forms.form_of(draft.version)
    context: dict[str, Any] = {
        "showing": found,
        "procedure": in_language(draft.version.procedure.names, language()),
        "pointed": found.pointed,
        "pointed_label": pointed_label(definition, found.pointed),
    }
    pages = {page.name: page for page in definition.pages}
    if found.page not in pages:
        held, names = forms.draft_papers(draft, papers), {str(it.file_id): it.file.name for it in papers}
        sections = summary_sections(forms.draft_sections(draft, held, names, language()), "")
        for row in (row for section in sections for row in section["rows"]):
            row["change_url"] = ""
        return context | {"title": _("Check before you submit"), "summaries": sections}
    form = page_form(definition, pages[found.page], draft_asking(draft, papers, today))
    _only_to_look_at(form)
    return context | {
        "title": form.title,
        "form": form,
        "known": [{"label": row.label, "value": row.value} for row in form.known],
        "questions": [(bound.name, bound.label) for bound in form if not bound.is_hidden],
    }


def _only_to_look_at(form: PageForm) -> None:
    """No personal number is whole. The page puts it all into a fieldset that is disabled."""
    for field in form.fields.values():
        if field.question.kind == "personal_number" and field.initial:  # type: ignore[attr-defined]
            field.initial = mask_number(str(field.initial))
