from __future__ import annotations

import json
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from motcua.casework.dossiers.rules.clock_picture import CELL, HEIGHT, draw_clock
from motcua.casework.dossiers.rules.promises import due_steps
from motcua.foundation.worktime.deadlines import due
from motcua.foundation.worktime.events import Event, Kind
from motcua.foundation.worktime.history import Counting, history
from motcua.foundation.worktime.limits import parse_limit
from motcua.registry.organisations.selectors import get_calendar

HANOI = ZoneInfo("Asia/Ho_Chi_Minh")
MONDAY = datetime(2026, 3, 9, 9, 0, tzinfo=HANOI)


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


@pytest.mark.parametrize("limit", ["sameday", "3wd", "15wd", "20d", "8wh"])
def test_the_picture_shows_whole_weeks_from_monday_and_marks_one_due_moment(limit):
    picture = draw_clock(steps("2026-03-06T16:00", limit))
    assert len(picture.cells) % 7 == 0 and picture.cells[0].label == "2"
    assert [mark.sign for mark in picture.marks].count("due") == 1
    assert all(bar.x >= 0 and bar.x + bar.width <= picture.width for bar in picture.bars)


def test_the_picture_draws_hours_days_off_and_what_stopped_the_clock():
    received, stop, again = (MONDAY + timedelta(days=days) for days in (0, 1, 4))
    until = MONDAY + timedelta(days=10)
    events = [
        Event(Kind.STOPPED, stop),
        Event(Kind.RESTARTED, again),
        Event(Kind.EXTENDED, again, until),
    ]
    found = history(received, Counting(parse_limit("3wd"), get_calendar()), events, at=again)
    picture = draw_clock(due_steps(found))
    assert picture.signs == ["start", "stop", "restart", "due", "new"]
    assert picture.looks == ["counted", "off", "stopped", "extended"]
    assert sum(cell.is_off for cell in picture.cells) == 2


@given(st.integers(0, 60 * 24 * 300), st.sampled_from(["sameday", "3wd", "12d", "2m", "20wh"]))
def test_every_drawn_hour_lies_within_its_day(minutes, limit):
    start = (MONDAY + timedelta(minutes=minutes)).replace(tzinfo=None).isoformat()
    picture = draw_clock(steps(start, limit))
    corners = {(cell.x, cell.y) for cell in picture.cells}
    for bar in picture.bars:
        x, y = next((x, y) for x, y in corners if x <= bar.x < x + CELL and y <= bar.y < y + HEIGHT)
        assert bar.x + bar.width <= x + CELL and bar.y + bar.height <= y + HEIGHT and bar.width > 0


def test_without_a_due_date_there_is_no_picture():
    assert draw_clock([]) is None
