"""Acts on a dossier: one operation for each, of one table.

An act that the state table gains becomes a row of OFFERED: what it takes, and the service that does it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpResponse
from django.utils import timezone, translation
from ninja import Body, Query, Schema, Status
from pydantic import ConfigDict, Field, StrictBool, StrictInt, StrictStr

from motcua.casework.dossiers import selectors
from motcua.casework.dossiers.errors import DossierMoved, Stale
from motcua.casework.dossiers.policies import HANDLE
from motcua.casework.dossiers.reasons import WHY, article_words
from motcua.casework.dossiers.rest.reading import detail_out
from motcua.casework.dossiers.rest.routers import dossiers
from motcua.casework.dossiers.rest.schemas import Answer, DossierDetail
from motcua.casework.dossiers.rules.states import ACTS, Act
from motcua.casework.dossiers.services import (
    correcting,
    deciding,
    ending,
    extending,
    handling,
    opinions,
    recomputing,
    refusing,
    supplements,
    tasking,
    transferring,
    waiting,
)
from motcua.casework.dossiers.services.acting import Target
from motcua.casework.dossiers.services.paying import Noting, note_fee
from motcua.casework.dossiers.services.returning import AS_ASKED, Returning
from motcua.casework.fees.services import Payment
from motcua.foundation.kernel.actors import Actor
from motcua.foundation.kernel.errors import NotFound
from motcua.foundation.kernel.ids import new_id
from motcua.registry.access.clients.rest import (
    CITIZENS,
    OFFICERS,
    CalledRequest,
    Token,
    answer_once,
    etag,
    key_of,
    revision_of,
)


class Input(Schema):
    model_config = ConfigDict(extra="forbid")


class Checks(Input):
    """`checks`: numbers, from 0, of the step's checks that were made; all are needed."""

    checks: Annotated[list[Annotated[StrictInt, Field(ge=0, le=99)]], Field(max_length=100)]


class Seen(Input):
    """`seen_sha256`: of the draft that the signer read."""

    seen_sha256: Annotated[StrictStr, Field(pattern=r"^[0-9a-f]{64}$")]


Outcome = Annotated[StrictStr, Field(max_length=40, pattern=r"^[a-z0-9_-]*$")]
Words = Annotated[StrictStr, Field(min_length=1, max_length=1000)]


class Reason(Input):
    """`outcome`: where the step has several that lead back."""

    reason: Words
    outcome: Outcome = ""


class Submitted(Input):
    """`outcome`: where the step has several that lead to a signature."""

    outcome: Outcome = ""


class Completed(Input):
    """`outcome`: empty where the step has but one. `note`: for the colleagues. `checks`: as for draft-result."""

    outcome: Outcome = ""
    note: Annotated[StrictStr, Field(max_length=1000)] = ""
    checks: Annotated[list[Annotated[StrictInt, Field(ge=0, le=99)]], Field(max_length=100)] = []


class Assigned(Input):
    """`officer`: who may do the task."""

    officer: UUID


class Asked(Input):
    """`agency`, `unit`: who is asked. `limit`: of working time, as 3wd. `shown`: papers (component codes) that they may
    open; none: all."""

    question: Annotated[StrictStr, Field(min_length=1, max_length=4000)]
    agency: UUID
    unit: UUID | None = None
    limit: Annotated[StrictStr, Field(max_length=10, examples=["3wd"])]
    shown: Annotated[list[Annotated[StrictStr, Field(max_length=60)]], Field(max_length=50)] = []


class Opinion(Input):
    """For a step of the process that asks for an opinion."""

    text: Annotated[StrictStr, Field(min_length=1, max_length=4000)]
    outcome: Outcome = ""


class MissingIn(Input):
    """`text`: what to complete, in words. `component`: the paper that is meant, `field`: the answer to correct.
    `reason`: why this one, where it is not the reason of all."""

    text: Annotated[StrictStr, Field(min_length=1, max_length=1000)]
    component: Annotated[StrictStr, Field(max_length=60)] = ""
    field: Annotated[StrictStr, Field(max_length=60)] = ""
    reason: Annotated[StrictStr, Field(max_length=500)] = ""


class Supplement(Input):
    """`arose`: of a second round, what has arisen since the first one."""

    reason: Words
    arose: Annotated[StrictStr, Field(max_length=1000)] = ""
    items: Annotated[list[MissingIn], Field(min_length=1, max_length=40)]


class PaymentIn(Input):
    """`fee`: code of the procedure's fee. `book`, `number`: of the paper receipt. `reason`: needed where it is more
    than is due."""

    fee: Annotated[StrictStr, Field(min_length=1, max_length=60)]
    amount_vnd: Annotated[StrictInt, Field(ge=1, le=999_999_999_999)]
    book: Annotated[StrictStr, Field(min_length=1, max_length=30, examples=["BL-26E"])]
    number: Annotated[StrictStr, Field(min_length=1, max_length=30, examples=["0000123"])]
    received_on: date
    reason: Annotated[StrictStr, Field(max_length=500)] = ""


def _note_payment(*, actor: Actor, target: Target, payment: Payment, at: datetime) -> None:
    """Once by the call's key, under which nothing is done a second time."""
    noting = Noting(target.dossier_id, new_id(), payment, target.revision)
    note_fee(actor=actor, noting=noting, at=at)


def _payment(sent: PaymentIn) -> dict[str, Any]:
    values = sent.model_dump()
    return {"payment": Payment(fee_code=values.pop("fee"), **values)}


Explained = Annotated[StrictStr, Field(min_length=1, max_length=2000)]


class Ended(Input):
    """`ground`: a code of the list in the pack's `dossier_law.yaml`. `reason`: the applicant reads it."""

    ground: Annotated[StrictStr, Field(max_length=40, pattern=r"^[a-z_]+$")]
    reason: Explained


class Explanation(Input):
    reason: Explained


class Letter(Input):
    """Both stand in the letter."""

    reason: Explained
    legal_basis: Words


class Decided(Input):
    """`granted`: with `checks`, as for draft-result; else with `reason` and `legal_basis`, as for draft-refusal."""

    granted: StrictBool
    checks: Annotated[list[Annotated[StrictInt, Field(ge=0, le=99)]], Field(max_length=100)] = []
    reason: Annotated[StrictStr, Field(max_length=2000)] = ""
    legal_basis: Annotated[StrictStr, Field(max_length=1000)] = ""


class Withdrawn(Input):
    """`reason`: of an officer, the applicant's written request; the applicant need not say it."""

    reason: Annotated[StrictStr, Field(max_length=2000)] = ""


class Demanded(Input):
    """`what`: is to be paid. `amount_vnd`: whole đồng."""

    what: Annotated[StrictStr, Field(min_length=1, max_length=500)]
    amount_vnd: Annotated[StrictInt, Field(ge=1, le=waiting.MOST_VND)]


class Receipt(Input):
    """`receipt`: its book and number."""

    receipt: Annotated[StrictStr, Field(min_length=1, max_length=100)]


class Transferred(Input):
    """`agency`: that is competent."""

    agency: UUID
    reason: Words


class Corrected(Input):
    """`field`: a question of the form. `value`: as in an application."""

    field: Annotated[StrictStr, Field(max_length=60)]
    value: Answer
    reason: Words


def _why(sent: Ended) -> dict[str, Any]:
    return {"why": ending.Why(sent.ground, sent.reason)}


class Extended(Input):
    """`on`: the new day, a working day after the due date. `reason`: of the delay; the applicant reads it."""

    on: date
    reason: Words


class ReturnIn(Input):
    """`way`: warehouse, counter or post; empty: as the applicant asked. `tracking`: of the consignment, by post only.
    `receiver`: who took it at the counter; empty: who submitted the dossier. `carrier`: vnpost, viettelpost or other,
    by which the number is checked; empty: not said."""

    way: Annotated[StrictStr, Field(pattern=r"^(warehouse|counter|post)?$")] = ""
    tracking: Annotated[StrictStr, Field(max_length=40)] = ""
    receiver: Annotated[StrictStr, Field(max_length=300)] = ""
    carrier: Annotated[StrictStr, Field(max_length=40)] = ""


def _question(sent: Asked) -> dict[str, Any]:
    question = opinions.Question(
        text=sent.question,
        agency_id=sent.agency,
        limit=sent.limit,
        unit_id=sent.unit,
        shown=tuple(sent.shown),
    )
    return {"question": question}


def _done(sent: Completed) -> dict[str, Any]:
    return {"done": tasking.Done(sent.outcome, sent.note, [str(it) for it in sent.checks])}


def _missing(sent: Supplement) -> dict[str, Any]:
    return {
        "reason": sent.reason,
        "arose": sent.arose,
        "items": [supplements.Item(**it.model_dump()) for it in sent.items],
    }


@dataclass(frozen=True, slots=True)
class Deed:
    """The rest of a service's keyword arguments, from what was sent. `may_be_bare`: the body may be left out.

    `means`: the acts of the state table that it may be, where it is named otherwise there.
    """

    summary: str
    service: Callable[..., Any]
    takes: type[Input] | None = None
    inputs: Callable[[Any], dict[str, Any]] = lambda sent: sent.model_dump() if sent else {}
    may_be_bare: bool = False
    means: tuple[str, ...] = ()


OFFERED: dict[str, Deed] = {
    "accept": Deed("Accept", handling.accept_dossier),
    "hand-over": Deed("Hand over to the unit that decides", handling.hand_over_dossier),
    "draft-result": Deed(
        "Draft the result",
        handling.draft_result,
        Checks,
        lambda sent: {"checks": [str(it) for it in sent.checks]},
    ),
    "decide": Deed(
        "Draft what was decided: the result, or the letter of refusal",
        deciding.decide,
        Decided,
        lambda sent: {
            "decision": deciding.Decision(
                sent.granted, [str(it) for it in sent.checks], sent.reason, sent.legal_basis
            )
        },
        means=("draft-result", "draft-refusal"),
    ),
    "submit-for-signature": Deed("Put the draft before the signer", tasking.submit_for_signature, Submitted),
    "complete-task": Deed("Complete a task", tasking.complete_task, Completed, _done),
    "name-signer": Deed("Make the draft for one's own signature", handling.name_signer),
    "sign": Deed("Sign the draft that was read", handling.sign_result, Seen),
    "return-task": Deed("Send it back to an earlier step", tasking.return_task, Reason),
    "claim": Deed("Take a task", tasking.claim),
    "assign": Deed(
        "Mean a task for an officer", tasking.assign, Assigned, lambda sent: {"officer_id": sent.officer}
    ),
    "hand-back": Deed("Give a task back", tasking.hand_back),
    "recall": Deed(
        "Take back one's own last act, or one's own stop", deciding.take_back, means=("recall", "recall-stop")
    ),
    "request-opinion": Deed("Ask for an opinion", opinions.request_opinion, Asked, _question),
    "give-opinion": Deed(
        "Give the opinion a step asks for",
        opinions.give_opinion,
        Opinion,
        lambda sent: {"answer": opinions.Answer(sent.text, outcome=sent.outcome)},
    ),
    "request-supplement": Deed(
        "Ask the applicant for what is missing", supplements.request_supplement, Supplement, _missing
    ),
    "extend": Deed(
        "Apologise for a delay and name a new date, once",
        extending.extend,
        Extended,
        lambda sent: {"extension": extending.Extension(sent.on, sent.reason)},
    ),
    "recompute": Deed("Count the due date anew by today's calendar", recomputing.recompute),
    "note-payment": Deed("Note a fee as paid at the counter", _note_payment, PaymentIn, _payment),
    "refuse": Deed("Refuse at reception", ending.refuse_dossier, Ended, _why),
    "withdraw": Deed(
        "Withdraw: the applicant, or the counter on their written request",
        deciding.withdraw,
        Withdrawn,
        lambda sent: {"reason": sent.reason if sent else ""},
        may_be_bare=True,
    ),
    "stop": Deed("Stop", ending.stop_dossier, Ended, _why),
    "recall-stop": Deed("Take back one's own stop", ending.recall_stop),
    "suspend": Deed("Suspend where a special law names it", ending.suspend_dossier, Explanation),
    "resume": Deed("Resume what was suspended", ending.resume_dossier),
    "draft-refusal": Deed(
        "Draft a letter of refusal",
        refusing.draft_refusal,
        Letter,
        lambda sent: {"refusal": refusing.Refusal(**sent.model_dump())},
    ),
    "request-payment": Deed(
        "Ask the applicant to pay",
        waiting.request_payment,
        Demanded,
        lambda sent: {"demand": waiting.Demand(**sent.model_dump())},
    ),
    "confirm-payment": Deed("Confirm the payment", waiting.confirm_payment, Receipt),
    "transfer": Deed(
        "Transfer to the competent agency",
        transferring.transfer_dossier,
        Transferred,
        lambda sent: {"agency_id": sent.agency, "reason": sent.reason},
    ),
    "correct": Deed(
        "Correct a slip in what was declared",
        correcting.correct_data,
        Corrected,
        lambda sent: {"correction": correcting.Correction(**sent.model_dump())},
    ),
    "return-result": Deed(
        "Return the result",
        handling.return_result,
        ReturnIn,
        lambda sent: {"returning": Returning(**sent.model_dump()) if sent else AS_ASKED},
        may_be_bare=True,
    ),
}


@dataclass(frozen=True, slots=True)
class _Sent:
    """What was sent: about which task, and the rest."""

    task: UUID | None
    rest: Any = None


def _do(request: CalledRequest, response: HttpResponse, act: str, dossier_id: UUID, sent: _Sent) -> Any:
    key_of(request)
    target = Target(dossier_id=dossier_id, revision=revision_of(request), task_id=sent.task)
    rest = sent.rest.model_dump(mode="json") if sent.rest else None
    content = [request.headers["If-Match"], sent.task, rest]

    def perform() -> tuple[int, Any]:
        deed = OFFERED[act]
        try:
            deed.service(actor=request.actor, target=target, at=timezone.now(), **deed.inputs(sent.rest))
        except DossierMoved as error:
            raise Stale from error
        return 200, None  # of the dossier nothing is kept with the key

    answer_once(request, response, content, perform)
    return as_it_is_now(request, response, dossier_id)


def as_it_is_now(request: CalledRequest, response: HttpResponse, dossier_id: UUID) -> Any:
    """The dossier with its ETag; nothing for who no longer sees it, as another agency whose task is done."""
    try:
        found = selectors.get_dossier(request.actor, dossier_id)
    except NotFound:
        return Status(204, None)
    shown = detail_out(request.actor, found)
    response["ETag"] = etag(shown, revision=found.revision)
    return Status(200, shown)


_ANY_TASK = Query(
    None, description="Where several are open; without it the caller's own, or the first that the act fits."
)


def _operation(act: str, deed: Deed) -> Callable[..., Any]:
    """The view of one act; a body only where it takes something."""
    if deed.takes is None:

        def bare(
            request: CalledRequest,
            response: HttpResponse,
            dossier_id: UUID,
            task: UUID | None = _ANY_TASK,
        ) -> Any:
            return _do(request, response, act, dossier_id, _Sent(task))

        return bare

    def filled(
        request: CalledRequest,
        response: HttpResponse,
        dossier_id: UUID,
        sent: Any,
        task: UUID | None = _ANY_TASK,
    ) -> Any:
        return _do(request, response, act, dossier_id, _Sent(task, sent))

    filled.__annotations__ = filled.__annotations__ | {"sent": deed.takes}
    if deed.may_be_bare:
        filled.__annotations__["sent"] = deed.takes | None
        filled.__defaults__ = (Body(None), _ANY_TASK)
    return filled


def _people(acts: list[Act]) -> frozenset[str]:
    """Whose tokens the act is for, by the state table."""
    return OFFICERS | CITIZENS if any(act.by_applicant for act in acts) else OFFICERS


def rule_words(act: Act) -> str:
    """What the state table says of an act, for the description of the API."""
    statuses = ", ".join(str(int(it)) for it in sorted(act.sources))
    to = f" to {int(act.target)}" if act.target else ""
    with translation.override("en"):
        law = f" Source: {'; '.join(map(article_words, act.law))}." if act.law else ""
        why = str(WHY[act.code])
    return f"`{act.code}`: from status {statuses}{to}; the clock {act.clock}. {why}{law}"


def _offer(act: str, deed: Deed) -> None:
    acts = [ACTS[it] for it in deed.means or (act,) if it in ACTS]
    view = _operation(act, deed)
    view.__name__ = f"act_{act.replace('-', '_')}"
    view.__doc__ = (
        "An act by the person who signed in, with their rights. If-Match: the ETag of the dossier as it was read; "
        "when it was changed since, nothing is done (412). What cannot be done where the dossier stands is 409, with "
        "the law that says so as `source` and what to do as `instead`. 204 for who sees the dossier no longer, as "
        "another agency once its task is done.\n\n" + "\n\n".join(map(rule_words, acts))
    )
    dossiers.post(
        f"/{{uuid:dossier_id}}/acts/{act}",
        response={200: DossierDetail, 204: None},
        auth=Token(HANDLE if any(it.by_client for it in acts) else "", people=_people(acts)),
        summary=deed.summary,
        operation_id=view.__name__,
        tags=["acts"],
    )(view)


for _act, _deed in OFFERED.items():
    _offer(_act, _deed)
