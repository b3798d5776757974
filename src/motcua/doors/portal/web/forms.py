"""How a person wants to be told."""

from __future__ import annotations

from datetime import time
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from motcua.foundation.notifications.contributions import Group, list_groups
from motcua.foundation.notifications.models import Habits
from motcua.foundation.notifications.services.reading import Choice

HOURS = [(f"{hour:02d}:00", f"{hour}:00") for hour in range(24)]


def _hour(moment: time) -> str:
    return f"{moment.hour:02d}:00"


class MessageSettingsForm(forms.Form):
    """A field for each group of purposes, with e-mail and SMS to tick; language; quiet hours.

    `addresses`: channel -> its label, only for channels this installation has and addresses that are known.
    """

    language = forms.ChoiceField(label=_("Language of the messages"), required=False)
    quiet_from = forms.ChoiceField(label=_("No SMS from"), choices=HOURS)
    quiet_to = forms.ChoiceField(
        label=_("until"),
        choices=HOURS,
        help_text=_("An SMS of these hours comes when they end. The same hour twice: at any time."),
    )

    def __init__(
        self, data: Any, *, addresses: dict[str, str], chosen: dict[tuple[str, str], bool], habits: Habits
    ) -> None:
        initial = {
            "language": habits.language,
            "quiet_from": _hour(habits.quiet_from),
            "quiet_to": _hour(habits.quiet_to),
        }
        super().__init__(data, initial=initial)
        self.addresses, self.groups = addresses, list_groups()
        own = (
            {f"group_{group.code}": self._group_field(group, chosen) for group in self.groups}
            if addresses
            else {}
        )
        self.fields["language"].choices = [("", _("As on the pages of this site")), *settings.LANGUAGES]  # type: ignore[attr-defined]
        if "sms" not in addresses:
            del self.fields["quiet_from"], self.fields["quiet_to"]
        self.fields = {**own, **self.fields}
        self._habits = habits

    def _group_field(self, group: Group, chosen: dict[tuple[str, str], bool]) -> forms.Field:
        return forms.MultipleChoiceField(
            label=str(group.label),
            required=False,
            choices=list(self.addresses.items()),
            initial=[it for it in self.addresses if chosen.get((group.code, it), it in group.channels)],
            widget=forms.CheckboxSelectMultiple(attrs={"class": "ds-input"}),
            help_text=_("It always stands under Messages on this site."),
        )

    def choice(self) -> Choice:
        """What was chosen, of a valid form."""
        values = self.cleaned_data
        return Choice(
            channels={
                (group.code, channel): channel in values[f"group_{group.code}"]
                for group in self.groups
                for channel in self.addresses
            },
            language=values["language"],
            quiet_from=self._time("quiet_from"),
            quiet_to=self._time("quiet_to"),
        )

    def _time(self, name: str) -> time:
        return (
            time.fromisoformat(self.cleaned_data[name])
            if name in self.fields
            else getattr(self._habits, name)
        )
