"""What a dossier costs and what was paid at the counter."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from motcua.casework.dossiers.errors import ActNotAllowed, DossierMoved
from motcua.casework.dossiers.forms import procedure_of
from motcua.casework.dossiers.models import Dossier
from motcua.casework.dossiers.policies import (
    fees_noted_under,
    find_readable,
    may_note_fees,
    taken_in_for_others,
)
from motcua.casework.dossiers.rules.states import Status
from motcua.casework.dossiers.services.submission import test_fact
from motcua.casework.fees.models import LedgerEntry
from motcua.casework.fees.rules.ledger import Balance, balances
from motcua.casework.fees.rules.lines import CHANNELS, FeeLine, fee_lines
from motcua.casework.fees.selectors import list_entries_of, noted
from motcua.casework.fees.services import Booking, Payment, correct_payment, enter_payment
from motcua.foundation.journal.services import Happening, record
from motcua.foundation.kernel.actors import Actor
from motcua.foundation.kernel.errors import NotFound, Refused
from motcua.foundation.kernel.text import clean, clean_line
from motcua.registry.catalogue.models import VERSION_CONTENT
from motcua.registry.organisations.delegation.services import hold_delegation

# Nothing is due for what was refused, withdrawn or stopped; a wrong entry is corrected even then.
NOT_PAYABLE = frozenset({Status.REFUSED, Status.WITHDRAWN, Status.STOPPED})


@dataclass(frozen=True, slots=True)
class Noting:
    """What an officer typed. entry_id: made by the page; sending it twice notes it once. revision: that the dossier
    must have, None: any, as noting changes none."""

    dossier_id: UUID
    entry_id: UUID
    payment: Payment
    revision: int | None = None


def fees_of(dossier: Dossier) -> list[FeeLine]:
    """The fees of the dossier's case, as they were on the day and by the channel it was submitted."""
    procedure = procedure_of(dossier)
    day, channel = timezone.localdate(dossier.submitted_at), CHANNELS[dossier.channel]
    return fee_lines(procedure, dossier.answers, on=day, channel=channel)


def note_fee(*, actor: Actor, noting: Noting, at: datetime) -> LedgerEntry:
    """Note a fee as paid at the counter, with the receipt that was written for it.

    Raises NotFound, Refused, DossierMoved, DelegationEnded, ActNotAllowed (status), and as
    `fees.services.enter_payment` does.
    Source: Law on Fees and Charges 97/2015/QH13; receipts: Decree 123/2020/NĐ-CP [M].
    """
    with _paying(actor, noting, at) as (dossier, actor):
        if Status(dossier.status) in NOT_PAYABLE:
            raise ActNotAllowed
        entry, is_new = enter_payment(
            _booking(dossier, noting, actor), _clean(noting.payment), due=_balances(dossier), at=at
        )
        if is_new:
            _record(actor, dossier, "dossier.fee_noted", entry)
    return entry


def correct_fee(*, actor: Actor, noting: Noting, wrong_id: UUID, at: datetime) -> LedgerEntry:
    """Note what is right in the place of a wrong entry, which stays to be seen; an amount of 0 takes it back.

    Raises NotFound, Refused, DelegationEnded, and as `fees.services.correct_payment` does.
    """
    with _paying(actor, noting, at) as (dossier, actor):
        wrong = LedgerEntry.objects.filter(pk=wrong_id, subject=dossier.id).first()
        if not wrong or not may_correct(actor, dossier, wrong):
            raise NotFound
        # The receipt stays one of the book it was written in.
        booking = replace(_booking(dossier, noting, actor), agency_id=wrong.agency_id)
        entry, is_new = correct_payment(booking, wrong, _clean(noting.payment), due=_balances(dossier), at=at)
        if is_new:
            _record(actor, dossier, "dossier.fee_corrected", entry, corrects=str(wrong.id))
    return entry


@contextmanager
def _paying(actor: Actor, noting: Noting, at: datetime) -> Iterator[tuple[Dossier, Actor]]:
    """The dossier, locked, and the actor as they stand on the record."""
    with transaction.atomic():
        found = Dossier.objects.select_for_update(of=("self",)).select_related("version", "counter")
        dossiers, named = found.defer(*VERSION_CONTENT), Q(pk=noting.dossier_id)
        dossier = find_readable(actor, dossiers, named)
        dossier = dossier or dossiers.filter(taken_in_for_others(actor), named).first()
        if not dossier:
            raise NotFound
        if not may_note_fees(actor, dossier):
            raise Refused
        if noting.revision not in {None, dossier.revision}:
            raise DossierMoved
        if lent := fees_noted_under(actor, dossier):
            hold_delegation(lent.delegation_id, at=at)
            actor = actor.under(lent)
        yield dossier, actor


def _balances(dossier: Dossier) -> list[Balance]:
    return balances(fees_of(dossier), noted(list_entries_of(dossier.id)))


def _booking(dossier: Dossier, noting: Noting, actor: Actor) -> Booking:
    agency = noted_at(actor, dossier)
    return Booking(noting.entry_id, dossier.id, agency, actor.person, dossier.is_test)


def noted_at(actor: Actor, dossier: Dossier) -> UUID:
    """The agency whose receipts the actor writes: the dossier's, or that of the counter which took it in for it."""
    home, procedure = dossier.agency_path, dossier.procedure_code
    at_home = actor.holds("reception", home) or actor.delegated("reception", home, procedure)
    return dossier.agency_id if at_home or not dossier.counter_id else dossier.counter_id


def may_correct(actor: Actor, dossier: Dossier, entry: LedgerEntry) -> bool:
    """Whether the actor corrects this entry: the dossier's agency every one, another counter what was noted there."""
    return noted_at(actor, dossier) in {dossier.agency_id, entry.agency_id}


def _clean(payment: Payment) -> Payment:
    return Payment(
        fee_code=payment.fee_code,
        amount_vnd=payment.amount_vnd,
        book=clean_line(payment.book)[:30].upper(),
        number=clean_line(payment.number)[:30].upper(),
        received_on=payment.received_on,
        reason=clean(payment.reason)[:500],
    )


def _record(actor: Actor, dossier: Dossier, kind: str, entry: LedgerEntry, **facts: Any) -> None:
    details = {"receipt": f"{entry.receipt_book} {entry.receipt_number}"}
    record(
        actor=actor,
        happening=Happening(
            kind=kind,
            object_kind="dossier",
            object_id=dossier.id,
            concerns_id=dossier.owner_id,
            facts={
                "entry": str(entry.id),
                "fee": entry.fee_code,
                "amount_vnd": entry.amount_vnd,
                "received_on": entry.received_on.isoformat(),
                **facts,
                **test_fact(dossier),
            },
            details=details | ({"reason": entry.reason} if entry.reason else {}),
        ),
        at=entry.noted_at,
    )
