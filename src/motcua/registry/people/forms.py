"""Forms of the account and of the data-protection officer."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from motcua.foundation.kernel.text import clean
from motcua.registry.people.models import DataRequest

WORDS = 4000


class CleanText(forms.CharField):
    """Long text without control and direction-changing characters."""

    widget = forms.Textarea(attrs={"rows": 5})

    def to_python(self, value: Any) -> str:
        return clean(super().to_python(value) or "")


class ContactForm(forms.Form):
    value = forms.CharField(
        max_length=254, error_messages={"required": _("Enter the new number or address.")}
    )

    def __init__(self, data: Any, *, kind: str) -> None:
        super().__init__(data)
        field = self.fields["value"]
        is_phone = kind == "phone"
        field.label = _("New telephone number") if is_phone else _("New e-mail address")
        field.help_text = _("A mobile number that takes SMS, for example 0912 345 678.") if is_phone else ""
        field.widget = (
            forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"})
            if is_phone
            else forms.EmailInput(attrs={"autocomplete": "email"})
        )


class CodesForm(forms.Form):
    """`sides`: which codes are still asked for, with their labels."""

    def __init__(self, data: Any, *, sides: dict[str, str]) -> None:
        super().__init__(data)
        digits = {"inputmode": "numeric", "autocomplete": "one-time-code"}
        missing = {"required": _("Enter the code with six figures.")}
        for side, label in sides.items():
            self.fields[side] = forms.CharField(
                label=label, max_length=20, widget=forms.TextInput(attrs=digits), error_messages=missing
            )


class CorrectForm(forms.Form):
    source = forms.ChoiceField(
        label=_("What is wrong?"),
        widget=forms.RadioSelect(attrs={"class": "ds-input"}),
        error_messages={"required": _("Choose what is wrong.")},
    )
    words = CleanText(
        label=_("What is wrong, and what is right?"),
        help_text=_("Name the dossier or paper it is about."),
        max_length=WORDS,
        error_messages={"required": _("Enter what is wrong and what is right.")},
    )
    evidence = forms.FileField(
        label=_("Proof"),
        required=False,
        help_text=_("A PDF or picture that shows what is right, at most 10 MB."),
    )

    def __init__(self, data: Any, files: Any = None, *, sources: list[tuple[str, str]]) -> None:
        super().__init__(data, files)
        self.fields["source"].choices = sources  # type: ignore[attr-defined]


class EraseForm(forms.Form):
    chosen = forms.MultipleChoiceField(
        label=_("What is to be erased?"),
        widget=forms.CheckboxSelectMultiple(attrs={"class": "ds-input"}),
        error_messages={"required": _("Choose what is to be erased.")},
    )
    sure = forms.BooleanField(
        label=_("I know that what is erased cannot be brought back."),
        widget=forms.CheckboxInput(attrs={"class": "ds-input"}),
        error_messages={"required": _("Confirm that you know it cannot be brought back.")},
    )

    def __init__(self, data: Any, *, holdings: list[tuple[str, str]]) -> None:
        super().__init__(data)
        self.fields["chosen"].choices = holdings  # type: ignore[attr-defined]


class AskForm(forms.Form):
    words = CleanText(
        label=_("What do you want to know?"),
        max_length=WORDS,
        error_messages={"required": _("Enter your question.")},
    )


class AnswerForm(forms.Form):
    """`holdings`: of an erasure, what was asked for."""

    status = forms.ChoiceField(
        label=_("Answer"),
        choices=[("granted", _("Granted")), ("partly", _("Granted in part")), ("refused", _("Refused"))],
        widget=forms.RadioSelect(attrs={"class": "ds-input"}),
        error_messages={"required": _("Choose an answer.")},
    )
    erase = forms.MultipleChoiceField(
        label=_("When granted in part: what is erased"),
        required=False,
        widget=forms.CheckboxSelectMultiple(attrs={"class": "ds-input"}),
    )
    text = CleanText(
        label=_("What the person reads"),
        max_length=WORDS,
        error_messages={"required": _("Enter what the person reads.")},
    )
    law = forms.CharField(
        label=_("Law"),
        required=False,
        max_length=500,
        help_text=_("With article. Needed when it is refused or granted in part."),
    )

    def __init__(self, data: Any, *, holdings: list[tuple[str, str]]) -> None:
        super().__init__(data)
        if holdings:
            self.fields["erase"].choices = holdings  # type: ignore[attr-defined]
        else:
            del self.fields["erase"]

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        status, law = values.get("status"), values.get("law", "").strip()
        if status in {DataRequest.Status.PARTLY, DataRequest.Status.REFUSED} and not law:
            self.add_error("law", _("Enter the law, with its article."))
        if status == DataRequest.Status.PARTLY and "erase" in self.fields and not values.get("erase"):
            self.add_error("erase", _("Choose what is erased."))
        return values | {"law": law}
