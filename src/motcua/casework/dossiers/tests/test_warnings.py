"""Who can act is warned before and after a limit, each time once; nobody else hears of it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from motcua.casework.dossiers.models import DeadlineWarning, Dossier
from motcua.casework.dossiers.rules.warnings import BadWarning, Warning, parse_warnings
from motcua.casework.dossiers.services import tasking
from motcua.casework.dossiers.services.warnings import load_warnings, warn_of_deadlines
from motcua.casework.dossiers.tests import factories
from motcua.casework.dossiers.tests.factories import MORNING, target
from motcua.casework.process.models import Task
from motcua.foundation.journal.models import Entry
from motcua.foundation.notifications.models import Message
from motcua.foundation.worktime.limits import parse_limit
from motcua.registry.organisations.selectors import get_calendar

CALENDAR = get_calendar()


def told(dossier, code):
    """Whom the warning reached, as ids."""
    warning = DeadlineWarning.objects.get(dossier=dossier, code=code)
    keys = Message.objects.filter(
        purpose="deadline_warning", source_key__startswith=f"deadline:{warning.pk}", channel="in_app"
    )
    return set(keys.values_list("recipient_id", flat=True))


def given_codes(dossier):
    return set(DeadlineWarning.objects.filter(dossier=dossier).values_list("code", flat=True))


@pytest.mark.django_db
class TestWarning:
    def test_the_desk_is_warned_before_an_online_dossier_must_be_answered(self, world):
        dossier = factories.submitted(world.desk, world.mother)
        warn_of_deadlines(at=MORNING)
        assert "answer_soon" not in given_codes(dossier)
        warn_of_deadlines(at=dossier.answer_by - timedelta(minutes=90))
        assert told(dossier, "answer_soon") == {world.desk.reception.person}
        entry = Entry.objects.get(object_id=dossier.id, kind="dossier.warned", facts__warning="answer_soon")
        assert (entry.actor_kind, entry.facts["count"]) == ("system", 1)

    def test_each_is_given_once(self, world):
        dossier = factories.handed_over(world.desk, world.mother)
        late = dossier.due_at + timedelta(minutes=1)
        assert warn_of_deadlines(at=late) > 0
        before = Message.objects.count()
        assert warn_of_deadlines(at=late + timedelta(minutes=10)) == 0
        assert Message.objects.count() == before

    def test_it_escalates_from_the_holder_to_the_leader(self, world):
        dossier = factories.handed_over(world.desk, world.mother)
        warn_of_deadlines(at=dossier.due_at + timedelta(minutes=1))
        assert world.desk.specialist.person in told(dossier, "due_over")
        assert "due_long_over" not in given_codes(dossier)
        # Due at closing time: two working days later is Friday's opening.
        warn_of_deadlines(at=dossier.due_at + timedelta(days=3))
        assert world.desk.leader.person in told(dossier, "due_long_over")
        assert world.desk.specialist.person not in told(dossier, "due_long_over")

    def test_only_who_has_taken_the_task_is_its_holder(self, world):
        dossier = factories.handed_over(world.desk, world.mother)
        tasking.claim(actor=world.desk.specialist, target=target(dossier), at=MORNING)
        task = Task.objects.get(subject=dossier.pk, completed_at=None)
        warn_of_deadlines(at=task.due_at)
        assert told(dossier, "step_over") == {world.desk.specialist.person}

    def test_nobody_of_another_agency_is_told(self, world):
        dossier = factories.handed_over(world.desk, world.mother)
        warn_of_deadlines(at=dossier.due_at + timedelta(days=9))
        others = {world.other_desk.leader.person, world.other_desk.specialist.person, world.auditor.person}
        recipients = set(
            Message.objects.filter(purpose="deadline_warning", concerns_id=dossier.pk).values_list(
                "recipient_id", flat=True
            )
        )
        assert recipients and not recipients & (others | {world.mother.person})

    def test_a_limit_as_short_as_its_warning_has_none(self, world):
        dossier = factories.handed_over(world.desk, world.mother)
        warn_of_deadlines(at=MORNING + timedelta(minutes=5))
        # The whole is due the same day: "two working days before" was never.
        assert "due_soon" not in given_codes(dossier)

    def test_where_no_task_is_open_the_leader_is_told(self, world):
        dossier = factories.handed_over(world.desk, world.mother)
        Task.objects.filter(subject=dossier.pk, completed_at=None).update(completed_at=MORNING)
        warn_of_deadlines(at=dossier.due_at + timedelta(minutes=1))
        assert told(dossier, "due_over") == {world.desk.leader.person}

    def test_what_stands_still_warns_nobody(self, world):
        dossier = factories.handed_over(world.desk, world.mother)
        Dossier.objects.filter(pk=dossier.pk).update(stopped_at=MORNING)
        Task.objects.filter(subject=dossier.pk).update(paused_at=MORNING)
        warn_of_deadlines(at=dossier.due_at + timedelta(days=5))
        assert given_codes(dossier) == set()

    def test_the_officer_reads_it_at_the_desk(self, world, browse):
        dossier = factories.handed_over(world.desk, world.mother)
        warn_of_deadlines(at=dossier.due_at + timedelta(minutes=1))
        message = Message.objects.get(
            recipient_id=world.desk.specialist.person, channel="in_app", body__contains="is late"
        )
        assert dossier.code in message.subject and message.link == f"/desk/dossiers/{dossier.id}/"


def test_the_packs_warnings_can_be_read():
    assert {it.clock for it in load_warnings()} == {"answer", "step", "due"}


@pytest.mark.parametrize(
    "row",
    [
        {"code": "a", "clock": "due", "to": ["holder"]},
        {"code": "a", "clock": "due", "to": ["holder"], "before": "2wd", "after": "1wd"},
        {"code": "a", "clock": "moon", "to": ["holder"], "before": "2wd"},
        {"code": "a", "clock": "due", "to": ["everybody"], "before": "2wd"},
        {"code": "a", "clock": "due", "to": ["holder"], "before": "0"},
    ],
)
def test_a_warning_that_cannot_be_given_is_named(row):
    with pytest.raises(BadWarning, match="a"):
        parse_warnings({"warnings": [row]})


@given(st.integers(0, 3000), st.sampled_from(["2wh", "1wd", "2wd", "3d"]))
def test_one_before_is_given_before_and_one_after_after(minutes, limit):
    due_at, at = MORNING + timedelta(days=9), MORNING + timedelta(minutes=minutes * 10)
    before = Warning("b", "due", ("holder",), before=parse_limit(limit))
    after = Warning("a", "due", ("holder",), after=parse_limit(limit))
    assert not (
        before.is_given(due_at, MORNING, CALENDAR, at=at) and after.is_given(due_at, MORNING, CALENDAR, at=at)
    )
    assert at < due_at or not before.is_given(due_at, MORNING, CALENDAR, at=at)
    assert at >= due_at or not after.is_given(due_at, MORNING, CALENDAR, at=at)
