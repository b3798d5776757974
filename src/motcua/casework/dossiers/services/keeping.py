"""Putting a paper of a dossier into its owner's warehouse, so that nobody hands it in again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from motcua.casework.dossiers.digitising_errors import PaperNotConfirmed
from motcua.casework.dossiers.models import Component, Dossier
from motcua.casework.dossiers.models import Origin as CameFrom
from motcua.casework.dossiers.rules.states import Status
from motcua.casework.dossiers.selectors import get_dossier, papers_for
from motcua.casework.warehouse.keeping import KeptPaper, keep_document
from motcua.casework.warehouse.kinds import known_kinds
from motcua.casework.warehouse.models import Document, Origin
from motcua.casework.warehouse.policies import may_keep
from motcua.foundation.kernel.actors import Actor
from motcua.foundation.kernel.errors import NotFound

# Its papers were never taken, or not by the one whose they are.
_NOT_CONFIRMED = (Status.SUBMITTED, Status.REFUSED)


@dataclass(frozen=True, slots=True)
class Keeping:
    """What the paper says. kind: result code. certified: it was compared with the original."""

    kind: str
    number: str
    issuer: str
    issued_on: date
    valid_to: date | None = None
    about: str = ""
    certified: bool = False


def can_keep(actor: Actor, dossier: Dossier, paper: Component) -> bool:
    """Whether the actor may put this paper into its owner's warehouse: it was handed in, for a dossier that was
    accepted, and is no test's."""
    confirmed = not dossier.is_test and dossier.status not in _NOT_CONFIRMED
    return confirmed and paper.origin == CameFrom.UPLOADED and may_keep(actor, dossier.agency_path)


def find_paper(actor: Actor, dossier_id: UUID, paper_id: int) -> Component:
    """A paper with its dossier. Raises NotFound; PaperNotConfirmed for one that cannot be put there."""
    dossier = get_dossier(actor, dossier_id)
    paper = next((it for it in papers_for(actor, dossier) if it.pk == paper_id), None)
    if not paper or not may_keep(actor, dossier.agency_path):
        raise NotFound
    paper.dossier = dossier
    if not can_keep(actor, dossier, paper) or paper.file.quarantined_at or paper.file.disposed_at:
        raise PaperNotConfirmed
    return paper


@transaction.atomic
def keep_paper(*, actor: Actor, dossier_id: UUID, paper_id: int, keeping: Keeping, at: datetime) -> Document:
    """Put a confirmed paper into the warehouse of the dossier's owner, a person or an organisation.

    Raises NotFound, PaperNotConfirmed, and as `keep_document`.
    """
    paper = find_paper(actor, dossier_id, paper_id)
    names = known_kinds().get(keeping.kind, {})
    kept = KeptPaper(
        owner_id=paper.dossier.owner_id,
        agency_id=paper.dossier.agency_id,
        file=paper.file,
        kind=keeping.kind,
        name=names.get("vi", paper.name),
        number=keeping.number,
        issuer=keeping.issuer,
        issued_on=keeping.issued_on,
        valid_to=keeping.valid_to,
        about=keeping.about,
        origin=Origin.CERTIFIED if keeping.certified else Origin.DIGITISED,
        brought_with=dossier_id,
    )
    return keep_document(actor=actor, paper=kept, at=at)
