"""Filters of the inbox: what the address asks for, and the page where an officer makes and keeps them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from motcua.casework.dossiers import filters
from motcua.casework.dossiers.inboxes import Looking
from motcua.casework.dossiers.models import InboxFilter
from motcua.casework.dossiers.policies import ACTING_RIGHTS
from motcua.casework.dossiers.register import list_books
from motcua.casework.dossiers.web.words import language
from motcua.casework.process.selectors import list_open_steps
from motcua.foundation.kernel.actors import Actor
from motcua.foundation.kernel.errors import DomainError
from motcua.registry.access.contributions import list_rights
from motcua.registry.access.policies import ActingRequest, officer_required
from motcua.registry.catalogue.rules.texts import in_language
from motcua.registry.catalogue.selectors import list_online_procedures

# In the session: the words of the inbox. They may be somebody's name, and stand in no address.
_WORDS = "inbox_words"
DUE = {
    "": gettext_lazy("All"),
    "overdue": gettext_lazy("Overdue"),
    "today": gettext_lazy("Today"),
    "soon": gettext_lazy("Within 2 working days"),
    "later": gettext_lazy("Later"),
    "late": gettext_lazy("Likely late"),
}
VIEWS = {
    "": gettext_lazy("For me"),
    "mine": gettext_lazy("Taken by me"),
    "unit": gettext_lazy("My unit's"),
    "waiting": gettext_lazy("Waiting for applicants"),
    "answer": gettext_lazy("Online, to answer"),
}


@dataclass(frozen=True, slots=True)
class Asked:
    """What the inbox shows. `query`: the address's part that asks for it again; `chosen`: the kept filter, if any."""

    criteria: dict[str, str]
    query: dict[str, str]
    filters: list[InboxFilter]
    chosen: InboxFilter | None
    after: str = ""

    @property
    def looking(self) -> Looking:
        return filters.looking_of(self.criteria, after=self.after)

    @property
    def is_narrowed(self) -> bool:
        """By more than whose and when due, which the page shows anyway."""
        return bool(self.criteria.keys() - {"view", "due"})

    def address(self, **changes: str) -> str:
        """The query of the same list with something else."""
        return f"?{urlencode({**self.query, **changes})}"


def asked_of(request: ActingRequest, sent: Mapping[str, str] | None = None) -> Asked:
    """What an address of the inbox asks for; without any, the officer's default filter. One query."""
    given = request.GET.dict() if sent is None else dict(sent)
    found = filters.list_filters(request.actor)
    named = next((it for it in found if str(it.pk) == given.get("filter")), None)
    chosen = named if given else filters.default_of(request.actor, found)
    own = {name: given[name] for name in filters.NAMES if name in given}
    query = {**({"filter": str(chosen.pk)} if chosen else {}), **own}
    words = {}
    if given.get(filters.WORDS):
        words = {filters.WORDS: request.session.get(_WORDS, "")}
        query[filters.WORDS] = "1"
    criteria = filters.read_criteria({**(chosen.criteria if chosen else {}), **own, **words})
    return Asked(criteria, query, found, chosen, given.get("after", ""))


def asked_again(request: ActingRequest, query: str) -> Asked:
    """`asked_of` for an address's part that a form sent back."""
    return asked_of(request, QueryDict(query.removeprefix("?")).dict() or {"filter": "none"})


def filter_items(asked: Asked) -> list[dict[str, Any]]:
    """The kept filters, for components/tabs."""
    if not asked.filters:
        return []
    everything = {"text": _("No filter"), "url": "?filter=none", "current": not asked.chosen}
    kept = [
        {"text": it.name, "url": f"?filter={it.pk}", "current": it == asked.chosen} for it in asked.filters
    ]
    return [everything, *kept]


class FilterForm(forms.Form):
    """What to show. Every field may stay empty."""

    view = forms.ChoiceField(label=gettext_lazy("Whose tasks"), choices=list(VIEWS.items()), required=False)
    due = forms.ChoiceField(label=gettext_lazy("By due date"), choices=list(DUE.items()), required=False)
    role = forms.ChoiceField(label=gettext_lazy("Role"), required=False)
    agency = forms.ChoiceField(label=gettext_lazy("Agency"), required=False)
    step = forms.ChoiceField(label=gettext_lazy("Step"), required=False)
    procedure = forms.ChoiceField(label=gettext_lazy("Procedure"), required=False)
    words = forms.CharField(
        label=gettext_lazy("Words"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("Of codes and people's names; accents are not needed."),
    )
    name = forms.CharField(
        label=gettext_lazy("Keep it under the name"),
        max_length=60,
        required=False,
        help_text=gettext_lazy("Empty: it is shown once and not kept."),
    )
    shares = forms.BooleanField(
        label=gettext_lazy("Colleagues of my unit see this filter too"),
        required=False,
        widget=forms.CheckboxInput(attrs={"class": "ds-input"}),
    )

    def __init__(self, actor: Actor, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rights = [
            (it.code, it.label) for it in list_rights() if it.code in set(actor.rights) & {*ACTING_RIGHTS}
        ]
        books = [(it.path, it.name) for it in list_books(actor)]
        steps = [(code, in_language(names, language())) for code, names in list_open_steps(actor)]
        procedures = [(code, f"{name} ({code})") for code, name in list_online_procedures()]
        found: dict[str, list[tuple[str, Any]]] = {
            "role": [*rights],
            "agency": [*books],
            "step": [*steps],
            "procedure": [*procedures],
        }
        for name, choices in found.items():
            self.fields[name].choices = [("", _("All")), *choices]  # type: ignore[attr-defined]
            if len(choices) < 2 and name in {"role", "agency"}:
                del self.fields[name]

    def criteria(self) -> dict[str, str]:
        """Of a valid form."""
        return filters.read_criteria(self.cleaned_data)


@officer_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def filter_inbox(request: ActingRequest) -> HttpResponse:
    """Choose what the inbox shows, and keep it under a name; the kept ones to change below."""
    asked = asked_of(request)
    if request.method != "POST":
        return _page(request, FilterForm(request.actor, initial=asked.criteria), asked)
    form = FilterForm(request.actor, request.POST)
    if not form.is_valid():
        return _page(request, form, asked)
    criteria = form.criteria()
    if not form.cleaned_data["name"].strip():
        return redirect(f"{reverse('desk:inbox')}?{urlencode(_shown_once(request, criteria))}")
    try:
        kept = filters.keep_filter(
            actor=request.actor,
            name=form.cleaned_data["name"],
            criteria=criteria,
            shares=form.cleaned_data["shares"],
            at=timezone.now(),
        )
    except DomainError as error:
        if error.status == 403:
            raise
        form.add_error("name", str(error))
        return _page(request, form, asked)
    return redirect(f"{reverse('desk:inbox')}?filter={kept.pk}")


def _shown_once(request: ActingRequest, criteria: dict[str, str]) -> dict[str, str]:
    """The address's part for criteria that are not kept; their words stay in the session."""
    query = {"filter": "none", **criteria}
    if words := query.pop(filters.WORDS, ""):
        request.session[_WORDS] = words
        query[filters.WORDS] = "1"
    return query


def _page(request: ActingRequest, form: FilterForm, asked: Asked) -> HttpResponse:
    own = [it for it in asked.filters if it.officer_id == request.actor.person_id]
    context = {"form": form, "own": own, "has_unit": request.actor.unit_id is not None}
    return render(request, "dossiers/desk_filter.html", context, status=422 if form.is_bound else 200)


@officer_required
@require_POST
def change_filter(request: ActingRequest, filter_id: UUID) -> HttpResponse:
    """Rename, share, begin with it, or delete it."""
    try:
        if "delete" in request.POST:
            filters.delete_filter(actor=request.actor, filter_id=filter_id)
            messages.success(request, _("The filter is deleted."))
        else:
            filters.change_filter(
                actor=request.actor,
                filter_id=filter_id,
                name=request.POST.get("name", ""),
                shares="shares" in request.POST,
                begins="begins" in request.POST,
            )
            messages.success(request, _("The filter is changed."))
    except DomainError as error:
        if error.status in {403, 404}:
            raise
        messages.error(request, str(error))
    return redirect("desk:filter")
