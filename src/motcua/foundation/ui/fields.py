"""Form fields that Django does not have."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _


class DayWidget(forms.MultiWidget):
    """A date as three boxes: day, month, year. Nobody scrolls a calendar back to the year of birth."""

    template_name = "ui/widgets/day.html"
    use_fieldset = True

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({name: forms.TextInput() for name in ("day", "month", "year")}, attrs)

    def decompress(self, value: Any) -> list[Any]:
        return [value.day, value.month, value.year] if isinstance(value, date) else [None, None, None]


class DayField(forms.MultiValueField):
    """A `date` from three boxes; incomplete and impossible dates are told apart."""

    widget = DayWidget
    default_error_messages = {
        "invalid": _("Enter a real date: day, month and year in figures."),
        "required": _("Enter day, month and year."),
    }

    def __init__(self, **kwargs: Any) -> None:
        messages = dict.fromkeys(
            ("invalid", "min_value", "max_value"), self.default_error_messages["invalid"]
        )
        parts = tuple(
            forms.IntegerField(min_value=low, max_value=high, error_messages=messages)
            for low, high in ((1, 31), (1, 12), (1900, 2100))
        )
        super().__init__(fields=parts, require_all_fields=True, **kwargs)

    def compress(self, data_list: list[int]) -> date | None:
        if not data_list:
            return None
        day, month, year = data_list
        try:
            return date(year, month, day)
        except ValueError as error:
            raise ValidationError(self.error_messages["invalid"], code="invalid") from error
