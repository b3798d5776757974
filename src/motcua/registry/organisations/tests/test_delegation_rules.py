"""Who may lend which authority to whom, and what papers say."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from motcua.registry.organisations.rules.delegation import (
    LENDABLE,
    Lending,
    Place,
    Signing,
    position,
    problem_of,
    signature_lines,
)

TODAY = date(2026, 3, 10)
HEAD = Place("chair", "ubnd", "leadership", "head")
DEPUTY = Place("deputy", "ubnd", "leadership", "deputy")
ASKED = Lending(
    authority="KT",
    right="leader",
    delegator=HEAD,
    delegate=DEPUTY,
    holds=True,
    by_administrator=False,
    valid_from=TODAY,
    valid_to=TODAY + timedelta(days=3),
    has_basis=True,
)
PLACES = {
    "deputy": DEPUTY,
    "head of a unit": Place("office", "ubnd", "office", "head"),
    "deputy in a unit": Place("office-deputy", "ubnd", "office", "deputy"),
    "officer": Place("clerk", "ubnd", "office", ""),
    "colleague": Place("adviser", "ubnd", "leadership", ""),
}
RIGHTS = ("leader", "specialist", "reception", "reader", "administrator", "auditor", "support", "operator")
# Decree 30/2020/NĐ-CP art. 13: who signs in which way.
ALLOWED = {
    ("KT", "deputy"),
    ("Q", "deputy"),
    ("TL", "head of a unit"),
    *(("TUQ", place) for place in PLACES),
}


@pytest.mark.parametrize(
    ("authority", "place", "right"), list(product(("KT", "TL", "TUQ", "Q"), PLACES, RIGHTS))
)
def test_an_authority_is_for_its_rank_and_its_right_alone(authority, place, right):
    asked = replace(
        ASKED, authority=authority, delegate=PLACES[place], right=right, by_administrator=authority == "Q"
    )
    is_allowed = (authority, place) in ALLOWED and right in LENDABLE
    assert (problem_of(asked, today=TODAY) is None) == is_allowed


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"delegate": HEAD}, "same_person"),
        ({"delegate": replace(DEPUTY, agency="another")}, "other_agency"),
        ({"delegator": replace(HEAD, rank="deputy")}, "not_head"),
        ({"delegator": replace(HEAD, rank="")}, "not_head"),
        ({"holds": False}, "not_held"),
        ({"right": "administrator"}, "not_lendable"),
        ({"authority": "Q"}, "by_administrator"),
        ({"authority": "TUQ", "valid_to": None}, "end_missing"),
        ({"authority": "TUQ", "has_basis": False}, "basis_missing"),
        ({"valid_to": TODAY}, "period_ends_first"),
        ({"valid_from": TODAY - timedelta(days=1)}, "period_past"),
        ({"valid_from": TODAY - timedelta(days=9), "valid_to": TODAY - timedelta(days=2)}, "period_past"),
        ({"valid_to": None, "has_basis": False}, None),
    ],
)
def test_says_what_is_wrong(changes, problem):
    assert problem_of(replace(ASKED, **changes), today=TODAY) == problem


days = st.dates(min_value=TODAY - timedelta(days=40), max_value=TODAY + timedelta(days=40))
places = st.builds(
    Place,
    st.sampled_from("abc"),
    st.sampled_from("xy"),
    st.sampled_from("uv"),
    st.sampled_from(("head", "deputy", "")),
)


@given(
    st.builds(
        Lending,
        st.sampled_from(("KT", "TL", "TUQ", "Q")),
        st.sampled_from(RIGHTS),
        places,
        places,
        st.booleans(),
        st.booleans(),
        days,
        st.none() | days,
        st.booleans(),
    )
)
def test_what_can_be_granted_is_always_the_heads_own_to_another_of_the_agency_from_today_on(asked):
    if problem_of(asked, today=TODAY) is None:
        assert asked.holds and asked.right in LENDABLE and asked.delegator.rank == "head"
        assert asked.delegator.officer != asked.delegate.officer
        assert asked.delegator.agency == asked.delegate.agency
        assert asked.valid_from >= TODAY
        assert asked.valid_to is None or asked.valid_to > asked.valid_from
        assert asked.authority != "TUQ" or asked.valid_to is not None


COMMUNE = "Ủy ban nhân dân xã Thanh Ba"


@pytest.mark.parametrize(
    ("signing", "lines", "as_signed"),
    [
        (Signing(COMMUNE, "Chủ tịch"), ("TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH"), "Chủ tịch"),
        (
            Signing(COMMUNE, "Phó Chủ tịch", "KT", "Chủ tịch"),
            ("TM. ỦY BAN NHÂN DÂN", "KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH"),
            "KT. Chủ tịch, Phó Chủ tịch",
        ),
        (
            Signing(COMMUNE, "Chánh Văn phòng", "TL", "Chủ tịch"),
            ("TL. CHỦ TỊCH", "CHÁNH VĂN PHÒNG"),
            "TL. Chủ tịch, Chánh Văn phòng",
        ),
        (
            Signing(COMMUNE, "Công chức tư pháp - hộ tịch", "TUQ", "Chủ tịch"),
            ("TUQ. CHỦ TỊCH", "CÔNG CHỨC TƯ PHÁP - HỘ TỊCH"),
            "TUQ. Chủ tịch, Công chức tư pháp - hộ tịch",
        ),
        (
            Signing(COMMUNE, "Phó Chủ tịch", "Q", "Chủ tịch"),
            ("TM. ỦY BAN NHÂN DÂN", "Q. CHỦ TỊCH"),
            "Q. Chủ tịch",
        ),
        (
            Signing("Sở Tư pháp", "Phó Giám đốc", "KT", "Giám đốc"),
            ("KT. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC"),
            "KT. Giám đốc, Phó Giám đốc",
        ),
    ],
)
def test_the_block_above_the_signature_is_as_the_decree_wants_it(signing, lines, as_signed):
    assert signature_lines(signing) == lines
    assert position(signing) == as_signed
