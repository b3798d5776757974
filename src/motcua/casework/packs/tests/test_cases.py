"""What the lint says of cases and of steps that take longer than the law gives."""

from __future__ import annotations

import copy
import json

import pytest
from django.conf import settings

from motcua.casework.forms.rules.parsing import parse_form
from motcua.casework.packs.rules.cases import lint_cases, lint_shares
from motcua.casework.packs.rules.findings import finding
from motcua.casework.process.rules.definition import parse_process
from motcua.casework.process.rules.paths import longest_hours

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
    path = settings.PACKS / "vn" / "procedures" / "1.001193" / "form.json"
    form = parse_form(json.loads(path.read_text(encoding="utf-8")))
    found = lint_cases(copy.deepcopy(PROCEDURE) | changes, form)
    return [finding(it.rule, it.file, **it.values).problem for it in found]


def test_cases_that_agree_with_the_form_have_no_findings():
    assert findings() == []


@pytest.mark.parametrize(
    ("cases", "words"),
    [
        ([AUTHORISED, AUTHORISED], "authorised stands twice"),
        ([AUTHORISED | {"components": ["evidence", "moon"]}], "unknown component moon"),
        ([AUTHORISED | {"limit": {"value": "soon", "text": NAME}}], "limit: 'soon' is no time limit"),
        ([AUTHORISED | {"name": {"vi": "a"}}], "authorised: name has no words in en, de"),
        ([AUTHORISED | {"limit": {"value": "3wd"}}], "limit.text has no words in vi, en, de"),
        ([AUTHORISED | {"fees": [{"amount_vnd": 0}]}], "fees[0].name has no words in vi, en, de"),
        ([case("moon", {"field": "moon", "equals": 1}, None)], "names moon, which the form does not have"),
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


def step(name, limit, *to, **more):
    outcomes = [{"name": target, "to": target} for target in to]
    usual = {"name": name, "title": NAME, "lane": "desk", "role": "specialist", "limit": limit}
    return usual | {"outcomes": outcomes} | more


VISIT_AND_OPINION = {
    "start": "reception",
    "steps": [
        step("reception", "4wh", "which"),
        {
            "name": "which",
            "kind": "exclusive",
            "choices": [{"if": {"field": "case", "equals": "works"}, "to": "ask"}],
            "otherwise": "decide",
        },
        {"name": "ask", "kind": "parallel", "to": ["fire", "visit"]},
        step("fire", "5wd", "asked"),
        step(
            "visit",
            "16wh",
            "asked",
            timers=[{"name": "late", "after": "9wd", "to": "warned", "interrupts": False}],
        ),
        {"name": "warned", "kind": "end"},
        {"name": "asked", "kind": "parallel", "to": ["decide"]},
        step(
            "decide",
            "8wh",
            outcomes=[{"name": "ok", "to": "end"}, {"name": "no", "to": "reception", "back": True}],
        ),
    ],
}


def hours(process, **facts):
    return longest_hours(parse_process(process), facts)


def test_branches_that_run_at_once_count_by_the_longer_one():
    assert hours(VISIT_AND_OPINION, case="works") == 4 + 40 + 8


def test_a_way_that_the_case_rules_out_does_not_count():
    assert hours(VISIT_AND_OPINION, case="house") == 4 + 8
    assert hours(VISIT_AND_OPINION) == 4 + 40 + 8


def test_a_timer_that_interrupts_leads_on_and_one_that_warns_does_not():
    process = {
        "start": "a",
        "steps": [
            step("a", "1wd", "end", timers=[{"name": "t", "after": "2wd", "to": "b", "interrupts": True}]),
            step("b", "3wd", "end"),
        ],
    }
    assert hours(process) == 16 + 24
    process["steps"][0]["timers"][0]["interrupts"] = False
    assert hours(process) == 8


def test_a_loop_is_walked_once():
    assert hours({"start": "a", "steps": [step("a", "4wh", "b"), step("b", "4wh", "a", "end")]}) == 8


def test_what_a_call_calls_counts_with_it():
    inner = {"code": "inner", "start": "x", "steps": [step("x", "2wd", "end")]}
    call = {"name": "c", "kind": "call", "process": "inner", "to": "a"}
    outer = {"start": "c", "steps": [call, step("a", "4wh", "end")], "called": {"inner": inner}}
    assert hours(outer) == 20


def works(limit):
    of_case = case("works", {"field": "relation", "equals": "x"}, None, limit=limit)
    return PROCEDURE | {"limit": {"value": "2wd"}, "cases": [of_case]}


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
def test_the_steps_must_fit_into_the_limit_of_the_case(limit, fits):
    assert (list(lint_shares(works(limit), parse_process(VISIT_AND_OPINION))) == []) is fits


def test_steps_that_take_too_long_are_told_with_the_figures():
    (found,) = lint_shares(works("3wd"), parse_process(VISIT_AND_OPINION))
    assert found.at == ("cases", 0, "limit", "value")
    assert found.values == {"taken": 52, "whose": "case works", "allowed": 24}
