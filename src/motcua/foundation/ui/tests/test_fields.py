from datetime import date

import pytest
from django import forms

from motcua.foundation.ui.fields import DayField


class BirthForm(forms.Form):
    name = forms.CharField(help_text="As on the certificate.", error_messages={"required": "Enter the name"})
    born = DayField()
    sex = forms.ChoiceField(choices=[("m", "male"), ("f", "female")], widget=forms.RadioSelect)


def birth(day="5", month="3", year="2026"):
    return BirthForm({"name": "Minh", "sex": "m", "born_day": day, "born_month": month, "born_year": year})


def test_three_boxes_make_a_date():
    form = birth()
    assert form.is_valid()
    assert form.cleaned_data["born"] == date(2026, 3, 5)


@pytest.mark.parametrize(
    "parts", [("31", "2", "2026"), ("0", "1", "2026"), ("5", "x", "2026"), ("5", "3", "26")]
)
def test_an_impossible_date_is_told_once(parts):
    assert birth(*parts).errors["born"] == ["Enter a real date: day, month and year in figures."]


def test_an_incomplete_date_says_what_is_missing():
    assert birth(month="").errors["born"] == ["Enter day, month and year."]


def test_a_wrong_field_ties_hint_and_error_to_the_control():
    html = BirthForm({}).as_div()
    assert 'aria-describedby="id_name_helptext id_name_error"' in html
    assert 'id="id_name_helptext"' in html
    assert 'id="id_name_error"' in html
    assert 'aria-invalid="true"' in html


def test_choices_and_dates_are_fieldsets_with_a_legend():
    html = birth().as_div()
    assert html.count("<fieldset") == 2
    assert "<legend>Sex" in html
