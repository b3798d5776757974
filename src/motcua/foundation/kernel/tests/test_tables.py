from __future__ import annotations

from datetime import date
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from motcua.foundation.kernel.conditions import all_hold
from motcua.foundation.kernel.table_checks import Choices, Fault, Numbers, check_table
from motcua.foundation.kernel.tables import BadTable, decide, input_values, parse_table

DOMAINS = {
    "days": Numbers(0, 9),
    "way": Choices(("online", "counter")),
    "group": Choices(("poor", "child"), may_lack=True),
}
EVERYTHING = [
    dict(zip(DOMAINS, values, strict=True))
    for values in product(range(10), ("online", "counter"), ("poor", "child", None))
]
CELLS = {
    "days": st.one_of(
        st.builds(lambda n: {"at_most": n}, st.integers(-2, 12)),
        st.builds(lambda a, b: {"at_least": a, "at_most": b}, st.integers(-2, 12), st.integers(-2, 12)),
        st.integers(0, 9),
    ),
    "way": st.sampled_from(["online", "counter", ["online", "counter"], {"not": "online"}]),
    "group": st.sampled_from(["poor", ["child"], {"filled": False}, {"not_in": ["poor"]}, {"filled": True}]),
}
ROWS = st.lists(st.fixed_dictionaries({}, optional=CELLS), min_size=1, max_size=5)
INPUTS = {"days": {"days_since": "born"}, "way": {"given": "channel"}, "group": {"field": "group"}}


def table(rows, hit="first"):
    listed = [{"when": when, "then": {"at": at}} for at, when in enumerate(rows)]
    return parse_table({"hit": hit, "inputs": INPUTS, "rows": listed})


def holding(of, values):
    """Naively: the rows whose conditions hold."""
    return [at for at, row in enumerate(of.rows) if all_hold(row.conditions, values)]


@settings(max_examples=150, deadline=None)
@given(ROWS, st.sampled_from(["first", "unique"]))
def test_gaps_overlaps_and_idle_rows_are_exactly_those_of_trying_everything(rows, hit):
    made = table(rows, hit)
    faults = list(check_table(made, DOMAINS))
    held = [holding(made, values) for values in EVERYTHING]
    assert any(it.kind == "gap" for it in faults) == ([] in held)
    for fault in faults:
        if fault.kind == "gap":
            assert holding(made, fault.example) == []
        if fault.kind == "overlap":
            assert set(fault.rows) <= set(holding(made, fault.example))
    if hit == "unique":
        assert any(it.kind == "overlap" for it in faults) == any(len(it) > 1 for it in held)
        reached = {at for it in held for at in it}
    else:
        reached = {it[0] for it in held if it}
    idle = {at for it in faults if it.kind == "unreachable" for at in it.rows}
    assert idle == set(range(len(rows))) - reached


@settings(max_examples=50, deadline=None)
@given(ROWS, st.sampled_from(EVERYTHING))
def test_the_first_row_that_holds_decides(rows, values):
    made = table(rows)
    found = decide(made, values)
    naive = holding(made, values)
    assert (found.then["at"] if found else None) == (naive[0] if naive else None)


def test_inputs_come_from_answers_days_and_what_the_caller_knows():
    made = table([{}])
    answers = {"born": "2026-03-05", "group": "poor"}
    values = input_values(made, answers, on=date(2026, 3, 15), given={"channel": "online"})
    assert values == {"days": 10, "way": "online", "group": "poor"}
    assert input_values(made, {"born": "soon"}, on=date(2026, 3, 15))["days"] is None


def test_fractions_between_two_bounds_are_a_gap():
    made = parse_table(
        {
            "hit": "unique",
            "inputs": {"area": {"field": "area"}},
            "rows": [
                {"when": {"area": {"at_most": 250}}, "then": {}},
                {"when": {"area": {"at_least": 251}}, "then": {}},
            ],
        }
    )
    assert list(check_table(made, {"area": Numbers(0)})) == []
    assert list(check_table(made, {"area": Numbers(0, whole=False)})) == [Fault("gap", (), {"area": 250.5})]


def test_a_place_nobody_lists_is_looked_at_too():
    made = parse_table(
        {
            "hit": "first",
            "inputs": {"place": {"field": "commune"}},
            "rows": [{"when": {"place": ["08494"]}, "then": {}}],
        }
    )
    (fault,) = check_table(made, {"place": Choices((), is_open=True)})
    assert (fault.kind, fault.example) == ("gap", {"place": "…"})


@pytest.mark.parametrize(
    ("data", "path"),
    [
        ([], "table"),
        ({"hit": "any", "inputs": INPUTS, "rows": [{"then": {}}]}, "hit"),
        ({"hit": "first", "inputs": {}, "rows": [{"then": {}}]}, "inputs"),
        ({"hit": "first", "inputs": {"a": {"code": "import os"}}, "rows": [{"then": {}}]}, "inputs.a"),
        ({"hit": "first", "inputs": INPUTS, "rows": []}, "rows"),
        ({"hit": "first", "inputs": INPUTS, "rows": [{"when": {}}]}, "rows[0]"),
        (
            {"hit": "first", "inputs": INPUTS, "rows": [{"when": {"moon": 1}, "then": {}}]},
            "rows[0].when.moon",
        ),
        (
            {"hit": "first", "inputs": INPUTS, "rows": [{"when": {"days": {"at_most": "x"}}, "then": {}}]},
            "rows[0].when.days",
        ),
        ({"hit": "first", "inputs": INPUTS, "rows": [{"then": {}, "if": 1}]}, "rows[0].if"),
        ({"hit": "first", "inputs": INPUTS, "rows": [{"then": {}}], "eval": "1"}, "eval"),
    ],
)
def test_a_table_that_cannot_be_read_is_refused_with_the_place(data, path):
    with pytest.raises(BadTable) as refused:
        parse_table(data)
    assert refused.value.path == path
