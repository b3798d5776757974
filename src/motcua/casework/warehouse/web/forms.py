"""What somebody shares, for what and until when."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from motcua.casework.warehouse.sharing import MOST_DOCUMENTS, MOST_LOOKS, NewShare
from motcua.foundation.ui.fields import DayField

_PERIODS = {
    "hour": (timedelta(hours=1), gettext_lazy("One hour")),
    "day": (timedelta(days=1), gettext_lazy("One day")),
    "week": (timedelta(days=7), gettext_lazy("Seven days")),
    "month": (timedelta(days=30), gettext_lazy("Thirty days")),
}
_OTHER = "other"


class ShareForm(forms.Form):
    """`choices`: (id, words) of the documents that can be shared; `longest`: for how many days at most."""

    documents = forms.MultipleChoiceField(
        label=gettext_lazy("What you share"),
        widget=forms.CheckboxSelectMultiple(attrs={"class": "ds-input"}),
        error_messages={
            "required": gettext_lazy("Choose at least one document."),
            "invalid_choice": gettext_lazy("Choose among your documents."),
        },
    )
    purpose = forms.CharField(
        label=gettext_lazy("What for"),
        max_length=300,
        help_text=gettext_lazy("Whoever opens it reads this, for example “Application for a loan”."),
        error_messages={"required": gettext_lazy("Enter what the documents are shared for.")},
    )
    receiver = forms.CharField(
        label=gettext_lazy("For whom"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("A name that helps you to tell your shares apart; they read it, too."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    period = forms.ChoiceField(
        label=gettext_lazy("How long it can be seen"),
        widget=forms.RadioSelect(attrs={"class": "ds-input"}),
        initial="day",
        error_messages={"required": gettext_lazy("Choose how long it can be seen.")},
    )
    last_day = DayField(
        label=gettext_lazy("Last day"),
        required=False,
        help_text=gettext_lazy("Only if you chose another end above."),
    )
    last_time = forms.TimeField(
        label=gettext_lazy("Until what time on that day"),
        required=False,
        help_text=gettext_lazy("Left empty: until the end of the day."),
        widget=forms.TimeInput(attrs={"type": "time"}),
        error_messages={"invalid": gettext_lazy("Enter a time, for example 16:30.")},
    )
    most_looks = forms.IntegerField(
        label=gettext_lazy("How often it can be looked at"),
        required=False,
        min_value=1,
        max_value=MOST_LOOKS,
        help_text=gettext_lazy("Left empty: as often as anybody likes until it ends."),
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
        error_messages=dict.fromkeys(
            ("invalid", "min_value", "max_value"), gettext_lazy("Enter a whole number from 1 to 1000.")
        ),
    )

    def __init__(
        self, data: Any, *, choices: Sequence[tuple[str, str]], chosen: Sequence[str], longest: int
    ) -> None:
        super().__init__(data, initial={"documents": list(chosen)})
        self.fields["documents"].choices = list(choices)  # type: ignore[attr-defined]
        offered = [
            (name, words) for name, (length, words) in _PERIODS.items() if length <= timedelta(longest)
        ]
        self.fields["period"].choices = [*offered, (_OTHER, _("Until another moment"))]  # type: ignore[attr-defined]
        if "day" not in dict(offered):
            self.fields["period"].initial = "hour"

    def clean_documents(self) -> list[str]:
        chosen: list[str] = self.cleaned_data["documents"]
        if len(chosen) > MOST_DOCUMENTS:
            raise forms.ValidationError(_("Choose at most %(most)d documents.") % {"most": MOST_DOCUMENTS})
        return chosen

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if values.get("period") == _OTHER and not values.get("last_day") and "last_day" not in self.errors:
            self.add_error("last_day", _("Enter the last day on which it can be seen."))
        return values

    def share(self, at: datetime) -> NewShare:
        """What was chosen, once the form is valid."""
        values = self.cleaned_data
        return NewShare(
            document_ids=values["documents"],
            purpose=values["purpose"],
            ends_at=self._end(at),
            most_looks=values["most_looks"],
            receiver=values["receiver"],
        )

    def _end(self, at: datetime) -> datetime:
        values = self.cleaned_data
        if values["period"] != _OTHER:
            return at + _PERIODS[values["period"]][0]
        day, moment = values["last_day"], values["last_time"]
        if moment:
            return timezone.make_aware(datetime.combine(day, moment))
        return timezone.make_aware(datetime.combine(day, time.min)) + timedelta(days=1)
