"""How a result is handed over: in the warehouse, at the counter, by post; and the slip of return."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from motcua.casework.dossiers.errors import ReceiverMissing, TrackingMissing, WrongWay
from motcua.casework.dossiers.forms import procedure_of
from motcua.casework.dossiers.models import Dossier, OfficialDocument, ReturnWay
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
_TRACKING = re.compile(r"[A-Z0-9][A-Z0-9 .-]{2,38}[A-Z0-9]")


@dataclass(frozen=True, slots=True)
class Returning:
    """`way`: a ReturnWay, or empty: as the applicant asked. `tracking`: of a consignment, by post only. `receiver`: who
    took it at the counter; empty: who submitted the dossier."""

    way: str = ""
    tracking: str = ""
    receiver: str = ""

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
    """`given` with nothing left open. Raises WrongWay, TrackingMissing, ReceiverMissing.

    Who only says "as asked" for a way that needs a number gets TrackingMissing, as everybody.
    """
    way = given.way or asked_way(dossier)
    if way not in WAYS:
        raise WrongWay
    tracking = clean_line(given.tracking).upper()
    if way == ReturnWay.POST and not _TRACKING.fullmatch(tracking):
        raise TrackingMissing
    receiver = clean_line(given.receiver)[:300] or str(dossier.applicant_facts["full_name"])
    if way == ReturnWay.COUNTER and not receiver:
        raise ReceiverMissing
    return Returning(
        way,
        tracking if way == ReturnWay.POST else "",
        receiver if way == ReturnWay.COUNTER else "",
    )


def return_slip(dossier: Dossier, returned: Returning, *, actor: Actor, at: datetime) -> OfficialDocument:
    """The slip of return as a row; its PDF is made when it is asked for. Source: vietnam.md 1.5 (local additions)."""
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
        "tracking": returned.tracking,
        "receiver": returned.receiver,
        "officer": officer_name(actor.person_id) if actor.is_officer else "",
    }
    return OfficialDocument.objects.create(
        dossier=dossier,
        kind=OfficialDocument.Kind.RETURN,
        number=number,
        content=content,
        made_at=at,
        made_by=actor.person_id or actor.account,
    )
