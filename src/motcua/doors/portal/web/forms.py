"""How a person wants to be told."""

from __future__ import annotations

from datetime import time
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from motcua.foundation.installation.appearance import offered_languages
from motcua.foundation.installation.selectors import get
from motcua.foundation.notifications.contributions import Group, list_groups
from motcua.foundation.notifications.models import Habits
from motcua.foundation.notifications.services.reading import Choice

HOURS = [(f"{hour:02d}:00", f"{hour}:00") for hour in range(24)]


def _hour(moment: time) -> str:
    return f"{moment.hour:02d}:00"


class Ticks(forms.MultipleChoiceField):
    """Any number of boxes. None is an answer, too, so the question is not called optional."""

    widget = forms.CheckboxSelectMultiple

    def validate(self, value: list[str]) -> None:
        if value:
            super().validate(value)


def _languages() -> list[tuple[str, Any]]:
    offered = offered_languages()
    return [(code, name) for code, name in settings.LANGUAGES if code in offered]


class MessageSettingsForm(forms.Form):
    """A field for each group of purposes, with e-mail and SMS to tick; language; quiet hours.

    `addresses`: channel -> its label, only for channels this installation has and addresses that are known.
    """

    language = forms.ChoiceField(label=_("Language of the messages"), choices=_languages)
    quiet_from = forms.ChoiceField(label=_("No SMS from"), choices=HOURS)
    quiet_to = forms.ChoiceField(
        label=_("SMS again from"),
        choices=HOURS,
        help_text=_("What happens in between is sent then. The same hour twice: SMS at any time."),
    )

    def __init__(
        self, data: Any, *, addresses: dict[str, str], chosen: dict[tuple[str, str], bool], habits: Habits
    ) -> None:
        initial = {
            "language": habits.language or get("languages.default"),
            "quiet_from": _hour(habits.quiet_from),
            "quiet_to": _hour(habits.quiet_to),
        }
        super().__init__(data, initial=initial)
        self.addresses, self._habits = addresses, habits
        self._groups = list_groups() if addresses else []
        own = {f"group_{group.code}": self._ticks(group, chosen) for group in self._groups}
        if "sms" not in addresses:
            del self.fields["quiet_from"], self.fields["quiet_to"]
        self.fields = {**own, **self.fields}

    def _ticks(self, group: Group, chosen: dict[tuple[str, str], bool]) -> Ticks:
        return Ticks(
            label=str(group.label),
            choices=list(self.addresses.items()),
            initial=[it for it in self.addresses if chosen.get((group.code, it), it in group.channels)],
            widget=forms.CheckboxSelectMultiple(attrs={"class": "ds-input"}),
            help_text=_("It always stands under Messages on this site."),
        )

    def choice(self) -> Choice:
        """What was chosen, of a valid form."""
        values = self.cleaned_data
        channels = {
            (group.code, channel): channel in values[f"group_{group.code}"]
            for group in self._groups
            for channel in self.addresses
        }
        return Choice(channels, values["language"], self._time("quiet_from"), self._time("quiet_to"))

    def _time(self, name: str) -> time:
        if name not in self.fields:
            kept: time = getattr(self._habits, name)
            return kept
        return time.fromisoformat(self.cleaned_data[name])
