"""Writing the ledger. Callers hold the subject's row lock and write the journal: the act is theirs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone

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
from motcua.casework.fees.rules.ledger import Balance, is_too_much
from motcua.foundation.kernel.errors import NotFound

MOST_VND = 999_999_999_999


@dataclass(frozen=True, slots=True)
class Payment:
    """Money that was received. amount_vnd: whole đồng; book, number: of the paper receipt; reason: cleaned, or ""."""

    fee_code: str
    amount_vnd: int
    book: str
    number: str
    received_on: date
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Booking:
    """For what, where and by whom it is noted. entry_id: made by the page, so that sending twice notes once."""

    entry_id: UUID
    subject: UUID
    agency_id: UUID
    officer_id: UUID
    is_test: bool = False


def enter_payment(
    booking: Booking, payment: Payment, *, due: list[Balance], at: datetime
) -> tuple[LedgerEntry, bool]:
    """Note a payment; `due`: what the subject owes and has paid. Returns the entry and whether it is new.

    Raises NotFound (an entry of another subject), FeeUnknown, AmountWrong, ReceivedLater, MoreThanDue (without a
    reason), ReceiptUsed.
    """
    if entry := _noted_before(booking, None):
        return entry, False
    balance = next((it for it in due if it.line.code == payment.fee_code), None)
    if balance is None:
        raise FeeUnknown
    _check(payment, least=1, at=at)
    if is_too_much(balance, payment.amount_vnd) and not payment.reason:
        raise MoreThanDue
    _use_receipt(booking, payment)
    return _insert(booking, payment, None, at), True


def _noted_before(booking: Booking, corrects: LedgerEntry | None) -> LedgerEntry | None:
    """What was noted under the page's id when it was sent before. Raises NotFound for another entry's id."""
    entry = LedgerEntry.objects.filter(pk=booking.entry_id).first()
    if entry and (
        entry.subject != booking.subject or entry.corrects_id != (corrects.pk if corrects else None)
    ):
        raise NotFound
    return entry


def correct_payment(
    booking: Booking, wrong: LedgerEntry, payment: Payment, *, due: list[Balance], at: datetime
) -> tuple[LedgerEntry, bool]:
    """Note what is right in the place of an entry; an amount of 0 takes it back. The wrong entry stays to be seen.

    Raises NotFound (another entry's id), AlreadyCorrected, FeeUnknown, AmountWrong, ReceivedLater,
    CorrectionWithoutReason, ReceiptUsed.
    """
    if entry := _noted_before(booking, wrong):
        return entry, False
    if LedgerEntry.objects.filter(corrects=wrong).exists():
        raise AlreadyCorrected
    if payment.fee_code not in {wrong.fee_code, *(it.line.code for it in due)}:
        raise FeeUnknown
    _check(payment, least=0, at=at)
    if not payment.reason:
        raise CorrectionWithoutReason
    entry = _insert(booking, payment, wrong, at)
    _leave_receipt(wrong)
    if payment.amount_vnd:
        _use_receipt(booking, payment, beside=entry)
    return entry, True


def _check(payment: Payment, *, least: int, at: datetime) -> None:
    if not least <= payment.amount_vnd <= MOST_VND:
        raise AmountWrong
    if payment.received_on > timezone.localdate(at):
        raise ReceivedLater


def _use_receipt(booking: Booking, payment: Payment, beside: LedgerEntry | None = None) -> None:
    """One receipt may name several fees of a subject, each once, and never those of two subjects."""
    if booking.is_test:
        return
    used, _ = ReceiptInUse.objects.get_or_create(
        agency_id=booking.agency_id,
        book=payment.book,
        number=payment.number,
        defaults={"subject": booking.subject},
    )
    again = _counting(booking.subject, payment.book, payment.number).filter(fee_code=payment.fee_code)
    if beside:
        again = again.exclude(pk=beside.pk)
    if used.subject != booking.subject or again.exists():
        raise ReceiptUsed(book=payment.book, number=payment.number)


def _leave_receipt(wrong: LedgerEntry) -> None:
    """The receipt is free for another subject once no entry that counts names it."""
    if not _counting(wrong.subject, wrong.receipt_book, wrong.receipt_number).exists():
        ReceiptInUse.objects.filter(
            agency=wrong.agency_id, book=wrong.receipt_book, number=wrong.receipt_number
        ).delete()


def _counting(subject: UUID, book: str, number: str) -> QuerySet[LedgerEntry]:
    named = LedgerEntry.objects.filter(subject=subject, receipt_book=book, receipt_number=number)
    return named.filter(corrected_by=None, amount_vnd__gt=0)


def _insert(booking: Booking, payment: Payment, corrects: LedgerEntry | None, at: datetime) -> LedgerEntry:
    return LedgerEntry.objects.create(
        id=booking.entry_id,
        subject=booking.subject,
        agency_id=booking.agency_id,
        noted_by_id=booking.officer_id,
        noted_at=at,
        is_test=booking.is_test,
        fee_code=payment.fee_code,
        amount_vnd=payment.amount_vnd,
        receipt_book=payment.book,
        receipt_number=payment.number,
        received_on=payment.received_on,
        reason=payment.reason,
        corrects=corrects,
    )
