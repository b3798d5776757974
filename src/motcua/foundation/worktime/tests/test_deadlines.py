from datetime import UTC, date, datetime, time

import pytest

from motcua.foundation.worktime.calendars import VIETNAM
from motcua.foundation.worktime.deadlines import due, hand_over_by
from motcua.foundation.worktime.limits import Limit, Unit, parse_limit
from motcua.foundation.worktime.steps import Code, stopped
from motcua.foundation.worktime.tests.calendars import VIETNAM_2024_2026


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=VIETNAM)


def find(start: str, limit: str, **options):
    return due(at(start), parse_limit(limit), VIETNAM_2024_2026, **options)


def shown(start: str, limit: str) -> list[tuple[int, str, dict]]:
    return [(step.day.day, str(step.code), dict(step.params)) for step in find(start, limit).steps]


def test_answers_in_vietnamese_time_whatever_the_zone_of_the_question():
    found = due(datetime(2026, 3, 2, 7, 0, tzinfo=UTC), parse_limit("3wd"), VIETNAM_2024_2026)
    assert found.at.isoformat() == "2026-03-05T14:00:00+07:00"


def test_a_supplement_starts_the_limit_anew():
    assert find("2026-03-02T14:00", "3wd").at == at("2026-03-05T14:00")
    assert find("2026-03-10T09:00", "3wd").at == at("2026-03-13T09:00")


def test_an_agency_may_set_another_cut_off():
    limit = Limit(Unit.SAME_DAY, cut_off=time(14))
    assert due(at("2026-03-05T14:30"), limit, VIETNAM_2024_2026).at == at("2026-03-06T17:00")


def test_same_day_on_a_day_off_is_the_next_working_day():
    assert find("2026-03-07T16:00", "sameday").at == at("2026-03-09T17:00")


@pytest.mark.parametrize(
    ("received", "until"),
    [
        ("2026-03-05T09:00", "2026-03-05T17:00"),
        ("2026-03-05T14:59", "2026-03-05T17:00"),
        ("2026-03-05T15:00", "2026-03-05T17:00"),
        ("2026-03-05T15:00:01", "2026-03-06T07:00"),
        ("2026-03-06T15:30", "2026-03-09T07:00"),
        ("2026-03-06T18:00", "2026-03-09T17:00"),
    ],
)
def test_the_desk_hands_over_the_same_day_or_first_thing_next_working_day(received, until):
    assert hand_over_by(at(received), VIETNAM_2024_2026) == at(until)


@pytest.mark.parametrize(
    ("received", "day"), [("15:00", 5), ("15:00:01", 6)], ids=["at 15:00", "a second later"]
)
def test_received_at_the_cut_off_is_not_received_after_it(received, day):
    assert find(f"2026-03-05T{received}", "sameday").at == at(f"2026-03-0{day}T17:00")


def test_a_month_ends_on_the_last_day_of_a_shorter_month():
    assert find("2025-01-24T10:00", "1m").at == at("2025-02-24T10:00")
    assert find("2025-12-31T10:00", "2m").at == at("2026-03-02T10:00")  # 28 February is a Saturday


@pytest.mark.parametrize(
    ("start", "limit", "until"),
    [
        ("2026-03-02T14:00", "3wd", "2026-03-05T17:00"),
        ("2026-03-02T14:00", "5d", "2026-03-09T17:00"),  # day 5 is Saturday 7 March
        ("2026-03-02T14:00", "10d", "2026-03-12T17:00"),
        ("2026-03-02T14:00", "1m", "2026-04-02T17:00"),
        ("2026-03-02T14:00", "4wh", "2026-03-03T08:00"),  # periods in hours are not concerned
    ],
)
def test_civil_code_counting_ends_with_the_last_day(start, limit, until):
    assert find(start, limit, civil_code=True).at == at(until)


@pytest.mark.parametrize(
    ("start", "limit", "until"),
    [
        ("2026-03-07T10:00", "3d", "2026-03-10T17:00"),
        ("2026-03-06T18:00", "3d", "2026-03-09T17:00"),
        ("2026-03-06T18:00", "1wd", "2026-03-09T17:00"),
        ("2026-03-07T10:00", "1m", "2026-04-07T17:00"),
    ],
)
def test_civil_code_counting_begins_the_day_after_receipt_open_or_not(start, limit, until):
    assert find(start, limit, civil_code=True).at == at(until)


def test_the_last_hour_counts_from_the_next_working_day_by_the_civil_code_too():
    found = find("2026-03-06T16:30", "1wd", civil_code=True, last_hour_next_day=True)
    assert found.at == at("2026-03-10T17:00")


def test_explains_civil_code_counting_from_the_evening_of_receipt():
    steps = find("2026-03-06T18:00", "3d", civil_code=True).steps
    assert [(step.day.day, str(step.code), step.params.get("number")) for step in steps] == [
        (6, "started", None),
        (7, "counted", 1),
        (8, "counted", 2),
        (9, "due", 3),
    ]
    assert (steps[0].begins, steps[0].ends) == (at("2026-03-06T18:00"), at("2026-03-07T00:00"))


def test_is_provisional_only_beyond_the_table():
    assert not find("2026-12-28T10:00", "3wd").provisional
    assert find("2026-12-28T10:00", "4wd").provisional
    assert find("2026-12-28T10:00", "4wd").at.date() == date(2027, 1, 4)  # New Year follows the rule


def test_explains_working_days_with_the_weekend_skipped():
    assert shown("2026-03-06T14:10", "3wd") == [
        (6, "started", {}),
        (7, "skipped_weekend", {}),
        (8, "skipped_weekend", {}),
        (9, "counted", {"number": 1}),
        (10, "counted", {"number": 2}),
        (11, "due", {"number": 3}),
    ]


def test_explains_receipt_after_closing_and_working_hours_used_up():
    found = find("2026-03-06T17:30", "10wh")
    assert found.start == at("2026-03-09T07:00")
    assert shown("2026-03-06T17:30", "10wh") == [
        (6, "closed", {}),
        (7, "skipped_weekend", {}),
        (8, "skipped_weekend", {}),
        (9, "started", {"seconds": 8 * 3600}),
        (10, "due", {"seconds": 2 * 3600}),
    ]
    assert [(step.begins, step.ends) for step in found.steps[-2:]] == [
        (at("2026-03-09T07:00"), at("2026-03-09T17:00")),
        (at("2026-03-10T07:00"), at("2026-03-10T09:00")),
    ]


def test_explains_holidays_with_their_reason_and_a_worked_saturday():
    assert shown("2026-08-21T09:00", "1wd")[-1] == (
        22,
        "due",
        {"reason": "worked for 31 August", "number": 1},
    )
    assert shown("2026-08-28T09:00", "1wd")[1:] == [
        (29, "skipped_weekend", {}),
        (30, "skipped_weekend", {}),
        (31, "skipped_holiday", {"reason": "swapped for 22 August"}),
        (1, "skipped_holiday", {"reason": "National Day"}),
        (2, "skipped_holiday", {"reason": "National Day"}),
        (3, "due", {"number": 1}),
    ]


def test_explains_calendar_days_where_rest_counts_until_the_last_day():
    assert shown("2026-03-05T09:00", "3d") == [
        (5, "started", {}),
        (6, "counted", {"number": 1}),
        (7, "counted", {"number": 2}),
        (8, "skipped_weekend", {"number": 3}),
        (9, "due", {}),
    ]


def test_explains_a_missed_cut_off():
    assert shown("2026-03-05T15:30", "sameday") == [(5, "started", {"cut_off": "15:00"}), (6, "due", {})]


def test_a_stop_is_drawn_day_by_day_with_the_days_of_rest():
    steps = stopped(at("2026-03-05T15:20"), at("2026-03-08T09:00"))
    assert [(step.code, step.day.day) for step in steps] == [(Code.STOPPED, day) for day in (5, 6, 7, 8)]
    assert steps[0].begins == at("2026-03-05T15:20")
    assert steps[-1].ends == at("2026-03-08T09:00")
    assert stopped(at("2026-03-05T15:20"), at("2026-03-05T15:20")) == ()
