"""What a frame holds: made from the tallies and the dossiers, with as many queries for two agencies as for many."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from motcua.casework.dossiers.tests.factories import MORNING, handed_over
from motcua.foundation.journal.services import follow_once
from motcua.oversight.indicators.models import Arrivals
from motcua.oversight.indicators.tallying import stock_at_end_of, stock_at_start_of
from motcua.oversight.indicators.tests.factories import finished, make_day_tally, make_stock
from motcua.oversight.operations import replay
from motcua.oversight.operations.frames import list_units, make_frame
from motcua.oversight.operations.replay import replayed_frame
from motcua.oversight.operations.rules.replaying import SLOTS, Past
from motcua.registry.organisations.models import Agency

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("evaluation")]
DAY = MORNING.date()


@pytest.fixture(autouse=True)
def _afresh():
    replay.forget()


def frame_at(agency, at):
    with time_machine.travel(at, tick=False):
        return make_frame(agency, [], at=at)


def province_of(desk) -> Agency:
    return Agency.objects.get(path=f"/{desk.agency.path.split('/')[1]}/")


class TestNow:
    def test_late_is_counted_to_the_minute(self, world):
        dossier = handed_over(world.desk, world.mother)
        follow_once()
        dossier.refresh_from_db()
        due = dossier.basis_at
        before = frame_at(world.desk.agency, due).total
        after = frame_at(world.desk.agency, due + timedelta(seconds=1)).total
        assert (before.running, before.late, before.due_today) == (1, 0, 1)
        assert (after.running, after.late, after.due_today) == (1, 1, 0)
        over = frame_at(world.desk.agency, due + timedelta(days=1)).total
        assert (over.late, over.due_today) == (1, 0)

    def test_what_was_finished_is_not_late(self, world):
        finished(world)
        total = frame_at(world.desk.agency, MORNING + timedelta(hours=9)).total
        assert (total.running, total.late, total.ready) == (0, 0, 1)

    def test_a_tile_counts_its_own_and_the_province_all(self, world):
        handed_over(world.desk, world.mother)
        handed_over(world.other_desk, world.mother)
        follow_once()
        frame = frame_at(province_of(world.desk), MORNING + timedelta(hours=1))
        assert frame.total.running == 2
        assert [frame.tiles[it.agency.path].running for it in (world.desk, world.other_desk)] == [1, 1]
        assert (frame.came.count, sum(frame.came.slots)) == (2, 2)

    def test_a_usual_day_is_made_of_like_days(self, world):
        path = world.desk.agency.path
        for week in range(1, 13):
            day = DAY - timedelta(weeks=week)
            Arrivals.objects.create(scope=path, is_below=False, day=day, slot=32, count=10 * week)
        came = frame_at(world.desk.agency, MORNING).came
        # Tết took 17 February.
        assert (came.days, came.usual) == (11, (20, 110))
        assert frame_at(world.desk.agency, MORNING - timedelta(days=2)).came.usual is None

    def test_satisfaction_of_seven_days_and_of_those_before(self, world):
        path = world.desk.agency.path
        assert frame_at(world.desk.agency, MORNING).satisfied is None
        make_day_tally(path, DAY, rated=4, very_satisfied=2, satisfied=1, dissatisfied=1)
        make_day_tally(path, DAY - timedelta(days=7), rated=2, satisfied=2)
        make_day_tally(path, DAY - timedelta(days=14), rated=9, satisfied=9)
        found = frame_at(world.desk.agency, MORNING).satisfied
        assert (found.rated, found.very, found.satisfied, found.dissatisfied) == (4, 2, 1, 1)
        assert found.before == (2, 2)

    def test_journal_entries_that_are_not_counted_yet(self, world):
        follow_once()
        assert frame_at(world.desk.agency, MORNING).behind.entries == 0
        handed_over(world.desk, world.mother)
        frame = make_frame(world.desk.agency, [], at=MORNING + timedelta(days=9999))
        # Not even sealed: it has no position, and is old all the same.
        assert frame.behind.seconds > 60
        follow_once()
        assert make_frame(world.desk.agency, [], at=MORNING + timedelta(days=9999)).behind.seconds == 0

    def test_as_many_queries_however_many_agencies_and_dossiers(self, world):
        province = province_of(world.desk)

        def queries() -> int:
            with CaptureQueriesContext(connection) as found:
                make_frame(province, [], at=MORNING)
                list_units(province.path, on=DAY)
            return len(found)

        before = queries()
        parent = Agency.objects.get(path=province.path)
        for number in range(20):
            code = f"{province.code}.{700 + number}"
            Agency.objects.create(
                code=code, name=code, parent=parent, path=f"{province.path}{code}/", level="commune",
                place_code=f"{90000 + number}", place_name=code, sort_key=code, valid_from=DAY,
            )  # fmt: skip
            make_stock(f"{province.path}{code}/", "running", DAY, 5)
        assert queries() == before


class TestReplay:
    def test_the_day_goes_as_it_went_and_ends_as_the_tallies_say(self, world):
        handed_over(world.desk, world.mother)
        finished(world)
        finished(world, desk=world.other_desk)
        follow_once()
        province = province_of(world.desk)
        paths = [province.path, world.desk.agency.path, world.other_desk.agency.path]
        begun = stock_at_start_of(paths, DAY)
        assert replay.stock_then(paths, Past(DAY, 0)) == begun
        # Accepted and handed over at 9:00, two signed at 10:00.
        frames = {slot: replayed_frame(province, Past(DAY, slot)).total for slot in (36, 37, 40, 41, 95)}
        assert [(it.running, it.ready) for it in frames.values()] == [(0, 0), (3, 0), (3, 0), (1, 2), (1, 2)]
        ended = stock_at_end_of(paths, DAY)
        for path, it in replay.stock_then(paths, Past(DAY, SLOTS - 1)).items():
            end = ended[path]
            assert (it.waiting, it.running, it.standing, it.ready) == (
                end.waiting, end.running, end.standing, end.ready,
            )  # fmt: skip
            assert it.late + it.due_today == end.late
        assert replayed_frame(province, Past(DAY, SLOTS)).total == ended[province.path]

    def test_arrivals_are_those_until_then(self, world):
        handed_over(world.desk, world.mother)
        follow_once()
        came = [replayed_frame(world.desk.agency, Past(DAY, slot)).came.count for slot in (36, 37, 96)]
        assert came == [0, 1, 1]

    def test_what_comes_after_the_day_changes_nothing_in_it(self, world):
        # Handed over on the day, signed two days later.
        finished(world, at=MORNING + timedelta(days=2))
        total = replayed_frame(world.desk.agency, Past(DAY, SLOTS - 1)).total
        assert (total.running, total.ready) == (1, 0)
