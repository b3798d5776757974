"""Numbers of people and organisations, judged by their structure. Pure.

Whether a number was ever issued, only the register it comes from can tell.
"""

from __future__ import annotations

import re
from collections.abc import Container
from datetime import date
from typing import Literal

Sex = Literal["male", "female"]
PersonalFault = Literal["form", "province", "sex", "birth_year"]
TaxFault = Literal["form", "check", "branch"]

_PERSONAL = re.compile(r"[0-9]{12}")
_FIRST_COUNTRY = 101
_FIRST_CENTURY = 1900

_TAX = re.compile(r"[0-9]{10}|[0-9]{10}-[0-9]{3}|[0-9]{12}")
_TAX_WEIGHTS = (31, 29, 23, 19, 17, 13, 7, 5, 3)
_PAPER = re.compile(r"[A-Z0-9]{5,20}")
_SEPARATORS = re.compile(r"[\s./]+")


def personal_fault(
    number: str, provinces: Container[str], *, birth: date | None = None, sex: str = ""
) -> PersonalFault | None:
    """What cannot be right about a personal number `PPP S YY NNNNNN`, None when it may be right. No check digit.

    provinces: the three-digit codes of the 63 provinces. birth, sex ("male", "female"): compared when known.
    Source: Circular 07/2016/TT-BCA, annex (vietnam.md 2.5).
    """
    if not _PERSONAL.fullmatch(number):
        return "form"
    if number[:3] not in provinces and int(number[:3]) < _FIRST_COUNTRY:
        return "province"
    if sex in {"male", "female"} and sex != sex_of(number):
        return "sex"
    if birth is not None and birth.year != birth_year_of(number):
        return "birth_year"
    return None


def sex_of(number: str) -> Sex:
    """Of a well-formed personal number: even digits are male, odd ones female."""
    return "female" if int(number[3]) % 2 else "male"


def birth_year_of(number: str) -> int:
    """Of a well-formed personal number: 1900 to 2399."""
    return _FIRST_CENTURY + int(number[3]) // 2 * 100 + int(number[4:6])


def clean_tax_code(text: str) -> str:
    """As it is kept: "0100112437", "0100112437-001" (also typed without its hyphen), "025197004187"."""
    plain = _SEPARATORS.sub("", text)
    return f"{plain[:10]}-{plain[10:]}" if re.fullmatch(r"[0-9]{13}", plain) else plain


def tax_fault(code: str) -> TaxFault | None:
    """What cannot be right about a tax code, None when it may be right.

    Ten digits with a check digit, these with a branch -001 to -999, or the twelve of a personal number, which since
    1 July 2025 is the tax code of individuals and household businesses (Circular 86/2024/TT-BTC). An enterprise
    number is a tax code. Source: vietnam.md 2.7.
    """
    if not _TAX.fullmatch(code):
        return "form"
    if len(code) == 12:
        return None
    total = sum(weight * int(digit) for weight, digit in zip(_TAX_WEIGHTS, code, strict=False))
    # A remainder that would ask for "10" is never issued.
    if 10 - total % 11 != int(code[9]):
        return "check"
    return "branch" if code[10:] == "-000" else None


def clean_paper_number(text: str) -> str:
    """A passport's or card's number as it is kept: capitals and figures, nothing between."""
    return re.sub(r"[\s.\-]+", "", text).upper()


def is_paper_number(number: str) -> bool:
    """Whether it may be the number of an identity paper: 5 to 20 letters A-Z and figures, one figure at least.

    Source: ICAO Doc 9303, part 4 (document number; longer ones overflow the nine places of the machine-readable zone).
    """
    return bool(_PAPER.fullmatch(number)) and any(char.isdigit() for char in number)
