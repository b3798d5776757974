"""The board of essential services, and the counting of what came in."""

from __future__ import annotations

import csv
from datetime import date

import pytest
import time_machine
from django.urls import reverse

from motcua.casework.dossiers.tests.factories import CODE, MORNING, accepted, submitted
from motcua.casework.packs.services import flag_listed
from motcua.foundation.journal.services import follow_once
from motcua.oversight.indicators.essential import Way, essential_board, last_months
from motcua.oversight.indicators.models import MonthTally
from motcua.oversight.indicators.rules.counts import ALL
from motcua.oversight.indicators.tests.factories import make_month_tally
from motcua.registry.catalogue.models import Offer, Procedure
from motcua.registry.catalogue.services import flag_essential

TODAY = date(2026, 3, 2)
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("world")]


@pytest.fixture(autouse=True)
def _now():
    with time_machine.travel(MORNING, tick=False):
        yield


def counted(procedure, *, online=0, counter=0, month=date(2026, 2, 1)):
    for channel, count in ((2, online), (1, counter)):
        if count:
            make_month_tally(ALL, month, procedure, channel=channel, is_below=True, submitted=count)


def row_of(code):
    board = essential_board(at=MORNING.date())
    return next(row for row in board.rows if code in row.codes)


def table(client, name):
    text = b"".join(client.get(reverse(name)).streaming_content).decode()
    assert text.startswith("\ufeff")
    return list(csv.DictReader(text.removeprefix("\ufeff").splitlines()))


def test_the_twelve_months_end_with_this_one():
    assert last_months(date(2026, 3, 31)) == [date(2025, m, 1) for m in range(4, 13)] + [
        date(2026, m, 1) for m in range(1, 4)
    ]


def test_loading_the_pack_flags_what_its_list_names():
    flags = dict(Procedure.objects.exclude(essential_group=None).values_list("code", "essential_group"))
    assert (flags[CODE], flags["1.004873"]) == (1, 2)
    assert "1.004884" not in flags


def test_another_list_takes_flags_away_and_leaves_unknown_codes_out():
    assert flag_essential({"1.004884": 2, "9.999999": 1}) == 1
    assert list(Procedure.objects.exclude(essential_group=None).values_list("code", flat=True)) == [
        "1.004884"
    ]


def test_a_procedure_that_comes_later_is_flagged_then(settings):
    Procedure.objects.create(
        code="1.012566",
        names={"vi": "Xác nhận"},
        sector="x",
        level="commune",
        search_name="x",
    )
    flag_listed(settings.PACKS / "vn")
    assert Procedure.objects.get(pk="1.012566").essential_group == 1


def test_how_a_service_runs_is_told_from_what_is_here():
    assert row_of(CODE).way is Way.OWN_FORM
    board = essential_board(at=MORNING.date())
    ways = {row.way for row in board.rows}
    assert {Way.OWN_FORM, Way.COUNTER, Way.NOT_ENTERED, Way.NO_CODE} <= ways
    assert all(row.since is None for row in board.rows if not row.is_running)


def test_a_removed_procedure_does_not_run():
    Procedure.objects.filter(pk=CODE).update(removed_on=date(2026, 1, 1))
    assert row_of(CODE).way is Way.REMOVED
    assert not row_of(CODE).is_running


def test_the_best_offer_says_level_and_since(world):
    agency = world.desk.agency
    for level, begins, more in (
        ("partial", date(2025, 8, 1), {"reason": "presence"}),
        ("full", date(2025, 9, 1), {}),
    ):
        scope = {"partial": "own", "full": "communes"}[level]
        Offer.objects.create(
            procedure_id=CODE,
            agency=agency,
            agency_path=agency.path,
            scope=scope,
            level=level,
            valid_from=begins,
            **more,
        )
    assert (row_of(CODE).level, row_of(CODE).since) == ("full", date(2025, 8, 1))


def test_what_comes_in_is_counted_once_a_month_and_channel(world):
    submitted(world.desk, world.mother)
    accepted(world.desk, world.mother)
    follow_once()
    assert sum(row_of(CODE).months) == 2
    assert MonthTally.objects.get(scope=ALL).month == date(MORNING.year, MORNING.month, 1)


class TestWhatThePublicSees:
    def test_few_are_not_told(self, client):
        counted(CODE, online=3, counter=1)
        (row,) = [it for it in table(client, "essential:board-csv") if CODE in it["Codes"]]
        assert (row["Dossiers"], row["Online share"]) == ("too few to show", "")
        # A month of one service is not told to everybody.
        assert "2026-02" not in row

    def test_what_few_did_cannot_be_subtracted(self, client):
        counted(CODE, online=3)
        for other in ("1.004873", "1.000656"):
            counted(other, online=40)
        rows = {it["Codes"]: it["Dossiers"] for it in table(client, "essential:board-csv")}
        told = sorted(it for it in rows.values() if it not in {"", "0"})
        assert told == ["40", "too few to show", "too few to show"]

    def test_a_share_that_leads_to_a_few_is_not_told_either(self, client):
        counted(CODE, online=99, counter=1)
        (row,) = [it for it in table(client, "essential:board-csv") if CODE in it["Codes"]]
        assert (row["Dossiers"], row["Online share"]) == ("100", "")

    def test_many_are_told_with_the_share_that_came_online(self, client):
        counted(CODE, online=30, counter=10)
        html = client.get(reverse("essential:board")).content.decode()
        assert "75 % online" in html

    def test_months_before_the_last_twelve_do_not_count(self, client):
        counted(CODE, online=30, month=date(2024, 2, 1))
        assert row_of(CODE).dossiers == 0

    def test_services_that_run_without_a_dossier_are_told(self):
        counted(CODE, online=1)
        board = essential_board(at=MORNING.date())
        assert board.generating == 1 < sum(row.is_running for row in board.rows)


def test_an_officer_sees_the_very_figures(world, browse):
    counted(CODE, online=3, counter=1)
    (row,) = [
        it for it in table(browse(world.desk.reception), "essential:desk-board-csv") if CODE in it["Codes"]
    ]
    assert (row["Dossiers"], row["Online share"], row["2026-02"]) == ("4", "75 %", "4")


@pytest.mark.parametrize("name", ["essential:board", "essential:board-csv"])
def test_the_board_asks_the_database_four_times(client, django_assert_max_num_queries, name):
    client.get(reverse(name))
    with django_assert_max_num_queries(4):
        answer = client.get(reverse(name))
        b"".join(answer.streaming_content) if answer.streaming else answer.content
