"""What the list and the page of one's own dossiers show, as plain data for the components."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from motcua.casework.dossiers.forms import heading
from motcua.casework.dossiers.models import Dossier, OfficialDocument
from motcua.casework.dossiers.rules.states import ENDED, Status
from motcua.casework.dossiers.web.pages import status_words
from motcua.casework.dossiers.web.words import language, when
from motcua.casework.process.selectors import find_public_words
from motcua.casework.warehouse.models import Document
from motcua.registry.catalogue.rules.texts import in_language


def own_row(dossier: Dossier) -> dict[str, Any]:
    """A row of "My dossiers"."""
    state, words = status_words(dossier)
    return {
        "url": reverse("dossiers:dossier", args=[dossier.id]),
        "heading": heading(dossier, language()),
        "state": state,
        "words": words,
        "code": dossier.code or dossier.reference,
        "agency": dossier.agency.name,
        "note": what_next(dossier),
    }


def what_next(dossier: Dossier) -> str:
    """One sentence: when something happens next, or when it did."""
    if dossier.returned_at:
        return when(dossier.returned_at)
    if dossier.finished_at:
        return _("Finished %(when)s") % {"when": when(dossier.finished_at)}
    if Status(dossier.status) in ENDED:
        return _("Since %(when)s") % {"when": when(dossier.updated_at)}
    if dossier.status == Status.SUPPLEMENT_REQUESTED:
        return _("Waiting for you; no time is counted")
    if dossier.status == Status.FINANCIAL_OBLIGATION:
        return _("Waiting for your payment; no time is counted")
    if dossier.due_at:
        return _("Due by %(when)s") % {"when": when(dossier.due_at)}
    if not dossier.answer_by:
        return ""
    return _("The counter answers by %(when)s") % {"when": when(dossier.answer_by)}


def public_words(dossier: Dossier) -> str:
    """The citizen's words for where the dossier stands, the same through all levels of review; empty without any."""
    if dossier.status != Status.IN_PROCESS:
        return ""
    said = find_public_words(dossier.id)
    return in_language(said, language()) if said else ""


def signed_words(issued: Document) -> str:
    """Who signed the result and when."""
    return _("%(name)s, %(title)s, signed %(when)s") % {
        "name": issued.signer_name,
        "title": issued.signer_title,
        "when": when(issued.issued_at),
    }


def own_document_url(dossier_id: UUID, document: OfficialDocument) -> str:
    return reverse("dossiers:document", args=[dossier_id, document.pk])
