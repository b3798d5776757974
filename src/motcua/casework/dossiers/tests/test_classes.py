"""Early, on time, late, in process, overdue, stopped: by the original date, with stops excluded."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.db.models import Q
from hypothesis import given, settings
from hypothesis import strategies as st

from motcua.casework.dossiers.figures import count_promises
from motcua.casework.dossiers.models import Dossier
from motcua.casework.dossiers.rules.classes import Class, Timing, answer_class, class_of
from motcua.casework.dossiers.services import handling
from motcua.casework.dossiers.tests import factories
from motcua.casework.dossiers.tests.factories import HANOI, MORNING, target
from motcua.casework.dossiers.timing import count_answers, count_classes, count_own_classes, count_shown
from motcua.casework.process.models import Task
from motcua.foundation.worktime.events import Event, Kind
from motcua.foundation.worktime.history import Counting, Standing, history
from motcua.foundation.worktime.limits import parse_limit
from motcua.registry.organisations.selectors import get_calendar

DUE = datetime(2026, 3, 10, 16, 0, tzinfo=HANOI)
MOMENTS = st.integers(-20_000, 20_000).map(lambda minutes: DUE + timedelta(minutes=minutes))
RUNNING, FINISHED = st.sampled_from([2, 4]), st.sampled_from([9, 10])


@pytest.mark.parametrize(
    ("timing", "expected"),
    [
        (Timing(1, None), Class.NONE),
        (Timing(7, DUE), Class.NONE),
        (Timing(9, DUE, finished_at=DUE - timedelta(days=1)), Class.EARLY),
        (Timing(10, DUE, finished_at=DUE.replace(hour=7)), Class.ON_TIME),
        (Timing(9, DUE, finished_at=DUE), Class.ON_TIME),
        (Timing(9, DUE, finished_at=DUE + timedelta(minutes=1)), Class.LATE),
        (Timing(4, DUE), Class.OVERDUE),
        (Timing(4, DUE + timedelta(days=9)), Class.IN_PROCESS),
        (Timing(5, DUE, stopped_at=DUE - timedelta(minutes=1)), Class.STOPPED),
        (Timing(5, DUE, stopped_at=DUE + timedelta(minutes=1)), Class.OVERDUE),
        (Timing(8, DUE), Class.STOPPED),
    ],
)
def test_a_dossier_is_of_one_class(timing, expected):
    assert class_of(timing, DUE + timedelta(days=1)) is expected


@given(RUNNING, MOMENTS, MOMENTS, MOMENTS)
def test_what_stopped_in_time_does_not_become_overdue_by_waiting(status, basis, stopped, now):
    timing = Timing(status, basis, stopped_at=stopped)
    assert class_of(timing, now) is class_of(timing, now + timedelta(days=300))
    assert (class_of(timing, now) is Class.STOPPED) == (stopped <= basis)


@given(MOMENTS, MOMENTS)
def test_a_class_only_gets_worse_as_time_passes(basis, now):
    classes = [class_of(Timing(4, basis), now + timedelta(hours=hours)) for hours in range(0, 600, 7)]
    assert classes == sorted(classes, key=lambda it: it is Class.OVERDUE)


@settings(deadline=None)
@given(
    st.integers(0, 60 * 24 * 20),
    st.integers(0, 60 * 24 * 9),
    st.sampled_from(["3wd", "8wh", "5d", "sameday"]),
)
def test_the_classes_are_those_of_the_clock_itself(until_end, until_asked, limit):
    finished = DUE + timedelta(minutes=until_end)
    counting = Counting(parse_limit(limit), get_calendar())
    ended = history(DUE, counting, [Event(Kind.FINISHED, finished)], at=finished)
    assert str(class_of(Timing(9, ended.basis_at, finished_at=finished), finished)) == str(ended.standing)
    asked = DUE + timedelta(minutes=until_asked)
    running = history(DUE, counting, at=asked)
    is_overdue = class_of(Timing(4, running.basis_at), asked) is Class.OVERDUE
    assert is_overdue == (running.standing is Standing.OVERDUE)


@pytest.mark.parametrize(
    ("answered", "now", "expected"),
    [
        (None, DUE, Class.IN_PROCESS),
        (None, DUE + timedelta(seconds=1), Class.OVERDUE),
        (DUE, DUE, Class.ON_TIME),
        (DUE + timedelta(seconds=1), DUE, Class.LATE),
    ],
)
def test_an_answer_is_on_time_or_late(answered, now, expected):
    assert answer_class(DUE, answered, now) is expected


@pytest.mark.django_db
def test_the_database_counts_the_classes_as_the_rule_says(world):
    dossier = factories.accepted(world.desk, world.mother)
    basis, now = dossier.basis_at, dossier.basis_at + timedelta(hours=1)
    hour, day = timedelta(hours=1), timedelta(days=1)
    tried = [
        (status, stopped, finished)
        for status in (2, 4, 5, 6, 7, 8)
        for stopped in (None, basis - hour, basis, basis + hour)
        for finished in (None,)
    ] + [(9, None, it) for it in (basis - day, basis.replace(hour=7), basis, basis + hour, basis + day)]
    for status, stopped, finished in tried:
        changes = {"status": status, "stopped_at": stopped, "finished_at": finished}
        Dossier.objects.filter(pk=dossier.pk).update(**changes)
        dossier.refresh_from_db()
        counted = count_classes(Q(pk=dossier.pk), at=now)
        assert {name for name, count in counted.items() if count} == {class_of(dossier, now)}
        promises, stands = count_promises(at=now + day), class_of(dossier, now + day)
        assert promises.kept == (stands in {Class.EARLY, Class.ON_TIME})
        assert promises.late == (stands in {Class.LATE, Class.OVERDUE})


@pytest.mark.django_db
class TestAcceptanceClock:
    def test_it_runs_eight_working_hours_from_submission(self, world):
        dossier = factories.submitted(world.desk, world.mother)
        assert dossier.answer_by == MORNING + timedelta(days=1)
        assert count_answers(Q(pk=dossier.pk), at=MORNING).waiting == 1
        assert count_answers(Q(pk=dossier.pk), at=MORNING + timedelta(days=2)).overdue == 1

    def test_acceptance_answers_it(self, world):
        dossier = factories.accepted(world.desk, world.mother)
        assert dossier.answered_at == MORNING
        assert count_answers(Q(pk=dossier.pk), at=MORNING + timedelta(days=9)).on_time == 1
        late = factories.submitted(world.desk, world.mother, given_name="Muộn")
        handling.accept_dossier(
            actor=world.desk.reception, target=target(late), at=MORNING + timedelta(days=3)
        )
        assert count_answers(Q(pk=late.pk), at=MORNING + timedelta(days=3)).late == 1

    def test_it_stands_in_the_list_at_once(self, world):
        dossier = factories.submitted(world.desk, world.mother)
        asked = {"since": MORNING - timedelta(days=1), "at": MORNING + timedelta(days=1)}
        assert count_shown(world.desk.agency, **asked).later == 0
        Task.objects.filter(subject=dossier.pk).update(opened_at=MORNING + timedelta(hours=5))
        assert count_shown(world.desk.agency, **asked).later == 1

    def test_a_test_counts_nowhere(self, world):
        factories.accepted(world.desk, world.mother)
        counted = count_own_classes(world.desk.leader, at=MORNING)
        assert counted[Class.IN_PROCESS] >= 1
        assert sum(count_own_classes(world.mother, at=MORNING).values()) == 0


@pytest.mark.django_db
class TestSteps:
    def test_the_desk_hands_over_the_same_day(self, world):
        dossier = factories.accepted(world.desk, world.mother)
        assert Task.objects.get(subject=dossier.pk).due_at == MORNING.replace(hour=17)

    def test_what_came_after_three_is_handed_over_in_the_morning(self, world):
        dossier = factories.accepted(world.desk, world.mother, at=MORNING.replace(hour=15, minute=30))
        morning = MORNING.replace(hour=7) + timedelta(days=1)
        assert Task.objects.get(subject=dossier.pk).due_at == morning

    def test_no_step_is_due_after_the_whole(self, world):
        dossier = factories.handed_over(world.desk, world.mother, at=MORNING.replace(hour=14, minute=30))
        task = Task.objects.get(subject=dossier.pk, completed_at=None)
        # Four working hours would lead into the next day.
        assert task.due_at == dossier.due_at == MORNING.replace(hour=17)

    def test_after_the_result_its_return_has_its_own_time(self, world):
        dossier = factories.signed(world.desk, world.mother, at=MORNING.replace(hour=14, minute=30))
        Task.objects.get(subject=dossier.pk, completed_at=None, due_at=MORNING.replace(hour=15, minute=30))
