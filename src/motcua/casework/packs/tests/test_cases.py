"""What the lint says of cases and of steps that take longer than the law gives."""

from __future__ import annotations

import copy

import pytest

from motcua.casework.forms.rules.parsing import parse_form
from motcua.casework.forms.tests.pack import form_data
from motcua.casework.packs.rules.cases import lint_cases, lint_shares, longest_hours

NAME = {"vi": "a", "en": "a", "de": "a"}


def case(code, when, components, limit="15d"):
    return {
        "code": code,
        "name": NAME,
        "when": when,
        "components": components,
        "limit": {"value": limit, "text": NAME},
    }


# The form of a birth has a paper that is asked for only when somebody else registers it.
AUTHORISED = case("authorised", {"field": "relation", "equals": "authorised"}, ["evidence", "mandate"])
USUAL = case("usual", {"field": "relation", "not": "authorised"}, ["evidence"])
PROCEDURE = {
    "limit": {"value": "15d"},
    "components": [
        {"code": "evidence", "field": "birth_evidence"},
        {"code": "mandate", "field": "authorisation"},
        {"code": "identity"},
    ],
    "cases": [AUTHORISED, USUAL],
}


def findings(**changes):
    return list(lint_cases(copy.deepcopy(PROCEDURE) | changes, parse_form(form_data())))


def test_cases_that_agree_with_the_form_have_no_findings():
    assert findings() == []


@pytest.mark.parametrize(
    ("cases", "words"),
    [
        ([AUTHORISED, AUTHORISED], "authorised stands twice"),
        ([AUTHORISED | {"components": ["evidence", "moon"]}], "unknown component moon"),
        ([AUTHORISED | {"limit": {"value": "soon", "text": NAME}}], "limit: 'soon' is no time limit"),
        ([AUTHORISED | {"name": {"vi": "a"}}], "authorised: name has no en, de"),
        ([AUTHORISED | {"limit": {"value": "3wd"}}], "limit.text has no vi, en, de"),
        ([AUTHORISED | {"fees": [{"amount_vnd": 0}]}], r"fees[0].name has no vi, en, de"),
        ([case("moon", {"field": "moon", "equals": 1}, None)], "depends on moon"),
        ([case("all", [], None), AUTHORISED], "authorised is never the first that holds"),
        ([case("dog", {"field": "relation", "equals": "dog"}, None), USUAL | {"when": {"field": 1}}], "when"),
        ([AUTHORISED | {"components": ["evidence"]}], "asks for authorisation where the case is authorised"),
        (
            [USUAL | {"components": ["evidence", "mandate"]}],
            "does not ask for authorisation where the case is usual",
        ),
    ],
)
def test_what_is_wrong_with_a_case_is_said(cases, words):
    assert any(words in finding for finding in findings(cases=cases))


def step(name, hours, *to, **more):
    outcomes = [{"name": target, "to": target} for target in to]
    return {"name": name, "limit_hours": hours, "outcomes": outcomes} | more


VISIT_AND_OPINION = {
    "start": "reception",
    "steps": [
        step("reception", 4, "which"),
        {
            "name": "which",
            "kind": "exclusive",
            "choices": [{"if": {"field": "case", "equals": "works"}, "to": "ask"}],
            "otherwise": "decide",
        },
        {"name": "ask", "kind": "parallel", "to": ["fire", "visit"]},
        {"name": "fire", "limit": "5wd", "outcomes": [{"name": "done", "to": "asked"}]},
        step(
            "visit", 16, "asked", timers=[{"name": "late", "after": "9wd", "to": "end", "interrupts": False}]
        ),
        {"name": "asked", "kind": "parallel", "to": ["decide"]},
        {
            "name": "decide",
            "limit_hours": 8,
            "outcomes": [{"name": "ok", "to": "end"}, {"name": "no", "to": "fire", "back": True}],
        },
    ],
}


def test_branches_that_run_at_once_count_by_the_longer_one():
    assert longest_hours(VISIT_AND_OPINION, {"case": "works"}) == 4 + 40 + 8


def test_a_way_that_the_case_rules_out_does_not_count():
    assert longest_hours(VISIT_AND_OPINION, {"case": "house"}) == 4 + 8
    assert longest_hours(VISIT_AND_OPINION, {}) == 4 + 40 + 8


def test_a_timer_that_interrupts_leads_on_and_one_that_warns_does_not():
    process = copy.deepcopy(VISIT_AND_OPINION)
    process["steps"][4]["timers"][0] |= {"interrupts": True, "to": "decide"}
    assert longest_hours(process, {"case": "works"}) == 4 + 72 + 8


def test_a_loop_is_walked_once():
    steps = [step("a", 4, "b"), step("b", 4, "a", "end")]
    assert longest_hours({"start": "a", "steps": steps}, {}) == 8


@pytest.mark.parametrize(
    ("limit", "fits"),
    [
        ("6wd", False),
        ("7wd", True),
        ("52wh", True),
        ("51wh", False),
        ("9d", False),
        ("11d", True),
        ("1m", True),
    ],
)
def test_steps_longer_than_the_limit_are_found(limit, fits):
    procedure = PROCEDURE | {"limit": {"value": limit}, "cases": []}
    assert (list(lint_shares(procedure, VISIT_AND_OPINION)) == []) is fits


def test_the_limit_of_the_case_is_the_one_that_counts():
    works = case("works", {"field": "relation", "equals": "x"}, None, limit="3wd")
    procedure = PROCEDURE | {"limit": {"value": "20d"}, "cases": [works]}
    assert list(lint_shares(procedure, VISIT_AND_OPINION)) == [
        "process.yaml: the steps take up to 52 working hours, the limit of case works leaves 24"
    ]
