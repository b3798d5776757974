from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from motcua.casework.forms.rules.personal_numbers import PROVINCES, birth_year_of, find_fault, sex_of

from .pack import read_yaml


def test_knows_the_sixty_three_provinces_before_the_merge_as_the_pack_has_them():
    assert len(PROVINCES) == 63
    assert set(read_yaml("person_number_provinces.yaml")["provinces"]) == PROVINCES


@settings(deadline=None)
@given(
    st.sampled_from(sorted(PROVINCES)),
    st.dates(min_value=date(1900, 1, 1), max_value=date(2399, 12, 31)),
    st.sampled_from(["male", "female"]),
    st.integers(0, 999_999),
)
def test_accepts_every_number_built_by_the_rule(province, birth, sex, serial):
    century = (birth.year - 1900) // 100 * 2 + (sex == "female")
    number = f"{province}{century}{birth.year % 100:02d}{serial:06d}"
    assert find_fault(number, birth=birth, sex=sex) is None
    assert (sex_of(number), birth_year_of(number)) == (sex, birth.year)


@pytest.mark.parametrize("number", ["", "02519700418", "0251970041870", "02519700418a", "٠٢٥١٩٧٠٠٤١٨٧"])
def test_a_number_has_twelve_plain_digits(number):
    assert find_fault(number) == "form"


def test_a_child_born_abroad_may_have_a_countrys_code():
    assert find_fault("123226004187") is None
