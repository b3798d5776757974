"""Forms of the screens for doubtful values."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from motcua.foundation.kernel.text import clean
from motcua.registry.catalogue.models import Doubt
from motcua.registry.catalogue.rules.doubting import FORMS
from motcua.registry.catalogue.web.doubt_words import HINTS, value_words

_ATTRS = {"class": "ds-input"}


class Reason(forms.CharField):
    """Why: it stays in the journal's object."""

    def __init__(self) -> None:
        super().__init__(
            label=_("Reason"),
            max_length=500,
            help_text=_("For example the document or the page where you looked."),
            error_messages={"required": _("Enter the reason, for example where you looked.")},
        )

    def clean(self, value: Any) -> str:
        return clean(str(super().clean(value)))


class DecideForm(forms.Form):
    """What to do with one value."""

    revision = forms.IntegerField(widget=forms.HiddenInput)
    how = forms.ChoiceField(
        label=_("What is right?"),
        widget=forms.RadioSelect(attrs=_ATTRS),
        error_messages={"required": _("Choose what is right.")},
    )
    typed = forms.CharField(label=_("Another value"), required=False, max_length=20_000)
    reason = Reason()

    data: dict[str, Any]

    def __init__(self, data: Any, *, doubt: Doubt) -> None:
        super().__init__(data and data.dict(), initial={"revision": doubt.revision})
        self.form = FORMS.get(doubt.kind, "")
        choices: list[tuple[str, Any]] = [("confirm", _("It is right as it is"))]
        if doubt.guess is not None:
            choices.append(
                ("guess", _("The guess: %(value)s") % {"value": value_words(doubt.kind, doubt.guess)})
            )
        if self.form:
            choices.append(("value", _("Another value, entered below")))
        self.fields["how"].choices = choices  # type: ignore[attr-defined]
        if not self.form:
            del self.fields["typed"]
        else:
            self.fields["typed"].help_text = str(HINTS[self.form][0])
        if self.form in {"lines", "text"}:
            self.fields["typed"].widget = forms.Textarea(attrs={"rows": 4, "lang": "vi"})

    def renew(self, doubt: Doubt) -> None:
        """What was typed stays; sent once more, it is about the value as it is now."""
        self.data = self.data | {"revision": str(doubt.revision)}

    def refuse_typed(self) -> None:
        self.add_error("typed", str(HINTS[self.form][1]))


class ManyForm(forms.Form):
    """What to do with all values that a preview showed."""

    stamp = forms.CharField(widget=forms.HiddenInput, max_length=64)
    reason = Reason()


class FilterForm(forms.Form):
    """Which values are shown. All in the address, nothing personal among it."""

    kind = forms.ChoiceField(label=_("Kind"), required=False)
    ministry = forms.ChoiceField(label=_("Ministry"), required=False)
    sector = forms.ChoiceField(label=_("Sector"), required=False)
    state = forms.ChoiceField(label=_("State"), required=False)

    def __init__(self, data: Any, *, choices: dict[str, list[tuple[str, str]]]) -> None:
        super().__init__(data)
        for name, field in self.fields.items():
            field.choices = choices[name]  # type: ignore[attr-defined]
            field.widget.attrs["class"] = "ds-input"
