"""A citizen applies: start, one page a question group, check, submit. Works without JavaScript."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from motcua.casework.dossiers import forms, selectors
from motcua.casework.dossiers.errors import (
    DraftChanged,
    DraftIncomplete,
    NothingNewer,
    NotOffered,
    NotOnline,
    PaperEnded,
    TooManyPapers,
)
from motcua.casework.dossiers.models import Draft, DraftPaper
from motcua.casework.dossiers.offering import DECIDES_WHERE
from motcua.casework.dossiers.policies import may_apply
from motcua.casework.dossiers.services import drafts
from motcua.casework.dossiers.services.reusing import find_papers, in_force, is_usable, use_again
from motcua.casework.dossiers.services.submission import submit_dossier
from motcua.casework.dossiers.web.asking import draft_asking
from motcua.casework.dossiers.web.checking import promise_now, summary_sections, taken_before
from motcua.casework.dossiers.web.fee_words import fee_rows, fee_total
from motcua.casework.dossiers.web.linked_words import check_context
from motcua.casework.dossiers.web.reuse import ended_words, looked_words, offer_row, paper_name, paper_row
from motcua.casework.dossiers.web.showing import shown_now
from motcua.casework.dossiers.web.words import language
from motcua.casework.fees.rules.lines import fee_lines
from motcua.casework.forms.django_forms import PageForm, page_form
from motcua.casework.forms.rules.definition import FormDefinition, Page, in_language
from motcua.casework.forms.rules.summary import next_page, previous_page, visible_pages
from motcua.foundation.kernel.errors import DomainError, NotFound
from motcua.registry.access.policies import ActingRequest, citizen_required
from motcua.registry.catalogue.offers.errors import OfferError
from motcua.registry.catalogue.selectors import example_of, get_version


@citizen_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def start(request: ActingRequest, code: str) -> HttpResponse:
    """A new draft by POST; before that, drafts that were begun earlier are offered."""
    now = timezone.now()
    version = get_version(code, at=timezone.localdate(now))
    if not version.procedure.is_online and not version.procedure.removed_on:
        raise NotOnline(code=code)
    if not may_apply(request.actor, version):
        return render(request, "dossiers/not_in_this_name.html", {"version": version}, status=403)
    if request.method == "POST":
        draft = drafts.start_draft(actor=request.actor, version=version, at=now)
        return redirect("dossiers:page", draft.id, forms.form_of(version).pages[0].name)
    context = {"version": version, "drafts": selectors.list_drafts(request.actor, procedure_code=code)}
    return render(request, "dossiers/start.html", context)


def _page_of(form: FormDefinition, name: str) -> Page:
    try:
        return form.page(name)
    except KeyError:
        raise NotFound from None


@citizen_required
@never_cache
@require_safe
def resume(request: ActingRequest, draft_id: UUID) -> HttpResponse:
    """Where the person stopped, on whatever device."""
    draft = selectors.get_draft(request.actor, draft_id)
    if draft.page in {page.name for page in forms.form_of(draft.version).pages}:
        return redirect("dossiers:page", draft.id, draft.page)
    return redirect("dossiers:check", draft.id)


@citizen_required
@require_POST
def renew(request: ActingRequest, draft_id: UUID) -> HttpResponse:
    """Take the draft over into the procedure's version of today."""
    try:
        drafts.renew_draft(actor=request.actor, draft_id=draft_id, at=timezone.now())
    except NothingNewer as error:
        messages.error(request, str(error))
    else:
        messages.success(
            request, _("Your answers were taken over. Go through the pages again: some may be new.")
        )
    return redirect("dossiers:resume", draft_id)


@citizen_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def page(request: ActingRequest, draft_id: UUID, page: str) -> HttpResponse:
    draft = selectors.get_draft(request.actor, draft_id)
    definition = forms.form_of(draft.version)
    current, now = _page_of(definition, page), timezone.now()
    papers = selectors.list_draft_papers(draft)
    today = timezone.localdate(now)
    if request.method != "POST":
        form = page_form(definition, current, draft_asking(draft, papers, today))
        if current not in visible_pages(definition, form.answers):
            # Other answers made it empty.
            return redirect(
                f"/drafts/{draft.id}/{_following(definition, form.answers, current, to_check=False)}/"
            )
        return _show(request, draft, form, papers)
    refused = take_uploads(request, draft, current)
    papers = selectors.list_draft_papers(draft)
    raw = dict(request.POST.lists()) | sent_papers(draft, papers)
    form = page_form(definition, current, draft_asking(draft, papers, today), raw)
    is_right = form.is_valid() and not refused and not form.is_working
    for name, words in refused.items():
        form.errors.pop(name, None)
        form.add_error(name, words)
    following = _following(definition, form.answers, current, to_check="check" in request.GET)
    sent = drafts.SentPage(
        fields=frozenset(field.name for field in current.fields),
        seen=request.POST.get("seen", "")[:16],
        stopped_at=following if is_right else current.name,
    )
    try:
        draft = drafts.save_answers(
            actor=request.actor, draft_id=draft.id, answers=form.answers, at=now, page=sent
        )
    except DraftChanged as error:
        return _show(request, draft, form, papers, status=error.status)
    if form.is_working:
        return _show(request, draft, form, papers)
    if "use" in request.POST:
        return _use(request, draft, current)
    if not is_right:
        return _show(request, draft, form, papers, status=422)
    if "later" in request.POST:
        messages.success(request, _("Your draft is kept. Go on whenever you like, on any device."))
        return redirect("dossiers:list")
    return redirect(f"/drafts/{draft.id}/{following}/")


@citizen_required
@never_cache
@require_POST
def values(request: ActingRequest, draft_id: UUID, page: str) -> JsonResponse:
    """What is calculated of the answers as they are typed on a page, in words by name. Nothing is kept."""
    draft = selectors.get_draft(request.actor, draft_id)
    definition, papers = forms.form_of(draft.version), selectors.list_draft_papers(draft)
    raw = dict(request.POST.lists()) | sent_papers(draft, papers)
    asking = draft_asking(draft, papers, timezone.localdate())
    form = page_form(definition, _page_of(definition, page), asking, raw)
    form.is_valid()  # what is wrong in it is said when the page is sent
    return JsonResponse(form.values)


def _use(request: ActingRequest, draft: Draft, current: Page) -> HttpResponse:
    """Take what was offered for a question of this page; the page then shows it, and what was typed."""
    component, _space, source = request.POST["use"].partition(" ")
    try:
        if component not in {field.name for field in current.fields if field.kind == "file"}:
            raise NotOffered
        use_again(
            actor=request.actor, draft_id=draft.id, component=component, source=source, at=timezone.now()
        )
    except (NotOffered, TooManyPapers) as error:
        messages.error(request, str(error))
    query = "?check" if "check" in request.GET else ""
    return redirect(f"/drafts/{draft.id}/{current.name}/{query}#handed-in")


def sent_papers(draft: Draft, papers: list[DraftPaper]) -> dict[str, list[str]]:
    """What was uploaded so far, as the page would send it."""
    held = forms.draft_papers(draft, in_force(papers, draft, on=timezone.localdate()))
    return {name: it if isinstance(it, list) else [it] for name, it in held.items()}


def _following(definition: FormDefinition, answers: dict[str, Any], current: Page, *, to_check: bool) -> str:
    """The name of the page that comes next, "check" after the last."""
    following = None if to_check else next_page(definition, answers, current)
    return following.name if following else "check"


def take_uploads(request: ActingRequest, draft: Draft, current: Page) -> dict[str, str]:
    """Store what was uploaded on this page; what was refused and why, by field."""
    refused: dict[str, str] = {}
    for field in current.fields:
        if field.kind != "file":
            continue
        for upload in request.FILES.getlist(field.name):
            try:
                drafts.add_paper(
                    actor=request.actor,
                    draft_id=draft.id,
                    component=field.name,
                    upload=upload,
                    at=timezone.now(),
                )
            except DomainError as error:
                refused[field.name] = str(error)
    return refused


def _show(
    request: ActingRequest, draft: Draft, form: PageForm, papers: list[DraftPaper], status: int = 200
) -> HttpResponse:
    definition, current = form.definition, form.page
    before = previous_page(definition, form.answers, current)
    add_offers(request, draft, form, papers)
    fields = frozenset(field.name for field in current.fields)
    context = {
        "seen": drafts.page_digest(draft.answers, fields),
        "saved_elsewhere": saved_elsewhere(draft, current, papers) if status == DraftChanged.status else [],
        "is_conflict": status == DraftChanged.status,
        "newer": forms.find_newer(draft.version, at=timezone.now()),
        "draft": draft,
        "form": form,
        "procedure": in_language(draft.version.procedure.names, language()),
        "parts": [in_language(part, language()) for part in definition.parts],
        "part": current.part,
        "back_url": f"/drafts/{draft.id}/{before.name}/"
        if before
        else f"/procedures/{draft.version.procedure_id}/",
        "papers": [paper_row(paper, draft) for paper in papers if paper.component in form.fields],
        "saved_at": draft.updated_at if draft.answers else None,
        "known": [{"label": row.label, "value": row.value} for row in form.known],
        "showing": shown_now(draft, current.name),
        "page": current.name,
    }
    return render(request, "dossiers/page.html", context, status=status)


def add_offers(request: ActingRequest, draft: Draft, form: PageForm, papers: list[DraftPaper]) -> None:
    """At each file question, what the State has already; what is in the draft is not offered again."""
    fields = [name for name in forms.file_fields(form.definition) if name in form.fields]
    taken = {(paper.component, paper.file.sha256) for paper in papers}
    for name, found in find_papers(request.actor, draft, fields, at=timezone.now()).items():
        rows = [offer_row(name, it) for it in found.offers if (name, it.file.sha256) not in taken]
        form.fields[name].offers = rows  # type: ignore[attr-defined]
        form.fields[name].looked = looked_words(found)  # type: ignore[attr-defined]
    for name in fields:
        example = example_of(draft.version.procedure_id, name, language())
        form.fields[name].example = example  # type: ignore[attr-defined]


def saved_elsewhere(draft: Draft, current: Page, papers: list[DraftPaper]) -> list[dict[str, str]]:
    """What the page holds now, saved by another device: label and value, numbers masked."""
    sections = forms.draft_sections(draft, forms.draft_papers(draft, papers), file_names(papers), language())
    return [
        {"label": row.label, "value": row.value}
        for section in sections
        if section.page == current.name
        for row in section.rows
    ]


def file_names(papers: list[DraftPaper]) -> dict[str, str]:
    return {str(paper.file_id): paper.file.name for paper in papers}


@citizen_required
@never_cache
@require_http_methods(["GET", "HEAD"])
def check(request: ActingRequest, draft_id: UUID) -> HttpResponse:
    """Read everything once more; nothing is submitted yet."""
    draft = selectors.get_draft(request.actor, draft_id)
    return render(request, "dossiers/check.html", _check_context(draft))


def _check_context(draft: Draft) -> dict[str, Any]:
    now, papers = timezone.now(), selectors.list_draft_papers(draft)
    today, definition = timezone.localdate(now), forms.form_of(draft.version)
    counted = in_force(papers, draft, on=today)
    held, names = forms.draft_papers(draft, counted), file_names(papers)
    for component, file_id in held.items():
        if isinstance(file_id, str):
            names[file_id] = ", ".join(paper_name(it) for it in counted if it.component == component)
    answers = forms.with_papers(draft.answers, held)
    procedure, case = forms.procedure_for(draft.version, answers, on=today)
    titles = {page.name: in_language(page.title, language()) for page in visible_pages(definition, answers)}
    base, agency = f"/drafts/{draft.id}", forms.deciding_agency(answers, on=today, procedure=procedure)
    procedure, not_offered = forms.offered_at(draft.version, procedure, agency, on=today)
    fees = fee_lines(procedure, answers, on=today)
    return {
        "draft": draft,
        "newer": forms.find_newer(draft.version, at=now),
        "agency": agency,
        "procedure": in_language(draft.version.procedure.names, language()),
        "summaries": summary_sections(forms.draft_sections(draft, held, names, language()), base),
        "open_pages": [
            *(
                {"href": f"{base}/{definition.page_of[paper.component]}/?check", "text": ended_words(paper)}
                for paper in papers
                if not is_usable(paper, draft, on=today)
            ),
            *(
                {"href": f"{base}/{name}/?check", "text": titles[name]}
                for name in forms.open_pages(draft, held, at=now)
            ),
            *_decided_by_nobody(definition, base, answers, not_offered if agency else _NOBODY),
        ],
        "case": forms.case_name(procedure, case, language()),
        "declaration": in_language(definition.declaration, language()),
        "fees": fee_rows(fees, language()),
        "fee_total": fee_total(fees, language()),
        "has_to_pay": any(line.amount_vnd != 0 for line in fees),
        "promise": promise_now(procedure, agency, now),
        "taken": taken_before(procedure, agency, now),
        "back_url": f"{base}/{definition.pages[-1].name}/",
        "showing": shown_now(draft, "check"),
        "page": "check",
    } | check_context(draft, counted, now)


_NOBODY = gettext_lazy("No agency here decides on this for the place you named.")


def _decided_by_nobody(
    definition: FormDefinition, base: str, answers: Mapping[str, Any], problem: str | Promise
) -> list[dict[str, Any]]:
    """That nobody here decides on it at the place that was named, or does not offer it at present."""
    page = definition.page_of.get(DECIDES_WHERE)
    if not page or not problem or not answers.get(DECIDES_WHERE):
        return []
    return [{"href": f"{base}/{page}/?check", "text": problem}]


@citizen_required
@require_POST
def submit(request: ActingRequest, draft_id: UUID) -> HttpResponse:
    """Submit once, however often the button is pressed."""
    if "declared" not in request.POST:
        draft = selectors.find_draft_or_dossier(request.actor, draft_id)
        if isinstance(draft, Draft):
            context = _check_context(draft) | {
                "errors": [{"href": "#declared", "text": _("Tick the declaration before you submit.")}]
            }
            return render(request, "dossiers/check.html", context, status=422)
        return redirect("dossiers:dossier", draft_id)
    try:
        dossier = submit_dossier(actor=request.actor, draft_id=draft_id, at=timezone.now())
    except (DraftIncomplete, PaperEnded, OfferError) as error:
        messages.error(request, str(error))
        return redirect("dossiers:check", draft_id)
    # Of a linked case the whole, where this was all of it.
    return redirect("dossiers:linked" if dossier.linked_id == dossier.id else "dossiers:dossier", dossier.id)


@citizen_required
@require_POST
def remove_paper(request: ActingRequest, draft_id: UUID, paper_id: int) -> HttpResponse:
    draft, back = selectors.get_draft(request.actor, draft_id), request.POST.get("page", "")
    drafts.remove_paper(actor=request.actor, draft_id=draft_id, paper_id=paper_id)
    if back in {page.name for page in forms.form_of(draft.version).pages}:
        return redirect("dossiers:page", draft_id, back)
    return redirect("dossiers:check", draft_id)


@citizen_required
@require_POST
def discard(request: ActingRequest, draft_id: UUID) -> HttpResponse:
    drafts.discard_draft(actor=request.actor, draft_id=draft_id)
    messages.success(request, _("The draft was thrown away."))
    return redirect("dossiers:list")
