"""Reading the ledger. Who may know of the subject is the caller's question."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from typing import Any
from uuid import UUID

from motcua.casework.fees.models import LedgerEntry
from motcua.casework.fees.rules.ledger import Noted
from motcua.foundation.kernel.chunks import of_many


def list_entries_of(subject: UUID) -> list[LedgerEntry]:
    """Everything noted for a subject, oldest first, with who noted it. One query, of a chunk one for all."""
    return _entries(subject) or []


@of_many
def _entries(subjects: Sequence[UUID]) -> dict[UUID, list[LedgerEntry]]:
    found: dict[UUID, list[LedgerEntry]] = defaultdict(list)
    entries = LedgerEntry.objects.filter(subject__in=subjects).select_related("noted_by")
    for entry in sorted(entries, key=lambda it: (it.noted_at, it.pk)):
        found[entry.subject].append(entry)
    return found


def export_entries(subjects: Collection[UUID]) -> list[dict[str, Any]]:
    """Everything noted for these subjects, oldest first, as plain values. One query."""
    names = (
        "subject", "fee_code", "amount_vnd", "agency__name", "receipt_book", "receipt_number", "received_on",
        "noted_at", "corrects", "reason", "id",
    )  # fmt: skip
    return [
        dict(row)
        for row in LedgerEntry.objects.filter(subject__in=subjects).order_by("noted_at", "id").values(*names)
    ]


def noted(entries: Iterable[LedgerEntry]) -> list[Noted]:
    """The entries as the rules take them."""
    return [Noted(it.id, it.fee_code, it.amount_vnd, it.corrects_id) for it in entries]
