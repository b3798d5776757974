"""What officers do with a dossier, from acceptance to the returned result. Each function is one act."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.utils import timezone

from motcua.casework.dossiers.errors import ActNotAllowed
from motcua.casework.dossiers.models import (
    Component,
    Dossier,
    OfficialDocument,
    PaperHandedIn,
    ReturnWay,
)
from motcua.casework.dossiers.services.acting import Acting, Target, acting
from motcua.casework.dossiers.services.clock import ONLINE, begin_clock, counting_of, worked_minutes
from motcua.casework.dossiers.services.landing import about_of, valid_to_of
from motcua.casework.dossiers.services.linked_cases import promise_whole
from motcua.casework.dossiers.services.papers import (
    draft_for_signer,
    make_certificate,
    signer_content,
    test_series,
)
from motcua.casework.dossiers.services.receipts import Reception, build_receipt
from motcua.casework.dossiers.services.returning import (
    AS_ASKED,
    Returning,
    asked_way,
    checked_returning,
    give_to_post,
    return_slip,
)
from motcua.casework.dossiers.services.signing import (
    REFUSAL,
    PreparedSigning,
    check_signing,
    current_draft,
    keep_result,
    names_signer,
    prepare_signing,
    result_kind,
    sign_prepared,
    signing_as,
)
from motcua.casework.dossiers.services.tasking import check_all, return_task, submit_for_signature
from motcua.casework.warehouse.services import IssuedDocument, deliver_document, issue_document
from motcua.foundation.kernel.actors import Actor
from motcua.foundation.kernel.chunks import defer_job, insert, of_many, update
from motcua.foundation.kernel.text import fold
from motcua.foundation.worktime.deadlines import hand_over_by
from motcua.foundation.worktime.history import Counting
from motcua.foundation.worktime.moments import local
from motcua.registry.organisations.models import Agency
from motcua.registry.organisations.selectors import (
    calendar_of,
    get_officer,
    get_reception_unit,
    get_title,
)
from motcua.registry.organisations.services import next_number

__all__ = [
    "Target", "accept_dossier", "draft_result", "hand_over_dossier", "issue_signed", "name_signer", "return_result",
    "return_task", "sign_result", "submit_for_signature",
]  # fmt: skip


def code_day(at: datetime) -> str:
    """The day as a dossier's code says it; numbers run per agency and day."""
    return _code_day(local(at).date())


@lru_cache(maxsize=2_000)
def _code_day(on: date) -> str:
    return f"{on:%y%m%d}"


def legal_code(agency: Agency, day: str, number: int) -> str:
    """A dossier's code, for instance H44.25-260310-0042. Source: Circular 03/2025/TT-VPCP art. 13."""
    return f"{agency.code}-{day}-{number:04d}"


def next_code(dossier: Dossier, at: datetime) -> str:
    """The dossier's code by the day it came in; a test's begins with TEST and takes no number from the real series."""
    day, series = code_day(at), f"dossier{test_series(dossier)}"
    code = legal_code(
        dossier.agency, day, next_number(agency_id=dossier.agency_id, series=series, period=day)
    )
    return f"TEST.{code}" if dossier.is_test else code


def acceptance(dossier: Dossier, *, code: str, at: datetime) -> dict[str, Any]:
    """What acceptance changes: code, due date by the limit of the dossier's case, the officers' search."""
    return accepted(dossier, counting_of(dossier, on=timezone.localdate(at)), code=code, at=at)


def accepted(dossier: Dossier, counting: Counting, *, code: str, at: datetime) -> dict[str, Any]:
    """`acceptance` by a limit and a calendar that are known."""
    return {
        "code": code,
        "accepted_at": at,
        **begin_clock(dossier, counting, at=at),
        "search_text": f"{dossier.search_text} {fold(code)}",
    }


def accept_dossier(*, actor: Actor, target: Target, at: datetime) -> Dossier:
    """Accept: legal code, due date with its arithmetic, form 01. The PDF follows by a job.

    Source: Decree 118/2025/NĐ-CP (one-stop mechanism), Circular 03/2025/TT-VPCP art. 5, 13.
    """
    with acting(code="accept", actor=actor, target=target, at=at) as step:
        step.changes = acceptance(step.dossier, code=next_code(step.dossier, at), at=at)
        for name, value in step.changes.items():
            setattr(step.dossier, name, value)
        receipt = make_receipt(step.dossier, officer_id=step.actor.person, at=at)
        step.facts = acceptance_facts(step.changes, receipt)
        update(step.task, due_at=desk_due(step.dossier, at=at))
        defer_job("dossiers.render_receipt", document_id=str(receipt.id))
    return step.dossier


def acceptance_facts(changes: Mapping[str, Any], receipt: OfficialDocument) -> dict[str, str]:
    """What the journal says of an acceptance beside the common facts."""
    return {"code": changes["code"], "due_at": changes["due_at"].isoformat(), "receipt_id": str(receipt.id)}


def desk_due(dossier: Dossier, *, at: datetime) -> datetime:
    """Until when the desk hands over what it accepted: the same day, in the next morning what came after 15:00
    (vietnam.md T3), and never after the whole is due.

    Source: Decree 61/2018/NĐ-CP art. 18(2).
    """
    by = hand_over_by(at, calendar_of(dossier.agency, on=timezone.localdate(at)))
    return min(by, dossier.due_at) if dossier.due_at else by


def make_receipt(dossier: Dossier, *, officer_id: UUID, at: datetime) -> OfficialDocument:
    """Form 01 of a dossier that is accepted, under the next number of the year; its PDF is made by a job."""
    year = str(timezone.localtime(at).year)
    promise_whole(dossier, at=at)
    receipt = build_receipt(
        dossier,
        Reception(
            unit=get_reception_unit(dossier.agency),
            number=next_number(
                agency_id=dossier.agency_id, series=f"form-01{test_series(dossier)}", period=year
            ),
            officer_id=officer_id,
            officer_name=get_officer(officer_id).full_name,
            papers=_names_of_papers(dossier.pk) or (),
            on_paper=(_handed_in(dossier.pk) or ()) if dossier.channel != ONLINE else (),
        ),
        at=at,
    )
    insert(receipt)
    return receipt


@of_many
def _names_of_papers(dossiers: Sequence[UUID]) -> dict[UUID, list[str]]:
    found: dict[UUID, list[str]] = defaultdict(list)
    rows = Component.objects.filter(dossier__in=dossiers).order_by("id")
    for dossier_id, name in rows.values_list("dossier_id", "name"):
        found[dossier_id].append(name)
    return found


@of_many
def _handed_in(dossiers: Sequence[UUID]) -> dict[UUID, list[PaperHandedIn]]:
    found: dict[UUID, list[PaperHandedIn]] = defaultdict(list)
    for paper in PaperHandedIn.objects.filter(dossier__in=dossiers).order_by("id"):
        found[paper.dossier_id].append(paper)
    return found


def hand_over_dossier(*, actor: Actor, target: Target, at: datetime) -> Dossier:
    """Hand the accepted dossier to the unit that decides. Source: vietnam.md 1.2 (2 -> 4), T3."""
    with acting(code="hand-over", actor=actor, target=target, at=at) as step:
        pass
    return step.dossier


def draft_result(*, actor: Actor, target: Target, checks: Sequence[str], at: datetime) -> OfficialDocument:
    """Draft the result from its template, as a new edition. `checks`: indexes of the step's checks that were ticked.

    Raises ChecksMissing unless all are.
    """
    with acting(code="draft-result", actor=actor, target=target, at=at) as step:
        checked = check_all(step, checks)
        document = make_certificate(step.dossier, actor=actor, at=at)
        step.facts = {
            "document_id": str(document.id),
            "edition": document.edition,
            "sha256": document.stored.sha256,
            "checks": checked,
        }
    return document


def name_signer(*, actor: Actor, target: Target, at: datetime) -> OfficialDocument:
    """Make the draft that lies before the leaders again with the actor as its signer; nothing else of it changes.

    Needed when it was drafted for somebody who is away now, or is back. Raises OldPreview when there is no draft,
    DraftOutdated, ActNotAllowed when it names the actor already. Source: Decree 30/2020/NĐ-CP art. 13.
    """
    with acting(code="name-signer", actor=actor, target=target, at=at) as step:
        dossier, draft = step.dossier, current_draft(step.dossier)
        officer = get_officer(actor.person)
        signing = signing_as(actor, dossier, title=get_title(officer.id, at=at))
        signer = signer_content(officer.full_name, signing)
        if names_signer(draft, signer):
            raise ActNotAllowed
        document = draft_for_signer(draft, dossier, signer=signer, actor=actor, at=at)
        step.facts = {
            "document_id": str(document.id),
            "edition": document.edition,
            "sha256": document.stored.sha256,
            "draft_sha256": draft.stored.sha256,
        }
    return document


def sign_result(*, actor: Actor, target: Target, seen_sha256: str, at: datetime) -> OfficialDocument:
    """Sign exactly the draft the signer saw (`seen_sha256`), and put the result into the person's warehouse.

    Raises OldPreview when the draft is another one, DraftOutdated when something else was declared since,
    OtherSigner when it names another leader, CannotSignDossier
    without a valid certificate, CannotSignNow when the key or the agency's cannot be used.
    Source: Law on Electronic Transactions 20/2023/QH15; Decree 30/2020/NĐ-CP on form; PAdES B-B.
    """
    with acting(code="sign", actor=actor, target=target, at=at) as step:
        prepared = prepare_signing(step.dossier, actor=actor, seen_sha256=seen_sha256, at=at)
        return _issue(step, prepared, sign_prepared(prepared))


def issue_signed(
    *, actor: Actor, target: Target, prepared: PreparedSigning, signed: bytes, batch_id: UUID
) -> OfficialDocument:
    """The same act for a file that was signed before it: a batch signs outside of any transaction.

    What `prepare_signing` checked is checked again; a file that was signed in vain is thrown away.
    """
    at, seen = prepared.request.at, prepared.draft.stored.sha256
    with acting(code="sign", actor=actor, target=target, at=at) as step:
        check_signing(step.dossier, actor=actor, seen_sha256=seen, at=at)
        result = _issue(step, prepared, signed)
        step.facts["batch"] = str(batch_id)
    return result


def _issue(step: Acting, prepared: PreparedSigning, signed: bytes) -> OfficialDocument:
    dossier, officer = step.dossier, prepared.officer
    result = keep_result(prepared, signed, actor=step.actor)
    kind = result_kind(prepared.draft)
    issued = issue_document(
        IssuedDocument(
            owner_id=dossier.owner_id,
            subject=dossier.id,
            kind=kind["code"],
            name=kind["name"]["vi"],
            number=result.number,
            agency_id=dossier.agency_id,
            signer_name=officer.full_name,
            signer_title=prepared.position,
            issued_at=step.at,
            file=result.stored,
            verification_code=result.content["verify"]["code"],
            is_test=dossier.is_test,
            about=about_of(dossier, kind),
            valid_to=valid_to_of(kind, on=timezone.localdate(step.at)),
        )
    )
    step.changes = {"finished_at": step.at, "is_declined": kind is REFUSAL}
    step.facts = {
        "document_id": str(result.id),
        "draft_sha256": prepared.draft.stored.sha256,
        "sha256": result.stored.sha256,
        "warehouse_id": str(issued.id),
        "worked_minutes": worked_minutes(dossier, until=step.at),
        **({"declined": True} if kind is REFUSAL else {}),
    }
    return result


def return_result(*, actor: Actor, target: Target, at: datetime, returning: Returning = AS_ASKED) -> Dossier:
    """Return the result: it lies in the person's warehouse, and on paper goes the way `returning` says.

    At the counter and by post a slip of return is made. Another way than the applicant asked for is told in the
    journal. Raises WrongWay, NoSuchCarrier, TrackingMissing, TrackingWrong, TrackingMistyped, ReceiverMissing.
    Source: vietnam.md 1.2 (9 -> 10), 1.5, T12.
    """
    with acting(code="return-result", actor=actor, target=target, at=at) as step:
        returned, asked = checked_returning(step.dossier, returning), asked_way(step.dossier)
        step.changes = {"returned_at": at, **returned.columns}
        deliver_document(step.dossier.id, at=at)
        step.facts = {"way": returned.way, **({"asked": asked} if asked != returned.way else {})}
        if returned.way == ReturnWay.POST:
            sent = give_to_post(step.dossier, returned, actor=step.actor, at=at)
            step.facts["consignment"] = str(sent.id)
        if returned.way != ReturnWay.WAREHOUSE:
            slip = return_slip(step.dossier, returned, actor=actor, at=at)
            step.facts["document_id"] = str(slip.id)
    return step.dossier
