"""Follows the journal and tells applicants what became of their dossiers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from motcua.casework.dossiers.models import Dossier
from motcua.casework.dossiers.services.linked_following import advance
from motcua.casework.dossiers.services.returning import carriers
from motcua.foundation.journal.contributions import SealedEntry
from motcua.foundation.journal.models import Entry
from motcua.foundation.notifications.contributions import Group, Purpose, register_purpose
from motcua.foundation.notifications.services.notifying import Notice, Recipient, notify_all
from motcua.registry.catalogue.models import VERSION_CONTENT, Procedure
from motcua.registry.people.selectors import Contact, get_contacts, get_organisation_contact

NAME = "dossiers.messages"
OWN_DOSSIERS = Group("dossiers", _("What happens to my dossiers"))
# Kind of entry -> what the applicant is told.
PURPOSES = {
    "dossier.submitted": Purpose("dossier_submitted", _("Dossier submitted"), OWN_DOSSIERS),
    "dossier.taken_in": Purpose("dossier_taken_in", _("Dossier taken in at a counter"), OWN_DOSSIERS),
    "dossier.accepted": Purpose("dossier_accepted", _("Dossier accepted"), OWN_DOSSIERS),
    "dossier.supplement_requested": Purpose(
        "dossier_supplement_requested", _("Supplement requested"), OWN_DOSSIERS
    ),
    "dossier.extended": Purpose("dossier_extended", _("Apology and new date"), OWN_DOSSIERS),
    "dossier.recomputed": Purpose("dossier_recomputed", _("Due date counted anew"), OWN_DOSSIERS),
    "dossier.silence": Purpose("dossier_silence", _("Decided by silence"), OWN_DOSSIERS),
    "dossier.result_returned": Purpose("dossier_result_returned", _("Result returned"), OWN_DOSSIERS),
    "dossier.result_came_back": Purpose(
        "dossier_result_came_back", _("Result came back by post"), OWN_DOSSIERS
    ),
    "dossier.result_handed_again": Purpose(
        "dossier_result_handed_again", _("Result handed over again"), OWN_DOSSIERS
    ),
    "dossier.refused": Purpose("dossier_refused", _("Dossier refused"), OWN_DOSSIERS),
    "dossier.withdrawn": Purpose("dossier_withdrawn", _("Dossier withdrawn"), OWN_DOSSIERS),
    "dossier.stopped": Purpose("dossier_stopped", _("Dossier stopped"), OWN_DOSSIERS),
    "dossier.stop_recalled": Purpose("dossier_stop_recalled", _("Dossier taken up again"), OWN_DOSSIERS),
    "dossier.suspended": Purpose("dossier_suspended", _("Dossier suspended"), OWN_DOSSIERS),
    "dossier.resumed": Purpose("dossier_resumed", _("Suspended dossier resumed"), OWN_DOSSIERS),
    "dossier.payment_requested": Purpose("dossier_payment_requested", _("Payment requested"), OWN_DOSSIERS),
    "dossier.payment_confirmed": Purpose("dossier_payment_confirmed", _("Payment confirmed"), OWN_DOSSIERS),
    "dossier.transferred": Purpose("dossier_transferred", _("Dossier transferred"), OWN_DOSSIERS),
    "dossier.part_changed": Purpose(
        "dossier_part_changed", _("Part of a linked application changed"), OWN_DOSSIERS
    ),
    "dossier.data_corrected": Purpose("dossier_data_corrected", _("Declared data corrected"), OWN_DOSSIERS),
    "dossier.supplement_warned": Purpose(
        "dossier_supplement_warned", _("Supplement nearly overdue"), OWN_DOSSIERS
    ),
}
KINDS = frozenset(PURPOSES)
# About the whole, whose id is that of its first dossier.
PART_CHANGED = "dossier.part_changed"
# What may change where the parts of a linked case stand; and by which the parts that wait for nothing are submitted.
LINKED_NAME = "dossiers.linked"
LINKED_KINDS = frozenset(
    {
        "dossier.submitted",
        "dossier.taken_in",
        "dossier.signed",
        "dossier.silence",
        "dossier.refused",
        "dossier.withdrawn",
        "dossier.stopped",
        "dossier.stop_recalled",
        "document.revoked",
        "document.replaced",
    }
)
# Older news is in the portal only: who follows the journal late, or anew, sends nobody a mail about last year.
NEWS_FOR = timedelta(days=3)


def register_purposes() -> None:
    for purpose in PURPOSES.values():
        register_purpose(purpose)


def handle(sealed: SealedEntry) -> None:
    handle_all([sealed])


def handle_all(entries: Sequence[SealedEntry]) -> None:
    """Write the messages about entries, in the consumer's transaction; a replay of a position writes none."""
    related = Dossier.objects.select_related("version__procedure", "agency", "brought_by").defer(
        *VERSION_CONTENT
    )
    dossiers = related.in_bulk({it.entry.object_id for it in entries})
    about = [(it, dossiers[it.entry.object_id]) for it in entries]
    # A test is for a person who does not exist, at an address somebody made up.
    real = [(it, dossier) for it, dossier in about if not dossier.is_test]
    people = {person for _, it in real for person in (it.applicant_id, it.owner_person_id) if person}
    contacts = get_contacts(people)
    told = [
        (
            Recipient(recipient_id, email=contact.email, phone=contact.telephone),
            _notice(sealed, dossier, contact, key),
        )
        for sealed, dossier in real
        for recipient_id, contact, key in _told(dossier, contacts)
    ]
    notify_all(told, at=timezone.now())


def follow_linked(sealed: SealedEntry) -> None:
    follow_all_linked([sealed])


def follow_all_linked(entries: Sequence[SealedEntry]) -> None:
    """Let the other parts of linked cases go on, in the consumer's transaction; doing it again changes nothing."""
    # Of a document the entry names the dossier it was issued for; one without has nothing to follow.
    about = {
        it.entry.facts.get("dossier") if it.entry.object_kind == "document" else it.entry.object_id
        for it in entries
    }
    named = Dossier.objects.filter(pk__in=about - {None}, linked__isnull=False)
    for linked in named.order_by("linked").values_list("linked", flat=True).distinct():
        advance(linked, at=timezone.now())


def _told(dossier: Dossier, contacts: Mapping[UUID, Contact]) -> Iterator[tuple[UUID, Contact, str]]:
    """Who hears of it: who submitted it, and in whose name it is. The last part tells their messages apart."""
    yield dossier.applicant_id, contacts[dossier.applicant_id], ""
    if dossier.owner_organisation_id:
        yield dossier.owner_organisation_id, get_organisation_contact(dossier.owner_organisation_id), ":owner"
    elif dossier.owner_person_id and dossier.owner_person_id != dossier.applicant_id:
        yield dossier.owner_person_id, contacts[dossier.owner_person_id], ":owner"


def _notice(sealed: SealedEntry, dossier: Dossier, contact: Contact, key: str) -> Notice:
    entry = sealed.entry
    return Notice(
        purpose=PURPOSES[entry.kind].code,
        source_key=f"{NAME}:{sealed.position}{key}",
        context={"name": contact.full_name, **_context(entry, dossier)},
        link=reverse(
            "dossiers:linked" if entry.kind == PART_CHANGED else "dossiers:dossier", args=[dossier.id]
        ),
        reference=_reference(entry, dossier),
        concerns=("dossier", dossier.id),
        agency_path=dossier.agency_path,
        expires_at=entry.at + NEWS_FOR,
    )


def _context(entry: Entry, dossier: Dossier) -> dict[str, Any]:
    """As it was at the entry: the dossier may have gone on since."""
    due_at, before = entry.facts.get("due_at"), entry.facts.get("before")
    return {
        "procedure": dossier.version.procedure.names,
        "agency": dossier.agency.name,
        "due_at": datetime.fromisoformat(due_at) if due_at else None,
        "means": entry.facts.get("means", ""),
        "helper": dossier.brought_by.full_name if dossier.brought_by else "",
        **_part(entry),
        "before_at": datetime.fromisoformat(before) if before else None,
        **_sent(entry, dossier),
    }


def _part(entry: Entry) -> dict[str, Any]:
    """Which part of a linked case the entry is about, and why it changed."""
    if entry.kind != PART_CHANGED:
        return {}
    named = Procedure.objects.filter(pk=entry.facts["procedure"]).first()
    facts = {"state": entry.facts["state"], "reason": entry.facts.get("reason", "")}
    return facts | {"part": named.names if named else {}}


def _sent(entry: Entry, dossier: Dossier) -> dict[str, str]:
    """Carrier and number of the consignment that the entry is about; the journal's facts name but its id."""
    named = entry.facts.get("consignment")
    sent = dossier.consignments.filter(pk=named).first() if named else None
    carrier = carriers().get(sent.carrier) if sent else None
    return {"tracking": sent.tracking if sent else "", "carrier": carrier.name if carrier else ""}


def _reference(entry: Entry, dossier: Dossier) -> str:
    if entry.kind == "dossier.submitted":
        return dossier.reference
    return str(entry.facts.get("code") or dossier.code or dossier.reference)
