"""Index 766: points, the total as a range, bands, ranking. The example is reckoned by hand."""

from __future__ import annotations

import random
from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
import time_machine
from hypothesis import given
from hypothesis import strategies as st

from motcua.foundation.worktime.calendars import VIETNAM
from motcua.oversight.indicators import contributions
from motcua.oversight.indicators.contributions import Source
from motcua.oversight.indicators.indexing import index_of, ranking
from motcua.oversight.indicators.measures import load_index, load_measures
from motcua.oversight.indicators.rules.index766 import BadIndex, index_on, rank, score
from motcua.oversight.indicators.rules.measures import Figure, half_up
from motcua.oversight.indicators.rules.periods import BadPeriod, parse_days
from motcua.oversight.indicators.tallying import Days
from motcua.oversight.indicators.tests.factories import make_day_tally, make_flow, make_month_tally

MARCH = Days(date(2026, 3, 1), date(2026, 4, 1))
DAY = date(2026, 3, 12)
COMMUNE = "/H44/H44.25/"
AFTER = datetime(2026, 6, 10, 9, tzinfo=VIETNAM)
# What rooms tell that are not built yet, and the catalogue.
TOLD = {
    "publication": {"due": 12, "published": 9},
    "completeness": {"all": 40, "complete": 30},
    "offers": {"online": 30, "eligible": 40},
    "national_database": {"due": 16, "in_time": 10},
    "portalsync": {"synchronised": 80},
    "payments": {"integrated": 9, "procedures": 10},
    "petitions": {"due": 12, "in_time": 11, "dissatisfied_or_late": 3},
}
HERE = ("publication", "completeness", "offers")
# Row, numerator ÷ denominator, reckoning, points.
BY_HAND = [
    ("I.1", 9, 12, "4 × 0.75", "3"),
    ("I.2", 10, 16, "4 × 0.625", "2.5"),
    ("I.3", 30, 40, "4 × 0.75", "3"),
    ("I.4", 80, 100, "6 × 0.8", "4.8"),
    ("II.1", 50 + 20 + 20 - 5, 50 + 20 + 10 + 20, "20 × 0.85", "17"),
    ("II.2", 4800, 80, "0 points, 1 hour", "0"),
    ("III.1", 45, 60, "8 × 0.75", "6"),
    ("III.2", 40, 80, "8 × 0.5", "4"),
    ("III.3", 15, 90, "6 × 1/6", "1"),
    ("IV.1", 30, 40, "4 × 0.75", "3"),
    ("IV.2", 12, 30, "4 × 0.4", "1.6"),
    ("IV.3", 48, 80, "4 × 0.6", "2.4"),
    ("IV.4a", 2, 5, "2 × (0.4 ÷ 0.8)", "1"),
    ("IV.4b", 9, 10, "2, as 0.9 is above 0.8", "2"),
    ("IV.5", 12, 60, "6 × (0.2 ÷ 0.3)", "4"),
    ("V.1", 11, 12, "6 × 11/12", "5.5"),
    ("V.2", 12 - 3, 12, "6 × 0.75", "4.5"),
    ("V.3", 30 - 5, 30, "6 × 5/6", "5"),
]


@pytest.fixture
def sources(monkeypatch):
    """Names -> those that tell something, the others are not there."""

    def told(*names):
        made = {
            name: Source(name, lambda asked, name=name: dict.fromkeys(asked.scopes, TOLD[name]))
            for name in names
        }
        monkeypatch.setattr(contributions, "_sources", made)

    with time_machine.travel(AFTER, tick=False):
        yield told


@pytest.fixture
def _counted(db):
    online = {"received": 60, "received_offered": 48, "received_papers": 50, "received_reused": 15}
    make_day_tally(COMMUNE, DAY, channel=2, received_obligation=35, paid_online=12, **online)
    counter = {"received": 40, "received_offered": 32, "received_papers": 40, "received_obligation": 25}
    make_day_tally(COMMUNE, DAY, channel=1, **counter)
    finished = {"finished": 80, "finished_early": 50, "finished_on_time": 20, "finished_late": 10}
    results = {"result_expected": 60, "result_electronic": 45, "finished_digitised": 40}
    make_day_tally(COMMUNE, DAY, channel=2, known_on=date(2026, 3, 13), **finished, **results)
    asked = {"rated": 30, "dissatisfied": 4, "dissatisfied_or_late": 5}
    make_day_tally(COMMUNE, DAY, channel=3, timed=80, worked_minutes=4800, **asked)
    for number in range(12):
        money = {"received_obligation": 1 if number < 5 else 0, "paid_online": 1 if number < 2 else 0}
        make_month_tally(COMMUNE, MARCH.first, f"1.{number:06}", channel=2, received_offered=4, **money)
    for due_on, change in ((date(2026, 3, 20), 5), (date(2026, 5, 1), 15)):
        make_flow(COMMUNE, DAY, due_on, change)


@pytest.mark.usefixtures("_counted")
class TestByHand:
    def test_the_whole_index_of_an_agency(self, sources):
        sources(*TOLD)
        found = index_of(COMMUNE, MARCH)
        rows = [
            (
                it.row.code,
                it.figure.numerator,
                it.figure.denominator,
                str(Decimal(it.points.numerator) / it.points.denominator),
            )
            for it in found.rows
        ]
        assert rows == [(code, top, bottom, points) for code, top, bottom, _how, points in BY_HAND]
        groups = {it.group.code: half_up(it.points, 1) for it in found.groups}
        assert groups == {
            "I": Decimal("13.3"),
            "II": Decimal("17.0"),
            "III": Decimal("11.0"),
            "IV": Decimal("14.0"),
            "V": Decimal("15.0"),
        }
        assert (found.points, found.of, found.highest) == (Fraction("70.3"), 100, Fraction("70.3"))
        assert found.band.code == "fair"

    def test_while_rows_have_no_data_the_total_is_a_range(self, sources):
        sources(*HERE)
        found = index_of(COMMUNE, MARCH)
        missing = {it.row.code: it.figure.missing for it in found.rows if it.points is None}
        assert missing == {
            "I.2": "national_database",
            "I.4": "portalsync",
            "IV.4a": "payments",
            "IV.4b": "payments",
            "IV.5": "payments",
            "V.1": "petitions",
            "V.2": "petitions",
        }
        assert (found.points, found.of, found.highest) == (46, 68, 78)
        assert (found.band, found.lowest_band.code, found.highest_band.code) == (None, "weak", "fair")

    def test_as_it_was_known_before_the_finished_ones_were_entered(self, sources):
        sources(*TOLD)
        found = {it.row.code: it for it in index_of(COMMUNE, MARCH, known_on=DAY).rows}
        assert found["III.1"].figure.why == "nothing_counted"
        assert found["II.1"].figure.why == "not_frozen"
        assert found["IV.3"].points == Fraction("2.4")

    def test_agencies_of_a_level_beside_each_other(self, world, sources, django_assert_max_num_queries):
        sources()
        here, there = world.desk.agency.path, world.other_desk.agency.path
        make_day_tally(there, DAY, channel=2, received_offered=3)
        with django_assert_max_num_queries(6):
            first, *_, last = ranking("commune", MARCH)
        assert (first.path, first.place, first.score.points) == (there, 1, 4)
        assert (last.path, last.place, last.score.points) == (here, None, None)
        assert {it.figure.why for it in last.score.rows} == {"no_source", "nothing_counted"}
        make_day_tally(here, DAY, channel=2, received_offered=1)
        assert {it.place for it in ranking("commune", MARCH)} == {1}


def test_what_the_pack_declares():
    (index,) = load_index()
    assert {it.code: it.max for it in index.groups} == {"I": 18, "II": 20, "III": 22, "IV": 22, "V": 18}
    assert {it.row: it.code for it in load_measures() if it.row} == {it.code: it.measure for it in index.rows}
    with pytest.raises(BadIndex):
        index_on([index], date(2022, 6, 22))
    assert index_on([index], date(2022, 6, 23)) is index


@pytest.mark.parametrize(
    ("points", "band"),
    [
        ("90", "excellent"),
        ("89.999", "good"),
        ("80", "good"),
        ("70", "fair"),
        ("50", "average"),
        ("43", "weak"),
    ],
)
def test_bands_begin_at_their_points(points, band):
    assert load_index()[0].band(Fraction(points)).code == band


def test_two_published_cases():
    """vietnam.md 4: 61.5 points are average, 43 weak."""
    index = load_index()[0]
    assert (index.band(Fraction("61.5")).code, index.band(Fraction(43)).code) == ("average", "weak")


def test_rounding_is_half_up_and_only_shown():
    assert [str(half_up(Fraction(it), 2)) for it in ("0.125", "-0.125", "2/3", "89.995", "0")] == [
        "0.13",
        "-0.13",
        "0.67",
        "90.00",
        "0.00",
    ]
    # Thirds add up to the very point where a band begins.
    assert sum([Fraction(1, 3)] * 3 + [Fraction(89)]) == 90


sides = st.one_of(
    st.none(), st.tuples(st.integers(-50, 10_000), st.integers(0, 5_000))
)  # numerator and denominator as they come


def scored(found):
    index = load_index()[0]
    measures = {it.code: it for it in load_measures()}
    pairs = [it or (None, None) for it in found]
    return score(
        index, [Figure(measures[code], *pair) for code, pair in zip(index.measures, pairs, strict=True)]
    )


@given(st.lists(sides, min_size=18, max_size=18))
def test_points_lie_between_nothing_and_the_maximum(found):
    total = scored(found)
    for row in total.rows:
        assert row.points is None or 0 <= row.points <= row.row.max
    for group in total.groups:
        assert (group.points or 0) <= group.of <= group.group.max
        assert group.highest == (group.points or 0) + group.group.max - group.of <= group.group.max
    assert (total.points or 0) <= total.highest <= 100
    if total.points is None:
        assert total.of == 0
    # Whatever the missing ones turn out to be, the whole lies in the range.
    full = scored(
        [it if row.points is not None else (1, 1) for it, row in zip(found, total.rows, strict=True)]
    )
    nothing = scored(
        [it if row.points is not None else (0, 1) for it, row in zip(found, total.rows, strict=True)]
    )
    assert (nothing.points, full.points) == (total.points or 0, total.highest)


@given(st.lists(st.lists(sides, min_size=18, max_size=18), max_size=6), st.randoms(use_true_random=False))
def test_the_ranking_does_not_depend_on_the_order(agencies, chance: random.Random):
    scores = {f"/H44/H44.{number}/": scored(it) for number, it in enumerate(agencies)}
    shuffled = list(scores.items())
    chance.shuffle(shuffled)
    ranked = rank(scores)
    assert ranked == rank(dict(shuffled))
    assert {it.path for it in ranked} == set(scores)
    known = [it for it in ranked if it.place is not None]
    assert ranked[: len(known)] == known
    for it in known:
        better = sum(other.score.points > it.score.points for other in known)
        assert it.place == better + 1


def test_days_of_a_period_are_named():
    assert parse_days("2026-03-17") == (date(2026, 3, 17), date(2026, 3, 18))
    assert parse_days("2026-Q4") == (date(2026, 10, 1), date(2027, 1, 1))
    assert parse_days("2026")[1] - parse_days("2026")[0] == timedelta(days=365)
    for wrong in ("2026-02-30", "2026-13", "17", "2026-03-17-"):
        with pytest.raises(BadPeriod):
            parse_days(wrong)
