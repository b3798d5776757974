"""Likely late: the remaining steps may take longer than is left."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from hypothesis import given
from hypothesis import strategies as st

from motcua.casework.dossiers.rules.forecast import Open, is_likely_late, time_needed
from motcua.casework.dossiers.selectors import Looking, list_inbox
from motcua.casework.dossiers.tests import factories
from motcua.casework.dossiers.tests.factories import MORNING
from motcua.casework.dossiers.tests.process_factories import LANES, step
from motcua.casework.process.rules.definition import parse_process
from motcua.registry.organisations.selectors import get_calendar

CALENDAR = get_calendar()
# Two hours for each step; one branch has a step more.
PROCESS = parse_process(
    {
        "code": "1.001193",
        "start": "check",
        "lanes": LANES,
        "steps": [
            step("check", "specialist", "complete-task", ("plain", "draft"), ("ask", "opinion")),
            step("opinion", "specialist", "give-opinion", ("given", "draft")),
            step("draft", "specialist", "complete-task", ("submit", "signing")),
            step("signing", "leader", "sign", ("sign", "returning"), ("back", "draft")),
            step("returning", "reception", "return-result", ("returned", "end"), limit_hours=40),
        ],
    }
)


def needed(code, *, since=0, process=PROCESS):
    begun = MORNING - timedelta(minutes=since)
    opened = Open(code, begun, MORNING + timedelta(days=1), {})
    return time_needed(process, opened, CALENDAR, at=MORNING) / timedelta(hours=1)


@pytest.mark.parametrize(
    ("code", "since", "hours"),
    [("check", 0, 8), ("check", 60, 7), ("draft", 0, 4), ("signing", 0, 2), ("signing", 600, 0)],
)
def test_the_longest_way_to_the_result_counts_and_its_return_does_not(code, since, hours):
    assert needed(code, since=since) == hours


@given(st.integers(0, 2000), st.integers(1, 2000))
def test_more_time_never_makes_it_late(minutes, more):
    at = MORNING + timedelta(minutes=minutes)

    def late(due_at):
        return is_likely_late(PROCESS, Open("check", MORNING, due_at, {}), CALENDAR, at=at)

    due_at = MORNING + timedelta(days=1)
    assert not late(due_at + timedelta(minutes=more)) or late(due_at) or at >= due_at


def test_what_is_overdue_is_not_likely_late_any_more():
    opened = Open("check", MORNING, MORNING, {})
    assert not is_likely_late(PROCESS, opened, CALENDAR, at=MORNING)


@pytest.mark.django_db
class TestPages:
    def test_inbox_and_dossier_say_so(self, world, browse):
        factories.handed_over(world.desk, world.mother)
        dossier = factories.handed_over(world.desk, world.mother, at=MORNING.replace(hour=14, minute=30))
        with time_machine.travel(MORNING.replace(hour=14, minute=40), tick=False):
            browser = browse(world.desk.specialist)
            assert "Likely late" in browser.get("/desk/").content.decode()
            assert "will probably be late" in browser.get(f"/desk/dossiers/{dossier.id}/").content.decode()

    def test_what_is_in_time_says_nothing(self, world, browse):
        dossier = factories.handed_over(world.desk, world.mother)
        with time_machine.travel(MORNING + timedelta(minutes=5), tick=False):
            page = browse(world.desk.specialist).get(f"/desk/dossiers/{dossier.id}/").content.decode()
        assert "Likely late" not in page

    def test_the_inbox_lists_what_is_owed_an_answer(self, world, browse):
        waiting = factories.submitted(world.desk, world.mother)
        factories.accepted(world.desk, world.mother)
        rows = list_inbox(world.desk.reception, Looking("answer"), at=MORNING).rows
        assert [row.dossier.pk for row in rows] == [waiting.pk]
        with time_machine.travel(MORNING + timedelta(minutes=5), tick=False):
            assert "Answer:" in browse(world.desk.reception).get("/desk/?view=answer").content.decode()
