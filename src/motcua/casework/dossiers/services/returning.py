"""How a result is handed over: in the warehouse, at the counter, by post; and the slip of return."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings

from motcua.casework.dossiers.errors import ReceiverMissing, TrackingMissing, WrongWay
from motcua.casework.dossiers.forms import procedure_of
from motcua.casework.dossiers.models import Consignment, Dossier, OfficialDocument, ReturnWay
from motcua.casework.dossiers.note_errors import NoSuchCarrier, TrackingMistyped, TrackingWrong
from motcua.casework.dossiers.rules.tracking import Carrier, WrongNumber, checked_number, load_carriers
from motcua.casework.dossiers.services.papers import form_head, local_minute, next_form_number, party
from motcua.casework.warehouse.selectors import find_document_of
from motcua.foundation.kernel.actors import Actor
from motcua.foundation.kernel.text import clean_line
from motcua.registry.organisations.selectors import get_reception_unit, officer_name

# As the paper says it; Vietnamese.
WAYS = {
    "warehouse": "Kho dữ liệu điện tử của cá nhân, tổ chức",
    "counter": "Tại quầy",
    "post": "Qua bưu chính công ích",
}


@dataclass(frozen=True, slots=True)
class Returning:
    """`way`: a ReturnWay, or empty: as the applicant asked. `tracking`: of a consignment, by post only. `receiver`: who
    took it at the counter; empty: who submitted the dossier. `carrier`: a code of the pack's carriers.yaml, by post
    only; empty: not said."""

    way: str = ""
    tracking: str = ""
    receiver: str = ""
    carrier: str = ""

    @property
    def columns(self) -> dict[str, str]:
        """Fields of the dossier."""
        return {
            "return_way": self.way,
            "return_tracking": self.tracking,
            "return_receiver": self.receiver,
        }


AS_ASKED = Returning()


def asked_way(dossier: Dossier) -> str:
    """The way the applicant asked for; the warehouse where the form does not ask."""
    asked = dossier.answers.get("result_by")
    return str(asked) if asked in WAYS else ReturnWay.WAREHOUSE


def checked_returning(dossier: Dossier, given: Returning) -> Returning:
    """`given` with nothing left open. Raises WrongWay, NoSuchCarrier, TrackingMissing, TrackingWrong, ReceiverMissing.

    Who only says "as asked" for a way that needs a number gets TrackingMissing, as everybody.
    """
    way = given.way or asked_way(dossier)
    if way not in WAYS:
        raise WrongWay
    if way == ReturnWay.POST:
        return Returning(way, tracking=_number(given), carrier=given.carrier)
    if way != ReturnWay.COUNTER:
        return Returning(way)
    receiver = clean_line(given.receiver)[:300] or str(dossier.applicant_facts["full_name"])
    if not receiver:
        raise ReceiverMissing
    return Returning(way, receiver=receiver)


def carriers() -> dict[str, Carrier]:
    """By code, as the pack names them."""
    return load_carriers(settings.PACKS / "vn")


def carried_by(carrier: str, tracking: str) -> tuple[str, str]:
    """A carrier's code and the parcel's number there, as they are kept; both "" by messenger.

    Raises NoSuchCarrier, TrackingMissing, TrackingWrong, TrackingMistyped.
    """
    given = Returning(tracking=tracking, carrier=carrier)
    return (carrier, _number(given)) if carrier or tracking.strip() else ("", "")


def _number(given: Returning) -> str:
    carrier = carriers().get(given.carrier)
    if given.carrier and not carrier:
        raise NoSuchCarrier
    if not given.tracking.strip():
        raise TrackingMissing
    try:
        return checked_number(given.tracking[:100], carrier)
    except WrongNumber as wrong:
        if wrong.has_wrong_digit:
            raise TrackingMistyped from wrong
        raise TrackingWrong(example=carrier.example if carrier else "EB123456785VN") from wrong


def give_to_post(dossier: Dossier, returned: Returning, *, actor: Actor, at: datetime) -> Consignment:
    """That the result was given to a carrier."""
    return Consignment.objects.create(
        dossier=dossier,
        agency_path=dossier.agency_path,
        carrier=returned.carrier,
        tracking=returned.tracking,
        sent_at=at,
        sent_by=actor.person_id,
    )


def return_slip(dossier: Dossier, returned: Returning, *, actor: Actor, at: datetime) -> OfficialDocument:
    """The slip of return as a row, the next edition where one was made before; its PDF is made when it is asked for.

    Source: vietnam.md 1.5 (local additions).
    """
    unit = get_reception_unit(dossier.agency)
    number = next_form_number(dossier, unit, form="return", prefix="GNKQ-", at=at)
    issued = find_document_of(dossier.id)
    content = {
        **form_head(dossier, unit, number, at=at),
        "applicant": party(dossier.owner_facts or dossier.applicant_facts),
        "procedure": procedure_of(dossier)["name"]["vi"],
        "result": {"name": issued.name if issued else "", "number": issued.number if issued else ""},
        "returned_at": local_minute(at),
        "way": WAYS[returned.way],
        "tracking": " ".join(filter(None, (returned.tracking, _carrier_name(returned)))),
        "receiver": returned.receiver,
        "officer": officer_name(actor.person_id) if actor.is_officer else "",
    }
    return OfficialDocument.objects.create(
        dossier=dossier,
        kind=OfficialDocument.Kind.RETURN,
        edition=dossier.documents.filter(kind=OfficialDocument.Kind.RETURN).count() + 1,
        number=number,
        content=content,
        made_at=at,
        made_by=actor.person_id or actor.account,
    )


def _carrier_name(returned: Returning) -> str:
    carrier = carriers().get(returned.carrier)
    return f"({carrier.name})" if carrier else ""
