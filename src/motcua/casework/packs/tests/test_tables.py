"""Decision tables of a procedure: what is wrong with them is told at their place; what they decide is told to people."""

from __future__ import annotations

import copy
import json
from datetime import date

import pytest
import yaml
from django.conf import settings

from motcua.casework.dossiers.rules.cases import BadCase, case_of
from motcua.casework.fees.rules.lines import fee_lines
from motcua.casework.forms.rules.parsing import parse_form
from motcua.casework.packs.rules.tables import lint_tables
from motcua.casework.process.rules.definition import BadProcess, parse_process
from motcua.casework.process.rules.engine import begin, leave

FOLDER = settings.PACKS / "vn" / "procedures"
TEXT = dict.fromkeys(("vi", "en", "de"), "x")


def read(code):
    folder = FOLDER / code
    return (
        yaml.safe_load((folder / "procedure.yaml").read_text(encoding="utf-8")),
        parse_form(json.loads((folder / "form.json").read_text(encoding="utf-8"))),
        yaml.safe_load((folder / "process.yaml").read_text(encoding="utf-8")),
    )


@pytest.fixture(scope="module")
def birth():
    return read("1.001193")


@pytest.fixture(scope="module")
def allowance():
    return read("1.001776")


def fee_table(birth, rows, hit="unique", **inputs):
    procedure, form, process = birth
    table = {"hit": hit, "inputs": inputs or {"days": {"days_since": "birth_date"}}, "rows": rows}
    changed = copy.deepcopy(procedure)
    changed["fees"] = [{"code": "registration", "name": TEXT, "table": table}]
    return [(it.rule, it.at, it.values) for it in lint_tables(changed, process, form)]


def row(when, **then):
    return {"when": when, "then": then or {"amount_vnd": 0}, "because": TEXT}


def test_the_packs_own_tables_leave_nothing_open(birth, allowance):
    assert [
        *lint_tables(birth[0], birth[2], birth[1]),
        *lint_tables(allowance[0], allowance[2], allowance[1]),
    ] == []


PLACE = ("fees", 0, "table")


@pytest.mark.parametrize(
    ("rows", "rule", "at", "words"),
    [
        ([row({"days": {"at_most": 60}}), row({"days": {"at_least": 62}})], "table-gap", PLACE, "days 61"),
        ([row({"days": {"at_most": 60}}), row({"days": {"at_least": 60}})], "table-overlap", (*PLACE, "rows", 1), "days 60"),
        ([row({}), row({"days": {"at_most": -1}})], "table-idle-row", (*PLACE, "rows", 1), "2"),
        ([row({"moon": 1})], "table", PLACE, "is none of the inputs"),
        ([row({}, amount_vnd="7000")], "table", (*PLACE, "rows", 0), "whole đồng"),
        ([row({}, source="law")], "table", (*PLACE, "rows", 0), "then needs amount_vnd"),
        ([row({}, amount_vnd=0, eval="1+1")], "table", (*PLACE, "rows", 0), "nobody reads eval"),
        ([row({}) | {"because": {"vi": "x"}}], "table", (*PLACE, "rows", 0), "because has no en, de"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_fee_table_is_told_with_an_example(birth, rows, rule, at, words):
    (found,) = [it for it in fee_table(birth, rows) if it[0] == rule]
    assert found[1] == at
    assert words in " ".join(map(str, found[2].values()))


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ({"field": "birth_dat"}, "did you mean birth_date?"),
        ({"days_since": "relation"}, "no date"),
        ({"given": "weather"}, "not given here"),
    ],
)
def test_an_input_that_nobody_knows_is_told(birth, source, words):
    (found,) = fee_table(birth, [row({})], known=source)
    assert found[1] == (*PLACE, "inputs", "known")
    assert words in found[2]["why"]


def test_a_ground_that_is_in_no_row_or_in_two_is_named(allowance):
    procedure, form, process = copy.deepcopy(allowance[0]), allowance[1], allowance[2]
    rows = procedure["case_table"]["rows"]
    rows[0]["when"]["group"] = ["hiv_child", "student"]
    found = {it.rule: it.values for it in lint_tables(procedure, process, form)}
    assert found["table-gap"]["example"] == "group hiv"
    assert found["table-overlap"] | {"example": "group student", "rows": "1 and 2"} == found["table-overlap"]


@pytest.mark.parametrize(
    "change",
    [
        {"inputs": {"group": {"given": "channel"}}},
        {"rows": [{"when": {}, "then": {"case": "moon"}}]},
        {"hit": "any"},
    ],
)
def test_a_case_table_that_cannot_be_used_is_refused(allowance, change):
    procedure = allowance[0] | {"case_table": allowance[0]["case_table"] | change}
    with pytest.raises(BadCase, match="case_table"):
        case_of(procedure, {"group": "hiv"})


def test_a_fee_says_why_it_is_this_one(birth):
    for day, words in ((date(2026, 5, 4), "within 60 days"), (date(2026, 5, 5), "later than 60 days")):
        (line,) = fee_lines(birth[0], {"birth_date": "2026-03-05"}, on=day)
        assert words in line.because["en"]


def test_a_table_decides_by_channel_exempts_and_may_take_a_fee_away():
    rows = [
        row({"group": "poor"}, exempt=TEXT),
        row({"way": "online"}, amount_vnd=7_000),
        row({"way": "counter"}, amount_vnd=15_000),
        row({}, applies=False),
    ]
    inputs = {"group": {"field": "group"}, "way": {"given": "channel"}}
    fee = {"code": "f", "name": TEXT, "table": {"hit": "first", "inputs": inputs, "rows": rows}}

    def amounts(answers, channel):
        return [
            it.amount_vnd for it in fee_lines({"fees": [fee]}, answers, on=date(2026, 3, 5), channel=channel)
        ]

    assert amounts({"group": "poor"}, "counter") == [0]
    assert amounts({}, "online") == [7_000]
    assert amounts({}, "counter") == [15_000]
    assert amounts({}, "post") == []


def test_a_gateway_follows_its_table():
    process = yaml.safe_load((FOLDER / "1.012796" / "process.yaml").read_text(encoding="utf-8"))
    definition = parse_process(process)
    for case, follows in (("parcel", "opinion"), ("person", "drafting")):
        facts = {"case": case}
        step = begin(definition, facts)
        for outcome in ("accept", "complete"):
            (token,) = step.marking.tokens
            step = leave(definition, step.marking, token.id, outcome, facts)
        assert [it.node for it in step.marking.tokens] == [follows]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"rows": [{"when": {"case": "parcel"}, "then": {"step": "opinion"}}]}, "must be {to: STEP}"),
        ({"rows": [{"then": {"to": "opinion"}}]}, "needs a condition"),
        ({"inputs": {"case": {"days_since": "issued_on"}}}, "fields only"),
        ({"rows": [{"when": {"case": "parcel"}, "then": {"to": "moon"}}]}, "moon"),
    ],
)
def test_a_gateways_table_that_cannot_be_followed_is_refused(change, words):
    process = yaml.safe_load((FOLDER / "1.012796" / "process.yaml").read_text(encoding="utf-8"))
    gateway = next(it for it in process["steps"] if it["name"] == "by_case")
    gateway["table"] |= change
    with pytest.raises(BadProcess, match=words):
        parse_process(process)
