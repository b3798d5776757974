"""What a dossier costs and what was paid, for its pages; and the officer's page that notes a payment."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from motcua.casework.dossiers import counters, selectors
from motcua.casework.dossiers.forms import heading
from motcua.casework.dossiers.models import Dossier
from motcua.casework.dossiers.policies import may_note_fees
from motcua.casework.dossiers.services.paying import (
    NOT_PAYABLE,
    Noting,
    correct_fee,
    fees_of,
    may_correct,
    note_fee,
)
from motcua.casework.dossiers.web.fee_form import PaymentForm, fresh
from motcua.casework.dossiers.web.fee_words import fee_rows, fee_total
from motcua.casework.dossiers.web.words import language
from motcua.casework.fees.errors import MoreThanDue, ReceiptUsed, ReceivedLater
from motcua.casework.fees.models import LedgerEntry
from motcua.casework.fees.rules.ledger import Balance, balances, standing
from motcua.casework.fees.rules.lines import FeeLine
from motcua.casework.fees.selectors import list_entries_of, noted
from motcua.foundation.kernel.actors import Actor
from motcua.foundation.kernel.errors import DomainError, NotFound, Refused
from motcua.foundation.ui import formats
from motcua.registry.access.policies import ActingRequest, officer_required, role_required
from motcua.registry.catalogue.rules.texts import in_language

# What is refused is said at the field it is about.
AT_FIELD: dict[type[DomainError], str] = {
    MoreThanDue: "reason",
    ReceiptUsed: "number",
    ReceivedLater: "received_on",
}


@dataclass(frozen=True, slots=True)
class Door:
    """The addresses of the dossier, of the page that notes and of the one that corrects."""

    back: str = "desk:dossier"
    note: str = "desk:fees"
    correct: str = "desk:fee-correct"


AT_HOME, AT_COUNTER = Door(), Door("desk:counter-part", "desk:counter-fees", "desk:counter-fee-correct")


def fee_context(dossier: Dossier, actor: Actor, door: Door = AT_HOME) -> dict[str, Any]:
    """Fees, payments and what is open, for the dossier's pages. One query."""
    lines, entries = fees_of(dossier), list_entries_of(dossier.id)
    may_note = may_note_fees(actor, dossier)
    correctable = {it.id for it in entries if may_note and may_correct(actor, dossier, it)}
    return {
        "fees": fee_rows(lines, language(), sources=True),
        "fee_total": fee_total(lines, language()),
        "fee_state": {}
        if dossier.status in NOT_PAYABLE
        else _state(balances(lines, noted(entries)), entries),
        "payments": _payment_items(dossier, entries, correctable, door),
        "may_note_fee": may_note and any(map(_payable, lines)) and dossier.status not in NOT_PAYABLE,
    }


def _state(due: list[Balance], entries: list[LedgerEntry]) -> dict[str, str]:
    """In one mark: nothing due, paid, how much is open; {} where the amount is not known here and nothing was paid."""
    paid = sum(entry.amount_vnd for entry in standing(noted(entries)))
    rest = sum(it.open_vnd or 0 for it in due)
    if rest:
        return {"state": "soon", "text": _("To be paid: %(amount)s") % {"amount": _money(rest)}}
    if paid:
        return {"state": "done", "text": _("Paid: %(amount)s") % {"amount": _money(paid)}}
    if any(it.open_vnd is None for it in due):
        return {}
    return {"state": "done", "text": _("Nothing to pay")}


def _payable(line: FeeLine) -> bool:
    """Whether it costs anything; somebody exempt may still have paid."""
    return line.unit_vnd != 0


def _money(amount_vnd: int) -> str:
    return formats.format_money(amount_vnd, language())


def _payment_items(
    dossier: Dossier, entries: list[LedgerEntry], correctable: set[UUID], door: Door
) -> list[dict[str, str]]:
    """Every entry for components/papers, corrected ones too; what stands of the `correctable` is corrected there."""
    names = {line.code: in_language(line.name, language()) for line in fees_of(dossier)}
    counting = {it.id for it in standing(noted(entries))}
    items = []
    for entry in entries:
        stands = entry.id in counting
        url = reverse(door.correct, args=[dossier.id, entry.id]) if stands and entry.id in correctable else ""
        items.append(
            {
                "title": f"{_money(entry.amount_vnd)} · {names.get(entry.fee_code, entry.fee_code)}",
                "note": _note(entry),
                "url": url,
                "state": "" if stands and entry.amount_vnd else "look",
                "state_text": _("taken back") if stands else _("corrected by a later entry"),
            }
        )
    return items


def _note(entry: LedgerEntry) -> str:
    day = formats.format_date(entry.received_on, language(), weekday=False)
    words = _("receipt %(book)s %(number)s of %(day)s, noted by %(name)s") % {
        "book": entry.receipt_book,
        "number": entry.receipt_number,
        "day": day,
        "name": entry.noted_by.full_name,
    }
    return f"{words}. {entry.reason}" if entry.reason else words


@officer_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def note(request: ActingRequest, dossier_id: UUID) -> HttpResponse:
    """Note a fee as paid."""
    dossier = selectors.open_dossier(request.actor, dossier_id, at=timezone.now())
    return _page(request, dossier, None, AT_HOME)


@officer_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def correct(request: ActingRequest, dossier_id: UUID, entry_id: UUID) -> HttpResponse:
    """Put another entry in the place of a wrong one."""
    dossier = selectors.open_dossier(request.actor, dossier_id, at=timezone.now())
    return _page(request, dossier, entry_id, AT_HOME)


@role_required("reception")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def note_at_counter(request: ActingRequest, dossier_id: UUID) -> HttpResponse:
    """Note a fee as paid at the counter that took the dossier in for another agency."""
    part = counters.open_part(request.actor, dossier_id, at=timezone.now())
    return _page(request, part.dossier, None, AT_COUNTER)


@role_required("reception")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def correct_at_counter(request: ActingRequest, dossier_id: UUID, entry_id: UUID) -> HttpResponse:
    """Correct what was noted at that counter."""
    part = counters.open_part(request.actor, dossier_id, at=timezone.now())
    return _page(request, part.dossier, entry_id, AT_COUNTER)


def _page(request: ActingRequest, dossier: Dossier, entry_id: UUID | None, door: Door) -> HttpResponse:
    now = timezone.now()
    if not may_note_fees(request.actor, dossier):
        raise Refused
    entries = list_entries_of(dossier.id)
    wrong = next((it for it in entries if it.id == entry_id), None)
    if entry_id and not (wrong and may_correct(request.actor, dossier, wrong)):
        raise NotFound
    due = balances(fees_of(dossier), noted(entries))
    form = _form(request, due, wrong, now)
    if request.method == "POST" and form.is_valid() and _done(request, dossier, form, wrong, now):
        return redirect(door.back, dossier.id)
    context = {
        "dossier": dossier,
        "heading": _heading(dossier, door),
        "back": reverse(door.back, args=[dossier.id]),
        "form": form,
        "wrong": wrong,
        "wrong_words": f"{_money(wrong.amount_vnd)}, {_note(wrong)}" if wrong else "",
        "fees": fee_rows([it.line for it in due], language(), sources=True),
        "fee_state": _state(due, entries),
    }
    return render(request, "dossiers/desk_fee.html", context, status=422 if form.errors else 200)


def _heading(dossier: Dossier, door: Door) -> str:
    """What the dossier is called; another counter is not told by it what was declared."""
    if door is AT_HOME:
        return heading(dossier, language())
    return in_language(dossier.version.procedure.names, language())


def _form(
    request: ActingRequest, due: list[Balance], wrong: LedgerEntry | None, now: datetime
) -> PaymentForm:
    choices = [(it.line.code, in_language(it.line.name, language())) for it in due if _payable(it.line)]
    if wrong and wrong.fee_code not in dict(choices):
        choices.append((wrong.fee_code, wrong.fee_code))
    if request.method == "POST":
        return PaymentForm(request.POST, fees=choices, wrong=wrong)
    first = next((it for it in due if it.open_vnd != 0), None)
    only = first if first and sum(it.open_vnd != 0 for it in due) == 1 else None
    fee, amount = (only.line.code, only.open_vnd) if only else ("", None)
    initial = fresh(wrong, fee=fee, amount=amount, day=timezone.localdate(now))
    return PaymentForm(initial=initial, fees=choices, wrong=wrong)


def _done(
    request: ActingRequest, dossier: Dossier, form: PaymentForm, wrong: LedgerEntry | None, now: datetime
) -> bool:
    """Whether it was noted; what was refused stands at its field, and nothing typed is lost."""
    noting = Noting(dossier.id, form.cleaned_data["entry"], form.payment())
    try:
        if wrong:
            correct_fee(actor=request.actor, noting=noting, wrong_id=wrong.id, at=now)
        else:
            note_fee(actor=request.actor, noting=noting, at=now)
    except DomainError as error:
        if error.status in {403, 404}:
            raise
        form.add_error(AT_FIELD.get(type(error)), str(error))
        return False
    messages.success(request, _("Corrected. Both entries stay to be seen.") if wrong else _("Noted as paid."))
    return True
