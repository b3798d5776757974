"""Hand-over slips (phiếu bàn giao): several dossiers from one unit to another, on one paper with both signatures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Count
from django.utils import timezone

from motcua.casework.dossiers.errors import NothingToHandOver
from motcua.casework.dossiers.models import Dossier, HandOver, HandOverLine
from motcua.casework.dossiers.policies import readable, reads_as_own
from motcua.casework.dossiers.services.papers import local_minute
from motcua.casework.dossiers.services.printing import PLAIN, Look, print_form
from motcua.foundation.journal.models import Entry
from motcua.foundation.journal.services import Happening, record
from motcua.foundation.kernel.actors import Actor
from motcua.foundation.kernel.errors import NotFound
from motcua.foundation.kernel.text import clean_line
from motcua.registry.access.policies import within
from motcua.registry.access.selectors import CASE_RIGHTS
from motcua.registry.catalogue.models import VERSION_CONTENT
from motcua.registry.organisations.models import Agency, Unit
from motcua.registry.organisations.selectors import get_reception_unit, list_askable, officer_name
from motcua.registry.organisations.services import next_number

LIMIT = 100


@dataclass(frozen=True, slots=True)
class Handing:
    """What is handed over. `slip_id` comes from the page; `to`: as `receivers` names them; `receiver`: who takes them,
    by name, "" to be written by hand."""

    slip_id: UUID
    dossiers: Sequence[UUID]
    to: str
    receiver: str = ""


def receivers(agency: Agency, *, at: datetime) -> dict[str, str]:
    """To whom an agency can hand over: its units, and agencies near it; value of the form -> name. Two queries."""
    units, others = list_askable(agency, on=timezone.localdate(at))
    return {f"unit:{it.pk}": it.name for it in units} | {f"agency:{it.pk}": it.name for it in others}


def own_agency(actor: Actor) -> Agency:
    """The agency where the officer works. Raises NotFound."""
    agency = Agency.objects.filter(pk__in=[actor.agency_id], path__in=_paths(actor)).first()
    if not agency:
        raise NotFound
    return agency


def _paths(actor: Actor) -> list[str]:
    """The agency of the actor's post, if they handle dossiers there."""
    own = actor.agency_path
    return [own] if own and any(own.startswith(path) for path in actor.scopes(*CASE_RIGHTS)) else []


def make_hand_over(*, actor: Actor, handing: Handing, at: datetime) -> HandOver:
    """Make the slip, with the next number of the agency and year. The same id again gives the slip that was made.

    The acts of handing over are their own; this is their paper. Raises NotFound, NothingToHandOver without dossiers,
    with too many, with one the officer does not handle, or without somebody to receive them.
    """
    try:
        return _make(actor, handing, at)
    except IntegrityError:
        # Sent twice at once: the other one made it.
        if made := _made(actor, handing):
            return made
        raise


def _made(actor: Actor, handing: Handing) -> HandOver | None:
    return HandOver.objects.filter(pk=handing.slip_id, made_by=actor.person).first()


def _make(actor: Actor, handing: Handing, at: datetime) -> HandOver:
    with transaction.atomic():
        agency = own_agency(actor)
        if made := _made(actor, handing):
            return made
        to = receivers(agency, at=at).get(handing.to)
        dossiers = _chosen(actor, handing)
        if not to or not dossiers:
            raise NothingToHandOver(limit=LIMIT)
        slip = enter_slip(actor, agency, handing, (to, dossiers), at)
        note_slip(actor, slip, to=handing.to.partition(":")[2], dossiers=dossiers, at=at)
    return slip


def note_slip(actor: Actor, slip: HandOver, *, to: str, dossiers: list[Dossier], at: datetime) -> None:
    """That a slip was made. `to`: id of the unit or agency."""
    facts = {"number": slip.content["number"], "to": to, "dossiers": [str(it.pk) for it in dossiers]}
    happening = Happening(kind="hand_over.made", object_kind="hand_over", object_id=slip.id, facts=facts)
    record(actor=actor, happening=happening, at=at)


def _chosen(actor: Actor, handing: Handing) -> list[Dossier]:
    """The dossiers in the order they were chosen; none unless the actor handles all of them."""
    ids = list(dict.fromkeys(handing.dossiers))
    if len(ids) > LIMIT:
        return []
    related = Dossier.objects.select_related("version__procedure", "agency").defer(*VERSION_CONTENT)
    found = related.filter(readable(actor)).annotate(paper_count=Count("components")).in_bulk(ids)
    if len(found) != len(ids) or not all(reads_as_own(actor, it) for it in found.values()):
        return []
    return [found[one] for one in ids]


def enter_slip(
    actor: Actor, agency: Agency, handing: Handing, what: tuple[str, list[Dossier]], at: datetime
) -> HandOver:
    """The slip of `what`, (to whom, dossiers with their `paper_count`), under the agency's next number of the year; in
    the caller's transaction. Of `handing` only its id and the receiver's name count."""
    to, dossiers = what
    unit, year = get_reception_unit(agency), timezone.localtime(at).year
    number = next_number(agency_id=agency.id, series="hand-over", period=str(year))
    giving = Unit.objects.filter(pk__in=[actor.unit_id]).first()
    content = {
        "superior": agency.name.upper(),
        "agency": unit.name.upper(),
        "number": f"{number}/PBG-{unit.symbol}",
        "place": agency.place_name,
        "issued_on": timezone.localdate(at).isoformat(),
        "giving": f"{giving.name}, {agency.name}" if giving else agency.name,
        "receiving": to,
        "handed_over_at": local_minute(at),
        "entries": [_entry(it) for it in dossiers],
        "giver": officer_name(actor.person),
        "receiver": clean_line(handing.receiver)[:200],
        "test": any(it.is_test for it in dossiers),
    }
    slip = HandOver.objects.create(
        id=handing.slip_id,
        agency=agency,
        agency_path=agency.path,
        year=year,
        number=number,
        content=content,
        made_at=at,
        made_by=actor.person,
    )
    HandOverLine.objects.bulk_create(
        HandOverLine(slip=slip, position=index, dossier=it) for index, it in enumerate(dossiers, 1)
    )
    return slip


def _entry(dossier: Dossier) -> dict[str, Any]:
    return {
        "code": dossier.code or dossier.reference,
        "procedure": dossier.version.procedure.names["vi"],
        "applicant": dossier.owner_name,
        "papers": dossier.paper_count,  # type: ignore[attr-defined]
        "due_at": local_minute(dossier.due_at),
    }


def list_handed_over(actor: Actor, *, at: datetime) -> list[Dossier]:
    """What the officer handed over today, by the journal, in that order; LIMIT at most. Two queries."""
    today = timezone.make_aware(datetime.combine(timezone.localdate(at), time()))
    entries = Entry.objects.filter(
        person_id=actor.person, kind="dossier.handed_over", at__gte=today, at__lte=at
    )
    ids = list(dict.fromkeys(entries.order_by("sequence").values_list("object_id", flat=True)))[-LIMIT:]
    related = Dossier.objects.select_related("version__procedure", "agency").defer(*VERSION_CONTENT)
    found = related.filter(readable(actor)).in_bulk(ids)
    return [found[one] for one in ids if one in found]


def list_slips(actor: Actor, *, limit: int = 20) -> list[HandOver]:
    """The latest slips of the actor's agencies."""
    mine = HandOver.objects.filter(within("agency_path", actor.scopes(*CASE_RIGHTS)))
    return list(mine.order_by("-made_at", "-pk")[:limit])


def open_slip(actor: Actor, slip_id: UUID, *, look: Look = PLAIN, at: datetime) -> tuple[HandOver, bytes]:
    """A slip of the actor's agencies and its PDF, which is the same each time; the reading is journalled.

    Raises NotFound.
    """
    mine = HandOver.objects.filter(within("agency_path", actor.scopes(*CASE_RIGHTS)), pk=slip_id)
    slip = mine.first()
    if not slip:
        raise NotFound
    with transaction.atomic():
        happening = Happening(kind="hand_over.read", object_kind="hand_over", object_id=slip.id)
        record(actor=actor, happening=happening, at=at)
    return slip, print_form("handover", slip.content, at=slip.made_at, look=look)
