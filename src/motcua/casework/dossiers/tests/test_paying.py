"""Noting a fee as paid at the counter, and correcting what was noted."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
import time_machine
from django.db import DatabaseError, connection, transaction
from django.urls import reverse

from motcua.casework.dossiers.errors import ActNotAllowed
from motcua.casework.dossiers.models import Dossier
from motcua.casework.dossiers.rules.states import Status
from motcua.casework.dossiers.services.paying import Noting, correct_fee, fees_of, note_fee
from motcua.casework.dossiers.tests.factories import MORNING, accepted, paid, submitted, taken_elsewhere
from motcua.casework.fees.errors import (
    AlreadyCorrected,
    AmountWrong,
    CorrectionWithoutReason,
    FeeUnknown,
    MoreThanDue,
    ReceiptUsed,
    ReceivedLater,
)
from motcua.casework.fees.models import LedgerEntry, ReceiptInUse
from motcua.casework.fees.services import Payment
from motcua.foundation.journal.models import Entry
from motcua.foundation.kernel.errors import NotFound, Refused
from motcua.foundation.kernel.ids import new_id
from motcua.registry.access.models import RoleGrant
from motcua.registry.organisations.tests.factories import again, delegated
from motcua.registry.people.contributions import personal_data

pytestmark = pytest.mark.django_db
TODAY = MORNING.date()
COUNTER = {"result_by": "counter", "extract_copies": 3}


@pytest.fixture
def dossier(world):
    """Three extracts at 8,000 đ; the registration itself is free."""
    return submitted(world.desk, world.mother, **COUNTER)


def extract_code(dossier):
    return fees_of(dossier)[-1].code


def noting(dossier, amount=24_000, *, number="0000123", reason="", **changes):
    payment = Payment(extract_code(dossier), amount, "BL-26E", number, TODAY, reason)
    return Noting(dossier.id, new_id(), replace(payment, **changes))


def note(world, dossier, *args, actor=None, at=MORNING, **kwargs):
    return note_fee(actor=actor or world.desk.reception, noting=noting(dossier, *args, **kwargs), at=at)


def rows():
    return (LedgerEntry.objects.count(), Entry.objects.filter(kind__startswith="dossier.fee").count())


def test_is_in_the_ledger_and_in_the_journal_with_amount_fee_and_who(world, dossier):
    entry = note(world, dossier)
    assert (entry.amount_vnd, entry.receipt_number, entry.noted_by_id) == (
        24_000,
        "0000123",
        world.desk.reception.person_id,
    )
    told = Entry.objects.select_related("detail").get(kind="dossier.fee_noted")
    assert told.object_id == dossier.id and told.concerns_id == world.mother.person_id
    assert told.facts["amount_vnd"] == 24_000 and told.facts["entry"] == str(entry.id)
    assert told.detail.values == {"receipt": "BL-26E 0000123"}


def test_the_id_of_another_dossiers_entry_notes_nothing(world, dossier):
    entry, other = note(world, dossier), submitted(world.desk, world.mother, **COUNTER)
    before = rows()
    with pytest.raises(NotFound):
        note_fee(
            actor=world.desk.reception,
            noting=replace(noting(other, number="0000124"), entry_id=entry.id),
            at=MORNING,
        )
    assert rows() == before


def test_is_part_of_what_the_person_is_given_of_their_data(world, dossier):
    entry = note(world, dossier)
    payments = next(it for it in personal_data() if it.name == "payments")
    (told,) = payments.export(world.mother.person_id)
    assert (told["subject"], told["amount_vnd"], told["receipt_number"]) == (dossier.id, 24_000, "0000123")
    assert (told["id"], told["agency__name"]) == (entry.id, world.desk.agency.name)
    assert payments.export(world.neighbour.person_id) == []


def test_leaves_the_dossiers_revision_alone_so_that_no_other_page_grows_old(world, dossier):
    before = dossier.revision
    note(world, dossier)
    assert Dossier.objects.get(pk=dossier.pk).revision == before


def test_sending_the_page_twice_notes_it_once(world, dossier):
    sent = noting(dossier)
    first = note_fee(actor=world.desk.reception, noting=sent, at=MORNING)
    assert note_fee(actor=world.desk.reception, noting=sent, at=MORNING) == first
    assert rows() == (1, 1)


@pytest.mark.parametrize("role", ["specialist", "leader", "deputy"])
def test_other_roles_of_the_agency_are_refused(world, dossier, role):
    with pytest.raises(Refused):
        note(world, dossier, actor=getattr(world.desk, role))
    assert rows() == (0, 0)


def test_for_another_agencys_counter_the_dossier_does_not_exist(world, dossier):
    with pytest.raises(NotFound):
        note(world, dossier, actor=world.other_desk.reception)
    assert rows() == (0, 0)


def test_citizens_note_nothing_the_applicant_neither(world, dossier):
    with pytest.raises(Refused):
        note(world, dossier, actor=world.mother)
    with pytest.raises(NotFound):
        note(world, dossier, actor=world.neighbour)
    assert rows() == (0, 0)


@pytest.mark.parametrize("status", [Status.REFUSED, Status.WITHDRAWN])
def test_nothing_is_noted_for_what_was_refused_or_withdrawn(world, dossier, status):
    Dossier.objects.filter(pk=dossier.pk).update(status=status)
    with pytest.raises(ActNotAllowed):
        note(world, dossier)
    assert rows() == (0, 0)


def test_more_than_is_due_needs_a_reason(world, dossier):
    note(world, dossier, 16_000)
    with pytest.raises(MoreThanDue):
        note(world, dossier, 8_001, number="0000124")
    note(world, dossier, 8_001, number="0000124", reason="Người dân lấy thêm một bản.")
    assert rows() == (2, 2)


@pytest.mark.parametrize(
    ("changes", "refused"),
    [
        ({"fee_code": "dowry"}, FeeUnknown),
        ({"amount_vnd": 0}, AmountWrong),
        ({"amount_vnd": -8_000}, AmountWrong),
        ({"amount_vnd": 10**12}, AmountWrong),
        ({"received_on": TODAY + timedelta(days=1)}, ReceivedLater),
    ],
    ids=["an unknown fee", "nothing", "less than nothing", "a slip of the finger", "a day to come"],
)
def test_what_cannot_be_right_is_refused(world, dossier, changes, refused):
    with pytest.raises(refused):
        note(world, dossier, **changes)
    assert rows() == (0, 0)


def test_one_receipt_belongs_to_one_dossier(world, dossier):
    other = submitted(world.desk, world.neighbour, **COUNTER)
    note(world, dossier)
    with pytest.raises(ReceiptUsed):
        note(world, other)
    # However it is typed.
    with pytest.raises(ReceiptUsed):
        note(world, other, number=" 0000123 ", book="bl-26e")
    assert rows() == (1, 1)


def test_one_receipt_names_each_fee_once(world, dossier):
    note(world, dossier, 8_000)
    with pytest.raises(ReceiptUsed):
        note(world, dossier, 8_000)


def test_another_agencys_receipt_may_have_the_same_number(world, dossier):
    elsewhere = submitted(world.other_desk, world.mother, **COUNTER)
    note(world, dossier)
    note(world, elsewhere, actor=world.other_desk.reception)
    assert rows() == (2, 2)


def correct(world, dossier, wrong, amount, *, reason="Ghi nhầm số tiền", actor=None, **kwargs):
    sent = noting(dossier, amount, reason=reason, **kwargs)
    return correct_fee(
        actor=actor or world.desk.reception, noting=sent, wrong_id=wrong.id, at=MORNING + timedelta(hours=1)
    )


def test_a_correction_stands_beside_the_first_entry_and_says_why(world, dossier):
    wrong = note(world, dossier)
    right = correct(world, dossier, wrong, 16_000)
    wrong.refresh_from_db()
    assert (wrong.amount_vnd, right.amount_vnd, right.corrects_id) == (24_000, 16_000, wrong.id)
    told = Entry.objects.select_related("detail").get(kind="dossier.fee_corrected")
    assert told.facts["corrects"] == str(wrong.id)
    assert told.detail.values["reason"] == "Ghi nhầm số tiền"


def test_a_correction_without_a_reason_is_refused(world, dossier):
    wrong = note(world, dossier)
    with pytest.raises(CorrectionWithoutReason):
        correct(world, dossier, wrong, 16_000, reason="  ")


def test_an_entry_is_corrected_once_then_its_correction_is(world, dossier):
    wrong = note(world, dossier)
    second = correct(world, dossier, wrong, 16_000)
    with pytest.raises(AlreadyCorrected):
        correct(world, dossier, wrong, 8_000)
    correct(world, dossier, second, 8_000)
    assert rows() == (3, 3)


def test_what_was_noted_for_the_wrong_dossier_is_taken_back_and_noted_for_the_right_one(world, dossier):
    other = submitted(world.desk, world.neighbour, **COUNTER)
    wrong = note(world, dossier)
    correct(world, dossier, wrong, 0, reason="Biên lai của hồ sơ khác")
    note(world, other)
    assert list(ReceiptInUse.objects.values_list("subject", flat=True)) == [other.id]


def test_an_entry_of_another_dossier_cannot_be_corrected_here(world, dossier):
    other = submitted(world.desk, world.neighbour, **COUNTER)
    wrong = note(world, dossier)
    with pytest.raises(NotFound):
        correct(world, other, wrong, 0)


@pytest.mark.parametrize(
    "statement", ["UPDATE {} SET amount_vnd = 1", "DELETE FROM {}", "TRUNCATE {} CASCADE"]
)
@pytest.mark.parametrize("as_owner", [False, True])
def test_the_database_lets_nobody_change_the_ledger(world, dossier, statement, as_owner):
    note(world, dossier)
    with (
        pytest.raises(DatabaseError),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        if as_owner:
            cursor.execute("RESET ROLE")
        cursor.execute(statement.format("casework_fees_ledgerentry"))
    assert LedgerEntry.objects.get().amount_vnd == 24_000


def test_who_stands_in_at_the_counter_notes_it_under_the_delegation(world, dossier):
    path = world.desk.agency.path
    RoleGrant.objects.create(account_id=world.desk.leader.account_id, role_id="reception", agency_path=path)
    lent = delegated(world.desk, at=MORNING, right="reception")
    note(world, dossier, actor=again(world.desk.deputy))
    assert Entry.objects.get(kind="dossier.fee_noted").mandate_id == lent.id


# Pages


@pytest.fixture(autouse=True)
def _now():
    with time_machine.travel(MORNING + timedelta(hours=2), tick=False):
        yield


def sent(dossier, **changes):
    values = {
        "entry": str(new_id()),
        "fee": extract_code(dossier),
        "amount": "24.000",
        "book": "BL-26E",
        "number": "0000123",
        "received_on_day": "10",
        "received_on_month": "3",
        "received_on_year": "2026",
        "reason": "",
    }
    return values | changes


def test_the_officer_notes_it_and_both_pages_show_it(world, dossier, browse):
    browser = browse(world.desk.reception)
    url = reverse("desk:fees", args=[dossier.id])
    assert "24,000" in browser.get(url, headers={"accept-language": "en"}).content.decode()
    answer = browser.post(url, sent(dossier))
    assert answer.url == reverse("desk:dossier", args=[dossier.id])
    for actor, name in ((world.desk.reception, "desk:dossier"), (world.mother, "dossiers:dossier")):
        page = browse(actor).get(reverse(name, args=[dossier.id])).content.decode()
        assert "BL-26E 0000123" in page


def test_the_citizens_page_offers_no_correction(world, dossier, browse):
    note(world, dossier)
    page = browse(world.mother).get(reverse("dossiers:dossier", args=[dossier.id])).content.decode()
    assert f"/desk/dossiers/{dossier.id}/fees/" not in page


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"amount": "abc"}, "amount"),
        ({"amount": "1.5"}, "amount"),
        ({"amount": "25000"}, "reason"),
        ({"number": "<script>"}, "number"),
        ({"received_on_day": "11"}, "received_on"),
        ({"fee": "x"}, "fee"),
    ],
)
def test_a_wrong_page_is_said_at_the_field_and_keeps_what_was_typed(world, dossier, browse, changes, error):
    answer = browse(world.desk.reception).post(
        reverse("desk:fees", args=[dossier.id]), sent(dossier, **changes)
    )
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [error]
    assert "BL-26E" in answer.content.decode()
    assert rows() == (0, 0)


def test_a_used_receipt_is_said_at_its_number(world, dossier, browse):
    note(world, submitted(world.desk, world.neighbour, **COUNTER))
    answer = browse(world.desk.reception).post(reverse("desk:fees", args=[dossier.id]), sent(dossier))
    assert list(answer.context["form"].errors) == ["number"]


def test_the_officer_corrects_it_on_a_page_that_shows_the_first_entry(world, dossier, browse):
    wrong = note(world, dossier)
    browser, url = browse(world.desk.reception), reverse("desk:fee-correct", args=[dossier.id, wrong.id])
    assert "0000123" in browser.get(url).content.decode()
    browser.post(url, sent(dossier, amount="8000", reason="Chỉ lấy một bản"))
    page = browse(world.mother).get(reverse("dossiers:dossier", args=[dossier.id])).content.decode()
    assert "Chỉ lấy một bản" in page and "24,000" in page


def test_form_01_prints_what_is_due_and_what_was_paid_before(world, dossier):
    first = accepted(world.desk, world.mother, **COUNTER).documents.get(kind="receipt")
    assert first.content["fee"].replace("\u00a0", " ") == "24.000 đ"


def test_the_dossiers_page_says_nothing_is_to_pay_when_it_is_free(world, browse):
    free = submitted(world.desk, world.mother, result_by="warehouse", extract_copies=None)
    page = browse(world.mother).get(
        reverse("dossiers:dossier", args=[free.id]), headers={"accept-language": "en"}
    )
    assert page.context["fee_state"] == {"state": "done", "text": "Nothing to pay"}


@pytest.fixture
def elsewhere(world):
    """For the first commune, taken in at the counter of the second."""
    return taken_elsewhere(world.desk, world.other_desk, world.mother)


def test_the_counter_that_took_it_in_notes_it_by_its_own_receipts(world, elsewhere, browse):
    browser = browse(world.other_desk.reception)
    url = reverse("desk:counter-fees", args=[elsewhere.id])
    assert browser.get(url).status_code == 200
    answer = browser.post(url, sent(elsewhere, amount="8000", reason="Trả trước"))
    assert answer.url == reverse("desk:counter-part", args=[elsewhere.id])
    assert "BL-26E 0000123" in browser.get(answer.url).content.decode()
    assert LedgerEntry.objects.get(subject=elsewhere.id).agency_id == world.other_desk.agency.id
    # The same number of the deciding agency's book is another receipt.
    note(world, submitted(world.desk, world.mother, **COUNTER))


def test_only_the_counter_that_took_it_in_and_the_deciding_agency_note_it(world, elsewhere, browse):
    one = noting(elsewhere, 8_000, reason="Trả trước")
    for stranger in (world.desk.specialist, world.other_desk.specialist, world.other_desk.leader):
        with pytest.raises((NotFound, Refused)):
            note_fee(actor=stranger, noting=one, at=MORNING)
    url = reverse("desk:counter-fees", args=[elsewhere.id])
    assert browse(world.desk.reception).get(url).status_code == 404
    assert browse(world.other_desk.specialist).get(url).status_code == 403
    not_taken_in = submitted(world.desk, world.mother, **COUNTER)
    with pytest.raises(NotFound):
        note(world, not_taken_in, actor=world.other_desk.reception)


def test_a_counter_corrects_what_was_noted_there_only_and_the_deciding_agency_everything(world, elsewhere):
    here, there = world.desk, world.other_desk
    theirs, ours = (
        paid(desk, elsewhere, number=number) for desk, number in ((here, "0000001"), (there, "0000002"))
    )
    with pytest.raises(NotFound):
        correct(world, elsewhere, theirs, 0, reason="Nhầm", actor=there.reception)
    correct(world, elsewhere, ours, 8_000, number="0000003", reason="Nhầm số", actor=here.reception)
    assert list(ReceiptInUse.objects.filter(agency=there.agency).values_list("number", flat=True)) == [
        "0000003"
    ]
