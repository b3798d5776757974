"""Who is called next, when one can come, how long it takes: the pure rules."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from motcua.casework.appointments.law import law
from motcua.casework.appointments.rules.calling import Waiting, choose, in_order
from motcua.casework.appointments.rules.slots import lowest_free, offered, slots_of
from motcua.casework.appointments.rules.waits import Measured, expected_minutes, service_seconds

NOON = datetime(2026, 3, 10, 12, 0, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))
A, B = UUID(int=1), UUID(int=2)


def ticket(number: int, *, first: bool = False, group: UUID = A) -> Waiting:
    return Waiting(UUID(int=1000 + number), group, first, NOON + timedelta(minutes=number), number)


def numbers(waiting: list[Waiting], in_row: int = 3) -> list[int]:
    return [it.number for it in in_order(waiting, {}, in_row=in_row)]


def test_priority_goes_before_who_came_earlier() -> None:
    assert numbers([ticket(1), ticket(2, first=True)]) == [2, 1]


def test_after_three_in_a_row_the_longest_waiting_is_called() -> None:
    waiting = [ticket(1), ticket(2), *(ticket(number, first=True) for number in range(3, 9))]
    assert numbers(waiting) == [3, 4, 5, 1, 6, 7, 8, 2]


def test_nobody_is_called_where_nobody_waits() -> None:
    assert choose([], {}, in_row=3) is None


# Each step: who comes, and which counter calls: 0 serves A and B, 1 only A, 2 only B.
STEPS = st.lists(
    st.tuples(st.lists(st.tuples(st.booleans(), st.sampled_from([A, B])), max_size=4), st.integers(0, 2))
)
SERVED = {0: (A, B), 1: (A,), 2: (B,)}


@settings(max_examples=150, deadline=None)
@given(STEPS, st.integers(1, 4))
def test_nobody_waits_for_ever_however_many_with_priority_come(steps, in_row) -> None:  # type: ignore[no-untyped-def]
    """An ordinary ticket is called after at most (those before it + 1) * (in_row + 1) calls of its own counter."""
    waiting: list[Waiting] = [ticket(0)]
    passed: dict[UUID, int] = {}
    calls = {0: 0, 1: 0}
    for number, (arrivals, counter) in enumerate(steps, 1):
        waiting += [
            ticket(10 * number + at, first=first, group=group) for at, (first, group) in enumerate(arrivals)
        ]
        call = choose([it for it in waiting if it.group in SERVED[counter]], passed, in_row=in_row)
        if not call:
            continue
        passed = {**passed, **call.passed}
        waiting.remove(call.chosen)
        if counter in calls:
            calls[counter] += 1
        if call.chosen.number == 0:
            return
        # Number 0 is the longest waiting of all: either counter that serves A gives it its turn.
        assert max(calls.values()) <= in_row


@given(st.lists(st.tuples(st.booleans(), st.sampled_from([A, B])), max_size=30), st.integers(1, 4))
def test_each_lane_keeps_its_order_and_nobody_is_lost(arrivals, in_row) -> None:  # type: ignore[no-untyped-def]
    waiting = [ticket(number, first=first, group=group) for number, (first, group) in enumerate(arrivals)]
    order = in_order(waiting, {}, in_row=in_row)
    assert sorted(it.number for it in order) == [it.number for it in waiting]
    for lane in (True, False):
        called = [it.number for it in order if it.is_first is lane]
        assert called == sorted(called)


def test_slots_lie_wholly_in_opening_hours() -> None:
    begins = NOON.replace(hour=7)
    found = slots_of([(begins, begins + timedelta(minutes=50)), (NOON, NOON + timedelta(minutes=20))], 20)
    assert found == [begins, begins + timedelta(minutes=20), NOON]
    assert slots_of([], 20) == []


def test_a_full_slot_is_shown_as_full_and_one_that_has_begun_not_at_all() -> None:
    later = NOON + timedelta(hours=1)
    found = offered([NOON, later], {later: 2}, places=2, after=NOON)
    assert [(it.starts_at, it.free) for it in found] == [(later, 0)]


def test_a_place_that_was_given_up_is_given_again() -> None:
    assert lowest_free({1, 3}, 3) == 2
    assert lowest_free({1, 2}, 2) is None


def test_without_measured_times_or_counters_no_wait_is_made_up() -> None:
    assert service_seconds(Measured(like_mean=60.0, like_count=2, mean=90.0, count=4), least=5) is None
    assert expected_minutes(3, None, 2) is None
    assert expected_minutes(3, 60.0, 0) is None


def test_days_like_today_count_before_all_days() -> None:
    measured = Measured(like_mean=120.0, like_count=5, mean=600.0, count=100)
    assert service_seconds(measured, least=5) == 120.0
    assert expected_minutes(3, 120.0, 2) == 3
    assert expected_minutes(0, 120.0, 2) == 0


def test_the_packs_grounds_name_their_source() -> None:
    rules = law()
    assert set(rules.grounds) == {"older", "disabled", "pregnant", "merit"}
    assert all(it.source for it in rules.grounds.values())
    assert rules.remind == (timedelta(days=1), timedelta(hours=2))
