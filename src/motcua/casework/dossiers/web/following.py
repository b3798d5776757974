"""A citizen follows their dossiers; anybody looks up a status by code."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_not_required
from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from motcua.casework.dossiers import questions, selectors
from motcua.casework.dossiers.contributions import list_panels
from motcua.casework.dossiers.forms import heading
from motcua.casework.dossiers.linking import Whole, find_whole, find_whole_of, whole_of
from motcua.casework.dossiers.models import Dossier, OfficialDocument
from motcua.casework.dossiers.policies import is_own
from motcua.casework.dossiers.rules.sheet_codes import is_meant_for_sheet, read_sheet_code
from motcua.casework.dossiers.services import papers
from motcua.casework.dossiers.services.ending import may_withdraw
from motcua.casework.dossiers.web import pages
from motcua.casework.dossiers.web.checking import taken_meanwhile
from motcua.casework.dossiers.web.clock import clock_context, clock_names_date, steps_shown
from motcua.casework.dossiers.web.fees import fee_context
from motcua.casework.dossiers.web.intake_words import whom
from motcua.casework.dossiers.web.law_words import law_context, until_words
from motcua.casework.dossiers.web.linked_words import own_case_row, part_rows, whole_due, whole_state
from motcua.casework.dossiers.web.own import own_document_url, own_row, public_words, signed_words, what_next
from motcua.casework.dossiers.web.post_words import post_context
from motcua.casework.dossiers.web.prints import document_response
from motcua.casework.dossiers.web.readers import reader_rows
from motcua.casework.dossiers.web.reuse import document_state
from motcua.casework.dossiers.web.words import due_rows, language
from motcua.casework.process.selectors import list_tasks
from motcua.casework.warehouse.selectors import find_document_of
from motcua.foundation.files.official import qr_svg
from motcua.foundation.journal.selectors import list_sealed_among
from motcua.registry.access.policies import ActingRequest, citizen_required, count_asking
from motcua.registry.access.services.throttle import STATUS


def _moment(text: str) -> datetime | None:
    """The moment an address names; None when it names none that has a time zone."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo else None


@citizen_required
@never_cache
@require_safe
def own_dossiers(request: ActingRequest) -> HttpResponse:
    before = _moment(request.GET.get("before", ""))
    found = selectors.list_own_dossiers(request.actor, before=before)
    more, found = len(found) > selectors.PAGE_SIZE, found[: selectors.PAGE_SIZE]
    context = {
        "drafts": [] if before else selectors.list_drafts(request.actor),
        "rows": [_row(dossier) for dossier in found],
        "before": found[-1].submitted_at.isoformat() if more else "",
    }
    return render(request, "dossiers/list.html", context)


def _row(dossier: Dossier) -> dict[str, Any]:
    """A dossier, or the whole that it is the first of."""
    case = dossier.linked
    return own_case_row(whole_of(case, case.parts.all())) if case else own_row(dossier)


def unknown_kind(code: str) -> str:
    """What a code that nothing is found by looks like: "sheet", "sheet_mistyped", "reference", "whole" or "legal".

    By its symbols alone: nobody learns whether a sheet was printed.
    """
    if read_sheet_code(code):
        return "sheet"
    if is_meant_for_sheet(code):
        return "sheet_mistyped"
    return {"T-": "reference", "L-": "whole"}.get(code[:2].upper(), "legal")


@login_not_required
@never_cache
@require_safe
def status(request: ActingRequest) -> HttpResponse:
    """Status by code, without signing in: procedure, agency, status and due date, nothing of the person."""
    code = request.GET.get("code", "")[:60].strip()
    if code:
        count_asking(request, STATUS)
    found = selectors.find_status(code)
    if not found and (whole := find_whole(code)):
        return _whole_status(request, code, whole)
    if found and is_own(request.actor, found):
        return redirect("dossiers:dossier", found.id)
    context: dict[str, Any] = {"code": code, "dossier": found, "unknown": unknown_kind(code)}
    if found:
        context["state"], context["words"] = pages.status_words(found, to_anybody=True)
        context["is_due"] = clock_names_date(found) or bool(found.finished_at)
    return render(request, "dossiers/status.html", context, status=404 if code and not found else 200)


def _whole_status(request: HttpRequest, code: str, whole: Whole) -> HttpResponse:
    """Of a linked case the status of each part, and nothing of the person."""
    state, words = whole_state(whole)
    context = {
        "code": code,
        "case": whole.case,
        "state": state,
        "words": words,
        "due_at": whole_due(whole),
        "parts": part_rows(whole, to_owner=False),
    }
    return render(request, "dossiers/status.html", context)


@citizen_required
@never_cache
@require_safe
def dossier(request: ActingRequest, dossier_id: UUID) -> HttpResponse:
    found = selectors.open_dossier(request.actor, dossier_id, at=timezone.now())
    documents, papers_in = selectors.list_documents(found), selectors.list_papers(found)
    state, words = pages.status_words(found)
    history = selectors.list_history(found, with_readings=False)
    sealed = list_sealed_among(it.entry.id for it in history)
    supplement = questions.find_supplement(found) if request.actor.may("apply") else None
    context = {
        "dossier": found,
        "heading": heading(found, language()),
        "helper": whom(found) if found.brought_by_id else {},
        "case": pages.case_words(found),
        "state": state,
        "words": words,
        "course": pages.course_of(found, list_tasks(found.id)),
        "timeline": pages.timeline_items(found, history, sealed),
        "has_proofs": bool(sealed),
        "readers": reader_rows(selectors.list_readers(found)),
        "clock": clock_context(found, timezone.now()),
        "due_rows": due_rows(steps_shown(found), language()),
        "receipt": next(iter(_official(documents, [OfficialDocument.Kind.RECEIPT])), None),
        "official": _official(documents, selectors.TO_APPLICANT),
        "papers": pages.paper_items(papers_in, "dossiers:paper"),
        "sections": pages.answer_groups(found, papers_in),
        "result": _result(found, documents) if request.actor.may("receive") else None,
        "submitted_by": found.applicant_facts["full_name"] if found.owner_facts else "",
        "next_up": what_next(found),
        "supplement": supplement,
        "until": until_words(supplement),
        "taken": taken_meanwhile(found, timezone.now()),
        "may_withdraw": may_withdraw(request.actor, found),
        "public": public_words(found),
        "whole": find_whole_of(found),
        "panels": list_panels(request.actor, found),
        **law_context(found),
        **post_context(request.actor, found),
    } | fee_context(found, request.actor)
    return render(request, "dossiers/dossier.html", context)


def _official(documents: list[OfficialDocument], kinds: Collection[str]) -> list[dict[str, Any]]:
    """The forms the applicant got, for components/papers; also in the language of the page, where they have it."""
    items = pages.document_items([it for it in documents if it.kind in kinds], "dossiers:document")
    for item in items:
        item["links"] = [it for it in item["links"] if it["url"].endswith(f"second={pages.language()}")]
    return items


def _result(dossier: Dossier, documents: list[OfficialDocument]) -> dict[str, Any] | None:
    """The result card once the result was returned."""
    result = next((it for it in documents if it.kind == OfficialDocument.Kind.RESULT), None)
    issued = find_document_of(dossier.id) if result and dossier.returned_at else None
    if not result or not issued:
        return None
    url = f"{papers.verification_url(issued.verification_code)}"
    return {
        "title": issued.name,
        "number": _("No. %(number)s") % {"number": issued.number},
        "signed": signed_words(issued),
        "href": own_document_url(dossier.id, result),
        "size": issued.file.size_bytes,
        "qr": qr_svg(url),
        "code": issued.verification_code,
        "warehouse_id": issued.id,
        "state": document_state(issued),
    }


@citizen_required
@never_cache
@require_safe
def paper(request: ActingRequest, dossier_id: UUID, paper_id: int) -> FileResponse:
    return pages.file_response(
        selectors.open_paper(request.actor, dossier_id, paper_id, at=timezone.now()), inline=True
    )


@citizen_required
@never_cache
@require_safe
def document(request: ActingRequest, dossier_id: UUID, document_id: UUID) -> HttpResponseBase:
    found = selectors.open_document(request.actor, dossier_id, document_id, at=timezone.now())
    return document_response(request, found, inline=False)


@citizen_required
@never_cache
@require_safe
def proof(request: ActingRequest, dossier_id: UUID, entry_id: UUID) -> HttpResponse:
    """A small file with which the citizen shows, to anybody, that the act stands in the journal."""
    content = selectors.get_proof(request.actor, dossier_id, entry_id)
    name = f'attachment; filename="proof-{entry_id}.json"'
    return HttpResponse(content, content_type="application/json", headers={"Content-Disposition": name})
