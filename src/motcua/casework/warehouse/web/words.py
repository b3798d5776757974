"""Codes of the warehouse put into words for pages."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from motcua.casework.warehouse.models import Document, Origin, Share, SignatureState
from motcua.foundation.journal.models import Entry
from motcua.foundation.kernel.text import mask_name
from motcua.foundation.ui.formats import format_date, format_datetime
from motcua.registry.organisations.selectors import post_holders

# Kind of journal entry that is a reading -> what the reader did, for the person.
ENTRIES = {
    "document.read": gettext_lazy("Opened a document of yours"),
    "share.looked_at": gettext_lazy("Looked at documents that you shared by a code"),
    "share.file_read": gettext_lazy("Opened the file of a document that you shared by a code"),
    "dossier.file_read": gettext_lazy("Opened it in a dossier that it was used in"),
}
READINGS = ("document.read", "share.looked_at", "share.file_read")
# Kind of journal entry -> what anybody reads who checks its proof.
PROVEN = {
    "document.kept": gettext_lazy("A paper was put into its owner's documents"),
    "document.revoked": gettext_lazy("A document was revoked"),
    "document.replaced": gettext_lazy("A document was replaced by another"),
    "share.made": gettext_lazy("Documents were shared by a code"),
    "share.looked_at": gettext_lazy("Shared documents were looked at"),
    "share.revoked": gettext_lazy("A share of documents was revoked"),
}


def language() -> str:
    return (get_language() or "vi").split("-")[0]


def when(moment: datetime) -> str:
    return format_datetime(timezone.localtime(moment), language())


def _day(moment: datetime) -> str:
    return format_date(timezone.localdate(moment), language(), weekday=False)


def validity(document: Document) -> tuple[str, str]:
    """A state of the design system and its words: whether the document is in force."""
    state = document.state
    if state == "revoked" and document.ended_at:
        return "overdue", _("Revoked on %(day)s") % {"day": _day(document.ended_at)}
    if state == "replaced" and document.ended_at and document.replaced_by:
        words = _("Replaced on %(day)s by No. %(number)s")
        return "stopped", words % {"day": _day(document.ended_at), "number": document.replaced_by.number}
    if document.valid_to is None:
        return "done", _("In force")
    ends = format_date(document.valid_to, language(), weekday=False)
    if state == "expired":
        return "stopped", _("Expired; it was good until before %(day)s") % {"day": ends}
    return "done", _("In force until before %(day)s") % {"day": ends}


# What was examined last -> a state of the design system and its words.
SIGNATURES = {
    "": ("open", gettext_lazy("Signature not examined yet")),
    "valid": ("done", gettext_lazy("Signature valid")),
    "unsigned": ("look", gettext_lazy("Not signed digitally")),
    "expired": ("soon", gettext_lazy("Certificate of the signature has expired")),
    "broken": ("overdue", gettext_lazy("Signature broken: the file is not as it was signed")),
    "undecided": ("look", gettext_lazy("Signature could not be decided")),
}
ORIGINS = {
    "issued": gettext_lazy("Issued digitally"),
    "certified": gettext_lazy("Brought by the owner, certified as agreeing with the original"),
    "digitised": gettext_lazy("Digitised from paper by the agency"),
    "imported": gettext_lazy("From another system"),
}
# State of digitisation as the national portal counts it (vietnam.md 1.6).
DIGITISATION = {
    0: gettext_lazy("Not digitised"),
    1: gettext_lazy("Digitised"),
    2: gettext_lazy("Digitised and used again"),
    3: gettext_lazy("Used again as the result of another dossier"),
}


def provenance_rows(document: Document) -> list[dict[str, str]]:
    """Where a document comes from and what is known of it, for components/fact_list."""
    _state, words = SIGNATURES[document.signature]
    examined = document.signature_checked_at
    kept = document.origin != Origin.ISSUED
    rows = [
        (_("Origin"), str(ORIGINS[document.origin]), document.agency.name if kept else ""),
        (_("Digitisation"), f"{document.digitisation} · {DIGITISATION[document.digitisation]}", ""),
        (
            _("Signature"),
            str(words),
            _("Examined on %(when)s") % {"when": when(examined)} if examined else "",
        ),
    ]
    return [{"label": label, "value": value, "note": note} for label, value, note in rows]


def document_row(document: Document) -> dict[str, Any]:
    """What lists and pages say of a document."""
    state, words = validity(document)
    return {
        "id": document.id,
        "name": document.name,
        "about": document.about,
        "number": document.number,
        "agency": document.agency.name,
        "issuer": document.issuer or document.agency.name,
        "origin": ORIGINS[document.origin] if document.origin != Origin.ISSUED else "",
        "is_broken": document.signature == SignatureState.BROKEN,
        "issued": _day(document.issued_at),
        "signed": ", ".join(filter(None, (document.signer_name, document.signer_title))),
        "state": state,
        "words": words,
        "is_test": document.is_test,
    }


def share_state(share: Share, now: datetime) -> tuple[str, str]:
    """Whether a share can still be looked at."""
    if share.revoked_at:
        return "stopped", _("Revoked on %(when)s") % {"when": when(share.revoked_at)}
    if now >= share.ends_at:
        return "stopped", _("Ended on %(when)s") % {"when": when(share.ends_at)}
    if share.is_used_up:
        return "stopped", _("Looked at as often as you allowed")
    return "open", _("Open until %(when)s") % {"when": when(share.ends_at)}


def reader_rows(entries: list[Entry]) -> list[dict[str, str]]:
    """Who looked, latest first: officers by shortened name and unit. One query."""
    holders = post_holders({it.post_id for it in entries if it.post_id})
    rows = []
    for entry in entries:
        holder = holders.get((entry.post_id, entry.person_id)) if entry.post_id and entry.person_id else None
        rows.append(
            {
                "who": mask_name(holder.name) if holder else _somebody(entry),
                "unit": holder.unit if holder else "",
                "what": str(ENTRIES[entry.kind]),
                "when": when(entry.at),
            }
        )
    return rows


def _somebody(entry: Entry) -> str:
    if entry.kind.startswith("share."):
        signed_in = entry.actor_kind == "citizen"
        return _("Somebody with the code, signed in") if signed_in else _("Somebody with the code")
    return _("The authorised person") if entry.mandate_id else _("Somebody")
