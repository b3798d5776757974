from datetime import date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from motcua.foundation.worktime.calendars import VIETNAM
from motcua.foundation.worktime.deadlines import due
from motcua.foundation.worktime.limits import Limit, Unit
from motcua.foundation.worktime.moments import add_working_time, normalise, working_time_between
from motcua.foundation.worktime.steps import Code
from motcua.foundation.worktime.tests.calendars import VIETNAM_2024_2026 as CALENDAR

FIRST, LAST = datetime.fromisoformat("2024-12-01"), datetime.fromisoformat("2027-06-30")
moments = st.datetimes(FIRST, LAST, timezones=st.just(VIETNAM))
limits = st.builds(Limit, unit=st.sampled_from(Unit), count=st.integers(1, 60))
amounts = st.timedeltas(timedelta(microseconds=1), timedelta(hours=100))


@given(moments, limits, st.booleans())
def test_nothing_is_due_on_a_day_off_or_outside_working_hours(start, limit, civil_code):
    at = due(start, limit, CALENDAR, civil_code=civil_code).at
    assert any(opens <= at <= closes for opens, closes in CALENDAR.day(at.date()).sessions)


@given(moments)
def test_a_normalised_start_lies_inside_working_time_and_stays(start):
    begun = normalise(start, CALENDAR)
    assert begun >= start
    assert any(opens <= begun < closes for opens, closes in CALENDAR.day(begun.date()).sessions)
    assert normalise(begun, CALENDAR) == begun
    assert working_time_between(start, begun, CALENDAR) == timedelta()


@given(moments, moments, limits)
def test_what_came_later_is_not_due_on_an_earlier_day(one, other, limit):
    earlier, later = (due(start, limit, CALENDAR).at for start in sorted((one, other)))
    assert earlier.date() <= later.date()
    # Rolling on keeps the time of day, so two calendar periods may end on one day in either order.
    assert earlier <= later or limit.unit in {Unit.DAYS, Unit.MONTHS}


@given(moments, st.sampled_from(Unit), st.integers(1, 60), st.integers(1, 60))
def test_a_longer_limit_is_not_due_earlier(start, unit, one, other):
    shorter, longer = (due(start, Limit(unit, count), CALENDAR).at for count in sorted((one, other)))
    assert shorter <= longer


@given(moments, amounts, amounts)
def test_working_time_in_two_parts_is_the_same_as_in_one(start, first, second):
    in_parts = add_working_time(add_working_time(start, first, CALENDAR), second, CALENDAR)
    assert in_parts == add_working_time(start, first + second, CALENDAR)
    assert working_time_between(start, in_parts, CALENDAR) == first + second


@given(moments, limits, st.booleans())
def test_the_steps_are_exactly_the_days_from_receipt_to_due(start, limit, civil_code):
    found = due(start, limit, CALENDAR, civil_code=civil_code)
    days = (found.at.date() - start.date()).days
    assert [step.day for step in found.steps] == [start.date() + timedelta(n) for n in range(days + 1)]
    assert [step.code is Code.DUE for step in found.steps] == [False] * days + [True]
    assert all(step.begins <= step.ends for step in found.steps)
    assert found.steps[-1].ends == found.at


@given(moments, st.integers(1, 60))
def test_the_hours_shown_add_up_to_the_limit(start, count):
    start = start.replace(microsecond=0)
    steps = due(start, Limit(Unit.WORKING_HOURS, count), CALENDAR).steps
    assert sum(step.params.get("seconds", 0) for step in steps) == count * 3600


@given(moments, st.integers(1, 60))
def test_the_days_shown_are_numbered_up_to_the_limit(start, count):
    for unit in (Unit.WORKING_DAYS, Unit.DAYS):
        steps = due(start, Limit(unit, count), CALENDAR).steps
        assert [step.params["number"] for step in steps if "number" in step.params] == list(
            range(1, count + 1)
        )


@given(moments, limits)
def test_is_provisional_exactly_when_due_after_the_table(start, limit):
    found = due(start, limit, CALENDAR)
    assert found.provisional == (found.at.date() > date(2026, 12, 31))


@given(moments, st.integers(1, 60), st.integers(1, 60))
def test_working_days_in_two_parts_are_the_same_as_in_one(start, first, second):
    def after(begun, count):
        return due(begun, Limit(Unit.WORKING_DAYS, count), CALENDAR).at

    assert after(after(start, first), second) == after(start, first + second)
