"""The filters of the auditors' list. Nothing personal: ids, kinds, days."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from motcua.doors.console.words import kind_choices
from motcua.foundation.journal.contributions import Criteria
from motcua.registry.organisations.models import Agency

_WRONG_DAY = gettext_lazy("Write a day as 31/12/2026 or choose it.")
_DAY_FORMS = ["%Y-%m-%d", "%d/%m/%Y", "%d.%m.%Y"]


def _day(label: Any) -> forms.DateField:
    return forms.DateField(
        label=label,
        required=False,
        input_formats=_DAY_FORMS,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        error_messages={"invalid": _WRONG_DAY},
        validators=[
            MinValueValidator(date(1900, 1, 1), message=_WRONG_DAY),
            MaxValueValidator(date(2999, 12, 31), message=_WRONG_DAY),
        ],
    )


def _hidden_id(wrong: Any) -> forms.UUIDField:
    return forms.UUIDField(required=False, widget=forms.HiddenInput, error_messages={"invalid": wrong})


class AuditForm(forms.Form):
    begins = _day(gettext_lazy("From day"))
    ends = _day(gettext_lazy("Until day"))
    kind = forms.ChoiceField(
        label=gettext_lazy("What happened"),
        required=False,
        error_messages={"invalid_choice": gettext_lazy("There is no kind of entry named “%(value)s”.")},
    )
    agency = forms.ChoiceField(
        label=gettext_lazy("Agency"),
        required=False,
        error_messages={"invalid_choice": gettext_lazy("This agency is not among those you may look at.")},
    )
    officer = _hidden_id(gettext_lazy("The officer in the address is not an identifier."))
    person = _hidden_id(gettext_lazy("The person in the address is not an identifier."))
    object = _hidden_id(gettext_lazy("The object in the address is not an identifier."))

    def __init__(self, data: Any, agencies: Sequence[Agency]) -> None:
        super().__init__(data, auto_id="id_%s")
        self.fields["kind"].choices = kind_choices()  # type: ignore[attr-defined]
        everywhere = [("", _("All agencies"))]
        self.fields["agency"].choices = everywhere + [(str(it.id), it.name) for it in agencies]  # type: ignore[attr-defined]

    def clean(self) -> None:
        begins, ends = self.cleaned_data.get("begins"), self.cleaned_data.get("ends")
        if begins and ends and ends < begins:
            self.add_error("ends", _("The period ends before it begins."))

    def criteria(self) -> Criteria:
        """Of a valid form. Days are whole days here in Vietnam, the last one included."""
        given = self.cleaned_data
        return Criteria(
            kind=given["kind"],
            agency=UUID(given["agency"]) if given["agency"] else None,
            officer=given["officer"],
            person=given["person"],
            object=given["object"],
            begins=_midnight(given["begins"], 0),
            ends=_midnight(given["ends"], 1),
        )

    def address(self, **changes: Any) -> str:
        """The filters as a query string ("?" without any), with some set to another value or taken away (None)."""
        given = {name: str(self.data.get(name, ""))[:100] for name in self.fields}
        wanted = given | {name: str(value or "") for name, value in changes.items()}
        query = urlencode({name: value for name, value in wanted.items() if value})
        return f"?{query}" if query else "?"


def _midnight(day: date | None, later: int) -> datetime | None:
    return timezone.make_aware(datetime.combine(day + timedelta(days=later), time.min)) if day else None
