"""Reading what was asked about a dossier: opinions of other offices, and what the applicant is to hand in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from operator import attrgetter
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from motcua.casework.dossiers.models import Dossier, Opinion, SupplementPaper, SupplementRequest
from motcua.casework.dossiers.policies import ACTING_RIGHTS, ANSWERING, UNDER_WAY, asked_of
from motcua.casework.dossiers.rules.states import Status
from motcua.casework.dossiers.selectors import get_dossier, open_dossier, record_reading
from motcua.casework.process.selectors import find_timed_out
from motcua.foundation.files.models import StoredFile
from motcua.foundation.kernel.actors import Actor
from motcua.foundation.kernel.errors import NotFound
from motcua.registry.catalogue.models import VERSION_CONTENT


def list_opinions(dossier: Dossier) -> list[Opinion]:
    """What was asked about a dossier, latest first."""
    by_id = sorted(dossier.opinions.all(), key=attrgetter("pk"))
    return sorted(by_id, key=attrgetter("asked_at"), reverse=True)


def list_asked(actor: Actor) -> list[Opinion]:
    """Opinions that the actor's unit or agency still owes, nearest due date first; at most 50. One query."""
    mine = asked_of(actor, ANSWERING) & Q(answered_at=None, dossier__status__in=UNDER_WAY)
    found = Opinion.objects.filter(mine).select_related("dossier__version__procedure", "dossier__agency")
    found = found.defer(*(f"dossier__{name}" for name in VERSION_CONTENT))
    return list(found.order_by("due_at", "id")[:50])


def open_opinion(actor: Actor, opinion_id: UUID, *, at: datetime) -> Opinion:
    """What the actor is asked, with its dossier; journalled. Raises NotFound, also once it is answered."""
    mine = asked_of(actor, ANSWERING) & Q(answered_at=None, dossier__status__in=UNDER_WAY)
    opinion = Opinion.objects.filter(mine, pk=opinion_id).first()
    if not opinion:
        raise NotFound
    opinion.dossier = open_dossier(actor, opinion.dossier_id, at=at)
    return opinion


@dataclass(frozen=True, slots=True)
class Over:
    """A request for an opinion that the actor need not answer any more. `why`: timed_out, answered, decided;
    `agency`: whose dossier it is; `step`: the step's names by language, where the process asked."""

    why: str
    at: datetime
    agency: str
    step: Mapping[str, str] = field(default_factory=dict)


def find_over(actor: Actor, opinion_id: UUID) -> Over | None:
    """Why what the actor's office was asked is over. None while it is not, and for what it was never asked."""
    mine = Opinion.objects.filter(asked_of(actor, ANSWERING), pk=opinion_id)
    opinion = mine.select_related("dossier__agency").defer("dossier__answers").first()
    if not opinion:
        return None
    dossier = opinion.dossier
    if opinion.answered_at:
        return Over("answered", opinion.answered_at, dossier.agency.name)
    return None if dossier.status in UNDER_WAY else Over("decided", dossier.updated_at, dossier.agency.name)


def find_timed_out_step(actor: Actor, dossier_id: UUID) -> Over | None:
    """That the time of a step at the actor's agency was up, about another agency's dossier they see no longer."""
    found = find_timed_out(actor, ACTING_RIGHTS, dossier_id)
    if not found:
        return None
    task, step = found
    agency = Dossier.objects.values_list("agency__name", flat=True).get(pk=dossier_id)
    return Over("timed_out", task.completed_at or task.opened_at, agency, step.names)


@transaction.atomic
def open_opinion_file(actor: Actor, dossier_id: UUID, opinion_id: UUID, *, at: datetime) -> StoredFile:
    """The document of an opinion, for officers who may open the dossier; journalled. Raises NotFound."""
    dossier = get_dossier(actor, dossier_id)
    found = dossier.opinions.filter(pk=opinion_id, file__isnull=False).select_related("file").first()
    if not found or not found.file or not actor.is_officer:
        raise NotFound
    record_reading(actor, dossier, "dossier.file_read", {"file": str(found.file_id)}, at)
    return found.file


def find_supplement(dossier: Dossier) -> SupplementRequest | None:
    """What the applicant is asked for now."""
    if dossier.status != Status.SUPPLEMENT_REQUESTED:
        return None
    return dossier.supplements.filter(answered_at=None).select_related("document").first()


def list_supplement_papers(request: SupplementRequest) -> list[SupplementPaper]:
    """What the applicant has put to a request so far, oldest first, with its files. One query."""
    related = SupplementPaper.objects.filter(request=request).select_related("file", "document__file")
    return list(related.order_by("id"))
