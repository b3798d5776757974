"""By when somebody is called, and at which numbers."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from motcua.community.helpdesk.rules.limits import call_by, callable_number, parse_limits
from motcua.foundation.worktime.calendars import VIETNAM, Calendar

CALENDAR = Calendar(table_until=date(2026, 12, 31), days_off={date(2026, 3, 12): "closed"})


def at(text):
    return datetime.fromisoformat(text).replace(tzinfo=VIETNAM)


@pytest.mark.parametrize(
    ("asked", "wish", "half_days", "by"),
    [
        # Tuesday morning: this afternoon; afternoon: tomorrow morning; before opening: this morning.
        ("2026-03-10T09:00", "any", 1, "2026-03-10T17:00"),
        ("2026-03-10T14:00", "any", 1, "2026-03-11T11:30"),
        ("2026-03-10T06:00", "any", 1, "2026-03-10T11:30"),
        ("2026-03-10T09:00", "any", 2, "2026-03-11T11:30"),
        # A wish waits for its half; days off are jumped.
        ("2026-03-10T09:00", "morning", 1, "2026-03-11T11:30"),
        ("2026-03-11T14:00", "any", 1, "2026-03-13T11:30"),
        ("2026-03-13T16:00", "afternoon", 1, "2026-03-16T17:00"),
    ],
)
def test_the_call_is_due_at_the_end_of_the_next_half_day(asked, wish, half_days, by):
    assert call_by(at(asked), wish, half_days, CALENDAR) == at(by)


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("0912 345 678", "0912345678"),
        ("+84 912 345 678", "0912345678"),
        ("0210.384.1234", "02103841234"),
        ("+49 30 1234567", "+49301234567"),
        ("12345", ""),
        ("0912 345 67x", ""),
        ("113", ""),
        ("<script>", ""),
    ],
)
def test_a_number_that_nobody_can_call_is_none(typed, number):
    assert callable_number(typed) == number


def test_limits_are_small_numbers():
    with pytest.raises(ValueError, match="half_days"):
        parse_limits({"call_back": {"half_days": "one", "tries": 3, "most_open": 3}})
