"""What the QR code of a citizen card says. Pure.

The text is unsigned and its address is the one of the day of issue: it fills in a form, it proves nothing.
Source: vietnam.md 2.6 (thẻ căn cước công dân, thẻ căn cước).
"""

from __future__ import annotations

import re
from collections.abc import Container
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from motcua.foundation.kernel.text import clean_line
from motcua.registry.people.rules.numbers import Sex, personal_fault

CardFault = Literal["not_a_card", "number", "name", "date", "sex"]

_LONGEST = 2000
_FIELDS = 7
_SEXES: dict[str, Sex] = {"nam": "male", "nữ": "female"}
_OLD_NUMBER = re.compile(r"[0-9]{9}")
_DATE = re.compile(r"[0-9]{8}")


class BadCard(ValueError):
    """`fault` says what is wrong; "not_a_card" for a text that is something else altogether."""

    def __init__(self, fault: CardFault) -> None:
        self.fault: CardFault = fault
        super().__init__(fault)


@dataclass(frozen=True, slots=True)
class Card:
    """What a card says of its holder. `old_number`: nine digits or empty. `residence`: as of `issued`."""

    number: str
    old_number: str
    full_name: str
    birth_date: date
    sex: Sex
    residence: str
    issued: date


def read_card(text: str, provinces: Container[str], *, today: date) -> Card:
    """The card a text comes from; what follows the seventh field is ignored. Raises BadCard.

    provinces: as for `personal_fault`. The number must fit birth date and sex, and no date may lie after today.
    """
    fields = [clean_line(part) for part in text[:_LONGEST].strip().split("|")]
    # A code with nothing like a number and two dates in their places is some other code, not a damaged card.
    if len(text) > _LONGEST or len(fields) < _FIELDS or not fields[0].isdecimal():
        raise BadCard("not_a_card")
    if not (_DATE.fullmatch(fields[3]) and _DATE.fullmatch(fields[6])):
        raise BadCard("not_a_card")
    number, old_number, name = fields[:3]
    born, issued = _day(fields[3], today), _day(fields[6], today)
    sex = _SEXES.get(fields[4].lower())
    if sex is None:
        raise BadCard("sex")
    if personal_fault(number, provinces, birth=born, sex=sex) or not (
        old_number == "" or _OLD_NUMBER.fullmatch(old_number)
    ):
        raise BadCard("number")
    if not name or any(char.isdigit() for char in name):
        raise BadCard("name")
    if issued < born:
        raise BadCard("date")
    return Card(number, old_number, name[:300], born, sex, fields[5][:500], issued)


def _day(text: str, today: date) -> date:
    try:
        day = datetime.strptime(text, "%d%m%Y").date()  # noqa: DTZ007  a calendar date has no zone
    except ValueError:
        raise BadCard("date") from None
    if day > today:
        raise BadCard("date")
    return day
