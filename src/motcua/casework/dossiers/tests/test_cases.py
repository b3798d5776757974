from __future__ import annotations

import pytest

from motcua.casework.dossiers.rules.cases import BadCase, case_of, find_case, parse_cases, under_case

NAME = {"vi": "a", "en": "a", "de": "a"}
PROCEDURE = {
    "limit": {"value": "20d"},
    "fees": [{"amount_vnd": 150000}],
    "components": [{"code": "drawings"}, {"code": "project"}],
    "cases": [
        {
            "code": "house",
            "name": NAME,
            "when": {"field": "work", "equals": "house"},
            "limit": {"value": "15d"},
            "components": ["drawings"],
            "fees": [{"amount_vnd": 75000}],
        },
        {"code": "tall", "name": NAME, "when": [{"field": "floors", "at_least": 7}]},
        {
            "code": "works",
            "name": NAME,
            "when": [{"field": "work", "in": ["works", "phase"]}],
            "components": ["project"],
        },
    ],
}


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        ({"work": "house"}, "house"),
        ({"work": "house", "floors": 9}, "house"),
        ({"work": "works", "floors": 9}, "tall"),
        ({"work": "phase"}, "works"),
        ({"work": "other"}, ""),
        ({}, ""),
    ],
)
def test_the_first_case_that_holds_is_taken(facts, code):
    assert case_of(PROCEDURE, facts) == code


def test_a_procedure_without_cases_has_none():
    assert parse_cases({}) == () and case_of({}, {"work": "house"}) == ""


def test_a_case_replaces_limit_fees_and_narrows_components():
    house = under_case(PROCEDURE, "house")
    assert house["limit"] == {"value": "15d"} and house["fees"] == [{"amount_vnd": 75000}]
    assert house["components"] == [{"code": "drawings"}]


def test_what_a_case_does_not_name_stays_the_procedures():
    works = under_case(PROCEDURE, "works")
    assert works["limit"] == {"value": "20d"} and works["fees"] == PROCEDURE["fees"]
    assert works["components"] == [{"code": "project"}]
    assert under_case(PROCEDURE, "tall")["components"] == PROCEDURE["components"]


@pytest.mark.parametrize("code", ["", "unknown"])
def test_without_a_case_the_procedure_stays_as_it_is(code):
    assert under_case(PROCEDURE, code) is PROCEDURE and find_case(PROCEDURE, code) is None


@pytest.mark.parametrize(
    ("cases", "words"),
    [
        ({}, "must be a list"),
        (["house"], r"cases\[0\]: has no code"),
        ([{"name": NAME}], "has no code"),
        ([{"code": 3}], "has no code"),
        ([{"code": "a", "result": "KQ"}], "'result' is not a known key"),
        ([{"code": "a", "components": "drawings"}], "components: must be a list"),
        ([{"code": "a", "when": {"field": "work"}}], r"cases\[0\].when: needs exactly one of"),
        ([{"code": "a"}, {"code": "b", "when": [{"equals": 1}]}], r"cases\[1\].when: needs a field"),
    ],
)
def test_a_case_that_cannot_be_used_says_where_and_why(cases, words):
    with pytest.raises(BadCase, match=words):
        parse_cases({"cases": cases})
