"""A payment the dossier waits for: the notice stops the clock, the payment is an event that starts it anew.

Source: vietnam.md 1.2 (2, 4 -> 6 -> back), 1.3 T11, 1.4 (restart).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from django.db import transaction
from procrastinate.contrib.django import app as jobs

from motcua.casework.dossiers.errors import PaymentMissing, ReceiptMissing
from motcua.casework.dossiers.models import Dossier, PaymentRequest
from motcua.casework.dossiers.rules.states import ACTS, Status
from motcua.casework.dossiers.services import slips
from motcua.casework.dossiers.services.acting import Acting, Target, acting, finish, not_here
from motcua.casework.dossiers.services.clock import clock_changes
from motcua.casework.dossiers.services.settings import setting_of
from motcua.casework.dossiers.services.terms import payment_due
from motcua.casework.process.selectors import find_standing
from motcua.casework.process.services import pause_process, resume_process
from motcua.foundation.kernel.actors import Actor
from motcua.foundation.kernel.errors import NotFound
from motcua.foundation.kernel.text import clean_line
from motcua.foundation.worktime.events import Kind
from motcua.registry.catalogue.models import VERSION_CONTENT

# The message by which another room or program says that the money is there.
CONFIRMED = "payment-confirmed"
MOST_VND = 999_999_999_999


@dataclass(frozen=True, slots=True)
class Demand:
    """`what`: is to be paid, in words; `amount_vnd`: whole đồng, 1 to 999,999,999,999."""

    what: str
    amount_vnd: int


def request_payment(*, actor: Actor, target: Target, demand: Demand, at: datetime) -> PaymentRequest:
    """Ask for a tax or fee before the dossier goes on: notice, status 6, the clock stops, tasks wait.

    Raises PaymentMissing.
    """
    what = clean_line(demand.what)[:500]
    if not what:
        raise PaymentMissing(field="what")
    if not 1 <= demand.amount_vnd <= MOST_VND:
        raise PaymentMissing(field="amount_vnd")
    with acting(code="request-payment", actor=actor, target=target, at=at) as step:
        due_at = payment_due(step.dossier, at=at)
        notice = slips.payment_notice(step, what=what, amount_vnd=demand.amount_vnd, due_at=due_at)
        request = PaymentRequest.objects.create(
            dossier=step.dossier,
            document=notice,
            what=what,
            amount_vnd=demand.amount_vnd,
            step=step.task.step,
            status=step.dossier.status,
            asked_by=actor.person,
            asked_at=at,
            due_at=due_at,
        )
        pause_process(step.running, at=at)
        step.changes = clock_changes(step.dossier, Kind.STOPPED, at=at)
        step.facts = {
            "payment_id": str(request.id),
            "document_id": str(notice.id),
            "amount_vnd": demand.amount_vnd,
        }
        step.details = {"reason": what}
        jobs.configure_task("dossiers.render_receipt").defer(document_id=str(notice.id))
    return request


def confirm_payment(*, actor: Actor, target: Target, receipt: str, at: datetime) -> Dossier:
    """Note at the counter that it was paid, by which receipt. Raises ReceiptMissing."""
    words = clean_line(receipt)[:100]
    if not words:
        raise ReceiptMissing(field="receipt")
    with acting(code="confirm-payment", actor=actor, target=target, at=at) as step:
        _go_on(step, words)
    return step.dossier


@transaction.atomic
def payment_confirmed(*, actor: Actor, dossier_id: UUID, receipt: str = "", at: datetime) -> Dossier:
    """The same as an event: a program says that the money is there. Raises NotFound, ForbiddenByLaw: nobody waits."""
    related = Dossier.objects.select_for_update(of=("self",)).defer(*VERSION_CONTENT)
    dossier = related.select_related("version__procedure", "agency__parent").filter(pk=dossier_id).first()
    if not dossier:
        raise NotFound
    act = ACTS["confirm-payment"]
    if Status(dossier.status) not in act.sources:
        raise not_here(act, dossier)
    step = Acting(act, actor, dossier, find_standing(dossier.id), None, at)
    _go_on(step, clean_line(receipt)[:100])
    finish(step)
    return dossier


def find_payment(dossier: Dossier) -> PaymentRequest | None:
    """What the dossier waits for to be paid."""
    if dossier.status != Status.FINANCIAL_OBLIGATION:
        return None
    return dossier.payments_requested.filter(confirmed_at=None).select_related("document").first()


def _go_on(step: Acting, receipt: str) -> None:
    """Back to where it was asked for; the whole limit runs again, as after a supplement (vietnam.md 1.4)."""
    request = find_payment(step.dossier)
    if not request:
        raise not_here(step.act, step.dossier)
    by = step.actor.person_id if step.actor.is_officer else None
    step.changes = clock_changes(step.dossier, Kind.RESTARTED, at=step.at) | {"status": request.status}
    due_at = step.changes["due_at"]
    resume_process(step.running, replace(setting_of(step.dossier, step.at), latest=due_at), at=step.at)
    PaymentRequest.objects.filter(pk=request.pk).update(
        confirmed_at=step.at, confirmed_by=by, receipt=receipt
    )
    step.facts = {"payment_id": str(request.id), "due_at": due_at.isoformat(), "next_step": request.step}
    step.details = {"receipt": receipt} if receipt else {}
