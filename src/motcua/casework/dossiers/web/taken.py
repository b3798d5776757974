"""What the counter hands over once a dossier was taken in, or refused there: its paper, ready to be printed."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from motcua.casework.dossiers import counters, forms, selectors
from motcua.casework.dossiers.linking import find_whole_of
from motcua.casework.dossiers.models import Dossier, OfficialDocument
from motcua.casework.dossiers.web.intake_words import whom
from motcua.casework.dossiers.web.linked_words import taken_words
from motcua.casework.dossiers.web.prints import numbered_picture, picture_urls
from motcua.casework.dossiers.web.words import language, when
from motcua.casework.forms.rules.definition import in_language
from motcua.registry.access.policies import ActingRequest, officer_required, role_required

RECEPTION = "reception"


@role_required(RECEPTION)
@never_cache
@require_safe
def taken(request: ActingRequest, dossier_id: UUID) -> HttpResponse:
    """Code, due date, and form 01 ready to be printed; of what was refused form 03."""
    found = selectors.open_dossier(request.actor, dossier_id, at=timezone.now())
    kind = OfficialDocument.Kind.RECEIPT if found.accepted_at else OfficialDocument.Kind.REFUSAL
    receipt = found.documents.filter(kind=kind).first()
    context = _words(found, forms.heading(found, language())) | {
        "pictures": picture_urls(receipt, "desk:document-page") if receipt else [],
        "pdf_url": reverse("desk:document", args=[found.pk, receipt.pk]) if receipt else "",
        "fees_url": reverse("desk:fees", args=[found.pk]) if found.code else "",
        "dossier_url": reverse("desk:dossier", args=[found.pk]),
    }
    return render(request, "dossiers/desk_taken.html", context)


@role_required(RECEPTION)
@never_cache
@require_safe
def taken_for_others(request: ActingRequest, dossier_id: UUID) -> HttpResponse:
    """The same at the counter of another agency than the one that decides, of its part (decision 47)."""
    part = counters.open_part(request.actor, dossier_id, at=timezone.now())
    found = part.dossier
    receipt = next((it for it in part.documents if it.kind == OfficialDocument.Kind.RECEIPT), None)
    # Not its heading, which may name what was declared.
    context = _words(found, in_language(found.version.procedure.names, language())) | {
        "pictures": picture_urls(receipt, "desk:counter-document-page") if receipt else [],
        "pdf_url": reverse("desk:counter-document", args=[found.pk, receipt.pk]) if receipt else "",
        "fees_url": reverse("desk:counter-fees", args=[found.pk]),
        "dossier_url": reverse("desk:counter-part", args=[found.pk]),
        "agency": found.agency,
    }
    return render(request, "dossiers/desk_taken.html", context)


def _words(dossier: Dossier, heading: str) -> dict[str, Any]:
    """Of the first dossier of linked ones the whole is told: that is what the applicant handed in and follows."""
    whole = find_whole_of(dossier) if dossier.linked_id == dossier.pk else None
    linked = taken_words(whole) if whole else {}
    due_at = linked.get("due_at") or dossier.due_at
    return {
        "dossier": dossier,
        "code": linked.get("code") or dossier.code or dossier.reference,
        "heading": linked.get("heading") or heading,
        "due": when(due_at) if due_at else "",
        "parts": linked.get("parts", []),
        "whom": whom(dossier),
    }


@officer_required
@require_safe
def document_page(request: ActingRequest, dossier_id: UUID, document_id: UUID, number: int) -> HttpResponse:
    """A page of a document as a picture of the very file."""
    found = selectors.open_document(request.actor, dossier_id, document_id, at=timezone.now())
    return numbered_picture(found, number)


@role_required(RECEPTION)
@require_safe
def counter_document_page(
    request: ActingRequest, dossier_id: UUID, document_id: UUID, number: int
) -> HttpResponse:
    """The same of a form that is handed to the applicant at this counter."""
    found = counters.open_counter_document(request.actor, dossier_id, document_id, at=timezone.now())
    return numbered_picture(found, number)
