"""How a dossier ends without a result: refused at reception, withdrawn, stopped; and how a stop is taken back.

Source: vietnam.md 1.2 (1 -> 3, 7; 2, 4, 5, 6 -> 7; 4, 5, 6 -> 8); Circular 03/2025/TT-VPCP art. 7.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from motcua.casework.dossiers.ending_errors import ReasonMissing, RequestMissing
from motcua.casework.dossiers.errors import DossierMoved, GroundMissing, NotTheirStop
from motcua.casework.dossiers.forms import procedure_of
from motcua.casework.dossiers.models import (
    Dossier,
    Ending,
    OfficialDocument,
    PaymentRequest,
    SupplementRequest,
)
from motcua.casework.dossiers.policies import readable
from motcua.casework.dossiers.reasons import BY_SILENCE, NO_SUSPENSION, SUSPENDED
from motcua.casework.dossiers.rules.law import Ground, suspension_law
from motcua.casework.dossiers.rules.states import ACTS, Status
from motcua.casework.dossiers.services import slips
from motcua.casework.dossiers.services.acting import Acting, Target, acting, finish, not_here
from motcua.casework.dossiers.services.clock import basis_fact, clock_changes
from motcua.casework.dossiers.services.settings import setting_of
from motcua.casework.dossiers.services.terms import payment_due, supplement_terms
from motcua.casework.process.selectors import find_standing
from motcua.casework.process.services import close_process, moved_on, reopen_process
from motcua.foundation.kernel.actors import SYSTEM, Actor
from motcua.foundation.kernel.chunks import defer_job
from motcua.foundation.kernel.errors import NotFound, Refused
from motcua.foundation.kernel.text import clean
from motcua.foundation.worktime.events import Kind as Clock
from motcua.registry.catalogue.models import VERSION_CONTENT
from motcua.registry.organisations.selectors import calendar_of, officer_name

AT_REQUEST, OVERDUE, BY_LAW = "at_request", "supplement_overdue", "special_law"


@dataclass(frozen=True, slots=True)
class Why:
    """`ground`: a code of the pack's list; `reason`: in words, for the applicant."""

    ground: str
    reason: str


def refuse_dossier(*, actor: Actor, target: Target, why: Why, at: datetime) -> Ending:
    """Refuse an online dossier at reception: form 03; final. Raises GroundMissing without a listed ground, a reason.

    Source: vietnam.md 1.2 (1 -> 3); Circular 03/2025/TT-VPCP, form 03.
    """
    with acting(code="refuse", actor=actor, target=target, at=at) as step:
        return refuse_unreceived(step, why)


def refuse_unreceived(step: Acting, why: Why) -> Ending:
    """The same at a counter, in the caller's act, for what was not received before. Raises GroundMissing."""
    ground, reason = _checked("refusal", why)
    slip = slips.refusal_slip(step, ground, reason)
    return _end(step, Ending.Kind.REFUSED, Why(ground.code, reason), slip)


def withdraw_dossier(*, actor: Actor, target: Target, reason: str, at: datetime) -> Ending:
    """Withdraw at the counter, on the applicant's written request, which `reason` names. Raises GroundMissing."""
    with acting(code="withdraw", actor=actor, target=target, at=at) as step:
        words = clean(reason)[:2000]
        if not words:
            raise RequestMissing(field="reason")
        return _withdraw(step, words)


def withdraw_own(*, actor: Actor, dossier_id: UUID, revision: int, reason: str, at: datetime) -> Ending:
    """The applicant takes the dossier back before the decision is signed; final. A reason is not asked of them.

    Raises NotFound, Refused for who may only look, DossierMoved, ForbiddenByLaw.
    Source: Circular 03/2025/TT-VPCP art. 7: the one-stop unit issues the notice at once.
    """
    act = ACTS["withdraw"]
    with transaction.atomic():
        dossier = _locked_own(actor, dossier_id)
        if dossier.revision != revision:
            raise DossierMoved
        if Status(dossier.status) not in act.sources:
            raise not_here(act, dossier, to_applicant=True)
        step = Acting(act, actor, dossier, find_standing(dossier.id), None, at)
        ending = _withdraw(step, clean(reason)[:2000])
        finish(step)
    return ending


def may_withdraw(actor: Actor, dossier: Dossier) -> bool:
    """Whether the acting applicant may take the dossier back now."""
    is_theirs = actor.kind == "citizen" and actor.may("apply")
    return is_theirs and Status(dossier.status) in ACTS["withdraw"].sources


def _locked_own(actor: Actor, dossier_id: UUID) -> Dossier:
    related = Dossier.objects.select_for_update(of=("self",)).defer(*VERSION_CONTENT)
    found = related.select_related("version__procedure", "agency__parent")
    dossier = found.filter(readable(actor), pk=dossier_id).first()
    if not dossier:
        raise NotFound
    if actor.kind != "citizen" or not actor.may("apply"):
        raise Refused
    return dossier


def _withdraw(step: Acting, reason: str) -> Ending:
    ground = slips.law().grounds["withdrawal"][AT_REQUEST]
    # Before acceptance nothing was begun that would have to be stopped (vietnam.md 1.2).
    is_begun = step.dossier.status != Status.SUBMITTED
    slip = slips.stopping_notice(step, ground, reason, at_request=True) if is_begun else None
    return _end(step, Ending.Kind.WITHDRAWN, Why(ground.code, reason), slip)


def stop_dossier(*, actor: Actor, target: Target, why: Why, at: datetime) -> Ending:
    """Stop a dossier for the agency, with ground and reason. Raises GroundMissing.

    Source: vietnam.md 1.2 (4, 5, 6 -> 8).
    """
    with acting(code="stop", actor=actor, target=target, at=at) as step:
        return _stop(step, *_checked("stopping", why))


def _stop(step: Acting, ground: Ground, reason: str) -> Ending:
    # Who was never received has nothing that could be stopped: the form of refusal says it.
    make = slips.stopping_notice if step.dossier.accepted_at else slips.refusal_slip
    return _end(step, Ending.Kind.STOPPED, Why(ground.code, reason), make(step, ground, reason))


@transaction.atomic
def close_overdue(*, request_id: UUID, at: datetime) -> Ending | None:
    """Stop a dossier whose supplement was not brought in time; None when it was meanwhile. By a timer.

    Source: vietnam.md 1.3 T6.
    """
    dossier = _waiting_for(request_id)
    request = SupplementRequest.objects.select_for_update().get(pk=request_id)
    is_over = request.due_at is not None and request.due_at <= at and request.answered_at is None
    if not dossier or not is_over:
        return None
    step = Acting(ACTS["stop"], SYSTEM, dossier, find_standing(dossier.id), None, at)
    ending = _stop(step, slips.law().grounds["stopping"][OVERDUE], "")
    finish(step)
    return ending


def _waiting_for(request_id: UUID) -> Dossier | None:
    """The dossier of a request, locked, while it waits for the applicant."""
    related = Dossier.objects.select_for_update(of=("self",)).defer(*VERSION_CONTENT)
    found = related.select_related("version__procedure", "agency__parent")
    return found.filter(supplements=request_id, status=Status.SUPPLEMENT_REQUESTED).first()


def suspend_dossier(*, actor: Actor, target: Target, reason: str, at: datetime) -> Ending:
    """Suspend a dossier where the procedure's special law names it; what remains of the limit waits.

    Raises ForbiddenByLaw where none does, GroundMissing.
    """
    with acting(code="suspend", actor=actor, target=target, at=at) as step:
        named, words = suspension_law(procedure_of(step.dossier)), clean(reason)[:2000]
        if not named:
            raise not_here(step.act, step.dossier, why=NO_SUSPENSION)
        if not words:
            raise ReasonMissing(field="reason")
        slip = slips.stopping_notice(step, Ground(BY_LAW, named), words)
        return _end(step, Ending.Kind.SUSPENDED, Why(BY_LAW, words), slip)


def recall_stop(*, actor: Actor, target: Target, at: datetime) -> Dossier:
    """Take back a stop: by who stopped it, or a leader where the timer did; status and clock go on as before.

    Raises NotTheirStop, ForbiddenByLaw for what a special law suspended, or decided by silence.
    """
    with acting(code="recall-stop", actor=actor, target=target, at=at) as step:
        ending = _in_force(step)
        if ending.kind == Ending.Kind.SUSPENDED:
            raise not_here(step.act, step.dossier, why=SUSPENDED)
        if ending.kind != Ending.Kind.STOPPED:
            raise not_here(step.act, step.dossier, why=BY_SILENCE)
        if ending.made_by not in {None, actor.person}:
            raise NotTheirStop(name=officer_name(ending.made_by))
        _undo(step, ending)
    return step.dossier


def resume_dossier(*, actor: Actor, target: Target, at: datetime) -> Dossier:
    """Resume a suspended dossier with what remained of its limit. Raises ForbiddenByLaw for one that was stopped."""
    with acting(code="resume", actor=actor, target=target, at=at) as step:
        ending = _in_force(step)
        if ending.kind != Ending.Kind.SUSPENDED:
            raise not_here(step.act, step.dossier)
        _undo(step, ending)
    return step.dossier


def may_undo(actor: Actor, dossier: Dossier) -> str:
    """Which act takes back how the dossier ended, if the actor is the one who may: resume, recall-stop or empty. One
    query."""
    ending = find_ending(dossier)
    if not ending:
        return ""
    if ending.kind == Ending.Kind.SUSPENDED:
        return "resume"
    is_theirs = ending.kind == Ending.Kind.STOPPED and ending.made_by in {None, actor.person_id}
    return "recall-stop" if is_theirs else ""


def find_ending(dossier: Dossier) -> Ending | None:
    """How the dossier ended, while that is in force."""
    return dossier.endings.filter(undone_at=None).select_related("document").first()


def _in_force(step: Acting) -> Ending:
    ending = find_ending(step.dossier)
    if not ending:
        raise not_here(step.act, step.dossier)
    return ending


def _checked(kind: str, why: Why) -> tuple[Ground, str]:
    ground, reason = slips.law().ground(kind, why.ground), clean(why.reason)[:2000]
    if not ground:
        raise GroundMissing(field="ground")
    if not reason:
        raise GroundMissing(field="reason")
    return ground, reason


def _end(step: Acting, kind: Ending.Kind, why: Why, slip: OfficialDocument | None) -> Ending:
    """Close the process, stop the clock, and say so."""
    dossier, runs = step.dossier, clock_runs(step.dossier)
    closed = close_process(step.running, at=step.at)
    ending = Ending.objects.create(
        dossier=dossier,
        kind=kind,
        ground=why.ground,
        reason=why.reason,
        status=dossier.status,
        document=slip,
        tokens=[str(it) for it in closed],
        stops_clock=runs,
        made_by=None if step.actor.kind == "system" else step.actor.person,
        made_at=step.at,
    )
    step.changes |= clock_changes(dossier, Clock.STOPPED, at=step.at) if runs else {}
    step.changes["last_move"] = None
    step.facts = {"ending_id": str(ending.id), "ground": why.ground, **_paper_fact(slip)}
    step.details = {"reason": why.reason} if why.reason else {}
    if slip:
        defer_job("dossiers.render_receipt", document_id=str(slip.id))
    return ending


def _paper_fact(slip: OfficialDocument | None) -> dict[str, Any]:
    return {"document_id": str(slip.id)} if slip else {}


def clock_runs(dossier: Dossier) -> bool:
    """Whether the legal clock counts now: accepted, and not waiting for the applicant."""
    return dossier.accepted_at is not None and dossier.stopped_at is None


def _undo(step: Acting, ending: Ending) -> None:
    dossier, at = step.dossier, step.at
    tokens = [UUID(it) for it in ending.tokens]
    reopen_process(dossier.id, tokens, setting_of(dossier, at), closed_at=ending.made_at, at=at)
    Ending.objects.filter(pk=ending.pk).update(undone_at=at, undone_by=step.actor.person)
    step.changes = {"status": ending.status}
    if ending.stops_clock:
        step.changes |= clock_changes(dossier, Clock.RESUMED, at=at)
    if ending.status == Status.SUPPLEMENT_REQUESTED:
        _give_time_back(dossier, ending, at)
    if ending.status == Status.FINANCIAL_OBLIGATION:
        _give_payment_time(dossier, ending, at)
    step.facts = {
        "ending_id": str(ending.id),
        "due_at": _iso(step.changes.get("due_at", dossier.due_at)),
        **basis_fact(dossier, step.changes),
    }


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def _give_time_back(dossier: Dossier, ending: Ending, at: datetime) -> None:
    """The applicant's time for a supplement stood still too; one that was over begins again from now."""
    calendar = calendar_of(dossier.agency, on=timezone.localdate(at))
    request = dossier.supplements.get(answered_at=None)
    if not request.due_at or not request.warn_at:
        return
    if request.due_at <= ending.made_at:
        values = supplement_terms(dossier, at=at)
    else:
        values = {
            name: moved_on(getattr(request, name), ending.made_at, at, calendar)
            for name in ("due_at", "warn_at")
        }
    SupplementRequest.objects.filter(pk=request.pk).update(**values)


def _give_payment_time(dossier: Dossier, ending: Ending, at: datetime) -> None:
    """The same for what is to be paid."""
    request = PaymentRequest.objects.get(dossier=dossier, confirmed_at=None)
    if not request.due_at:
        return
    calendar = calendar_of(dossier.agency, on=timezone.localdate(at))
    is_over = request.due_at <= ending.made_at
    later = payment_due(dossier, at=at) if is_over else moved_on(request.due_at, ending.made_at, at, calendar)
    PaymentRequest.objects.filter(pk=request.pk).update(due_at=later)
