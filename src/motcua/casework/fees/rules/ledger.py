"""What was paid of what is due. Pure: entries come in as values."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from motcua.casework.fees.rules.lines import FeeLine


@dataclass(frozen=True, slots=True)
class Noted:
    """An entry of the ledger. corrects: the entry in whose place it stands."""

    id: UUID
    fee_code: str
    amount_vnd: int
    corrects: UUID | None = None


@dataclass(frozen=True, slots=True)
class Balance:
    """One fee with what was paid of it, in whole đồng."""

    line: FeeLine
    paid_vnd: int

    @property
    def open_vnd(self) -> int | None:
        """What is still to be paid, never less than 0; None where the amount is not known here."""
        due = self.line.amount_vnd
        return None if due is None else max(0, due - self.paid_vnd)


def standing(entries: Iterable[Noted]) -> list[Noted]:
    """Entries that count: nothing corrects them."""
    entries = list(entries)
    corrected = {entry.corrects for entry in entries}
    return [entry for entry in entries if entry.id not in corrected]


def balances(lines: Sequence[FeeLine], entries: Iterable[Noted]) -> list[Balance]:
    """Each fee that is due, in order, with what stands against it."""
    counted = standing(entries)
    return [
        Balance(line, sum(entry.amount_vnd for entry in counted if entry.fee_code == line.code))
        for line in lines
    ]


def is_too_much(balance: Balance, amount_vnd: int) -> bool:
    """Whether this amount beside what was paid is more than is due; never where the due amount is not known here."""
    due = balance.line.amount_vnd
    return due is not None and balance.paid_vnd + amount_vnd > due
