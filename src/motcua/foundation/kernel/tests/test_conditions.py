from __future__ import annotations

import pytest

from motcua.foundation.kernel.conditions import BadCondition, all_hold, parse_condition, parse_conditions


@pytest.mark.parametrize(
    ("test", "value", "holds", "fails"),
    [
        ("equals", "new", "new", "repair"),
        ("not", "new", None, "new"),
        ("in", ["new", "repair"], "repair", "move"),
        ("not_in", ["new"], None, "new"),
        ("at_least", 3, "3", "2.9"),
        ("at_most", 3, 3.0, None),
        ("filled", True, "x", []),
        ("filled", False, "", "x"),
    ],
)
def test_holds_for_some_answers_and_not_for_others(test, value, holds, fails):
    condition = parse_condition({"field": "work", test: value})
    assert condition.holds({"work": holds})
    assert not condition.holds({"work": fails})


def test_treats_an_unanswered_field_as_none():
    assert not parse_condition({"field": "floors", "at_least": 0}).holds({})
    assert parse_condition({"field": "floors", "not": "x"}).holds({})


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"field": "x"},
        {"field": "x", "equals": "a", "not": "b"},
        {"field": "x", "like": "a"},
        {"field": "x", "in": "abc"},
        {"field": "x", "at_least": "3"},
        {"field": 3, "equals": "a"},
        ["x"],
    ],
)
def test_refuses_what_it_cannot_read(data):
    with pytest.raises(BadCondition):
        parse_condition(data)


def test_needs_all_of_a_list():
    both = parse_conditions([{"field": "a", "equals": "1"}, {"field": "b", "filled": True}])
    assert all_hold(both, {"a": "1", "b": "x"})
    assert not all_hold(both, {"a": "1"})
