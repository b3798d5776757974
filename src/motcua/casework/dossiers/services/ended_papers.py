"""A document that was used again is revoked or replaced: who works on the dossiers that carry it is told."""

from __future__ import annotations

from uuid import UUID

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from motcua.casework.dossiers.models import Component, Dossier
from motcua.casework.dossiers.rules.states import Status
from motcua.casework.dossiers.services.warnings import holders_of
from motcua.casework.process.selectors import find_standing
from motcua.foundation.journal.contributions import SealedEntry
from motcua.foundation.notifications.contributions import Group, Purpose, register_purpose
from motcua.foundation.notifications.services.notifying import Notice, Recipient, notify
from motcua.registry.catalogue.models import VERSION_CONTENT

NAME = "dossiers.ended_papers"
KINDS = frozenset({"document.revoked", "document.replaced"})
PURPOSE = Purpose(
    "paper_ended",
    _("A paper of a dossier counts no more"),
    Group("ended_papers", _("Papers of my dossiers that are revoked or replaced")),
    at_once=True,
)
# Submitted, or accepted and not finished.
_OPEN = (
    Status.SUBMITTED,
    Status.ACCEPTED,
    Status.IN_PROCESS,
    Status.SUPPLEMENT_REQUESTED,
    Status.FINANCIAL_OBLIGATION,
)


def register_purposes() -> None:
    register_purpose(PURPOSE)


def handle(sealed: SealedEntry) -> None:
    """Write the messages about one entry, in the consumer's transaction; a replay of the position writes none."""
    for dossier, number in _carrying(sealed.entry.object_id):
        _tell(sealed, dossier, number)


def _carrying(document_id: UUID) -> list[tuple[Dossier, str]]:
    """Dossiers under way that carry the document, with its number."""
    papers = Component.objects.filter(
        document=document_id, dossier__status__in=_OPEN, dossier__is_test=False
    ).select_related("dossier__version__procedure", "dossier__agency", "document")
    papers = papers.defer(*(f"dossier__{name}" for name in VERSION_CONTENT))
    return [(it.dossier, it.document.number if it.document else "") for it in papers.order_by("id")]


def _tell(sealed: SealedEntry, dossier: Dossier, number: str) -> None:
    now, standing = timezone.now(), find_standing(dossier.id)
    for actor, account in holders_of(dossier, standing.tasks if standing else (), at=now).values():
        notice = Notice(
            purpose=PURPOSE.code,
            source_key=f"{NAME}:{sealed.position}:{dossier.id}:{actor.person}",
            context={"document": number, "procedure": dossier.version.procedure.names},
            link=reverse("desk:dossier", args=[dossier.id]),
            reference=dossier.code or dossier.reference,
            concerns=("dossier", dossier.id),
            agency_path=dossier.agency_path,
        )
        recipient = Recipient(actor.person, email=account.email, language=account.language)
        notify(recipient=recipient, notice=notice, at=now)
