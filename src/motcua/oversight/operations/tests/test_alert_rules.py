"""When a rule holds: pure."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import yaml
from django.conf import settings
from hypothesis import given
from hypothesis import strategies as st

from motcua.oversight.operations.alerts.observing import OBSERVERS
from motcua.oversight.operations.rules.alerts import (
    MEASURES,
    BadRule,
    Band,
    Bounds,
    Outcome,
    State,
    departure,
    judge,
    parse_rules,
    usual_band,
)

AT = datetime(2026, 3, 10, 2, tzinfo=UTC)
BOUNDS = Bounds(raise_at=4, clear_below=3, overdue_at=8)


def lived(bounds: Bounds, values: list[int]) -> list[Outcome]:
    """What comes of values, one a minute, when nobody acts."""
    state, found = State(), []
    for minute, value in enumerate(values):
        verdict = judge(bounds, value, state, at=AT + timedelta(minutes=minute))
        found.append(verdict.outcome)
        is_open = verdict.outcome in (Outcome.RAISED, Outcome.STILL)
        state = State(is_open=is_open, calm_since=verdict.calm_since)
    return found


def test_between_the_bounds_nothing_changes():
    assert lived(BOUNDS, [3, 4, 3, 3, 4, 2, 3, 4]) == [
        Outcome.NOTHING,
        Outcome.RAISED,
        Outcome.STILL,
        Outcome.STILL,
        Outcome.STILL,
        Outcome.CLEARED,
        Outcome.NOTHING,
        Outcome.RAISED,
    ]


def test_it_ends_only_after_it_was_calm_for_long_enough_without_a_break():
    bounds = Bounds(raise_at=4, clear_below=3, calm_minutes=2)
    assert lived(bounds, [4, 0, 0, 3, 0, 0, 0]) == [Outcome.RAISED, *[Outcome.STILL] * 5, Outcome.CLEARED]


@st.composite
def bounds_of(draw):
    raise_at = draw(st.integers(1, 20))
    return Bounds(raise_at, draw(st.integers(1, raise_at)), calm_minutes=draw(st.integers(0, 5)))


@given(bounds_of(), st.lists(st.integers(0, 25), max_size=60))
def test_it_is_never_raised_twice_without_ending_in_between(bounds, values):
    marks = [it for it in lived(bounds, values) if it in (Outcome.RAISED, Outcome.CLEARED)]
    assert marks[::2] == [Outcome.RAISED] * len(marks[::2])
    assert marks[1::2] == [Outcome.CLEARED] * len(marks[1::2])


@given(bounds_of(), st.integers(0, 25), st.integers(0, 25), st.booleans(), st.booleans())
def test_more_never_ends_what_less_leaves_open(bounds, value, more, is_open, is_held):
    """Monotone: of two values the higher one is raised, or goes on, wherever the lower one is or does."""
    low, high = sorted((value, more))
    state = State(is_open=is_open, is_held=is_held and not is_open)
    up = (Outcome.RAISED, Outcome.STILL)
    below, above = (judge(bounds, it, state, at=AT).outcome for it in (low, high))
    assert below not in up or above in up


def test_what_a_person_ended_keeps_still_until_it_is_calm_or_its_time_is_over():
    held = State(is_held=True)
    assert judge(BOUNDS, 9, held, at=AT).outcome is Outcome.NOTHING
    assert judge(BOUNDS, 2, held, at=AT).outcome is Outcome.RELEASED
    assert judge(BOUNDS, 9, State(is_held=True, may_repeat=True), at=AT).outcome is Outcome.RAISED


@pytest.mark.parametrize(
    ("changes", "wrong"),
    [
        ({"raise_at": 0}, "raise_at"),
        ({"clear_below": 5}, "clear_below"),
        ({"clear_below": 0}, "clear_below"),
        ({"overdue_at": 3}, "overdue_at"),
        ({"repeat_minutes": 0}, "repeat_minutes"),
        ({"minimum": -1}, "minimum"),
    ],
)
def test_bounds_that_do_not_fit_together_are_named(changes, wrong):
    assert wrong in Bounds(**{**BOUNDS.as_json(), **changes}).problems()


def test_too_few_days_make_nothing_usual_and_extremes_are_left_out():
    assert usual_band([5, 6]) is None
    assert usual_band([5, 6, 7]) == Band(5, 6, 7)
    assert usual_band([0, 20, 21, 22, 23, 90]) == Band(20, 21, 23)


def test_a_departure_is_counted_from_the_edge_of_the_usual_and_small_numbers_say_nothing():
    band = Band(20, 25, 30)
    assert [departure(it, band, minimum=10) for it in (20, 30, 45, 10, 0)] == [0, 0, 50, 50, 100]
    assert departure(9, Band(0, 1, 2), minimum=10) == 0
    assert departure(40, Band(0, 0, 0), minimum=10) == 4000


def test_every_measure_is_read_by_somebody_and_watched_by_a_rule_of_the_pack():
    path = settings.PACKS / "vn" / "alerts.yaml"
    rules = parse_rules(yaml.safe_load(path.read_text(encoding="utf-8")))
    assert set(OBSERVERS) == set(MEASURES) == {it.measure for it in rules}


def test_a_rule_that_shows_a_figure_nobody_reads_is_refused():
    words = {"vi": "{nothing}", "en": "", "de": ""}
    row = {"code": "x", "measure": "late", "names": words, "titles": words, "words": words}
    with pytest.raises(BadRule, match="nothing is no figure of late"):
        parse_rules({"source": "", "rules": [row | {"bounds": {"raise_at": 1, "clear_below": 1}}]})
