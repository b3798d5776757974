from datetime import UTC, datetime, timedelta

import pytest

from motcua.foundation.worktime.calendars import VIETNAM
from motcua.foundation.worktime.moments import normalise, remaining, working_time_between
from motcua.foundation.worktime.tests.calendars import VIETNAM_2024_2026


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=VIETNAM)


@pytest.mark.parametrize(
    ("moment", "counted_from"),
    [
        ("2026-03-02T06:15", "2026-03-02T07:00"),  # before opening
        ("2026-03-02T07:00", "2026-03-02T07:00"),
        ("2026-03-02T11:29", "2026-03-02T11:29"),
        ("2026-03-02T11:30", "2026-03-02T13:30"),  # the break begins
        ("2026-03-02T12:00", "2026-03-02T13:30"),
        ("2026-03-02T17:00", "2026-03-03T07:00"),  # closed
        ("2026-03-06T17:30", "2026-03-09T07:00"),  # closed until Monday
        ("2026-03-07T10:00", "2026-03-09T07:00"),  # Saturday
        ("2026-02-14T10:00", "2026-02-23T07:00"),  # Tết
        ("2026-08-22T10:00", "2026-08-22T10:00"),  # a worked Saturday
    ],
)
def test_the_clock_starts_at_the_first_working_moment(moment, counted_from):
    assert normalise(at(moment), VIETNAM_2024_2026) == at(counted_from)


def test_reads_moments_of_other_zones_in_vietnamese_time():
    assert normalise(datetime(2026, 3, 2, 23, 0, tzinfo=UTC), VIETNAM_2024_2026) == at("2026-03-03T07:00")


def test_refuses_a_moment_without_a_time_zone():
    with pytest.raises(ValueError):
        normalise(datetime.fromisoformat("2026-03-02T14:00"), VIETNAM_2024_2026)


@pytest.mark.parametrize(
    ("earlier", "later", "hours"),
    [
        ("2026-03-02T07:00", "2026-03-02T17:00", 8),
        ("2026-03-02T10:30", "2026-03-02T14:30", 2),
        ("2026-03-06T16:00", "2026-03-09T08:00", 2),
        ("2026-03-07T00:00", "2026-03-09T00:00", 0),
        ("2026-03-02T17:00", "2026-03-02T07:00", 0),
    ],
)
def test_counts_working_time_without_breaks_and_days_off(earlier, later, hours):
    assert working_time_between(at(earlier), at(later), VIETNAM_2024_2026) == timedelta(hours=hours)


def test_what_remains_turns_negative_when_overdue():
    due_at = at("2026-03-05T14:00")
    assert remaining(at("2026-03-05T11:00"), due_at, VIETNAM_2024_2026) == timedelta(hours=1)
    assert remaining(at("2026-03-06T08:00"), due_at, VIETNAM_2024_2026) == -timedelta(hours=4)
