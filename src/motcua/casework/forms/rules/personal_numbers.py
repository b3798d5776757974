"""The personal identification number: `PPP S YY NNNNNN`, without a check digit.

Source: Circular 07/2016/TT-BCA, annex (63 provinces; numbers issued under them outlive the merge of 2025).
"""

from __future__ import annotations

import re
from datetime import date
from typing import Literal

Sex = Literal["male", "female"]
Fault = Literal["form", "province", "sex", "birth_year"]

_FORM = re.compile(r"[0-9]{12}")
# Provinces of birth registration. From 101 up: countries [M], of which no list is kept here.
_CODES = (
    1, 2, 4, 6, 8, 10, 11, 12, 14, 15, 17, 19, 20, 22, 24, 25, 26, 27, 30, 31, 33, 34, 35, 36, 37, 38,
    40, 42, 44, 45, 46, 48, 49, 51, 52, 54, 56, 58, 60, 62, 64, 66, 67, 68, 70, 72, 74, 75, 77, 79, 80,
    82, 83, 84, 86, 87, 89, 91, 92, 93, 94, 95, 96
)  # fmt: skip
PROVINCES = frozenset(f"{code:03d}" for code in _CODES)
_FIRST_COUNTRY = 101
_FIRST_CENTURY = 1900


def find_fault(number: str, *, birth: date | None = None, sex: str = "") -> Fault | None:
    """What cannot be right about a number, None when it may be right.

    birth, sex ("male", "female"): compared when known. Only the structure is judged: whether the number was
    ever issued, the population database alone can tell.
    """
    if not _FORM.fullmatch(number):
        return "form"
    if number[:3] not in PROVINCES and int(number[:3]) < _FIRST_COUNTRY:
        return "province"
    if sex in {"male", "female"} and sex != sex_of(number):
        return "sex"
    if birth is not None and birth.year != birth_year_of(number):
        return "birth_year"
    return None


def sex_of(number: str) -> Sex:
    """Even digits are male, odd ones female."""
    return "female" if int(number[3]) % 2 else "male"


def birth_year_of(number: str) -> int:
    """1900 to 2399."""
    return _FIRST_CENTURY + int(number[3]) // 2 * 100 + int(number[4:6])
