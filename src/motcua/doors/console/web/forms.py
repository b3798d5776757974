"""The officers' sign-in in our own words: django-allauth has none in Vietnamese."""

from __future__ import annotations

from typing import Any

from allauth.account.forms import LoginForm
from django import forms
from django.utils.translation import gettext_lazy as _

from motcua.doors.console.web.words import CHANNELS, STATES
from motcua.foundation.notifications.contributions import list_purposes
from motcua.foundation.notifications.selectors import Filter


class OfficerSignInForm(LoginForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].label = _("User name")
        self.fields["password"].label = _("Password")
        for field in self.fields.values():
            field.widget.attrs.pop("placeholder", None)


class MessageFilterForm(forms.Form):
    """What to show of the messages sent. Values that do not exist are ignored."""

    state = forms.ChoiceField(label=_("State"), required=False)
    channel = forms.ChoiceField(label=_("Channel"), required=False)
    purpose = forms.ChoiceField(label=_("Purpose"), required=False)
    day = forms.DateField(
        label=_("Day"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )

    # No personal data, so it may stand in the address.
    code = forms.CharField(label=_("Dossier code or reference"), required=False, max_length=60)

    def __init__(self, data: Any) -> None:
        super().__init__(data)
        choices: dict[str, list[tuple[Any, Any]]] = {
            "state": [(code, words) for code, (words, _state) in STATES.items()],
            "channel": list(CHANNELS.items()),
            "purpose": [(it.code, it.label) for it in list_purposes()],
        }
        for name, values in choices.items():
            self.fields[name].choices = [("", _("all")), *values]  # type: ignore[attr-defined]

    def chosen(self) -> Filter:
        self.is_valid()
        names = ("state", "channel", "purpose", "day")
        return Filter(**{name: self.cleaned_data[name] for name in names if self.cleaned_data.get(name)})

    def code_typed(self) -> str:
        self.is_valid()
        return self.cleaned_data.get("code", "")
