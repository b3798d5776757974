from __future__ import annotations

from uuid import UUID

import pytest

from motcua.casework.fees.rules.ledger import Noted, balances, is_too_much, standing
from motcua.casework.fees.rules.lines import FeeLine

ONE, TWO, THREE = (UUID(int=number) for number in (1, 2, 3))
NAME = {"vi": "Lệ phí", "en": "Charge", "de": "Gebühr"}
CHARGE = FeeLine("registration", NAME, 1, 7_000)
EXTRACTS = FeeLine("extract", NAME, 3, 8_000)
UNKNOWN = FeeLine("issue", NAME, 1, None, {"vi": "Theo nghị quyết"})


def test_each_fee_is_held_against_what_was_paid_of_it():
    entries = [
        Noted(ONE, "extract", 8_000),
        Noted(TWO, "extract", 8_000),
        Noted(THREE, "registration", 7_000),
    ]
    found = balances([CHARGE, EXTRACTS], entries)
    assert [(it.paid_vnd, it.open_vnd) for it in found] == [(7_000, 0), (16_000, 8_000)]


def test_a_corrected_entry_counts_no_more_and_the_last_correction_does():
    entries = [
        Noted(ONE, "extract", 24_000),
        Noted(TWO, "extract", 8_000, ONE),
        Noted(THREE, "extract", 16_000, TWO),
    ]
    assert standing(entries) == [entries[2]]
    assert balances([EXTRACTS], entries)[0].open_vnd == 8_000


def test_a_fee_the_province_sets_is_never_too_much_and_never_open():
    (found,) = balances([UNKNOWN], [])
    assert found.open_vnd is None
    assert not is_too_much(found, 500_000)


@pytest.mark.parametrize(("amount", "expected"), [(7_000, False), (7_001, True)])
def test_more_than_is_due_is_too_much(amount, expected):
    (found,) = balances([CHARGE], [])
    assert is_too_much(found, amount) is expected


def test_paying_too_much_leaves_nothing_open():
    (found,) = balances([CHARGE], [Noted(ONE, "registration", 10_000)])
    assert found.open_vnd == 0


def test_what_was_paid_for_something_else_settles_nothing():
    (found,) = balances([CHARGE], [Noted(ONE, "extract", 7_000)])
    assert found.open_vnd == 7_000
