"""The personal identification number in a form: the register's rule with the provinces at hand.

Forms are judged without a file at hand, so the codes of packs/vn/person_number_provinces.yaml stand here once more; a
test holds both against each other.
"""

from __future__ import annotations

from datetime import date

from motcua.registry.people.rules.numbers import PersonalFault, birth_year_of, personal_fault, sex_of

__all__ = ["PROVINCES", "birth_year_of", "find_fault", "sex_of"]

_CODES = (
    1, 2, 4, 6, 8, 10, 11, 12, 14, 15, 17, 19, 20, 22, 24, 25, 26, 27, 30, 31, 33, 34, 35, 36, 37, 38,
    40, 42, 44, 45, 46, 48, 49, 51, 52, 54, 56, 58, 60, 62, 64, 66, 67, 68, 70, 72, 74, 75, 77, 79, 80,
    82, 83, 84, 86, 87, 89, 91, 92, 93, 94, 95, 96
)  # fmt: skip
PROVINCES = frozenset(f"{code:03d}" for code in _CODES)


def find_fault(number: str, *, birth: date | None = None, sex: str = "") -> PersonalFault | None:
    """`personal_fault` with the 63 provinces."""
    return personal_fault(number, PROVINCES, birth=birth, sex=sex)
