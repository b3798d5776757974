"""What is wrong with answers: a code for programs, with the values a message needs."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, time
from typing import Any

from .answers import DATES, is_visible, known_answers, visible_answers, visible_options
from .definition import CHOICES, Answers, Field, FormDefinition, Page
from .personal_numbers import find_fault

_ISO_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_ISO_TIME = re.compile(r"[0-9]{2}:[0-9]{2}")
# A Vietnamese number as dialled at home (mobile or fixed line), or any number with its country.
_PHONE = re.compile(r"0[1-9][0-9]{8,9}|\+[1-9][0-9]{7,14}")
_COMMUNE = re.compile(r"[0-9]{5}")
_SIGNS_IN_NAMES = frozenset(" '’.-")
_OLDEST_AGE = 150


@dataclass(frozen=True, slots=True)
class Problem:
    """Why an answer cannot be taken. `code` is stable; `values` fill the message."""

    code: str
    values: Mapping[str, Any] = field(default_factory=dict)


def check_page(
    definition: FormDefinition,
    page: Page,
    answers: Answers,
    today: date,
    claims: Mapping[str, str] | None = None,
) -> dict[str, Problem]:
    """Field -> what is wrong with it, in the order of the page; one problem a field, {} when all is right.

    answers: of the whole form, as conditions and comparisons look at other pages. today: the local date.
    What `claims` make known is the State's own data and is not held against the person.
    """
    shown = visible_answers(definition, answers)
    known = known_answers(definition, shown, claims or {})
    asked = [item for item in page.fields if is_visible(item, shown) and item.name not in known]
    found = {item.name: _check(item, shown, today) for item in asked}
    return {name: problem for name, problem in found.items() if problem}


def check_all(
    definition: FormDefinition, answers: Answers, today: date, claims: Mapping[str, str] | None = None
) -> dict[str, Problem]:
    """Every page, then the whole against the JSON Schema (formats included); hidden answers do not count.

    A schema error about a field without a problem so far becomes `required` or `invalid`; one about no field
    stands under "".
    """
    problems: dict[str, Problem] = {}
    for page in definition.pages:
        problems |= check_page(definition, page, answers, today, claims)
    shown = visible_answers(definition, answers)
    known = known_answers(definition, shown, claims or {})
    for error in definition.validator.iter_errors(shown):
        missing = error.kind.name == "required"
        name = error.kind.as_dict()["property"] if missing else str(next(iter(error.instance_path), ""))
        if name not in known:
            problems.setdefault(name, Problem("required" if missing else "invalid"))
    return problems


def as_date(value: Any) -> date | None:
    """The date of "2026-03-05", None for anything else."""
    try:
        return date.fromisoformat(value) if _ISO_DATE.fullmatch(str(value)) else None
    except ValueError:
        return None


def _check(item: Field, answers: Answers, today: date) -> Problem | None:
    value = answers.get(item.name)
    if value is None:
        return Problem("required") if item.required else None
    if item.kind in DATES:
        return _check_date(item, value, today)
    if item.kind in CHOICES:
        offered = [option for option, _label in visible_options(item, answers)]
        return None if value in offered else Problem("not_offered")
    if item.kind == "personal_number":
        return _check_personal_number(item, value, answers)
    if isinstance(value, str) and len(value) > item.max_length:
        return Problem("too_long", {"limit": item.max_length, "length": len(value)})
    check = _CHECKS.get(item.kind)
    return check(item, value) if check else None


def _check_date(item: Field, value: Any, today: date) -> Problem | None:
    day = as_date(value)
    if day is None:
        complete = str(value).count("-") == 2 and all(str(value).split("-"))
        return Problem("date_invalid" if complete else "date_incomplete")
    if item.kind == "birth_date":
        if day > today:
            return Problem("date_in_future")
        if day.year < today.year - _OLDEST_AGE:
            return Problem("date_too_old", {"years": _OLDEST_AGE})
    return None


def _check_personal_number(item: Field, value: Any, answers: Answers) -> Problem | None:
    sex = item.sex if item.sex in {"male", "female"} else str(answers.get(item.sex, ""))
    fault = find_fault(str(value), birth=as_date(answers.get(item.birth_date, "")), sex=sex)
    return Problem(f"personal_number_{fault}") if fault else None


def _check_name(item: Field, value: Any) -> Problem | None:
    """Letters and marks of any script, blanks, apostrophes, hyphens, full stops ("H'Hen Niê", "Y-Moan")."""
    for char in str(value):
        if char.isnumeric():
            return Problem("digit_in_name", {"char": char})
        if unicodedata.category(char)[0] not in "LM" and char not in _SIGNS_IN_NAMES:
            return Problem("sign_in_name", {"char": _shown(char)})
    return None if any(map(str.isalpha, str(value))) else Problem("no_letter_in_name")


def _shown(char: str) -> str:
    """The character, or its number where it cannot be seen."""
    return char if unicodedata.category(char)[0] in "LMNPS" else f"U+{ord(char):04X}"


def _check_time(item: Field, value: Any) -> Problem | None:
    try:
        right = _ISO_TIME.fullmatch(str(value)) and time.fromisoformat(value)
    except ValueError:
        right = None
    return None if right is not None else Problem("time_invalid")


def _check_number(item: Field, value: Any) -> Problem | None:
    if not isinstance(value, int):
        return Problem("number_invalid")
    low, high = item.minimum, item.maximum
    if (low is not None and value < low) or (high is not None and value > high):
        return Problem("number_out_of_range", {"minimum": low, "maximum": high})
    return None


def _check_phone(item: Field, value: Any) -> Problem | None:
    return None if _PHONE.fullmatch(str(value)) else Problem("phone_invalid")


def _check_commune(item: Field, value: Any) -> Problem | None:
    return None if _COMMUNE.fullmatch(str(value)) else Problem("not_offered")


_CHECKS: dict[str, Callable[[Field, Any], Problem | None]] = {
    "name": _check_name,
    "time": _check_time,
    "number": _check_number,
    "phone": _check_phone,
    "commune": _check_commune,
    "place": _check_commune,
}
