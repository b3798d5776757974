"""Papers that are used again, in words: what is offered, what a draft and a dossier hold of them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from motcua.casework.dossiers.models import Component, Dossier, Draft, DraftPaper, SupplementPaper
from motcua.casework.dossiers.services.reusing import Finding, Reuse, is_usable
from motcua.casework.warehouse.models import Document
from motcua.foundation.ui.formats import format_date, format_size


def _language() -> str:
    return (get_language() or "vi").split("-")[0]


def _day(moment: Any) -> str:
    return format_date(timezone.localdate(moment), _language(), weekday=False)


def offer_row(place: str, reuse: Reuse) -> dict[str, str]:
    """What components/offers shows for one paper that can be used. place: how the page names where it goes."""
    if document := reuse.document:
        words = _("%(name)s %(number)s of %(day)s")
        text = words % {
            "name": document.name,
            "number": document.number,
            "day": _day(document.issued_at),
        }
        note = " · ".join(it for it in (document.about, document.agency.name) if it)
    else:
        dossier = reuse.paper.dossier
        text = _("The paper you handed in on %(day)s") % {"day": _day(dossier.submitted_at)}
        size = format_size(reuse.file.size_bytes, _language())
        note = f"{reuse.file.name} · {size} · {dossier.code or dossier.reference}"
    return {"text": text, "note": note, "value": f"{place} {reuse.source}"}


def looked_words(found: Finding) -> str:
    """Where it was looked for a paper, in order, and how much there is."""
    parts = [f"{it.source.label}: {it.count or _('none')}" for it in found.looked]
    return _("Looked for in this order: %(places)s.") % {"places": "; ".join(parts)}


def paper_name(paper: DraftPaper | SupplementPaper) -> str:
    """What a paper is called: a document by its name and number, else by the file's."""
    return f"{paper.document.name} {paper.document.number}" if paper.document else paper.file.name


def paper_row(paper: DraftPaper | SupplementPaper, of: Draft | Dossier) -> dict[str, Any]:
    """A row of "Handed in so far"."""
    origins = {"warehouse": _("from your documents"), "earlier_dossier": _("from an earlier application")}
    return {
        "pk": paper.pk,
        "name": paper_name(paper),
        "size_bytes": paper.file.size_bytes,
        "origin": origins.get(paper.origin, ""),
        "has_ended": not is_usable(paper, of, on=timezone.localdate()),
    }


def ended_words(paper: DraftPaper) -> str:
    """For the summary of what is to be corrected before submitting."""
    return _("%(name)s does not count any more. Remove it and hand in another paper.") % {
        "name": paper_name(paper)
    }


def origin_words(paper: Component) -> tuple[str, str]:
    """A state and its words: where a dossier's paper comes from, and what is to be said of it today."""
    if document := paper.document:
        return _document_words(document)
    if paper.earlier_id:
        code = getattr(paper, "earlier_code", "")
        return "look", _("Handed in before, with the dossier %(code)s") % {"code": code}
    return "", ""


def ended_items(papers: Iterable[Component]) -> list[dict[str, str]]:
    """For a call-out: the papers of a dossier that came from the warehouse and count no more today."""
    ended = [paper for paper in papers if paper.document and paper.document.state != "valid"]
    return [{"title": paper.name, "note": origin_words(paper)[1]} for paper in ended]


def ended_words_of(papers: Iterable[Component]) -> list[str]:
    """The same, each in one sentence."""
    return [f"{it['title']}: {it['note']}" for it in ended_items(papers)]


def document_state(document: Document) -> tuple[str, str]:
    """A state and its words: whether an issued document is in force."""
    words = {
        "valid": ("done", _("In force")),
        "expired": ("stopped", _("Expired")),
        "replaced": ("stopped", _("Replaced")),
        "revoked": ("overdue", _("Revoked")),
    }
    return words[document.state]


def _document_words(document: Document) -> tuple[str, str]:
    facts = {"number": document.number, "code": document.verification_code}
    match document.state:
        case "valid":
            return "done", _("From the warehouse: No. %(number)s, in force; code %(code)s") % facts
        case "expired":
            return "overdue", _("From the warehouse: No. %(number)s, expired since; code %(code)s") % facts
        case "replaced":
            return "overdue", _("From the warehouse: No. %(number)s, replaced since; code %(code)s") % facts
    return "overdue", _("From the warehouse: No. %(number)s, revoked since; code %(code)s") % facts
