"""What to do about a problem, in the active language."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from motcua.foundation.ui.formats import format_date

from .rules.checks import Problem
from .rules.definition import Field, in_language

_MESSAGES: dict[str, Promise] = {
    "required": _("Answer this question."),
    "too_long": _("Shorten this to %(limit)d characters; there are %(length)d now."),
    "not_offered": _("Choose one of the answers offered."),
    "date_incomplete": _("Enter day, month and year."),
    "date_invalid": _("Enter a date that exists, in figures, with four for the year: 05 03 2026."),
    "date_in_future": _("Enter a date that is not after today."),
    "date_too_early": _("Enter a date from %(earliest)s on."),
    "date_too_late": _("Enter a date up to %(latest)s."),
    "too_young": _("This person must be at least %(years)d years old."),
    "date_too_old": _("Enter a date less than %(years)d years ago."),
    "time_invalid": _("Enter the time with hour and minute, for example 6:25."),
    "number_invalid": _("Enter a whole number in figures."),
    "number_out_of_range": _("Enter a number from %(minimum)s to %(maximum)s."),
    "fraction_invalid": _("Enter a number in figures, with at most two decimals: 120,5."),
    "number_too_small": _("Enter a number from %(minimum)s."),
    "number_too_large": _("Enter a number up to %(maximum)s."),
    "money_invalid": _("Enter an amount in whole đồng, for example 1.500.000."),
    "too_few": _("Enter at least %(minimum)d."),
    "too_many": _("Enter at most %(maximum)d; take one out first."),
    "too_large": _("Send less: these answers are larger than any form asks for."),
    "personal_number_form": _("Enter the 12 digits of the personal number."),
    "personal_number_province": _("Check the first three digits of the number: no province has them."),
    "personal_number_sex": _("Check the fourth digit of the number: it stands for the other sex."),
    "personal_number_birth_year": _(
        "Check the number and the date of birth: the fourth to sixth digits stand for another year."
    ),
    "known_other_sex": _("This person cannot be the one you say you are: the eID gives the other sex."),
    "same_person": _("Enter another person: this number already stands at “%(other)s”."),
    "same_commune": _("Choose another commune: this one already stands at “%(other)s”."),
    "same_commune_as_residence": _(
        "Choose another commune: by the eID, this is the one you live in already."
    ),
    "phone_invalid": _("Enter a telephone number such as 0912 345 678, or with its country: +49 30 123456."),
    "digit_in_name": _("Write the name without the figure %(char)s."),
    "sign_in_name": _("Write the name without the character “%(char)s”."),
    "no_letter_in_name": _("Write the name in letters."),
    "invalid": _("Correct this answer."),
}


def problem_message(field: Field | None, problem: Problem, language: str) -> str:
    """One sentence that says what to do; the form's own words where a required answer is missing.

    field: None for a problem of the whole form. The active language should be `language`.
    """
    if problem.code == "required" and field and field.required:
        return in_language(field.required, language)
    values = {name: _in_words(value, language) for name, value in problem.values.items()}
    return str(_MESSAGES[problem.code] % values)


def _in_words(value: Any, language: str) -> Any:
    """A day as people write it, and the name of another question."""
    if isinstance(value, date):
        return format_date(value, language, weekday=False)
    return in_language(value, language) if isinstance(value, Mapping) else value
