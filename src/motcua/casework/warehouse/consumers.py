"""Follows the journal and tells people what an agency did with their documents."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from motcua.casework.warehouse.models import Document
from motcua.foundation.journal.contributions import SealedEntry
from motcua.foundation.kernel.errors import NotFound
from motcua.foundation.notifications.contributions import Group, Purpose
from motcua.foundation.notifications.services.notifying import Notice, Recipient, notify
from motcua.registry.people.selectors import Contact, get_contact, get_organisation_contact, get_person

NAME = "documents.messages"
_OWN_DOCUMENTS = Group("documents", _("What happens to my documents"))
# Kind of entry -> what the owner is told.
PURPOSES = {
    "document.kept": Purpose("document_kept", _("Paper put into my documents"), _OWN_DOCUMENTS),
    "document.revoked": Purpose("document_revoked", _("Document revoked"), _OWN_DOCUMENTS),
    "document.replaced": Purpose("document_replaced", _("Document replaced"), _OWN_DOCUMENTS),
}
KINDS = frozenset(PURPOSES)
# Older news is in the portal only.
NEWS_FOR = timedelta(days=3)


def handle(sealed: SealedEntry) -> None:
    """Write the messages about one entry, in the consumer's transaction; a replay of the position writes none."""
    entry = sealed.entry
    document = Document.objects.select_related("agency", "replaced_by").get(pk=entry.object_id)
    # What was not returned yet, its owner does not know; a test is for a person who does not exist.
    if document.is_test or not document.delivered_at:
        return
    recipient_id, contact = _owner(document.owner_id)
    replacement = document.replaced_by
    notify(
        recipient=Recipient(recipient_id, email=contact.email, phone=contact.telephone),
        notice=Notice(
            purpose=PURPOSES[entry.kind].code,
            source_key=f"{NAME}:{sealed.position}",
            context={
                "name": contact.full_name,
                "agency": document.agency.name,
                "document": document.name,
                "replaced_by": replacement.number if replacement else "",
            },
            link=reverse("documents:document", args=[document.id]),
            reference=document.number,
            concerns=("document", document.id),
            agency_path=document.agency.path,
            expires_at=entry.at + NEWS_FOR,
        ),
        at=timezone.now(),
    )


def _owner(owner_id: UUID) -> tuple[UUID, Contact]:
    """Whose it is, a person or an organisation, and where they are told."""
    try:
        person_id = get_person(owner_id).pk
    except NotFound:
        return owner_id, get_organisation_contact(owner_id)
    return person_id, get_contact(person_id)
