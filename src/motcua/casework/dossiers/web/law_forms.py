"""What an officer types for an act of the law."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from motcua.casework.dossiers.models import Dossier
from motcua.casework.dossiers.services.slips import law
from motcua.casework.dossiers.web.fee_form import AmountField
from motcua.casework.dossiers.web.pages import language
from motcua.registry.catalogue.rules.texts import in_language
from motcua.registry.organisations.selectors import find_agency_by_code, list_askable


def _words(label: Any, missing: Any, *, rows: int = 4, most: int = 2000, hint: Any = "") -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=most,
        help_text=hint,
        widget=forms.Textarea(attrs={"rows": rows}),
        error_messages={"required": missing},
    )


class LawForm(forms.Form):
    """A form about one dossier; without fields it is a confirmation."""

    # Whether "(optional)" is left out: where one of two questions is to be answered.
    no_optional = False

    def __init__(self, *args: Any, dossier: Dossier, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.dossier = dossier


class ReasonForm(LawForm):
    reason = _words(
        gettext_lazy("Reason"),
        gettext_lazy("Enter the reason in one or two sentences."),
        hint=gettext_lazy("The applicant reads it."),
    )


class _GroundForm(ReasonForm):
    ground = forms.ChoiceField(
        label=gettext_lazy("Ground"),
        widget=forms.RadioSelect(attrs={"class": "ds-input"}),
        error_messages={"required": gettext_lazy("Choose the ground.")},
    )
    field_order = ("ground", "reason")
    kind = ""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["ground"].choices = [
            (code, in_language(it.text, language())) for code, it in law().grounds[self.kind].items()
        ]


class RefusalForm(_GroundForm):
    kind = "refusal"


class StopForm(_GroundForm):
    kind = "stopping"


class WithdrawalForm(LawForm):
    reason = _words(
        gettext_lazy("The applicant’s written request"),
        gettext_lazy("Enter by which written request, with its day."),
        rows=2,
        hint=gettext_lazy(
            "Its day and who signed it, for instance “Request of 10 March 2026, signed by the mother”."
        ),
    )


class LetterForm(ReasonForm):
    reason = _words(
        gettext_lazy("Why it is not granted"),
        gettext_lazy("Enter why it is not granted."),
        rows=6,
        hint=gettext_lazy("It stands in the letter, as you write it."),
    )
    legal_basis = _words(
        gettext_lazy("Legal basis"),
        gettext_lazy("Enter the articles of the law it rests on."),
        rows=2,
        most=1000,
    )


class PaymentRequestForm(LawForm):
    what = forms.CharField(
        label=gettext_lazy("What is to be paid"),
        max_length=500,
        error_messages={"required": gettext_lazy("Enter what is to be paid.")},
    )
    amount_vnd = AmountField(
        label=gettext_lazy("Amount in đồng"),
        least=1,
        error_messages={
            "required": gettext_lazy("Enter the amount in đồng, in figures, for example 15,000.")
        },
    )


class ReceiptForm(LawForm):
    receipt = forms.CharField(
        label=gettext_lazy("Receipt"),
        max_length=100,
        help_text=gettext_lazy("Symbol of the book and number, or the number of the payment."),
        error_messages={"required": gettext_lazy("Enter the receipt by which the payment is proved.")},
    )


class TransferForm(ReasonForm):
    no_optional = True
    agency = forms.ChoiceField(label=gettext_lazy("Competent agency"), required=False)
    code = forms.CharField(
        label=gettext_lazy("Or its code"),
        max_length=35,
        required=False,
        help_text=gettext_lazy("For an agency that the list does not show, for instance H44.25."),
    )
    field_order = ("agency", "code", "reason")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _units, others = list_askable(self.dossier.agency, on=timezone.localdate())
        fields: dict[str, Any] = self.fields
        fields["agency"].choices = [
            ("", _("Choose an agency, or enter its code below")),
            *((str(it.id), it.name) for it in others),
        ]

    def clean(self) -> dict[str, Any]:
        sent: dict[str, Any] = super().clean() or {}
        if code := str(sent.get("code", "")).strip().upper():
            found = find_agency_by_code(code, at=timezone.localdate())
            if not found:
                self.add_error("code", _("No agency has this code today. Enter another one."))
            sent["agency"] = str(found.id) if found else ""
        elif not sent.get("agency"):
            self.add_error("agency", _("Choose the competent agency, or enter its code."))
        return sent
