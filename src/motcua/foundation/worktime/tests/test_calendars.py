from datetime import date, time

import pytest

from motcua.foundation.worktime.calendars import Calendar
from motcua.foundation.worktime.tests.calendars import FIXED_HOLIDAYS, VIETNAM_2024_2026

RULE_ONLY = Calendar(table_until=date(2000, 1, 1), fixed_holidays=FIXED_HOLIDAYS)


def off_days(calendar: Calendar, *days: date) -> list[bool]:
    return [not calendar.is_working(day) for day in days]


def test_weekends_are_off_and_other_days_worked():
    friday, saturday, sunday, monday = (date(2026, 3, day) for day in (6, 7, 8, 9))
    assert off_days(VIETNAM_2024_2026, friday, saturday, sunday, monday) == [False, True, True, False]


def test_tet_comes_from_the_table():
    assert off_days(VIETNAM_2024_2026, *(date(2026, 2, day) for day in range(16, 21))) == [True] * 5
    assert VIETNAM_2024_2026.day(date(2026, 2, 17)).reason == "Tết"


def test_a_swapped_saturday_is_worked_and_says_why():
    assert VIETNAM_2024_2026.is_working(date(2026, 8, 22))
    assert VIETNAM_2024_2026.day(date(2026, 8, 22)).reason == "worked for 31 August"
    assert not VIETNAM_2024_2026.is_working(date(2026, 8, 31))


def test_a_fixed_holiday_is_off_in_every_year_without_a_table():
    assert off_days(RULE_ONLY, date(2031, 1, 1), date(2031, 9, 2), date(2031, 9, 3)) == [True, True, False]


def test_a_fixed_holiday_on_sunday_moves_to_monday():
    assert off_days(RULE_ONLY, date(2029, 9, 2), date(2029, 9, 3), date(2029, 9, 4)) == [True, True, False]
    assert RULE_ONLY.day(date(2029, 9, 3)).reason == "National Day"


def test_two_holidays_on_one_weekend_move_to_two_days():
    # 30 April 2033 is a Saturday, 1 May a Sunday.
    days = [date(2033, 5, day) for day in (2, 3, 4)]
    assert [RULE_ONLY.day(day).reason for day in days] == ["Reunification", "Labour Day", ""]
    assert off_days(RULE_ONLY, *days) == [True, True, False]


def test_a_moved_holiday_jumps_over_the_holiday_after_it():
    # 30 April 2028 is a Sunday, 1 May a Monday: the day in lieu is Tuesday.
    assert off_days(RULE_ONLY, *(date(2028, 5, day) for day in (1, 2, 3))) == [True, True, False]


def test_a_moved_holiday_jumps_over_days_off_of_the_table():
    calendar = Calendar(
        table_until=date(2029, 12, 31),
        days_off={date(2029, 9, 3): "day beside National Day"},
        fixed_holidays=FIXED_HOLIDAYS,
    )
    assert off_days(calendar, *(date(2029, 9, day) for day in (3, 4, 5))) == [True, True, False]


def test_a_holiday_at_the_end_of_december_moves_into_january():
    calendar = Calendar(
        table_until=date(2000, 1, 1), fixed_holidays={(12, 31): "Old Year", (1, 1): "New Year"}
    )
    # 31 December 2028 is a Sunday, 1 January 2029 a Monday.
    assert off_days(calendar, *(date(2029, 1, day) for day in (1, 2, 3))) == [True, True, False]


def test_a_holiday_that_the_table_lets_work_is_not_moved():
    calendar = Calendar(
        table_until=date(2029, 12, 31),
        working_days={date(2029, 9, 2): "census"},
        fixed_holidays=FIXED_HOLIDAYS,
    )
    assert off_days(calendar, date(2029, 9, 2), date(2029, 9, 3)) == [False, False]


@pytest.mark.parametrize(
    "contradiction",
    [
        {"sessions": ()},
        {"sessions": ((time(13), time(17)), (time(7), time(11)))},
        {"sessions": ((time(7), time(7)),)},
        {"weekly_days_off": frozenset(range(7))},
        {"days_off": {date(2026, 3, 2): "a"}, "working_days": {date(2026, 3, 2): "b"}},
        {"days_off": {date(2026, 3, 2): ""}},
        {"fixed_holidays": {(2, 30): "never"}},
    ],
    ids=lambda contradiction: "-".join(contradiction),
)
def test_refuses_a_calendar_that_contradicts_itself(contradiction):
    with pytest.raises(ValueError):
        Calendar(table_until=date(2026, 12, 31), **contradiction)
