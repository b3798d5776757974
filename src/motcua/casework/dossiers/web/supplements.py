"""The officer's page that asks for what is missing, and the applicant's page that brings it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from motcua.casework.dossiers import selectors
from motcua.casework.dossiers.errors import DossierMoved
from motcua.casework.dossiers.forms import PlacesOn, form_of
from motcua.casework.dossiers.models import SupplementRequest
from motcua.casework.dossiers.questions import list_supplement_papers
from motcua.casework.dossiers.services import supplements
from motcua.casework.dossiers.services.clock import send_back_by
from motcua.casework.dossiers.services.supplements import Item
from motcua.casework.dossiers.web.desk import may_begin, revision_sent, target_of
from motcua.casework.dossiers.web.law_words import until_words
from motcua.casework.dossiers.web.reuse import offer_row, paper_row
from motcua.casework.dossiers.web.words import language
from motcua.casework.forms.django_forms import ACCEPTED_FILES, Asking, PageForm, page_form
from motcua.casework.forms.rules.definition import FormDefinition, Group, in_language
from motcua.foundation.kernel.errors import DomainError
from motcua.registry.access.policies import ActingRequest, citizen_required, officer_required

FORM = require_http_methods(["GET", "HEAD", "POST"])
# Rows of an empty form, and how many of them are seen before one asks for more.
ROWS, SHOWN = 6, 3


@officer_required
@never_cache
@FORM
def request_supplement(request: ActingRequest, dossier_id: UUID) -> HttpResponse:
    """Everything that is missing, in one request; empty rows do not count."""
    dossier = may_begin(request, "request-supplement", dossier_id)
    form = form_of(dossier.version)
    items = _typed_items(request)
    errors: list[dict[str, str]] = []
    wrong, is_stale = "", False
    if request.method == "POST":
        try:
            supplements.request_supplement(
                actor=request.actor,
                target=target_of(request, dossier_id),
                items=items,
                reason=request.POST.get("reason", ""),
                arose=request.POST.get("arose", ""),
                at=timezone.now(),
            )
        except DomainError as error:
            if error.status in {403, 404}:
                raise
            wrong = _wrong_part(request, items, error)
            is_stale = isinstance(error, DossierMoved)
            errors = [{"href": f"#{wrong}", "text": str(error)}]
        else:
            messages.success(request, _("The applicant is asked. The clock stands still until they answer."))
            return redirect("desk:dossier", dossier_id)
    empty = [Item("")] * max(2, ROWS - len(items))
    rows = list(enumerate([*items, *empty][: supplements.MAX_ITEMS]))
    shown = max(SHOWN, len(items))
    context = {
        "dossier": dossier,
        "late_since": latest if (latest := send_back_by(dossier)) and timezone.now() > latest else None,
        "heading": selectors.dossier_heading(dossier, language()),
        "rows": rows[:shown],
        "more": rows[shown:],
        "abouts": _abouts(form),
        "reason": request.POST.get("reason", "")[:2000],
        "is_again": dossier.supplements.exists(),
        "arose": request.POST.get("arose", "")[:1000],
        "task_id": request.POST.get("task", "") or request.GET.get("task", ""),
        "revision": revision_sent(request, dossier, is_stale=is_stale),
        "errors": errors,
        "wrong": wrong,
    }
    return render(request, "dossiers/desk_supplement.html", context, status=422 if errors else 200)


def _wrong_part(request: ActingRequest, items: list[Item], error: DomainError) -> str:
    """The id of the question that the error is about; of the form where it is none."""
    if error.code == "asked_before":
        return "arose"
    if error.code != "nothing_asked":
        return "items"
    unsaid = next((index for index, it in enumerate(items) if not it.text.strip()), None)
    if unsaid is not None or not items:
        return f"text-{unsaid or 0}"
    return "items" if request.POST.get("reason", "").strip() else "reason"


def _typed_items(request: ActingRequest) -> list[Item]:
    """Rows with anything in them. `about`: "component NAME", "field NAME" or nothing."""
    sent = request.POST
    whys, items = sent.getlist("why"), []
    for index, (text, about) in enumerate(zip(sent.getlist("text"), sent.getlist("about"), strict=False)):
        kind, _blank, name = about.partition(" ")
        why = whys[index][:500] if index < len(whys) else ""
        if text.strip() or name or why.strip():
            component, asked = (name, "") if kind == "component" else ("", name)
            items.append(Item(text[:500], component, asked, why))
    return items


def _abouts(form: FormDefinition) -> list[tuple[str, str]]:
    """What an item may be about: the form's papers, then its other questions."""
    papers = [it for it in form.fields.values() if it.kind == "file"]
    others = [it for it in form.fields.values() if supplements.can_be_corrected(it)]
    spoken = language()
    return [
        *((f"component {it.name}", f"{_('Paper')}: {in_language(it.label, spoken)}") for it in papers),
        *((f"field {it.name}", f"{_('Answer')}: {in_language(it.label, spoken)}") for it in others),
    ]


@citizen_required
@never_cache
@FORM
def supplement(request: ActingRequest, dossier_id: UUID) -> HttpResponse:
    """Bring what was asked for: files are kept as they come, everything is sent at once."""
    return bring_page(request, dossier_id, template="dossiers/supplement.html", back="dossiers:dossier")


def bring_page(request: ActingRequest, dossier_id: UUID, *, template: str, back: str) -> HttpResponse:
    """The page of `supplement`, also at the counter that took the dossier in. `back`: where to go once it is sent."""
    asked = supplements.find_request(request.actor, dossier_id)
    errors: list[dict[str, str]] = []
    is_right = False
    raw = dict(request.POST.lists()) if request.method == "POST" else None
    form = _answer_form(asked, raw)
    if request.method == "POST":
        errors = _take_uploads(request, asked) + _use_again(request, asked)
        is_right = "send" in request.POST and not errors and (form is None or form.is_valid())
        if is_right and _send(request, asked, form.answers if form else {}, errors):
            return redirect(back, asked.dossier_id)
        if is_right:
            asked = supplements.find_request(request.actor, dossier_id)
            form = _answer_form(asked, raw)
    if form and request.method == "POST" and (is_right or "send" not in request.POST):
        form.errors.clear()
    context = {
        "dossier": asked.dossier,
        "asked": asked,
        "heading": selectors.dossier_heading(asked.dossier, language()),
        "rows": _item_rows(request, asked),
        "form": form,
        "accepted": ACCEPTED_FILES,
        "until": until_words(asked),
        "errors": errors,
        "has_errors": bool(errors or (form and form.errors)),
    }
    status = 422 if context["has_errors"] else 200
    return render(request, template, context, status=status)


def _item_rows(request: ActingRequest, asked: SupplementRequest) -> list[dict[str, Any]]:
    """Each item with what is kept for it, and what the State has already and could be."""
    papers = list_supplement_papers(asked)
    taken = {(it.item, it.file.sha256) for it in papers}
    offers = supplements.list_offers(request.actor, asked, at=timezone.now())
    return [
        {
            "index": index,
            "text": supplements.row_words(form_of(asked.dossier.version), item),
            "reason": item.get("reason", ""),
            "follows": "follows" in item,
            "is_optional": _is_optional(asked, item),
            "is_answer": "field" in item,
            "papers": [paper_row(it, asked.dossier) for it in papers if it.item == index],
            "offers": [
                offer_row(str(index), it)
                for it in offers.get(index, ())
                if (index, it.file.sha256) not in taken
            ],
        }
        for index, item in enumerate(asked.items)
    ]


def _is_optional(asked: SupplementRequest, item: dict[str, Any]) -> bool:
    """Whether it may be left out: of what follows from an answer, what the form does not insist on."""
    if "follows" not in item or "component" not in item:
        return False
    return form_of(asked.dossier.version).fields[item["component"]].required is None


def _use_again(request: ActingRequest, asked: SupplementRequest) -> list[dict[str, str]]:
    """Take what was offered for an item; what was typed stays on the page."""
    index, _space, source = request.POST.get("use", "").partition(" ")
    if not source or not index.isdecimal() or len(index) > 3:
        return []
    try:
        supplements.use_again(
            actor=request.actor,
            dossier_id=asked.dossier_id,
            item=int(index),
            source=source,
            at=timezone.now(),
        )
    except DomainError as error:
        return [{"href": f"#file-{index}", "text": str(error)}]
    return []


def _answer_form(asked: SupplementRequest, raw: dict[str, Any] | None) -> PageForm | None:
    """The questions whose answers are to be corrected, as one page of the form; None when there are none."""
    dossier = asked.dossier
    definition = form_of(dossier.version)
    names = [item["field"] for item in asked.items if "field" in item]
    fields = tuple(definition.fields[name] for name in names if name in definition.fields)
    if not fields:
        return None
    page = replace(
        definition.pages[0], name="supplement", groups=(Group(fields=fields),), lead=None, preview=None
    )
    today = timezone.localdate()
    asking = Asking(today=today, answers=dossier.answers, places=PlacesOn(today))
    return page_form(definition, page, asking, raw)


def _take_uploads(request: ActingRequest, asked: SupplementRequest) -> list[dict[str, str]]:
    errors = []
    for index in range(len(asked.items)):
        for upload in request.FILES.getlist(f"file-{index}"):
            try:
                supplements.add_paper(
                    actor=request.actor,
                    dossier_id=asked.dossier_id,
                    item=index,
                    upload=upload,
                    at=timezone.now(),
                )
            except DomainError as error:
                errors.append({"href": f"#file-{index}", "text": str(error)})
    return errors


def _send(
    request: ActingRequest, asked: SupplementRequest, answers: dict[str, Any], errors: list[dict[str, str]]
) -> bool:
    names = {item["field"] for item in asked.items if "field" in item}
    text = request.POST.get("revision", "")
    try:
        supplements.supplement(
            actor=request.actor,
            dossier_id=asked.dossier_id,
            revision=int(text) if text.isdecimal() and len(text) < 10 else 0,
            answers={name: answers.get(name) for name in names},
            at=timezone.now(),
        )
    except DomainError as error:
        if error.status in {403, 404}:
            raise
        errors.append({"href": "#items", "text": str(error)})
        return False
    messages.success(request, _("Thank you. Your dossier goes on from here."))
    return True


@citizen_required
@require_POST
def remove_paper(request: ActingRequest, dossier_id: UUID, paper_id: int) -> HttpResponse:
    supplements.remove_paper(actor=request.actor, dossier_id=dossier_id, paper_id=paper_id)
    return redirect("dossiers:supplement", dossier_id)
