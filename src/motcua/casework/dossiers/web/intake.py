"""Taking in at the counter: the whole form on one page, a look at what follows. By keys, script or not."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.forms import FileInput, HiddenInput
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from motcua.casework.dossiers import forms, selectors
from motcua.casework.dossiers.counter_errors import (
    CounterDraftMissing,
    MandateNotHeld,
    NotThisCounter,
    TickRefused,
)
from motcua.casework.dossiers.errors import (
    DraftChanged,
    DraftIncomplete,
    DraftMissing,
    NotOffered,
    PaperEnded,
    TooManyPapers,
)
from motcua.casework.dossiers.models import Dossier, Draft, DraftPaper, PaperSort
from motcua.casework.dossiers.policies import handles
from motcua.casework.dossiers.services import drafts
from motcua.casework.dossiers.services.intake import take_in, taken_before, tick_papers
from motcua.casework.dossiers.services.reusing import use_again
from motcua.casework.dossiers.web.applying import add_offers, sent_papers, take_uploads
from motcua.casework.dossiers.web.asking import draft_asking
from motcua.casework.dossiers.web.intake_words import SORTS, check_words, whose
from motcua.casework.dossiers.web.reuse import paper_row
from motcua.casework.dossiers.web.words import language
from motcua.casework.forms.django_forms import PageForm, page_form
from motcua.casework.forms.rules.definition import in_language
from motcua.casework.forms.rules.one_page import NAME
from motcua.registry.access.policies import ActingRequest, role_required
from motcua.registry.catalogue.offers.errors import OfferError

RECEPTION = "reception"
_NOT_TAKEN = (DraftIncomplete, PaperEnded, MandateNotHeld, NotThisCounter, OfferError)


@role_required(RECEPTION)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def fill(request: ActingRequest, draft_id: UUID) -> HttpResponse:
    """All questions, with what the State knows, and what was handed in. What is sent is kept, right or wrong."""
    try:
        draft = selectors.get_draft(request.actor, draft_id)
    except DraftMissing:
        return _became(request, draft_id)
    papers = selectors.list_draft_papers(draft)
    if request.method == "POST":
        return _save(request, draft)
    return _show(request, draft, _form(draft, papers), papers)


def _became(request: ActingRequest, draft_id: UUID) -> HttpResponse:
    """To the dossier that this draft became, as after going back in the browser. Raises CounterDraftMissing."""
    try:
        return _to_dossier(request, taken_before(request.actor, draft_id))
    except DraftMissing:
        raise CounterDraftMissing from None


def _to_dossier(request: ActingRequest, dossier: Dossier) -> HttpResponse:
    """Of what another agency decides the counter sees its part, and prints the receipt all the same."""
    is_own = handles(request.actor, dossier)
    return redirect("desk:taken" if is_own else "desk:counter-taken", dossier.id)


def _form(draft: Draft, papers: list[DraftPaper], raw: Mapping[str, Any] | None = None) -> PageForm:
    whole = forms.whole_form(draft.version)
    return page_form(whole, whole.page(NAME), draft_asking(draft, papers, timezone.localdate()), raw)


def _save(request: ActingRequest, draft: Draft) -> HttpResponse:
    now, actor, current = timezone.now(), request.actor, forms.whole_form(draft.version).page(NAME)
    refused = take_uploads(request, draft, current)
    try:
        draft.ticked = tick_papers(
            actor=actor, draft_id=draft.id, ticked=_ticks(request, draft), at=now
        ).ticked
    except TickRefused as error:
        refused |= dict.fromkeys(_wrong_ticks(request, draft), str(error))
    papers = selectors.list_draft_papers(draft)
    form = _form(draft, papers, dict(request.POST.lists()) | sent_papers(draft, papers))
    is_right = form.is_valid() and not refused and not form.is_working
    for name, words in refused.items():
        form.errors.pop(name, None)
        form.add_error(name, words)
    sent = drafts.SentPage(
        fields=frozenset(field.name for field in current.fields),
        seen=request.POST.get("seen", "")[:16],
        stopped_at="check" if is_right else NAME,
    )
    try:
        draft = drafts.save_answers(actor=actor, draft_id=draft.id, answers=form.answers, at=now, page=sent)
    except DraftChanged as error:
        return _show(request, draft, form, papers, status=error.status)
    if form.is_working:
        return _show(request, draft, form, papers)
    if "use" in request.POST:
        return _use(request, draft)
    if "later" in request.POST:
        messages.success(request, _("The form is kept at this counter, under “Begun at this counter”."))
        return redirect("console:intake")
    return (
        redirect("desk:intake-check", draft.id)
        if is_right
        else _show(request, draft, form, papers, status=422)
    )


def _use(request: ActingRequest, draft: Draft) -> HttpResponse:
    component, _space, source = request.POST["use"].partition(" ")
    try:
        use_again(
            actor=request.actor, draft_id=draft.id, component=component, source=source, at=timezone.now()
        )
    except (NotOffered, TooManyPapers) as error:
        messages.error(request, str(error))
    return redirect("desk:intake", draft.id)


def _tick_name(component: str, sort: str) -> str:
    return f"tick-{component}-{sort}"


def _ticks(request: ActingRequest, draft: Draft) -> dict[str, dict[str, int]]:
    """What was typed beside the papers; what is no number becomes one that is refused."""
    return {
        component: {
            str(sort): _count(request.POST.get(_tick_name(component, sort), "")) for sort in PaperSort.values
        }
        for component in forms.file_fields(forms.form_of(draft.version))
    }


def _count(typed: str) -> int:
    typed = typed.strip()[:10]
    if not typed:
        return 0
    return int(typed) if typed.isascii() and typed.isdecimal() else -1


def _wrong_ticks(request: ActingRequest, draft: Draft) -> list[str]:
    found = _ticks(request, draft)
    return [name for name, sorts in found.items() if any(not 0 <= it <= 99 for it in sorts.values())]


def _show(
    request: ActingRequest, draft: Draft, form: PageForm, papers: list[DraftPaper], status: int = 200
) -> HttpResponse:
    add_offers(request, draft, form, papers)
    _add_ticks(request, draft, form)
    context = {
        "seen": drafts.page_digest(draft.answers, frozenset(it.name for it in form.page.fields)),
        "is_conflict": status == DraftChanged.status,
        "draft": draft,
        "form": form,
        "procedure": in_language(draft.version.procedure.names, language()),
        "papers": [paper_row(paper, draft) for paper in papers],
        "known": [{"label": row.label, "value": row.value} for row in form.known],
        "whose": whose(draft),
        "first": "" if form.is_bound else _first_open(form),
    }
    return render(request, "dossiers/desk_intake.html", context, status=status)


def _add_ticks(request: ActingRequest, draft: Draft, form: PageForm) -> None:
    """Beside each paper, how many of each sort lie there: as typed, else as kept."""
    for name in forms.file_fields(form.definition):
        if name not in form.fields:
            continue
        held = draft.ticked.get(name, {})
        form.fields[name].ticks = [  # type: ignore[attr-defined]
            {
                "name": _tick_name(name, sort),
                "label": str(words),
                "value": request.POST.get(_tick_name(name, sort), str(held.get(sort, "")))[:10],
            }
            for sort, words in SORTS.items()
        ]


def _first_open(form: PageForm) -> str:
    """The first question that needs an answer: there the cursor stands, so that no key is lost on what is known."""
    for name, asked in form.fields.items():
        is_paper = isinstance(asked.widget, FileInput | HiddenInput)
        if asked.required and not is_paper and form[name].value() in (None, "", [], ["", "", ""]):
            return name
    return ""


@role_required(RECEPTION)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def check(request: ActingRequest, draft_id: UUID) -> HttpResponse:
    """What is taken in, what it costs, when it is due; by POST it is taken in, once however often that is sent."""
    if request.method == "POST":
        try:
            dossier = take_in(actor=request.actor, draft_id=draft_id, at=timezone.now())
        except _NOT_TAKEN as error:
            messages.error(request, str(error))
            return redirect("desk:intake-check", draft_id)
        except DraftMissing:
            raise CounterDraftMissing from None
        return _to_dossier(request, dossier)
    try:
        draft = selectors.get_draft(request.actor, draft_id)
    except DraftMissing:
        return _became(request, draft_id)
    return render(request, "dossiers/desk_intake_check.html", check_words(draft))


@role_required(RECEPTION)
@require_POST
def remove_paper(request: ActingRequest, draft_id: UUID, paper_id: int) -> HttpResponse:
    drafts.remove_paper(actor=request.actor, draft_id=draft_id, paper_id=paper_id)
    return redirect("desk:intake", draft_id)


@role_required(RECEPTION)
@require_POST
def discard(request: ActingRequest, draft_id: UUID) -> HttpResponse:
    drafts.discard_draft(actor=request.actor, draft_id=draft_id)
    messages.success(request, _("The form was thrown away."))
    return redirect("console:intake")
