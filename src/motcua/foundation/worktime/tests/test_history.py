from datetime import datetime, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from motcua.foundation.worktime.calendars import VIETNAM
from motcua.foundation.worktime.deadlines import due
from motcua.foundation.worktime.events import Event, ImpossibleEvent, Kind, Why
from motcua.foundation.worktime.history import Counting, Standing, history
from motcua.foundation.worktime.limits import Limit, Unit, parse_limit
from motcua.foundation.worktime.moments import add_working_time, working_time_between
from motcua.foundation.worktime.steps import Code
from motcua.foundation.worktime.tests.calendars import VIETNAM_2024_2026 as CALENDAR

# March 2026: the 2nd is a Monday, no holiday.


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"2026-{text}").replace(tzinfo=VIETNAM)


def ask(received: str, limit: str, *events: tuple, asked: str = "05-29T09:00", **options):
    happened = [Event(kind, at(when), *map(at, until)) for kind, when, *until in events]
    return history(at(received), Counting(parse_limit(limit), CALENDAR, **options), happened, at=at(asked))


def test_without_events_it_is_the_plain_due_date():
    found, plain = ask("03-02T14:00", "3wd"), due(at("03-02T14:00"), parse_limit("3wd"), CALENDAR)
    assert (found.due_at, found.basis_at, found.steps) == (plain.at, plain.at, plain.steps)


@pytest.mark.parametrize(
    ("limit", "resumed", "until"),
    [
        ("3wd", "03-06T09:00", "03-10T14:00"),  # three whole days later
        ("20wh", "03-06T09:00", "03-10T08:00"),
        ("10d", "03-06T09:00", "03-16T14:00"),  # three days later than 12 March: Sunday, rolled on
        ("10d", "03-05T09:00", "03-16T14:00"),  # Saturday 14 March, rolled on
        ("10d", "03-04T09:00", "03-13T14:00"),
        ("10d", "03-03T12:30", "03-13T07:00"),  # 12 March 17:30 is after closing
        ("1m", "03-04T09:00", "04-03T14:00"),
    ],
)
def test_a_resumed_clock_goes_on_with_what_remained(limit, resumed, until):
    found = ask("03-02T14:00", limit, (Kind.STOPPED, "03-03T09:00"), (Kind.RESUMED, resumed))
    assert found.due_at == at(until)
    assert found.basis_at == found.due_at


def test_while_the_clock_stands_still_there_is_no_due_date():
    found = ask("03-02T14:00", "3wd", (Kind.STOPPED, "03-03T09:00"), asked="03-30T09:00")
    assert (found.due_at, found.basis_at, found.standing) == (None, None, Standing.IN_PROCESS)
    assert [period.working for period in found.periods] == [timedelta(hours=5)]
    assert found.steps[-1].code is Code.STOPPED


def test_what_was_overdue_when_it_stopped_stays_overdue():
    events = (Kind.STOPPED, "03-06T09:00"), (Kind.RESUMED, "03-12T09:00")
    for found in (
        ask("03-02T14:00", "3wd", *events[:1], asked="03-10T09:00"),
        ask("03-02T14:00", "3wd", *events),
    ):
        assert (found.due_at, found.standing) == (at("03-05T14:00"), Standing.OVERDUE)


def test_a_supplement_gives_the_whole_limit_again_and_the_first_period_is_kept():
    found = ask(
        "03-02T14:00",
        "3wd",
        (Kind.STOPPED, "03-03T09:00"),
        (Kind.RESTARTED, "03-10T09:00"),
        (Kind.FINISHED, "03-11T10:00"),
    )
    assert found.due_at == found.basis_at == at("03-13T09:00")
    assert [(p.begins, p.ends, p.working) for p in found.periods] == [
        (at("03-02T14:00"), at("03-03T09:00"), timedelta(hours=5)),
        (at("03-10T09:00"), at("03-11T10:00"), timedelta(hours=9)),
    ]
    assert [str(step.code) for step in found.steps] == [
        "started",
        "counted",
        *["stopped"] * 8,
        "restarted",
        "counted",
        "counted",
        "due",
    ]


def test_a_payment_may_restart_a_clock_that_runs():
    found = ask("03-02T14:00", "3wd", (Kind.RESTARTED, "03-04T10:00"))
    assert found.due_at == at("03-09T10:00")
    assert found.periods[0].working == timedelta(hours=14)


def test_an_extension_is_for_the_applicant_and_the_original_stays_the_basis():
    extended = (Kind.EXTENDED, "03-04T10:00", "03-10T14:00")
    found = ask("03-02T14:00", "3wd", extended, asked="03-06T09:00")
    assert (found.due_at, found.basis_at) == (at("03-10T14:00"), at("03-05T14:00"))
    assert found.standing is Standing.OVERDUE
    last = found.steps[-1]
    assert (last.code, last.ends, last.params) == (
        Code.EXTENDED,
        at("03-10T14:00"),
        {"decided": "2026-03-04"},
    )


def test_a_stop_moves_the_extended_date_and_the_basis():
    found = ask(
        "03-02T14:00",
        "3wd",
        (Kind.EXTENDED, "03-03T08:00", "03-06T14:00"),
        (Kind.STOPPED, "03-03T14:00"),
        (Kind.RESUMED, "03-05T14:00"),
    )
    assert (found.due_at, found.basis_at) == (at("03-10T14:00"), at("03-09T14:00"))
    assert [step.code for step in found.steps][-2:] == [Code.DUE, Code.EXTENDED]


@pytest.mark.parametrize(
    ("events", "why"),
    [
        ([(Kind.RESUMED, "03-03T09:00")], Why.RUNS),
        ([(Kind.STOPPED, "03-03T09:00"), (Kind.STOPPED, "03-03T10:00")], Why.STANDS_STILL),
        ([(Kind.STOPPED, "03-02T13:00")], Why.OUT_OF_ORDER),
        ([(Kind.STOPPED, "06-02T13:00")], Why.OUT_OF_ORDER),
        ([(Kind.FINISHED, "03-03T09:00"), (Kind.STOPPED, "03-03T10:00")], Why.AFTER_THE_END),
        ([(Kind.EXTENDED, "03-05T07:00", "03-06T14:00")], Why.TOO_LATE),
        ([(Kind.EXTENDED, "03-04T07:00", "03-05T14:00")], Why.NOT_LATER),
        ([(Kind.EXTENDED, "03-04T07:00")], Why.NOT_LATER),
        ([(Kind.EXTENDED, "03-04T07:00", "03-07T14:00")], Why.NOT_WORKING_TIME),
        ([(Kind.EXTENDED, "03-04T07:00", "03-06T12:00")], Why.NOT_WORKING_TIME),
        ([(Kind.STOPPED, "03-03T09:00"), (Kind.EXTENDED, "03-03T10:00", "03-06T14:00")], Why.STANDS_STILL),
        (
            [(Kind.EXTENDED, "03-03T07:00", "03-06T14:00"), (Kind.EXTENDED, "03-04T07:00", "03-09T14:00")],
            Why.EXTENDED_BEFORE,
        ),
        (
            [
                (Kind.EXTENDED, "03-03T07:00", "03-06T14:00"),
                (Kind.RESTARTED, "03-04T07:00"),
                (Kind.EXTENDED, "03-04T08:00", "03-20T14:00"),
            ],
            Why.EXTENDED_BEFORE,
        ),
    ],
    ids=lambda value: str(value) if isinstance(value, Why) else "",
)
def test_refuses_what_cannot_happen(events, why):
    with pytest.raises(ImpossibleEvent) as refused:
        ask("03-02T14:00", "3wd", *events)
    assert refused.value.why is why


def test_refuses_a_question_before_receipt_and_a_moment_without_a_zone():
    with pytest.raises(ValueError):
        ask("03-02T14:00", "3wd", asked="03-02T13:59")
    with pytest.raises(ValueError):
        history(
            at("03-02T14:00"),
            Counting(parse_limit("3wd"), CALENDAR),
            [Event(Kind.STOPPED, datetime.fromisoformat("2026-03-03T09:00"))],
            at=at("03-04T14:00"),
        )


@pytest.mark.parametrize(
    ("finished", "standing"),
    [
        ("03-04T16:59", Standing.EARLY),
        ("03-05T07:30", Standing.ON_TIME),
        ("03-05T14:00", Standing.ON_TIME),
        ("03-05T14:01", Standing.LATE),
        ("03-20T09:00", Standing.LATE),
    ],
)
def test_a_finished_dossier_is_early_on_time_or_late(finished, standing):
    assert ask("03-02T14:00", "3wd", (Kind.FINISHED, finished)).standing is standing


@pytest.mark.parametrize(
    ("asked", "standing"),
    [
        ("03-02T14:00", Standing.IN_PROCESS),
        ("03-04T13:59", Standing.IN_PROCESS),
        ("03-04T14:00", Standing.NEARLY_DUE),
        ("03-05T14:00", Standing.NEARLY_DUE),
        ("03-05T14:01", Standing.OVERDUE),
    ],
)
def test_a_dossier_in_process_turns_nearly_due_and_overdue(asked, standing):
    assert ask("03-02T14:00", "3wd", asked=asked).standing is standing


def test_the_threshold_of_nearly_due_is_local():
    two = Limit(Unit.WORKING_DAYS, 2)
    assert ask("03-02T14:00", "3wd", asked="03-03T14:00", nearly=two).standing is Standing.NEARLY_DUE


def test_a_dossier_that_ends_while_the_clock_stands_still_is_not_late():
    events = (Kind.STOPPED, "03-05T13:30"), (Kind.FINISHED, "04-20T09:00")
    assert ask("03-02T14:00", "3wd", *events).standing is Standing.ON_TIME


# Ten days from Wednesday the 4th end on Saturday the 14th at 09:00, and are rolled on to Monday the 16th at 09:00.
LAST_DAY_OF_REST = "03-04T09:00", "10d", (Kind.STOPPED, "03-14T12:00")


def test_what_stops_on_a_last_day_of_rest_is_due_at_once_when_it_goes_on():
    found = ask(*LAST_DAY_OF_REST, (Kind.RESUMED, "03-17T15:00"), asked="03-17T15:00")
    assert found.due_at == found.basis_at == at("03-17T15:00")
    assert found.standing is Standing.NEARLY_DUE


def test_what_stops_on_a_last_day_of_rest_is_not_overdue_while_it_stands_still():
    assert ask(*LAST_DAY_OF_REST, asked="03-17T15:00").standing is Standing.IN_PROCESS
    finished = ask(*LAST_DAY_OF_REST, (Kind.FINISHED, "03-17T15:00"))
    assert finished.standing is Standing.ON_TIME


def test_linked_procedures_count_the_last_hour_from_the_next_working_day():
    found = ask("03-06T16:00", "1wd", last_hour_next_day=True)
    assert found.due_at == at("03-10T07:00")
    assert (found.steps[0].code, found.steps[0].params) == (Code.CLOSED, {"last_hour": "16:00"})
    assert ask("03-06T15:59", "1wd", last_hour_next_day=True).due_at == at("03-09T15:59")


def test_civil_code_counting_ends_with_the_day_after_a_stop_too():
    events = (Kind.STOPPED, "03-03T09:00"), (Kind.RESUMED, "03-04T09:00")
    assert ask("03-02T14:00", "3wd", *events, civil_code=True).due_at == at("03-06T17:00")


FIRST, LAST = datetime.fromisoformat("2025-01-01"), datetime.fromisoformat("2026-10-31")
moments = st.datetimes(FIRST, LAST, timezones=st.just(VIETNAM)).map(lambda m: m.replace(microsecond=0))
limits = st.builds(Limit, unit=st.sampled_from(Unit), count=st.integers(1, 60))
pauses = st.timedeltas(timedelta(0), timedelta(days=40)).map(
    lambda d: timedelta(seconds=int(d.total_seconds()))
)
END = datetime(2027, 12, 31, tzinfo=VIETNAM)


@given(moments, limits, pauses, st.booleans())
def test_stopping_and_resuming_at_one_instant_changes_nothing(start, limit, later, civil_code):
    counting = Counting(limit, CALENDAR, civil_code)
    events = [Event(Kind.STOPPED, start + later), Event(Kind.RESUMED, start + later)]
    assert history(start, counting, events, at=END) == history(start, counting, at=END)


@given(moments, limits, pauses, pauses, st.booleans())
def test_a_stop_never_brings_the_date_forward_nor_onto_a_day_off(start, limit, later, pause, civil_code):
    counting = Counting(limit, CALENDAR, civil_code)
    events = [Event(Kind.STOPPED, start + later), Event(Kind.RESUMED, start + later + pause)]
    stopped, plain = (history(start, counting, happened, at=END) for happened in (events, []))
    assert stopped.due_at >= plain.due_at
    day = CALENDAR.day(stopped.due_at.date())
    assert any(opens <= stopped.due_at <= closes for opens, closes in day.sessions)


@given(moments, st.integers(1, 60), pauses, pauses)
def test_the_working_time_before_and_after_a_stop_is_the_limit(start, hours, later, pause):
    counting = Counting(Limit(Unit.WORKING_HOURS, hours), CALENDAR)
    stop, resume = start + later, start + later + pause
    found = history(start, counting, [Event(Kind.STOPPED, stop), Event(Kind.RESUMED, resume)], at=END)
    if stop < due(start, counting.limit, CALENDAR).at:
        counted = working_time_between(start, stop, CALENDAR)
        counted += working_time_between(resume, found.due_at, CALENDAR)
        assert counted == timedelta(hours=hours)
        assert sum(step.params.get("seconds", 0) for step in found.steps) == hours * 3600


@given(moments, limits, pauses, pauses)
# The last of the three days is a Saturday; stopped before the Monday it was rolled on to, resumed just after.
@example(
    datetime(2025, 2, 5, 7, tzinfo=VIETNAM),
    Limit(Unit.DAYS, 3),
    timedelta(days=3, seconds=1),
    timedelta(days=2),
)
def test_the_steps_come_in_order_and_end_with_the_due_date(start, limit, later, pause):
    events = [Event(Kind.STOPPED, start + later), Event(Kind.RESUMED, start + later + pause)]
    found = history(start, Counting(limit, CALENDAR), events, at=END)
    begins = [step.begins for step in found.steps]
    assert begins == sorted(begins)
    assert all(step.begins <= step.ends for step in found.steps)
    assert next(step.ends for step in reversed(found.steps) if step.code is Code.DUE) == found.due_at


@given(moments, limits, pauses)
def test_a_restart_is_the_plain_due_date_of_that_moment(start, limit, later):
    again = start + later
    found = history(start, Counting(limit, CALENDAR), [Event(Kind.RESTARTED, again)], at=END)
    assert found.due_at == found.basis_at == due(again, limit, CALENDAR).at


@st.composite
def _stops(draw):
    """Up to four stops within the first week of March 2026, in order, none touching the next."""
    minutes = draw(st.lists(st.integers(0, 5 * 24 * 60), min_size=2, max_size=8, unique=True).map(sorted))
    moments = [at("03-02T18:00") + timedelta(minutes=minute) for minute in minutes]
    return list(zip(moments[::2], moments[1::2], strict=False))


@given(_stops(), st.sampled_from(["10wd", "70wh", "14d", "1m"]), st.booleans())
def test_many_short_stops_give_the_same_as_one_of_their_length(stops, limit, civil_code):
    counting = Counting(parse_limit(limit), CALENDAR, civil_code=civil_code)

    def due_after(*stops):
        events = [
            Event(kind, moment)
            for stop in stops
            for kind, moment in zip((Kind.STOPPED, Kind.RESUMED), stop, strict=True)
        ]
        return history(at("03-02T14:00"), counting, events, at=at("05-29T09:00")).due_at

    first = stops[0][0]
    if limit.endswith(("wd", "wh")):
        stood = sum((working_time_between(*stop, CALENDAR) for stop in stops), timedelta())
        end = add_working_time(first, stood, CALENDAR) if stood else stops[0][1]
    else:
        end = first + sum((ends - begins for begins, ends in stops), timedelta())
    assert due_after(*stops) == due_after((first, end))


def test_by_the_civil_code_three_short_stops_in_one_day_do_not_cost_a_day_each():
    stops = [
        event
        for hour in ("08", "09", "10")
        for event in ((Kind.STOPPED, f"03-03T{hour}:00"), (Kind.RESUMED, f"03-03T{hour}:20"))
    ]
    assert ask("03-02T14:00", "3wd", *stops, civil_code=True).due_at == at("03-06T17:00")


def test_by_the_civil_code_a_stop_on_the_last_day_does_not_end_after_the_due_moment():
    stops = [
        (Kind.STOPPED, "03-03T08:00"),
        (Kind.RESUMED, "03-03T10:00"),  # due Friday 6 March, unrounded 09:00
        (Kind.STOPPED, "03-06T16:00"),
        (Kind.RESUMED, "03-10T08:00"),
    ]
    found = ask("03-02T14:00", "3wd", *stops, civil_code=True, asked="03-10T08:00")
    assert found.due_at >= at("03-10T17:00")
