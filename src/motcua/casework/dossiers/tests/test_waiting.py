"""A payment that the dossier waits for."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from motcua.casework.dossiers.errors import ForbiddenByLaw, PaymentMissing, ReceiptMissing
from motcua.casework.dossiers.selectors import list_inbox
from motcua.casework.dossiers.services import ending, handling, tasking, waiting
from motcua.casework.dossiers.services.papers import file_of
from motcua.casework.dossiers.services.waiting import Demand
from motcua.casework.dossiers.tests import factories
from motcua.casework.dossiers.tests.factories import MORNING, snapshot, target
from motcua.foundation.journal.models import Entry
from motcua.foundation.kernel.actors import SYSTEM
from motcua.foundation.kernel.errors import Refused

pytestmark = pytest.mark.django_db
LATER = MORNING + timedelta(days=2)
FEE = Demand("Lệ phí trước bạ", 150_000)


def ask_to_pay(world, dossier, *, who="specialist", demand=FEE):
    actor = getattr(world.desk, who)
    return waiting.request_payment(actor=actor, target=target(dossier), demand=demand, at=MORNING)


def test_the_clock_stops_until_it_is_paid_and_then_counts_anew(world):
    dossier = factories.handed_over(world.desk, world.mother)
    before = dossier.due_at
    request = ask_to_pay(world, dossier)
    dossier.refresh_from_db()
    assert (dossier.status, dossier.clock[-1]["kind"]) == (6, "stopped")
    assert list_inbox(world.desk.specialist, at=MORNING).rows == []
    content = request.document.content
    assert (content["what"], content["amount"].replace("\xa0", " ")) == ("Lệ phí trước bạ", "150.000 đ")
    assert file_of(request.document).media_type == "application/pdf"
    waiting.confirm_payment(
        actor=world.desk.reception, target=target(dossier), receipt="BL-26E 0000001", at=LATER
    )
    dossier.refresh_from_db()
    request.refresh_from_db()
    assert (dossier.status, dossier.due_at, dossier.clock[-1]["kind"]) == (
        4, before + timedelta(days=2), "restarted",
    )  # fmt: skip
    assert (request.receipt, request.confirmed_by) == ("BL-26E 0000001", world.desk.reception.person_id)
    entry = Entry.objects.get(object_id=dossier.id, kind="dossier.payment_confirmed")
    assert datetime.fromisoformat(entry.facts["due_at"]) == dossier.due_at


def test_the_event_says_that_it_was_paid_once(world):
    dossier = factories.accepted(world.desk, world.mother)
    ask_to_pay(world, dossier, who="reception")
    paid = {"actor": SYSTEM, "dossier_id": dossier.id, "message": waiting.CONFIRMED}
    tasking.take_message(at=LATER, **paid)
    dossier.refresh_from_db()
    assert dossier.status == 2
    before = snapshot(dossier)
    with pytest.raises(ForbiddenByLaw):
        tasking.take_message(at=LATER, **paid)
    assert snapshot(dossier) == before
    handling.hand_over_dossier(actor=world.desk.reception, target=target(dossier), at=LATER)


@pytest.mark.parametrize("demand", [Demand(" ", 1), Demand("x", 0), Demand("x", -1), Demand("x", 10**12)])
def test_a_notice_says_what_and_how_much(world, demand):
    dossier = factories.handed_over(world.desk, world.mother)
    with pytest.raises(PaymentMissing):
        ask_to_pay(world, dossier, demand=demand)


def test_the_counter_confirms_it_with_a_receipt_and_nobody_else(world):
    dossier = factories.handed_over(world.desk, world.mother)
    ask_to_pay(world, dossier)
    with pytest.raises(ReceiptMissing):
        waiting.confirm_payment(actor=world.desk.reception, target=target(dossier), receipt=" ", at=LATER)
    with pytest.raises(Refused):
        waiting.confirm_payment(actor=world.desk.specialist, target=target(dossier), receipt="1", at=LATER)


@pytest.mark.parametrize("stage", ["submitted", "signed"])
def test_no_payment_is_requested_before_acceptance_or_after_the_signature(world, stage):
    dossier = getattr(factories, stage)(world.desk, world.mother)
    who = "reception"
    with pytest.raises(ForbiddenByLaw):
        ask_to_pay(world, dossier, who=who)


def test_what_waits_for_a_payment_is_stopped_and_goes_on_waiting_when_that_is_taken_back(world):
    dossier = factories.handed_over(world.desk, world.mother)
    ask_to_pay(world, dossier)
    why = ending.Why("payment_overdue", "Quá hạn nộp")
    ending.stop_dossier(actor=world.desk.leader, target=target(dossier), why=why, at=MORNING)
    ending.recall_stop(actor=world.desk.leader, target=target(dossier), at=LATER)
    dossier.refresh_from_db()
    assert (dossier.status, [it["kind"] for it in dossier.clock]) == (6, ["stopped"])
    waiting.payment_confirmed(actor=SYSTEM, dossier_id=dossier.id, at=LATER)
