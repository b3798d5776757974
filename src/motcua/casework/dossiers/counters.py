"""What the counter that took a dossier in for another agency sees of it, and the paper between both.

Of such a dossier it sees its status and dates, the papers it took in, what was paid, what is asked of the applicant,
the forms that are handed to them, and the way of the paper; nothing of what was declared, drafted, noted or advised.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from motcua.casework.dossiers.models import (
    Dossier,
    OfficialDocument,
    PaperHandedIn,
    SupplementRequest,
    Transport,
)
from motcua.casework.dossiers.policies import taken_in_for_others, transported, transports_from
from motcua.casework.dossiers.selectors import record_reading
from motcua.casework.dossiers.services.transporting import Listed, listed, to_send
from motcua.foundation.kernel.actors import Actor
from motcua.foundation.kernel.errors import NotFound
from motcua.foundation.kernel.places import place_token, read_place
from motcua.registry.catalogue.models import VERSION_CONTENT

PAGE = 20
Kinds, Kind = OfficialDocument.Kind, Transport.Kind
# Forms that are for the applicant, whom the counter has before it.
HANDED_OUT = (Kinds.RECEIPT, Kinds.SUPPLEMENT, Kinds.APOLOGY, Kinds.RETURN, Kinds.STOPPING, Kinds.PAYMENT)
# A line needs no more; answers and facts stay where they are but for the name.
_LINE = (
    "id", "code", "reference", "procedure_code", "agency", "counter", "status", "revision", "accepted_at", "due_at",
    "finished_at", "returned_at", "is_test", "applicant_facts", "owner_facts", "version__procedure__names",
    "agency__name", "counter__name",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Row:
    """A dossier of the list; `transports`, oldest first; `to_send`: paper that is still to be sent."""

    dossier: Dossier
    transports: list[Transport]
    to_send: Listed


def list_taken_in(actor: Actor, *, after: str = "") -> tuple[list[Row], str]:
    """What the actor's counters took in for other agencies, latest first, and the token of the next page.

    Three queries.
    """
    rows = _lines().filter(taken_in_for_others(actor))
    if place := read_place(after):
        moment, last = place
        rows = rows.filter(Q(accepted_at__lt=moment) | Q(accepted_at=moment, pk__lt=last))
    found = list(rows.order_by("-accepted_at", "-pk")[: PAGE + 1])
    more, found = len(found) > PAGE, found[:PAGE]
    last_at = found[-1].accepted_at if more else None
    return _with_paper(found), place_token(last_at, found[-1].pk) if last_at else ""


def list_results_to_send(actor: Actor) -> list[Dossier]:
    """Finished dossiers of the actor's agencies that another counter took in, longest first; 50 at most."""
    sent = Transport.objects.filter(dossier=OuterRef("pk"), kind=Kind.RESULT)
    rows = _lines().filter(transports_from(actor, Kind.RESULT)).exclude(Exists(sent))
    return list(rows.order_by("finished_at", "pk")[:50])


def _lines() -> QuerySet[Dossier]:
    related = Dossier.objects.filter(is_test=False).select_related("version__procedure", "agency", "counter")
    return related.only(*_LINE)


def _with_paper(dossiers: Sequence[Dossier]) -> list[Row]:
    ids = [it.pk for it in dossiers]
    transports: dict[UUID, list[Transport]] = defaultdict(list)
    for it in Transport.objects.filter(dossier__in=ids).order_by("sent_at"):
        transports[it.dossier_id].append(it)
    handed_in: dict[UUID, Listed] = defaultdict(list)
    for paper in PaperHandedIn.objects.filter(dossier__in=ids).order_by("id"):
        handed_in[paper.dossier_id] += listed([paper])
    return [
        Row(
            it,
            transports[it.pk],
            to_send(it, Kind.PAPERS, transports[it.pk], handed_in[it.pk]),
        )
        for it in dossiers
    ]


def count_taken_in(actor: Actor, *, since: datetime) -> int:
    """How many the actor's counters took in for others since then: a figure of its own, as each of them is counted at
    the agency that decides. One query."""
    return Dossier.objects.filter(taken_in_for_others(actor), accepted_at__gte=since, is_test=False).count()


@dataclass(frozen=True, slots=True)
class Part:
    """The counter's part of a dossier."""

    dossier: Dossier
    handed_in: list[PaperHandedIn]
    documents: list[OfficialDocument]
    asked: SupplementRequest | None
    transports: list[Transport]


def get_part(actor: Actor, dossier_id: UUID) -> Dossier:
    """The dossier, for who receives at the counter that took it in for another agency. Raises NotFound."""
    related = Dossier.objects.select_related("version__procedure", "agency", "counter").defer(
        *VERSION_CONTENT
    )
    found = related.filter(taken_in_for_others(actor), pk=dossier_id).first()
    if not found:
        raise NotFound
    return found


@transaction.atomic
def open_part(actor: Actor, dossier_id: UUID, *, at: datetime) -> Part:
    """`get_part` for a page, with what the counter may see; the reading is journalled. Raises NotFound."""
    dossier = get_part(actor, dossier_id)
    record_reading(actor, dossier, "dossier.read", {"part": "counter"}, at)
    documents = dossier.documents.filter(kind__in=HANDED_OUT).select_related("file")
    return Part(
        dossier,
        list(dossier.handed_in.order_by("id")),
        list(documents.order_by("made_at", "id")),
        SupplementRequest.objects.filter(dossier=dossier, answered_at=None).first(),
        list_transports_of(dossier),
    )


@transaction.atomic
def open_counter_document(
    actor: Actor, dossier_id: UUID, document_id: UUID, *, at: datetime
) -> OfficialDocument:
    """A form that is handed to the applicant, for the counter; the reading is journalled. Raises NotFound."""
    dossier = get_part(actor, dossier_id)
    document = dossier.documents.filter(kind__in=HANDED_OUT, pk=document_id).select_related("file").first()
    if not document:
        raise NotFound
    document.dossier = dossier
    record_reading(actor, dossier, "dossier.file_read", {"document": str(document.pk)}, at)
    return document


def list_transports_of(dossier: Dossier) -> list[Transport]:
    """The way of a dossier's paper, oldest first. One query."""
    return list(
        dossier.transports.select_related("from_agency", "to_agency", "slip").order_by("sent_at", "id")
    )


def list_on_their_way(actor: Actor) -> list[Transport]:
    """Paper between the actor's counters and others that did not arrive yet, the longest due first; 100 at most."""
    rows = Transport.objects.filter(transported(actor), received_at=None)
    related = rows.select_related("dossier__version__procedure", "from_agency", "to_agency", "slip")
    return list(related.defer(*(f"dossier__{it}" for it in VERSION_CONTENT)).order_by("due_at", "id")[:100])


def get_transport(actor: Actor, transport_id: UUID) -> Transport:
    """One from or to the actor's counters. Raises NotFound."""
    rows = Transport.objects.filter(transported(actor), pk=transport_id)
    related = rows.select_related("dossier__version__procedure", "from_agency", "to_agency", "slip")
    found = related.defer(*(f"dossier__{it}" for it in VERSION_CONTENT)).first()
    if not found:
        raise NotFound
    return found
