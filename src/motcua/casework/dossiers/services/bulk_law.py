"""Acts of the law in a bulk: how a dossier ends without a result, what is to be paid, what will be late."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple
from uuid import UUID

from motcua.casework.dossiers.models import Ending, PaymentRequest
from motcua.casework.dossiers.rules.extension import new_due
from motcua.casework.dossiers.rules.law import Ground
from motcua.casework.dossiers.services import slips
from motcua.casework.dossiers.services.ending import AT_REQUEST, clock_runs
from motcua.casework.dossiers.services.extending import apology_slip
from motcua.casework.dossiers.services.papers import local_minute, signer_content
from motcua.casework.dossiers.services.signing import signing_as
from motcua.foundation.kernel.rows import plain_rows
from motcua.foundation.worktime.deadlines import due_moment
from motcua.foundation.worktime.events import Event, Kind
from motcua.foundation.worktime.moments import local

if TYPE_CHECKING:
    from motcua.casework.dossiers.rules.courses import Done
    from motcua.casework.dossiers.services.bulk_rows import Making

Said = tuple[dict[str, Any], dict[str, str] | None]


class Why(NamedTuple):
    """As the papers say it."""

    ground: Ground
    reason: str


# A request of an applicant, the ground of the others; how much is to be paid, how many days later it will be.
_GROUNDS = {"refuse": ("refusal", "conditions_not_met"), "stop": ("stopping", "ineligible")}
_AMOUNT_VND, _LATER = 1_500_000, timedelta(days=5)
_new_ending, _new_payment = plain_rows(Ending), plain_rows(PaymentRequest)
_FORMS = {
    "request-supplement": "form-02",
    "refuse": "form-03",
    "stop": "form-stopping",
    "request-payment": "form-payment",
    "extend": "form-04",
}


def form_series(acts: Sequence[str], code: str) -> str:
    """Of which series of numbers the paper of an act is, "" without one. Who withdraws before acceptance gets none."""
    if code == "withdraw":
        return "form-stopping" if "accept" in acts else ""
    return _FORMS.get(code, "")


def _end(making: Making, done: Done, at: datetime) -> Said:
    """Refused, withdrawn or stopped: as `ending` does it."""
    dossier, code, is_own = making.dossier, done.act.code, done.act.code == "withdraw"
    runs, before = clock_runs(dossier), making.status_before(done)
    # Who withdraws need not say why.
    reason = "" if is_own else making.filing.words.ended
    ground = slips.law().grounds["withdrawal"][AT_REQUEST] if is_own else _ground(code)
    slip = _ending_slip(making, done, Why(ground, reason), at) if not is_own or dossier.accepted_at else None
    kind = {"refuse": Ending.Kind.REFUSED, "withdraw": Ending.Kind.WITHDRAWN, "stop": Ending.Kind.STOPPED}[
        code
    ]
    closed = [
        str(UUID(bytes=token[4:]))
        for form, token in zip(making.alike.forms, making.tokens, strict=True)
        if form.stay.closed
    ]
    ending = _new_ending(
        dossier_id=dossier.id,
        kind=str(kind),
        ground=ground.code,
        reason=reason,
        status=before,
        document_id=slip.id if slip else None,
        tokens=closed,
        stops_clock=runs,
        made_by=making.person if is_own else making.doer_of(done).actor.person,
        made_at=at,
    )
    making.rows.endings.append(ending)
    if runs:
        making.clock(Event(Kind.STOPPED, at))
    facts = {"ending_id": str(ending.id), "ground": ground.code}
    return {**facts, **({"document_id": str(slip.id)} if slip else {})}, {
        "reason": reason
    } if reason else None


def _ground(code: str) -> Ground:
    kind, ground = _GROUNDS[code]
    return slips.law().grounds[kind][ground]


def _ending_slip(making: Making, done: Done, why: Why, at: datetime) -> Any:
    dossier, (ground, reason) = making.dossier, why
    if done.act.code == "refuse":
        return _slip(making, done, slips.FORM_03, slips.refusal_words(dossier, ground, reason), at)
    is_own = done.act.code == "withdraw"
    said = slips.stopping_words(dossier, ground, reason, at=at, at_request=is_own)
    made = _slip(making, done, slips.STOPPING, said, at)
    made.content["signer"] = slips.stopping_signer(made.content["officer"])
    return made


def _slip(making: Making, done: Done, slip: slips.Slip, said: dict[str, Any], at: datetime) -> Any:
    unit, clerk = making.filing.desk.unit, making.doer_of(done) if done.right else None
    number = f"{making.next_number()}/{slip.prefix}{unit.symbol}"
    by = clerk.actor.person if clerk else making.person
    made, name = making.document(str(slip.kind), number, at, by), clerk.name if clerk else ""
    made.content = slips.slip_content(making.dossier, unit, number, officer=name, at=at) | said
    return made


def _ask_payment(making: Making, done: Done, at: datetime) -> Said:
    what, due_at = making.filing.words.to_pay, due_moment(at, slips.law().payment, making.counting.calendar)
    notice = _slip(making, done, slips.PAYMENT, slips.payment_words(what, _AMOUNT_VND, due_at), at)
    request = _new_payment(
        dossier_id=making.dossier.id,
        document_id=notice.id,
        what=what,
        amount_vnd=_AMOUNT_VND,
        step=done.step,
        status=making.status_before(done),
        asked_by=making.doer_of(done).actor.person,
        asked_at=at,
        due_at=due_at,
    )
    making.rows.payments.append(request)
    making.clock(Event(Kind.STOPPED, at))
    facts = {"payment_id": str(request.id), "document_id": str(notice.id), "amount_vnd": _AMOUNT_VND}
    return facts, {"reason": what}


def _extend(making: Making, done: Done, at: datetime) -> Said:
    """Some days later, on the next that is worked on. Raises ValueError before acceptance."""
    dossier, desk, clerk, reason = (
        making.dossier,
        making.filing.desk,
        making.doer_of(done),
        making.filing.words.late,
    )
    before = dossier.due_at
    if before is None:
        raise ValueError("nothing is due before acceptance")
    on = local(before).date() + _LATER
    while (until := new_due(before, on, making.counting.calendar)) is None:
        on += timedelta(days=1)
    number = f"{making.next_number()}/PXL-{desk.unit.symbol}"
    slip = making.document("apology", number, at, clerk.actor.person)
    signing = signing_as(clerk.actor, dossier, title=clerk.actor.title)
    slip.content = apology_slip(dossier, desk.unit, number, at=at) | {
        "new_due_at": local_minute(until),
        "reason": reason,
        "signer": signer_content(clerk.name, signing),
    }
    making.clock(Event(Kind.EXTENDED, at, until))
    facts = {"due_at": until.isoformat(), "before": before.isoformat(), "document_id": str(slip.id)}
    return facts, {"reason": reason}


LAW: dict[str, Callable[[Any, Any, datetime], Said]] = {
    "refuse": _end,
    "withdraw": _end,
    "stop": _end,
    "request-payment": _ask_payment,
    "extend": _extend,
}
