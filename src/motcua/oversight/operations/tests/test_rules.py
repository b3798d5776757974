"""Usual days, tiles and the course of a day: plain arithmetic."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from motcua.foundation.worktime.calendars import VIETNAM
from motcua.oversight.indicators.rules.booking import Standing
from motcua.oversight.indicators.rules.counts import NOTHING, Share, Stock
from motcua.oversight.operations.rules.replaying import Past, changes_of, summed
from motcua.oversight.operations.rules.tiles import Unit, columns_for, grouped, level, short
from motcua.oversight.operations.rules.usual import (
    FEWEST,
    band_of,
    known_days,
    like_days,
    percentile,
    stands,
    usual_at,
)

TUESDAY = date(2026, 3, 10)
EMPTY = [0] * 96


def day_with(**slots: int) -> list[int]:
    found = list(EMPTY)
    for name, count in slots.items():
        found[int(name[1:])] = count
    return found


class TestUsual:
    def test_like_days_are_the_same_weekday_without_days_off(self):
        off = TUESDAY - timedelta(weeks=3)
        found = like_days(TUESDAY, lambda day: day != off)
        assert len(found) == 11 and off not in found
        assert {it.isoweekday() for it in found} == {2} and found[0] == date(2026, 3, 3)

    def test_a_day_off_is_like_no_day(self):
        assert like_days(TUESDAY, lambda day: day != TUESDAY) == []

    def test_days_before_the_first_arrival_are_unknown_and_an_empty_day_after_it_is_none(self):
        counts = {TUESDAY - timedelta(weeks=it): EMPTY for it in range(1, 6)}
        counts[TUESDAY - timedelta(weeks=4)] = day_with(s40=1)
        assert sorted(known_days(counts)) == [TUESDAY - timedelta(weeks=it) for it in (4, 3, 2, 1)]
        assert known_days({TUESDAY: EMPTY}) == {}

    def test_the_band_is_the_second_least_and_second_most_of_eleven_days(self):
        counts = {TUESDAY - timedelta(weeks=it): day_with(s36=it, s40=10 * it) for it in range(1, 12)}
        band = band_of(counts)
        assert (band[35], band[36], band[39], band[40], band[95]) == (
            (0, 0),
            (2, 10),
            (2, 10),
            (22, 110),
            (22, 110),
        )

    def test_too_few_days_make_no_band(self):
        counts = {TUESDAY - timedelta(weeks=it): day_with(s36=1) for it in range(1, FEWEST)}
        assert band_of(counts) == () and usual_at((), 600) is None and stands(5, None) == ""

    def test_within_a_quarter_it_is_in_proportion(self):
        band = tuple((10 * it, 30 * it) for it in range(1, 97))
        assert usual_at(band, 0) == (0, 0)
        assert usual_at(band, 15) == (10, 30)
        assert usual_at(band, 20) == (13, 40)
        assert usual_at(band, 24 * 60) == (960, 2880)

    @pytest.mark.parametrize(("count", "said"), [(9, "below"), (10, "usual"), (20, "usual"), (21, "above")])
    def test_where_a_count_stands(self, count, said):
        assert stands(count, (10, 20)) == said

    # A busy machine is no fault of the rule.
    @settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(st.lists(st.integers(0, 1000), min_size=1, max_size=20), st.integers(1, 100))
    def test_a_percentile_is_the_least_value_that_so_many_do_not_exceed(self, values, percent):
        found = percentile(values, percent)
        assert sum(it <= found for it in values) * 100 >= percent * len(values)
        assert sum(it < found for it in values) * 100 < percent * len(values)


class TestTiles:
    def units(self, group: str, count: int) -> list[Unit]:
        return [Unit(f"/H/{group}{it}/", f"{group}{it}", "x", f"{it:05d}", group) for it in range(count)]

    def test_levels(self):
        assert [level(it) for it in (0, 1, 3, 4, 99)] == ["none", "some", "some", "many", "many"]

    def test_the_biggest_province_first_and_departments_last(self):
        groups = grouped([*self.units("", 5), *self.units("Hòa Bình", 2), *self.units("Phú Thọ", 3)])
        assert [(it.name, len(it.units)) for it in groups] == [("Phú Thọ", 3), ("Hòa Bình", 2), ("", 5)]

    @pytest.mark.parametrize(
        ("sizes", "columns"),
        [((40,), 6), ((8,), 6), ((66, 46, 36), 13), ((50, 38), 9), ((50, 39), 13), ((300,), 13)],
    )
    def test_tiles_fit_a_wall(self, sizes, columns):
        groups = grouped(
            unit for name, size in zip("ABC", sizes, strict=False) for unit in self.units(name, size)
        )
        assert columns_for(groups) == columns

    @pytest.mark.parametrize(
        ("name", "said"),
        [("Xã Thanh Ba", "Thanh Ba"), ("Phường Kỳ Sơn", "Kỳ Sơn"), ("Sở Xây dựng", "Sở Xây dựng")],
    )
    def test_names_on_tiles_go_without_their_kind(self, name, said):
        assert short(name) == said


class TestReplaying:
    def standing(
        self, path: str, stock: Stock | None, due: date | None = None, moved: date = TUESDAY
    ) -> Standing:
        return Standing((path, "1.001193", 1), Share(stock=stock, due_on=due), moved, moved)

    def test_a_dossier_comes_is_taken_up_and_finished(self):
        at = datetime(2026, 3, 10, 9, 20, tzinfo=VIETNAM)
        came = self.standing("/H/A/", Stock.WAITING)
        runs, done = (
            self.standing("/H/A/", Stock.RUNNING, TUESDAY),
            self.standing("/H/A/", Stock.READY, TUESDAY),
        )
        changes = [
            *changes_of(Standing(share=NOTHING), came, TUESDAY, at),
            *changes_of(came, runs, TUESDAY, at + timedelta(hours=1)),
            *changes_of(runs, done, TUESDAY, at + timedelta(hours=2)),
        ]
        seen = {
            slot: {k: v for k, v in summed(changes, "/H/", slot).items() if v}
            for slot in (37, 38, 42, 46, 96)
        }
        assert seen == {37: {}, 38: {"waiting": 1}, 42: {"due_today": 1}, 46: {"ready": 1}, 96: {"ready": 1}}
        assert not summed(changes, "/H/B/", 96)

    def test_transferred_it_leaves_one_and_comes_to_the_other(self):
        at = datetime(2026, 3, 10, 0, 0, tzinfo=VIETNAM)
        old = self.standing("/H/A/", Stock.RUNNING, TUESDAY - timedelta(days=1))
        changes = changes_of(
            old, self.standing("/H/B/", Stock.RUNNING, TUESDAY - timedelta(days=1)), TUESDAY, at
        )
        assert summed(changes, "/H/A/", 1) == {"late": -1} and summed(changes, "/H/B/", 1) == {"late": 1}
        assert not any(summed(changes, "/H/", 1).values())

    def test_what_counts_on_another_day_is_no_change_and_what_was_told_later_has_no_hour(self):
        at = datetime(2026, 3, 12, 9, 0, tzinfo=VIETNAM)
        other = self.standing("/H/A/", Stock.WAITING, moved=date(2026, 3, 12))
        assert changes_of(Standing(), other, TUESDAY, at) == []
        assert [
            it.slot for it in changes_of(Standing(), self.standing("/H/A/", Stock.WAITING), TUESDAY, at)
        ] == [95]

    def test_moments_of_a_day(self):
        assert Past(TUESDAY, 42).at == datetime(2026, 3, 10, 10, 30, tzinfo=VIETNAM)
        assert Past(TUESDAY, 96).at.date() == TUESDAY and Past(TUESDAY, 96).clock == "24:00"
