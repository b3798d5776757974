"""Figures by the pack's measures, from the tallies."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from motcua.foundation.worktime.calendars import VIETNAM
from motcua.oversight.indicators.measuring import figures
from motcua.oversight.indicators.tallying import Days, stock_now, sums
from motcua.oversight.indicators.tests.factories import make_day_tally, make_stock

pytestmark = pytest.mark.django_db
MARCH = Days(date(2026, 3, 1), date(2026, 4, 1))


def test_a_ratio_shows_both_sides_and_a_missing_source_is_no_data(django_assert_num_queries):
    make_day_tally("/H44/H44.25/", date(2026, 3, 2), channel=2, received_offered=3)
    make_day_tally("/H44/H44.25/", date(2026, 3, 3), channel=1, received_offered=1)
    make_day_tally("/H44/H44.25/", date(2026, 4, 1), channel=1, received_offered=9)
    with django_assert_num_queries(1):
        online, on_time, paid = figures("/H44/H44.25/", MARCH)
    assert (online.numerator, online.denominator, str(online.value)) == (3, 4, "0.75")
    assert (on_time.numerator, on_time.denominator, on_time.value) == (0, 0, None)
    assert (paid.value, paid.why) == (None, "no_source")


def test_figures_as_they_were_known_and_of_the_agency_alone():
    make_day_tally("/H44/", date(2026, 3, 2), received=1)
    make_day_tally("/H44/", date(2026, 3, 2), received=2, known_on=date(2026, 3, 9))
    make_day_tally("/H44/", date(2026, 3, 2), received=10, is_below=True)
    assert sums("/H44/", MARCH)[""].of("received") == 13
    assert sums("/H44/", MARCH, is_own=True)[""].of("received") == 3
    assert sums("/H44/", MARCH, known_on=date(2026, 3, 8))[""].of("received") == 11


def test_stock_by_the_day_it_is_due():
    at = datetime(2026, 3, 10, 9, tzinfo=VIETNAM)
    for due_on, count in ((date(2026, 3, 9), 2), (date(2026, 3, 10), 3), (date(2026, 3, 11), 5), (None, 7)):
        make_stock("/H44/", "running", due_on, count)
    make_stock("/H44/", "standing", date(2026, 3, 1), 4)
    found = stock_now(["/H44/", "/H45/"], at=at)
    open_ones = found["/H44/"]
    assert (open_ones.running, open_ones.late, open_ones.due_today, open_ones.standing) == (17, 2, 3, 4)
    assert found["/H45/"].running == 0
