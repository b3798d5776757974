"""Paper on its way: from the counter that took a dossier in to the agency that decides, and its result back.

Each parcel has a hand-over slip and, by a carrier, a number; who receives it says what is missing. Source: Decree
118/2025/NĐ-CP; vietnam.md 9 (the paper is carried or posted, the file travels electronically).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from django.db import transaction
from django.utils import timezone

from motcua.casework.dossiers.counter_errors import NothingToSend, ReceivedBefore
from motcua.casework.dossiers.models import Dossier, HandOver, PaperHandedIn, PaperSort, Transport
from motcua.casework.dossiers.policies import transported, transports_from
from motcua.casework.dossiers.rules.states import Status
from motcua.casework.dossiers.services.handing_over import LIMIT, Handing, enter_slip, note_slip
from motcua.casework.dossiers.services.returning import carried_by
from motcua.casework.dossiers.services.slips import law
from motcua.casework.dossiers.services.submission import test_fact
from motcua.casework.warehouse.selectors import find_document_of
from motcua.foundation.journal.services import Happening, record
from motcua.foundation.kernel.actors import Actor
from motcua.foundation.kernel.errors import NotFound, Refused
from motcua.foundation.kernel.text import clean_line
from motcua.foundation.worktime.deadlines import due_moment
from motcua.registry.catalogue.models import VERSION_CONTENT
from motcua.registry.organisations.models import Agency
from motcua.registry.organisations.selectors import calendar_of, officer_name

Kind = Transport.Kind
Listed = list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Sending:
    """What is sent. `parcel_id` comes from the page, so that sending twice sends once; `kind`: of Transport.Kind.

    carrier, tracking: a code of the pack's carriers.yaml and the parcel's number there; both empty: by messenger.
    """

    parcel_id: UUID
    kind: str
    dossiers: Sequence[UUID]
    carrier: str = ""
    tracking: str = ""


def send_papers(*, actor: Actor, sending: Sending, at: datetime) -> list[HandOver]:
    """Send the paper of these dossiers to where it belongs: a slip for each agency, an entry for each dossier.

    Raises NothingToSend when there is none to send of one of them, NoSuchCarrier, TrackingMissing, TrackingWrong.
    """
    carrier, tracking = carried_by(sending.carrier, sending.tracking)
    with transaction.atomic():
        if made := _made(actor, sending):
            return made
        found = _chosen(actor, sending)
        lists = {
            it.pk: to_send(it, sending.kind, it.transports.all(), listed(it.handed_in.order_by("id")))
            for it in found
        }
        if not found or not all(lists.values()):
            raise NothingToSend(limit=LIMIT)
        parcels: dict[tuple[Agency, Agency], list[Dossier]] = {}
        for dossier in found:
            parcels.setdefault(_route(dossier, sending.kind), []).append(dossier)
        by = {
            "kind": sending.kind,
            "carrier": carrier,
            "tracking": tracking,
            "sent_at": at,
            "sent_by": actor.person,
        }
        return [
            _send(actor, _Parcel(_slip_id(sending, *route), *route, dossiers, lists, by), at)
            for route, dossiers in parcels.items()
        ]


@dataclass(frozen=True, slots=True)
class _Parcel:
    """What one agency gives another at once. `lists`: papers by dossier; `by`: fields that all have in common."""

    slip_id: UUID
    giving: Agency
    receiving: Agency
    dossiers: list[Dossier]
    lists: dict[UUID, Listed]
    by: dict[str, Any]


def _send(actor: Actor, parcel: _Parcel, at: datetime) -> HandOver:
    giving, receiving = parcel.giving, parcel.receiving
    for one in parcel.dossiers:
        one.paper_count = sum(row["count"] for row in parcel.lists[one.pk])  # type: ignore[attr-defined]
    handing = Handing(parcel.slip_id, [], "")
    slip = enter_slip(actor, giving, handing, (receiving.name, parcel.dossiers), at)
    note_slip(actor, slip, to=str(receiving.pk), dossiers=parcel.dossiers, at=at)
    due_at = due_moment(at, law().transport, calendar_of(receiving, on=timezone.localdate(at)))
    for one in parcel.dossiers:
        transport = Transport.objects.create(
            dossier=one,
            slip=slip,
            from_agency=giving,
            to_agency=receiving,
            from_path=giving.path,
            to_path=receiving.path,
            listed=parcel.lists[one.pk],
            due_at=due_at,
            **parcel.by,
        )
        _note(actor, transport, "dossier.papers_sent", {}, at)
    return slip


def _slip_id(sending: Sending, giving: Agency, receiving: Agency) -> UUID:
    return uuid5(sending.parcel_id, f"{giving.pk} {receiving.pk}")


def _made(actor: Actor, sending: Sending) -> list[HandOver]:
    """The slips, when this parcel was sent before."""
    transports = Transport.objects.filter(
        dossier__in=sending.dossiers, sent_by=actor.person, kind=sending.kind
    )
    slips = {it.slip_id: it for it in transports.select_related("slip", "from_agency", "to_agency")}
    return [it.slip for it in slips.values() if it.slip_id == _slip_id(sending, it.from_agency, it.to_agency)]


def _chosen(actor: Actor, sending: Sending) -> list[Dossier]:
    """The dossiers, locked, in the order they were chosen; none unless the actor sends all of them."""
    ids = list(dict.fromkeys(sending.dossiers))
    if not 0 < len(ids) <= LIMIT or sending.kind not in Kind.values:
        return []
    rows = Dossier.objects.select_for_update(of=("self",)).filter(transports_from(actor, sending.kind))
    related = rows.select_related("version__procedure", "agency", "counter").defer(*VERSION_CONTENT)
    found = {it.pk: it for it in related.filter(pk__in=ids).order_by("pk")}
    return [found[one] for one in ids] if len(found) == len(ids) else []


def _route(dossier: Dossier, kind: str) -> tuple[Agency, Agency]:
    counter = dossier.counter
    if counter is None:
        raise ValueError("only what another counter took in travels")
    return (counter, dossier.agency) if kind == Kind.PAPERS else (dossier.agency, counter)


def to_send(dossier: Dossier, kind: str, before: Iterable[Transport], handed_in: Listed) -> Listed:
    """What paper of the dossier there is to send; empty when all of it is on its way or has arrived.

    What did not arrive is sent again. `before`: the dossier's transports; `handed_in`: the paper of its counter.
    """
    latest = max((it for it in before if it.kind == kind), key=lambda it: it.sent_at, default=None)
    if latest:
        return list(latest.missing) if latest.received_at else []
    if kind == Kind.PAPERS:
        return handed_in
    document = find_document_of(dossier.id) if dossier.status == Status.FINISHED else None
    if not document:
        return []
    return [{"name": f"{document.name} {document.number}", "sort": PaperSort.ORIGINAL.value, "count": 1}]


def listed(papers: Iterable[PaperHandedIn]) -> Listed:
    """Paper that was handed in, as a parcel lists it."""
    return [{"name": it.name, "sort": it.sort, "count": it.count} for it in papers]


@dataclass(frozen=True, slots=True)
class Received:
    """What arrived: `there`: places in the list, from 0; the rest is missing. `remark`: in words, for both counters."""

    there: Collection[int]
    remark: str = ""


def receive_papers(*, actor: Actor, transport_id: UUID, received: Received, at: datetime) -> Transport:
    """Note that paper arrived, and what of it is missing.

    Raises NotFound, Refused for who did not receive it, ReceivedBefore.
    """
    with transaction.atomic():
        rows = Transport.objects.select_for_update(of=("self",)).filter(transported(actor), pk=transport_id)
        found = rows.select_related("dossier", "from_agency", "to_agency").first()
        if not found:
            raise NotFound
        if not may_receive(actor, found):
            raise Refused
        if found.received_by:
            raise ReceivedBefore(name=officer_name(found.received_by))
        found.missing = [row for place, row in enumerate(found.listed) if place not in received.there]
        found.received_at, found.received_by = at, actor.person
        found.remark = clean_line(received.remark)[:500]
        found.save(update_fields=["missing", "received_at", "received_by", "remark"])
        _note(actor, found, "dossier.papers_received", {"missing": len(found.missing)}, at)
    return found


def may_receive(actor: Actor, transport: Transport) -> bool:
    """Whether the actor receives paper at the agency it goes to."""
    return actor.is_officer and actor.holds("reception", transport.to_path)


def _note(actor: Actor, transport: Transport, kind: str, facts: dict[str, Any], at: datetime) -> None:
    dossier = transport.dossier
    said = {
        "transport": str(transport.pk),
        "what": transport.kind,
        "from": transport.from_agency.name,
        "to": transport.to_agency.name,
        "slip": str(transport.slip_id),
        "count": sum(row["count"] for row in transport.listed),
        **({"carrier": transport.carrier} if transport.carrier else {}),
    }
    happening = Happening(
        kind=kind,
        object_kind="dossier",
        object_id=dossier.pk,
        concerns_id=dossier.owner_id,
        facts=said | facts | test_fact(dossier),
        details={"remark": transport.remark} if transport.remark else None,
    )
    record(actor=actor, happening=happening, at=at)
