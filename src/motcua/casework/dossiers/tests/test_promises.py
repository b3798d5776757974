from __future__ import annotations

import json
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from motcua.casework.dossiers.rules.promises import due_steps, month_weeks
from motcua.foundation.worktime.deadlines import due
from motcua.foundation.worktime.limits import parse_limit
from motcua.registry.organisations.selectors import get_calendar

HANOI = ZoneInfo("Asia/Ho_Chi_Minh")


def steps(start: str, limit: str):
    promise = due(datetime.fromisoformat(start).replace(tzinfo=HANOI), parse_limit(limit), get_calendar())
    return due_steps(promise)


def test_the_arithmetic_survives_being_stored():
    stored = steps("2026-03-06T16:00", "3wd")
    assert json.loads(json.dumps(stored)) == stored
    assert all(datetime.fromisoformat(step["begins"]).tzinfo for step in stored)


def test_the_steps_run_from_the_start_to_the_due_moment():
    stored = steps("2026-03-06T16:00", "3wd")
    assert datetime.fromisoformat(stored[0]["begins"]).date().isoformat() == "2026-03-06"
    assert datetime.fromisoformat(stored[-1]["ends"]).isoformat() == "2026-03-11T16:00:00+07:00"


@pytest.mark.parametrize("limit", ["sameday", "3wd", "15wd", "20d"])
def test_the_picture_shows_whole_weeks_from_monday(limit):
    weeks = month_weeks(steps("2026-03-06T16:00", limit))
    assert {len(week) for week in weeks} == {7}
    assert weeks[0][0]["number"] == 2  # Monday of the week in which it began


def test_the_picture_marks_one_due_day_and_the_days_off_between():
    days = [day for week in month_weeks(steps("2026-03-06T16:00", "3wd")) for day in week]
    looks = {day["number"]: day["state"] for day in days}
    assert [day["number"] for day in days if day["state"] == "due"] == [11]
    assert (looks[6], looks[7], looks[8], looks[9], looks[12]) == (
        "counted",
        "off",
        "off",
        "counted",
        "plain",
    )


def test_without_a_due_date_there_is_no_picture():
    assert month_weeks([]) == []
