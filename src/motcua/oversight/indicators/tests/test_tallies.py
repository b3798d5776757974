"""What acts of real dossiers make of the tallies."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from motcua.casework.dossiers.services import ending, handling, transferring
from motcua.casework.dossiers.tests import factories
from motcua.casework.dossiers.tests.factories import MORNING, target
from motcua.foundation.journal.models import Entry
from motcua.foundation.journal.services import Happening, follow_once, record
from motcua.foundation.kernel.actors import SYSTEM
from motcua.oversight.indicators.models import DayTally, StockFlow
from motcua.oversight.indicators.recounting import check
from motcua.oversight.indicators.rules.counts import ALL, Count
from motcua.oversight.indicators.tallying import (
    Days,
    arrivals,
    durations,
    lineage,
    stock_at_end_of,
    stock_now,
    sums,
)
from motcua.oversight.indicators.tests.factories import TOO_LATE, finished, supplemented
from motcua.registry.organisations.models import Agency, Succession

pytestmark = pytest.mark.django_db
YEAR = Days(date(2026, 1, 1), date(2027, 1, 1))


def counted(scope: str, **by) -> dict[str, int]:
    follow_once()
    (found,) = sums(scope, YEAR, **by).values() or [None]
    return {str(it): found.of(it) for it in Count if found.of(it)} if found else {}


def rate(dossier, rating: int, *, at=TOO_LATE) -> None:
    facts = {"rating": rating, "way": "link"}
    record(actor=SYSTEM, happening=Happening("survey.answered", "dossier", dossier.pk, facts=facts), at=at)


class TestCounts:
    def test_an_online_dossier_finished_late(self, world):
        finished(world, at=TOO_LATE)
        found = counted(world.desk.agency.path)
        assert found.pop("worked_minutes") > 0
        assert set(found.values()) == {1}
        assert set(found) == {
            "submitted", "received", "received_offered", "received_full", "received_papers",
            "received_digitised", "finished", "finished_late", "timed", "result_expected",
            "result_electronic", "result_digitised", "finished_digitised", "online_throughout",
        }  # fmt: skip
        assert counted(ALL)["finished_late"] == counted(world.desk.agency.parent.path)["finished_late"] == 1
        assert counted(ALL, is_own=True) == {}

    def test_paper_without_a_scan_is_not_digitised(self, world):
        factories.taken_elsewhere(world.desk, world.other_desk, world.mother)
        found = counted(ALL)
        assert (found["received_papers"], "received_digitised" in found) == (1, False)
        (day,) = DayTally.objects.filter(scope=ALL, received=1)
        assert day.channel == 1

    def test_stops_are_not_worked_time(self, world):
        dossier = supplemented(world, at=TOO_LATE)
        at = TOO_LATE + timedelta(minutes=20)
        by = {"actor": world.desk.specialist, "at": at}
        handling.draft_result(target=target(dossier), checks=factories.CHECKS, **by)
        handling.submit_for_signature(target=target(dossier), **by)
        handling.sign_result(
            actor=world.desk.leader, target=target(dossier), seen_sha256=factories.seen(dossier), at=at
        )
        assert counted(world.desk.agency.path)["worked_minutes"] == 20
        assert durations(ALL, factories.CODE, YEAR) == [(1, 1)]
        assert Entry.objects.get(object_id=dossier.pk, kind="dossier.signed").facts["worked_minutes"] == 20

    def test_an_answer_counts_on_its_day_and_a_satisfied_one_of_a_late_dossier_too(self, world):
        dossier = finished(world, at=TOO_LATE)
        rate(dossier, 3, at=TOO_LATE + timedelta(days=2))
        found = counted(ALL)
        assert (found["rated"], found["very_satisfied"], found["dissatisfied_or_late"]) == (1, 1, 1)
        day = DayTally.objects.get(scope=ALL, rated=1).day
        assert day == (TOO_LATE + timedelta(days=2)).date()

    def test_what_came_in_by_quarter_of_an_hour(self, world):
        factories.submitted(world.desk, world.mother)
        follow_once()
        day = MORNING.date()
        (slots,) = arrivals(ALL, [day]).values()
        assert sum(slots) == 1


class TestStock:
    def test_a_transfer_moves_all_of_it_and_it_counts_once(self, world):
        dossier = factories.accepted(world.desk, world.mother)
        there, here = world.other_desk.agency, world.desk.agency
        assert counted(here.path)["received"] == 1
        transferring.transfer_dossier(
            actor=world.desk.reception, target=target(dossier), agency_id=there.id, reason="x", at=MORNING
        )
        assert counted(here.path) == {}
        assert (counted(there.path)["received"], counted(ALL)["received"]) == (1, 1)
        open_ = stock_now([here.path, there.path, ALL], at=MORNING)
        assert [it.running for it in open_.values()] == [0, 1, 1]

    def test_what_stood_open_at_the_end_of_a_day(self, world):
        dossier = factories.submitted(world.desk, world.mother)
        ending.withdraw_own(
            actor=world.mother,
            dossier_id=dossier.id,
            revision=target(dossier).revision,
            reason="",
            at=MORNING + timedelta(days=1),
        )
        follow_once()
        days = [MORNING.date() + timedelta(days=it) for it in (-1, 0, 1)]
        assert [stock_at_end_of([ALL], it)[ALL].waiting for it in days] == [0, 1, 0]
        assert stock_now([ALL], at=MORNING)[ALL].waiting == 0
        assert StockFlow.objects.filter(scope=ALL).count() == 2

    def test_the_recount_agrees(self, world):
        finished(world)
        rate(finished(world, at=TOO_LATE), 1)
        factories.handed_over(world.desk, world.mother)
        factories.taken_elsewhere(world.desk, world.other_desk, world.mother)
        follow_once()
        found = check()
        assert (found.dossiers, found.differences) == (4, [])


def test_an_agency_leads_to_those_that_went_up_in_it(world):
    here, gone = world.desk.agency, world.other_desk.agency
    assert lineage(here.path) == [here.path]
    Succession.objects.create(
        predecessor=gone, successor=Agency.objects.get(pk=here.pk), kind="merged", on="2026-01-01"
    )
    assert lineage(here.path) == [here.path, gone.path]
    assert lineage(gone.path) == [gone.path]
