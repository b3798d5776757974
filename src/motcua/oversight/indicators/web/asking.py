"""Which agency and period a page is asked for."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy, pgettext_lazy

from motcua.foundation.kernel.actors import Actor
from motcua.foundation.kernel.errors import NotFound
from motcua.oversight.indicators.rules.periods import BadPeriod, Period, parse_period, period_of
from motcua.oversight.indicators.rules.scoring import BadRules
from motcua.oversight.indicators.selectors import list_agencies, rules_of
from motcua.oversight.indicators.web.words import period_choices
from motcua.registry.organisations.models import Agency


class PeriodForm(forms.Form):
    """Every field may stay empty: then it is this quarter."""

    period = forms.ChoiceField(
        label=pgettext_lazy("figure", "Period"),
        required=False,
        error_messages={"invalid_choice": gettext_lazy("Choose a month, a quarter or a year from the list.")},
    )

    def __init__(self, sent: Any) -> None:
        asked = str(sent.get("period", ""))
        super().__init__({**self.defaults(), **{name: value for name, value in sent.items() if value}})
        self.fields["period"].choices = period_choices(asked if _is_period(asked) else "")  # type: ignore[attr-defined]

    def defaults(self) -> dict[str, str]:
        return {"period": period_of(timezone.localdate(), 3).code}

    @property
    def chosen(self) -> Period:
        """Of a valid form."""
        return parse_period(self.cleaned_data["period"])

    @property
    def query(self) -> str:
        """The address's part that asks for the same again."""
        return urlencode({name: value for name, value in self.data.items() if name in self.fields and value})


class EvaluationForm(PeriodForm):
    """Without a choice it is the officer's own agency, else the first they may see."""

    agency = forms.ChoiceField(label=gettext_lazy("Agency"), required=False)
    field_order = ("agency", "period")

    def __init__(self, actor: Actor, sent: Any) -> None:
        """Raises NotFound for who may see the evaluation of no agency."""
        self.agencies: list[Agency] = list_agencies(actor)
        if not self.agencies:
            raise NotFound
        paths = [it.path for it in self.agencies]
        self.own = actor.agency_path if actor.agency_path in paths else paths[0]
        super().__init__(sent)
        self.fields["agency"].choices = [(it.path, it.name) for it in self.agencies]  # type: ignore[attr-defined]
        if len(self.agencies) < 2:
            self.fields["agency"].widget = forms.HiddenInput()

    def defaults(self) -> dict[str, str]:
        return {**super().defaults(), "agency": self.own}

    @property
    def chosen_agency(self) -> Agency:
        """Of a valid form."""
        return next(it for it in self.agencies if it.path == self.cleaned_data["agency"])


def _is_period(text: str) -> bool:
    try:
        rules_of(parse_period(text))
    except (BadPeriod, BadRules):
        return False
    return True
