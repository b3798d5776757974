"""To whom, for what and until when one gives a mandate."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from motcua.doors.portal.web.words import POWERS
from motcua.foundation.kernel.errors import DomainError
from motcua.foundation.ui.fields import DayField
from motcua.registry.catalogue.rules.texts import in_language
from motcua.registry.catalogue.selectors import list_procedures
from motcua.registry.people.services import Offer, Purpose

_EVERYTHING = "all"
_PLACES = {"no_such_agent": "agent_number", "mandate_to_oneself": "agent_number"}


class MandateForm(forms.Form):
    """`dossier_id`: the mandate is for this dossier alone, and nothing else is asked about its purpose."""

    agent_number = forms.CharField(
        label=_("Personal number of the person who acts for you"),
        max_length=20,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        error_messages={"required": _("Enter the 12 digits of the personal number.")},
    )
    agent_name = forms.CharField(
        label=_("Their full name"),
        max_length=300,
        help_text=_("As on their identity card. Number and name must belong together."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": _("Enter the full name of the person who acts for you.")},
    )
    purpose = forms.ChoiceField(label=_("What for"), initial=_EVERYTHING)
    powers = forms.MultipleChoiceField(
        label=_("They may"),
        choices=list(POWERS.items()),
        widget=forms.CheckboxSelectMultiple(attrs={"class": "ds-input"}),
        error_messages={"required": _("Choose at least one thing that the other may do.")},
    )
    last_day = DayField(label=_("Last day"), help_text=_("Every mandate ends. You can end it earlier."))

    def __init__(self, data: Any, *, today: date, dossier_id: UUID | None) -> None:
        super().__init__(data, initial={"powers": ["apply", "see"]})
        self.today, self.dossier_id = today, dossier_id
        if dossier_id:
            del self.fields["purpose"]
            self.fields["powers"].choices = [it for it in POWERS.items() if it[0] != "apply"]  # type: ignore[attr-defined]
            return
        spoken = (get_language() or "vi").split("-")[0]
        online = [it for it in list_procedures() if it.is_online]
        self.fields["purpose"].choices = [  # type: ignore[attr-defined]
            (_EVERYTHING, _("Everything")),
            *((it.code, in_language(it.names, spoken)) for it in online),
        ]

    def offer(self) -> Offer:
        """Of a valid form. The last day counts, too."""
        given = self.cleaned_data
        purpose = given.get("purpose", _EVERYTHING)
        return Offer(
            agent_number=given["agent_number"],
            agent_name=given["agent_name"],
            purpose=Purpose("" if purpose == _EVERYTHING else purpose, self.dossier_id),
            powers=frozenset(given["powers"]),
            valid_from=self.today,
            valid_to=given["last_day"] + timedelta(days=1),
        )

    def place_of(self, error: DomainError) -> str | None:
        """The field an error of the service belongs to; None for the whole form."""
        return "last_day" if error.code == "mandate_not_whole" else _PLACES.get(error.code)
