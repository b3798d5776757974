"""What an officer types about a payment at the counter."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

from motcua.casework.fees.models import LedgerEntry
from motcua.casework.fees.services import MOST_VND, Payment
from motcua.foundation.kernel.ids import new_id
from motcua.foundation.ui.fields import DayField

_GROUPED = re.compile(r"\d{1,3}([., \u00a0]\d{3})+|\d+", re.ASCII)
_SEPARATORS = re.compile(r"[., \u00a0]")
_ON_RECEIPTS = RegexValidator(
    r"^[\w./-]+( [\w./-]+)*$", _("Enter letters, digits, dots, hyphens and slashes only, as on the receipt.")
)


class AmountField(forms.CharField):
    """Whole đồng, with or without separators of thousands: "15000", "15.000", "15,000 đ" -> 15000."""

    widget = forms.TextInput(attrs={"inputmode": "numeric", "class": "figures"})

    def __init__(self, *, least: int, **kwargs: Any) -> None:
        self.least = least
        super().__init__(max_length=30, **kwargs)

    def clean(self, value: Any) -> int:
        text = super().clean(value).strip().removesuffix("đ").strip()
        amount = int(_SEPARATORS.sub("", text)) if _GROUPED.fullmatch(text) else -1
        if not self.least <= amount <= MOST_VND:
            raise ValidationError(
                _("Enter the amount in đồng, in figures, for example 15,000."), code="invalid"
            )
        return amount


class PaymentForm(forms.Form):
    """`fees`: (code, label) of what may be paid. `wrong`: the entry to correct, None for a new one."""

    entry = forms.UUIDField(widget=forms.HiddenInput)
    fee = forms.ChoiceField(
        label=_("Fee"),
        widget=forms.RadioSelect(attrs={"class": "ds-input"}),
        error_messages={"required": _("Choose which fee was paid.")},
    )
    book = forms.CharField(
        label=_("Receipt book"),
        help_text=_("Symbol of the book, as printed on the receipt."),
        max_length=30,
        validators=[_ON_RECEIPTS],
        error_messages={"required": _("Enter the symbol of the receipt book.")},
    )
    number = forms.CharField(
        label=_("Receipt number"),
        max_length=30,
        validators=[_ON_RECEIPTS],
        error_messages={"required": _("Enter the number of the receipt.")},
    )
    received_on = DayField(label=_("Paid on"))

    field_order = ("entry", "fee", "amount", "book", "number", "received_on", "reason")

    def __init__(
        self, *args: Any, fees: Sequence[tuple[str, str]], wrong: LedgerEntry | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["fee"].choices = fees  # type: ignore[attr-defined]
        self.fields["amount"] = AmountField(
            least=0 if wrong else 1,
            label=_("Amount in đồng"),
            help_text=_("0 when nothing was received: then the entry is taken back.") if wrong else "",
            error_messages={"required": _("Enter the amount that was received.")},
        )
        self.fields["reason"] = forms.CharField(
            label=_("What was wrong") if wrong else _("Reason, when it is more than is due"),
            widget=forms.Textarea(attrs={"rows": 2}),
            max_length=500,
            required=bool(wrong),
            error_messages={"required": _("Enter what was wrong.")},
        )
        self.order_fields(self.field_order)

    def payment(self) -> Payment:
        """What was typed, once it is valid."""
        data = self.cleaned_data
        return Payment(
            data["fee"], data["amount"], data["book"], data["number"], data["received_on"], data["reason"]
        )


def fresh(wrong: LedgerEntry | None, *, fee: str, amount: int | None, day: Any) -> dict[str, Any]:
    """What stands in the boxes before anything is typed."""
    if wrong:
        return {
            "entry": new_id(),
            "fee": wrong.fee_code,
            "amount": wrong.amount_vnd,
            "book": wrong.receipt_book,
            "number": wrong.receipt_number,
            "received_on": wrong.received_on,
        }
    return {"entry": new_id(), "fee": fee, "amount": amount or None, "received_on": day}
