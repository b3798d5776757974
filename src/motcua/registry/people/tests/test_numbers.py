from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from motcua.registry.people.adapters.provinces import number_provinces
from motcua.registry.people.rules.numbers import (
    clean_paper_number,
    clean_tax_code,
    is_paper_number,
    personal_fault,
    tax_fault,
)

PROVINCES = number_provinces()


def test_knows_the_sixty_three_provinces_by_name():
    assert (number_provinces()["025"], len(number_provinces())) == ("Phú Thọ", 63)


@pytest.mark.parametrize(
    ("number", "fault"),
    [
        ("025197004187", None),
        ("02519700418", "form"),
        ("０25197004187", "form"),
        ("003197004187", "province"),
        ("100197004187", "province"),
        ("276197004187", None),  # born in a country
        ("025097004187", "sex"),
        ("025198004187", "birth_year"),
        ("025397004187", "birth_year"),
    ],
)
def test_an_impossible_personal_number_is_refused_for_its_reason(number, fault):
    assert personal_fault(number, PROVINCES, birth=date(1997, 8, 14), sex="female") == fault


@pytest.mark.parametrize("code", ["0100112437", "0100109106", "0300588569", "0101243150", "0100112437-001"])
def test_tax_codes_that_were_issued_are_possible(code):
    assert tax_fault(code) is None


@pytest.mark.parametrize(
    ("code", "fault"),
    [("0100112436", "check"), ("010011243", "form"), ("0100112437-000", "branch"), ("", "form")],
)
def test_an_impossible_tax_code_is_refused_for_its_reason(code, fault):
    assert tax_fault(code) == fault


@given(st.from_regex(r"[0-9]{9}", fullmatch=True))
def test_of_ten_check_digits_one_at_most_is_right(body):
    assert sum(tax_fault(f"{body}{digit}") is None for digit in range(10)) <= 1


def test_a_branch_may_be_typed_without_its_hyphen():
    assert clean_tax_code("0100112437 001") == "0100112437-001"


@pytest.mark.parametrize(
    ("number", "possible"), [("c 0000-0001", True), ("ABCDEF", False), ("C1", False), ("C0000Ω001", False)]
)
def test_a_passports_number_has_letters_and_a_figure(number, possible):
    assert is_paper_number(clean_paper_number(number)) is possible
