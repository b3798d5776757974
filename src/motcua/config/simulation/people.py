"""People who do not exist. Pure: the same seed and index give the same family."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

import yaml

# Numbers begin with a country code that no country has: right in structure, and nobody's.
_LAST_CODE = 999
_SERIALS = 1_000_000


@dataclass(frozen=True, slots=True)
class Person:
    full_name: str
    birth_date: date
    personal_number: str
    sex: str
    ethnicity: str


@dataclass(frozen=True, slots=True)
class Family:
    """A mother, a father and the given name of their child; all names carry the mark."""

    mother: Person
    father: Person
    child_sex: str
    child_given_name: str


@cache
def word_lists() -> dict[str, Any]:
    """The lists of names.yaml."""
    return dict(yaml.safe_load(Path(__file__).with_name("names.yaml").read_text(encoding="utf-8")))


def make_family(random: Random, index: int, *, before: date) -> Family:
    """The index-th family (from 0), parents 20 to 45 years old on `before`. Numbers do not repeat."""
    child_sex = random.choice(("male", "female"))
    return Family(
        mother=_person(random, index, "female", before),
        father=_person(random, index, "male", before),
        child_sex=child_sex,
        child_given_name=f"{_mark()} {random.choice(_list(child_sex)['given'])}",
    )


def _person(random: Random, index: int, sex: str, before: date) -> Person:
    names = _list(sex)
    birth = before - timedelta(days=random.randint(20 * 366, 45 * 365))
    words = (
        random.choice(word_lists()["family"]),
        random.choice(names["middle"]),
        _mark(),
        random.choice(names["given"]),
    )
    return Person(
        full_name=" ".join(words),
        birth_date=birth,
        personal_number=personal_number(index, sex, birth.year),
        sex=sex,
        ethnicity=random.choice(word_lists()["ethnicities"]),
    )


def personal_number(index: int, sex: str, year: int) -> str:
    """`PPP S YY NNNNNN` with a code of no country. Source: Circular 07/2016/TT-BCA, annex."""
    code, serial = _LAST_CODE - index // _SERIALS, index % _SERIALS
    century_and_sex = (year - 1900) // 100 * 2 + (sex == "female")
    return f"{code}{century_and_sex}{year % 100:02d}{serial:06d}"


def next_index(last_serial: Callable[[str], str]) -> int:
    """After the last who was made up so far, also where an interrupted run left some out.

    `last_serial`: the highest serial with a code, empty where there is none.
    """
    index, code = 0, _LAST_CODE
    while serial := last_serial(str(code)):
        index = (_LAST_CODE - code) * _SERIALS + int(serial) + 1
        code -= 1
    return index


@cache
def _list(sex: str) -> dict[str, list[str]]:
    return dict(word_lists()["women" if sex == "female" else "men"])


def _mark() -> str:
    return str(word_lists()["mark"])
