"""What is wrong with answers: a code for programs, with the values a message needs."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, time
from math import inf
from typing import Any

from motcua.foundation.kernel.conditions import all_hold

from .answers import (
    deciding,
    is_visible,
    known_answers,
    known_keys,
    visible_answers,
    visible_options,
    with_known,
)
from .cleaning import DATES, answer_at, key_of
from .comparing import RESIDENCE, repeated_people, same_as
from .computing import age_on
from .days import as_date, day_range
from .definition import CHOICES, PLACES, SEXES, Answers, Field, FormDefinition, Page
from .personal_numbers import find_fault, sex_of

_ISO_TIME = re.compile(r"[0-9]{2}:[0-9]{2}")
# A Vietnamese number as dialled at home (mobile or fixed line), or any number with its country.
_PHONE = re.compile(r"0[1-9][0-9]{8,9}|\+[1-9][0-9]{7,14}")
_COMMUNE = re.compile(r"[0-9]{5}")
_SIGNS_IN_NAMES = frozenset(" '’.-")
_OLDEST_AGE = 150
_MOST_MONEY = 10**15
_MOST_NUMBER = 10**12
# No form asks for more: an item of a list, a person in it, a part of that.
_DEEPEST, _MOST_VALUES = 5, 5000


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
    """Flat key -> what is wrong there, in the order of the page; one problem a key, {} when all is right.

    A part of a person or of an item is told as "children-0-full_name", a list with too few or too many as its name.
    answers: of the whole form, as conditions and comparisons look at other pages. today: the local date.
    What `claims` make known is the State's own data and is not held against the person, but for one question:
    whether this person can be whom the form asks for, by the sex.
    """
    shown = visible_answers(definition, answers)
    return _on_page(definition, page, shown, _judge(definition, shown, today, claims or {}))


def open_pages(
    definition: FormDefinition, answers: Answers, today: date, claims: Mapping[str, str] | None = None
) -> list[str]:
    """Names of the pages for which `check_page` finds something wrong, in order."""
    shown = visible_answers(definition, answers)
    judge = _judge(definition, shown, today, claims or {})
    return [page.name for page in definition.pages if _on_page(definition, page, shown, judge)]


def _judge(definition: FormDefinition, shown: Answers, today: date, claims: Mapping[str, str]) -> _Judge:
    known = known_answers(definition, shown, claims)
    return _Judge(today, known_keys(known), with_known(shown, known), claims, definition.fields)


def _on_page(definition: FormDefinition, page: Page, shown: Answers, judge: _Judge) -> dict[str, Problem]:
    found: dict[str, Problem] = {}
    facts = deciding(definition, shown)
    for item in page.fields:
        if is_visible(definition, item, shown):
            found |= judge.problems(item, item.name, shown.get(item.name), facts)
    return found


def check_all(
    definition: FormDefinition, answers: Answers, today: date, claims: Mapping[str, str] | None = None
) -> dict[str, Problem]:
    """Every page, then the whole against the JSON Schema (formats included); hidden answers do not count.

    A schema error where there is no problem so far becomes `required` or `invalid`; one about no field stands under
    "". Answers nested deeper or larger than any form asks for are `too_large` and not looked at.
    """
    if is_oversized(answers):
        return {"": Problem("too_large")}
    shown = visible_answers(definition, answers)
    judge = _judge(definition, shown, today, claims or {})
    problems: dict[str, Problem] = {}
    for page in definition.pages:
        problems |= _on_page(definition, page, shown, judge)
    for error in definition.validator.iter_errors(shown):
        missing = error.kind.name == "required"
        path = [*error.instance_path, *([error.kind.as_dict()["property"]] if missing else [])]
        key = key_of(*path)
        if not any(_within(key, it) or _within(it, key) for it in {*judge.known, *problems}):
            problems[key] = Problem("required" if missing else "invalid")
    return problems


def _within(key: str, outer: str) -> bool:
    return key == outer or (outer != "" and key.startswith(f"{outer}-"))


def is_oversized(answers: Answers) -> bool:
    """Whether answers are deeper or larger than any form asks for. Level by level, so that no depth can break it."""
    level, seen = list(answers.values()), len(answers)
    for _depth in range(_DEEPEST):
        level = [
            it
            for value in level
            if isinstance(value, list | Mapping)
            for it in (value.values() if isinstance(value, Mapping) else value)
        ]
        seen += len(level)
        if seen > _MOST_VALUES:
            return True
    return bool(level)


@dataclass(frozen=True, slots=True)
class _Judge:
    """Judges questions at any depth. known: flat keys that need no answer. whole: all answers, with what is known."""

    today: date
    known: set[str]
    whole: Answers
    claims: Mapping[str, str]
    fields: Mapping[str, Field]

    def problems(self, item: Field, key: str, value: Any, facts: Answers) -> dict[str, Problem]:
        if item.kind == "calculated":
            return {}
        if key in self.known:
            return {key: Problem("known_other_sex")} if self._is_other_sex(item, key) else {}
        if item.kind == "repeated":
            return self._items(item, key, value, facts)
        if item.fields:
            return self._block(item, key, value, facts)
        problem = _check(item, value, facts, self.today) or self._compared(item, value)
        return {key: problem} if problem else {}

    def _is_other_sex(self, item: Field, key: str) -> bool:
        """Whether who is known by the eID is not of the sex that the question asks for."""
        if item.kind != "personal_number" or item.sex not in SEXES:
            return False
        number = str(answer_at(self.whole, key))
        return find_fault(number) is None and sex_of(number) != item.sex

    def _compared(self, item: Field, value: Any) -> Problem | None:
        """What must differ and does not. A person whom the eID names is right; whoever else was named is not."""
        name = same_as(item, value, self.whole, self.claims)
        if not name:
            return None
        if name == RESIDENCE:
            return Problem("same_commune_as_residence")
        code = "same_commune" if item.kind in PLACES else "same_person"
        return Problem(code, {"other": self.fields[name].label})

    def _items(self, item: Field, key: str, value: Any, facts: Answers) -> dict[str, Problem]:
        items = [] if value is None else value
        if not isinstance(items, list):
            return {key: Problem("invalid")}
        low, high = item.minimum or 0, item.maximum or len(items)
        if not items and (low or item.required):
            return {key: Problem("required" if item.required else "too_few", {"minimum": max(low, 1)})}
        if len(items) < low:
            return {key: Problem("too_few", {"minimum": low})}
        if len(items) > high:
            return {key: Problem("too_many", {"maximum": high})}
        found: dict[str, Problem] = {}
        for position, it in enumerate(items):
            found |= self._parts(item, key_of(key, position), it, facts)
        for at, other in repeated_people(item, items):
            found.setdefault(key_of(key, at), Problem("same_person", {"other": other}))
        return found

    def _block(self, item: Field, key: str, value: Any, facts: Answers) -> dict[str, Problem]:
        """An optional block may be left out, but not half answered."""
        begun = value is not None or any(_within(it, key) for it in self.known)
        return self._parts(item, key, value or {}, facts) if begun or item.required else {}

    def _parts(self, item: Field, key: str, value: Any, facts: Answers) -> dict[str, Problem]:
        if not isinstance(value, Mapping) or set(value) - {part.name for part in item.fields}:
            return {key: Problem("invalid")}
        found: dict[str, Problem] = {}
        inner = {**facts, **{part.name: None for part in item.fields}, **value}
        for part in item.fields:
            if all_hold(part.show_if, inner):
                found |= self.problems(part, key_of(key, part.name), value.get(part.name), inner)
        return found


def _check(item: Field, value: Any, answers: Answers, today: date) -> Problem | None:
    if value is None or value == "" or value == []:
        return Problem("required") if item.required else None
    if item.kind in DATES:
        return _check_date(item, value, answers, today)
    if item.kind in CHOICES:
        offered = [option for option, _label in visible_options(item, answers)]
        return None if value in offered else Problem("not_offered")
    if item.kind == "personal_number":
        return _check_personal_number(item, value, answers)
    if isinstance(value, str) and len(value) > item.max_length:
        return Problem("too_long", {"limit": item.max_length, "length": len(value)})
    check = _CHECKS.get(item.kind)
    return check(item, value) if check else None


def _check_date(item: Field, value: Any, answers: Answers, today: date) -> Problem | None:
    day = as_date(value)
    if day is None:
        complete = str(value).count("-") == 2 and all(str(value).split("-"))
        return Problem("date_invalid" if complete else "date_incomplete")
    if item.kind == "birth_date":
        if day > today:
            return Problem("date_in_future")
        if day.year < today.year - _OLDEST_AGE:
            return Problem("date_too_old", {"years": _OLDEST_AGE})
        if item.youngest and (age_on(value, today.isoformat()) or 0) < item.youngest:
            return Problem("too_young", {"years": item.youngest})
        return None
    return _check_bounds(day, day_range(item.earliest, item.latest, answers, today), today)


def _check_bounds(day: date, bounds: tuple[date, date], today: date) -> Problem | None:
    earliest, latest = bounds
    if day < earliest:
        return Problem("date_too_early", {"earliest": earliest})
    if day > latest:
        return Problem("date_in_future") if latest == today else Problem("date_too_late", {"latest": latest})
    return None


def _check_personal_number(item: Field, value: Any, answers: Answers) -> Problem | None:
    sex = item.sex if item.sex in SEXES else str(answers.get(item.sex, ""))
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
    kinds = int | float if item.fractions else int
    right = isinstance(value, kinds) and not isinstance(value, bool) and abs(value) < inf
    if not right or round(value, 2) != value:
        return Problem("fraction_invalid" if item.fractions else "number_invalid")
    return _check_range(item, value) or _check_size(item, value)


def _check_size(item: Field, value: float) -> Problem | None:
    """A number, but larger than any that is kept: what the form leaves open ends there."""
    if abs(value) < _MOST_NUMBER:
        return None
    low = item.minimum if item.minimum is not None else 1 - _MOST_NUMBER
    high = item.maximum if item.maximum is not None else _MOST_NUMBER - 1
    return Problem("number_out_of_range", {"minimum": low, "maximum": high})


def _check_money(item: Field, value: Any) -> Problem | None:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value < _MOST_MONEY:
        return Problem("money_invalid")
    return _check_range(item, value)


def _check_range(item: Field, value: float) -> Problem | None:
    low, high = item.minimum, item.maximum
    if low is not None and value < low:
        words = "number_out_of_range" if high is not None else "number_too_small"
        return Problem(words, {"minimum": low, "maximum": high})
    if high is not None and value > high:
        words = "number_out_of_range" if low is not None else "number_too_large"
        return Problem(words, {"minimum": low, "maximum": high})
    return None


def _check_phone(item: Field, value: Any) -> Problem | None:
    return None if _PHONE.fullmatch(str(value)) else Problem("phone_invalid")


def _check_commune(item: Field, value: Any) -> Problem | None:
    return None if _COMMUNE.fullmatch(str(value)) else Problem("not_offered")


_CHECKS: dict[str, Callable[[Field, Any], Problem | None]] = {
    "name": _check_name,
    "time": _check_time,
    "number": _check_number,
    "money": _check_money,
    "phone": _check_phone,
    "commune": _check_commune,
    "place": _check_commune,
}
