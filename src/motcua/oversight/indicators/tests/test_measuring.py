"""Figures by the pack's measures, from the tallies: the whole, its parts, and what it is broken down by."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import pairwise

import pytest
import time_machine
from django.db import transaction

from motcua.foundation.journal.services import Happening, record
from motcua.foundation.kernel.actors import SYSTEM
from motcua.foundation.worktime.calendars import VIETNAM
from motcua.oversight.indicators import measuring
from motcua.oversight.indicators.breaking import By, Seen, breakdown, by_level
from motcua.oversight.indicators.contributions import _sources, register_source
from motcua.oversight.indicators.freezing import KIND
from motcua.oversight.indicators.measures import load_measures
from motcua.oversight.indicators.measuring import figures, figures_of, measure_named, whole_months
from motcua.oversight.indicators.models import DayTally, StockDay
from motcua.oversight.indicators.rules.counts import Count
from motcua.oversight.indicators.rules.frozen_days import id_of
from motcua.oversight.indicators.rules.measures import Definition, Measure, Term
from motcua.oversight.indicators.tallying import Days, stock_now, sums
from motcua.oversight.indicators.tests.factories import (
    make_day_tally,
    make_flow,
    make_month_tally,
    make_stock,
)

pytestmark = pytest.mark.django_db
MARCH = Days(date(2026, 3, 1), date(2026, 4, 1))
AFTER = datetime(2026, 6, 10, 9, tzinfo=VIETNAM)
COMMUNE = "/H44/H44.25/"
TEXTS = {"vi": "a", "en": "a", "de": "a"}


@pytest.fixture(autouse=True)
def _now():
    with time_machine.travel(AFTER, tick=False):
        yield


@pytest.fixture
def payments():
    """The room that will take payments is there."""
    register_source("payments")
    yield
    del _sources["payments"]


def one(code, scope=COMMUNE, days=MARCH, **by):
    return figures(scope, days, codes=[code], **by)[0]


def sides(figure):
    return figure.numerator, figure.denominator


def test_a_ratio_shows_both_sides_and_a_missing_source_is_no_data(django_assert_num_queries):
    make_day_tally(COMMUNE, date(2026, 3, 2), channel=2, received_offered=3)
    make_day_tally(COMMUNE, date(2026, 3, 3), channel=1, received_offered=1)
    make_day_tally(COMMUNE, date(2026, 4, 1), channel=1, received_offered=9)
    with django_assert_num_queries(1):
        on_time, online, paid = figures(
            COMMUNE, MARCH, codes=["online_rate", "on_time_rate", "paid_online_rate"]
        )
    assert (*sides(online), online.value, online.why) == (3, 4, Decimal("0.75"), "")
    assert (online.source, online.first, online.until) == (
        "Quyết định 766/QĐ-TTg, IV.3 [M]",
        MARCH.first,
        MARCH.until,
    )
    assert online.texts["en"].startswith("Dossiers submitted online, of all received")
    assert (*sides(on_time), on_time.value, on_time.why) == (0, 0, None, "nothing_counted")
    assert (paid.value, paid.why, paid.missing) == (None, "no_source", "payments")


@pytest.mark.usefixtures("payments")
def test_a_row_comes_alive_when_its_source_is_registered():
    make_day_tally(COMMUNE, date(2026, 3, 2), received_obligation=8, paid_online=2)
    assert one("paid_online_rate").value == Decimal("0.25")
    register_source("petitions", lambda asked: {it: {"due": 4, "in_time": 3} for it in asked.scopes})
    assert sides(one("petitions_in_time_rate")) == (3, 4)
    assert sides(one("petitions_satisfaction_rate")) == (4, 4)
    del _sources["petitions"]
    assert one("petitions_in_time_rate").missing == "petitions"


def test_figures_as_they_were_known_and_of_the_agency_alone():
    make_day_tally("/H44/", date(2026, 3, 2), received=1)
    make_day_tally("/H44/", date(2026, 3, 2), received=2, known_on=date(2026, 3, 9))
    make_day_tally("/H44/", date(2026, 3, 2), received=10, is_below=True)
    assert sums("/H44/", MARCH)[""].of("received") == 13
    assert sums("/H44/", MARCH, is_own=True)[""].of("received") == 3
    assert one("online_rate_all", "/H44/", known_on=date(2026, 3, 8)).denominator == 11


def test_stock_by_the_day_it_is_due():
    at = datetime(2026, 3, 10, 9, tzinfo=VIETNAM)
    for due_on, count in ((date(2026, 3, 9), 2), (date(2026, 3, 10), 3), (date(2026, 3, 11), 5), (None, 7)):
        make_stock("/H44/", "running", due_on, count)
    make_stock("/H44/", "standing", date(2026, 3, 1), 4)
    found = stock_now(["/H44/", "/H45/"], at=at)
    open_ones = found["/H44/"]
    assert (open_ones.running, open_ones.late, open_ones.due_today, open_ones.standing) == (17, 2, 3, 4)
    assert found["/H45/"].running == 0


class TestWithWhatIsInProcess:
    def flow(self, day, due_on, change):
        make_flow(COMMUNE, day, due_on, change)

    def test_both_variants_of_row_ii_1(self):
        make_day_tally(COMMUNE, date(2026, 3, 2), finished_early=4, finished_on_time=1, finished_late=5)
        self.flow(date(2026, 3, 1), date(2026, 4, 9), 6)
        self.flow(date(2026, 3, 1), date(2026, 3, 20), 3)
        self.flow(date(2026, 3, 5), date(2026, 4, 9), -1)
        self.flow(date(2026, 4, 1), date(2026, 4, 9), 100)
        assert sides(one("on_time_rate")) == (5, 10)
        # 8 in process at the end of March, 3 of them overdue.
        assert sides(one("handled_on_time_rate")) == (10, 18)

    def test_a_period_that_goes_on_counts_what_stands_open_now(self):
        make_stock(COMMUNE, "running", date(2026, 6, 9), 2)
        make_stock(COMMUNE, "running", date(2026, 6, 10), 3)
        june = Days(date(2026, 6, 1), date(2026, 7, 1))
        assert sides(one("handled_on_time_rate", days=june)) == (3, 5)

    def test_on_a_past_day_as_it_was_known_then_what_was_frozen_tells(self):
        asked = {"known_on": date(2026, 3, 31)}
        make_day_tally(COMMUNE, date(2026, 3, 2), finished_early=1)
        self.flow(date(2026, 3, 1), None, 50)
        found = one("handled_on_time_rate", **asked)
        assert (found.value, found.why) == (None, "not_frozen")
        kept = {"waiting": 0, "running": 9, "late": 4, "standing": 0, "ready": 0, "position": 1}
        for is_below in (False, True):
            StockDay.objects.create(
                scope=COMMUNE, is_below=is_below, day=date(2026, 3, 31), frozen_at=AFTER, **kept
            )
        frozen = Happening(KIND, "figures", id_of(date(2026, 3, 31)))
        # What is frozen weeks later holds what was entered meanwhile.
        with transaction.atomic():
            record(actor=SYSTEM, happening=frozen, at=AFTER)
            assert one("handled_on_time_rate", **asked).why == "not_frozen"
            transaction.set_rollback(True)
        record(actor=SYSTEM, happening=frozen, at=datetime(2026, 4, 1, 1, tzinfo=VIETNAM))
        assert sides(one("handled_on_time_rate", **asked)) == (11, 19)
        assert sides(one("handled_on_time_rate", is_own=True, **asked)) == (6, 10)


def test_average_hours_from_minutes():
    make_day_tally(COMMUNE, date(2026, 3, 2), timed=4, worked_minutes=510)
    found = one("average_hours")
    assert (found.numerator, found.denominator, found.value) == (510, 4, Decimal("2.125"))


class TestServices:
    def test_procedures_with_a_dossier_in_the_year_count_once(self, django_assert_max_num_queries):
        for month, code, channel, count in (
            (1, "1.001193", 2, 1),
            (3, "1.001193", 2, 5),
            (2, "1.001776", 1, 3),
            (2, "1.000894", 2, 0),
            (4, "1.000656", 2, 2),
        ):
            make_month_tally("/H44/", date(2026, month, 1), code, channel=channel, received_offered=count)
        make_month_tally("/H44/", date(2025, 12, 1), "1.004873", channel=2, received_offered=1)
        with django_assert_max_num_queries(9):
            found = figures("/H44/", MARCH, codes=["generating_rate", "generating_online_rate"])
        assert [it.numerator for it in found] == [1, 2]

    def test_what_is_kept_by_month_is_told_for_whole_months_and_as_known_now(self):
        week = Days(date(2026, 3, 2), date(2026, 3, 9))
        assert one("generating_rate", days=week).why == "not_whole_months"
        assert one("generating_rate", known_on=date(2026, 3, 31)).why == "not_kept"
        assert (
            one("generating_rate", days=Days(date(2026, 6, 1), date(2026, 6, 11))).why != "not_whole_months"
        )

    def test_months_that_go_on_end_where_nothing_is_counted_later(self):
        today = date(2026, 6, 10)
        assert whole_months(Days(date(2026, 6, 1), date(2026, 6, 11)), today=today).until == date(2026, 7, 1)
        assert whole_months(Days(date(2026, 6, 1), date(2026, 6, 10)), today=today) is None


def test_many_scopes_ask_no_more_than_one(django_assert_num_queries):
    paths = [f"/H44/H44.{number:02}/" for number in range(30)]
    for path in paths:
        make_day_tally(path, date(2026, 3, 2), channel=2, received_offered=1)
    with django_assert_num_queries(2):
        found = figures_of(paths, MARCH, codes=["online_rate", "handled_on_time_rate"])
    assert {path: it[1].numerator for path, it in found.items()} == dict.fromkeys(paths, 1)


# A definition that changes


def changing(cuts):
    """Another numerator and denominator from each day on, in turn."""
    ways = [
        ((Term(Count.RECEIVED, 2),), (Term(Count.RECEIVED),)),
        ((Term(Count.RECEIVED_FULL),), (Term(Count.RECEIVED), Term(Count.REFUSED, None, -1))),
    ]
    borders = [date(2000, 1, 1), *cuts, None]
    definitions = tuple(
        Definition(first, until, *ways[number % 2], source=f"{number}", texts=TEXTS | {"en": f"{number}"})
        for number, (first, until) in enumerate(pairwise(borders))
    )
    return Measure("changing", TEXTS, TEXTS, "percent", "", definitions)


def naive(measure, rows, days):
    """Each row by the definition of its day, one after the other."""
    top = bottom = 0
    for row in rows:
        if days.first <= row.day < days.until:
            definition = next(
                it
                for it in measure.definitions
                if it.valid_from <= row.day and (it.valid_to is None or row.day < it.valid_to)
            )
            for terms, is_top in ((definition.numerator, True), (definition.denominator, False)):
                for term in terms:
                    if term.channel in (None, row.channel):
                        value = term.sign * getattr(row, term.count)
                        top, bottom = (top + value, bottom) if is_top else (top, bottom + value)
    return top, bottom


@pytest.mark.parametrize("seed", range(12))
def test_a_definition_changed_in_the_period_counts_each_day_by_its_own(seed, monkeypatch):
    chance = random.Random(seed)
    begins = date(2026, 1, 1)
    cuts = sorted({begins + timedelta(chance.randrange(-5, 130)) for _ in range(chance.randrange(5))})
    measure = changing(cuts)
    monkeypatch.setattr(measuring, "load_measures", lambda: (measure,))
    rows = DayTally.objects.bulk_create(
        DayTally(
            scope="/H44/",
            is_below=chance.random() < 0.5,
            day=begins + timedelta(day),
            known_on=begins + timedelta(day + late),
            channel=channel,
            received=chance.randrange(9),
            received_full=chance.randrange(5),
            refused=chance.randrange(3),
        )
        for day in range(120)
        for channel in (1, 2, 3)
        for late in range(2)
        if chance.random() < 0.3
    )
    first = begins + timedelta(chance.randrange(40))
    days = Days(first, first + timedelta(chance.randrange(1, 80)))
    whole = one("changing", "/H44/", days)
    assert sides(whole) == naive(measure, rows, days)
    inner = [it for it in cuts if days.first < it < days.until]
    assert len(whole.parts) == (len(inner) + 1 if inner else 0)
    for part in whole.parts:
        assert sides(part) == naive(measure, rows, Days(part.first, part.until))
    assert whole.texts["en"] == measure.on(days.until - timedelta(1)).source
    by_day = breakdown(Seen("/H44/"), days, "changing", By.DAY)
    for day, figure in by_day:
        assert sides(figure) == naive(measure, rows, Days(day, day + timedelta(1)))
    for by in ("day", "month", "channel"):
        found = [sides(it) for _, it in breakdown(Seen("/H44/"), days, "changing", By(by))]
        assert tuple(map(sum, zip(*found, strict=True))) == sides(whole), by


def test_before_a_measure_was_defined_there_is_no_data():
    make_day_tally(COMMUNE, date(2022, 6, 22), received_offered=1)
    found = one("online_rate", days=Days(date(2022, 1, 1), date(2022, 6, 23)))
    assert (found.value, found.why) == (None, "not_defined")
    assert one("online_rate", days=Days(date(2022, 1, 1), date(2022, 7, 1))).denominator == 0


def test_how_things_stand_at_the_end_is_told_once_by_the_last_definition(monkeypatch):
    measure = measure_named("handled_on_time_rate")
    old = measure.definitions[0]
    cut = date(2026, 3, 15)
    changed = replace(
        measure, definitions=(replace(old, valid_to=cut), replace(old, valid_from=cut, source="new"))
    )
    monkeypatch.setattr(measuring, "load_measures", lambda: (changed,))
    make_day_tally(COMMUNE, date(2026, 3, 2), finished_early=2)
    make_day_tally(COMMUNE, date(2026, 3, 20), finished_late=3)
    make_flow(COMMUNE, date(2026, 3, 3), None, 5)
    found = one("handled_on_time_rate")
    assert sides(found) == (7, 10)
    assert [sides(it) for it in found.parts] == [(2, 2), (5, 8)]


# Broken down


class TestBrokenDown:
    def test_by_procedure_and_sector_for_whole_months(self, world, django_assert_num_queries):
        for code, channel, count in (("1.001193", 2, 3), ("1.001193", 1, 1), ("1.001776", 1, 5)):
            make_month_tally(COMMUNE, MARCH.first, code, channel=channel, received=count)
        make_month_tally(COMMUNE, MARCH.first, "9.999999", received=1)
        with django_assert_num_queries(1):
            found = breakdown(Seen(COMMUNE), MARCH, "online_rate_all", By.PROCEDURE)
        assert [(code, *sides(it)) for code, it in found] == [
            ("1.001776", 0, 5),
            ("1.001193", 3, 4),
            ("9.999999", 0, 1),
        ]
        with django_assert_num_queries(2):
            sectors = dict(breakdown(Seen(COMMUNE), MARCH, "online_rate_all", By.SECTOR))
        assert sides(sectors["civil_status"]) == (3, 4)
        assert sides(sectors[""]) == (0, 1)
        assert (
            breakdown(Seen(COMMUNE), Days(MARCH.first, date(2026, 3, 9)), "online_rate_all", By.PROCEDURE)
            == []
        )

    def test_by_agency_with_its_own_dossiers_first(self, world, django_assert_num_queries):
        province = "/" + world.desk.agency.path.strip("/").split("/")[0] + "/"
        here, there = world.desk.agency.path, world.other_desk.agency.path
        make_day_tally(province, date(2026, 3, 2), received=1)
        make_day_tally(province, date(2026, 3, 2), received=3, is_below=True)
        make_day_tally(province, date(2026, 3, 2), channel=2, received=4, is_below=True)
        make_day_tally(here, date(2026, 3, 2), channel=2, received=4)
        make_day_tally(there, date(2026, 3, 2), received=3)
        with django_assert_num_queries(3):
            found = dict(breakdown(Seen(province), MARCH, "online_rate_all", By.AGENCY))
        assert (sides(found[province]), sides(found[here]), sides(found[there])) == ((0, 1), (4, 4), (0, 3))
        whole = one("online_rate_all", province)
        assert tuple(map(sum, zip(*map(sides, found.values()), strict=True))) == sides(whole)
        assert dict(breakdown(Seen("/"), MARCH, "online_rate_all", By.AGENCY)).keys() >= {province}

    def test_by_level(self, world, django_assert_num_queries):
        make_day_tally(world.desk.agency.path, date(2026, 3, 2), channel=2, received=4)
        make_day_tally(world.other_desk.agency.path, date(2026, 3, 2), received=3)
        with django_assert_num_queries(2):
            found = dict(by_level("/", MARCH, "online_rate_all"))
        assert sides(found["commune"]) == (4, 7)
        assert by_level("/", MARCH, "generating_rate") == []

    @pytest.mark.parametrize("by", ["day", "month", "channel", "procedure", "sector"])
    def test_what_is_no_sum_over_days_is_not_broken_down(self, by):
        for code in ("handled_on_time_rate", "offered_rate", "generating_rate", "paid_online_rate"):
            assert breakdown(Seen(COMMUNE), MARCH, code, By(by)) == []

    def test_an_unknown_measure_is_an_error(self):
        with pytest.raises(KeyError):
            breakdown(Seen(COMMUNE), MARCH, "nothing", By.DAY)


@pytest.mark.parametrize("seed", range(5))
def test_every_tallied_measure_equals_the_naive_recount(seed):
    chance = random.Random(seed)
    rows = [
        make_day_tally(
            chance.choice(["/H44/", COMMUNE]),
            MARCH.first + timedelta(number),
            channel=chance.choice([1, 2, 3]),
            is_below=bool(number % 2),
            **{str(it): chance.randrange(20) for it in Count},
        )
        for number in range(31)
    ]
    mine = [it for it in rows if it.scope == "/H44/"]
    totals = Counter()
    for row in mine:
        for count in Count:
            totals[count, row.channel] += getattr(row, count)
            totals[count, None] += getattr(row, count)
    tallied = [
        it
        for it in load_measures()
        if all(term.is_tallied for term in it.definitions[0].terms) and not it.definitions[0].needs
    ]
    assert len(tallied) >= 15
    found = figures("/H44/", MARCH, codes=[it.code for it in tallied])
    for measure, figure in zip(tallied, found, strict=True):
        expected = tuple(
            sum(it.sign * totals[it.count, it.channel] for it in terms)
            for terms in (measure.definitions[0].numerator, measure.definitions[0].denominator)
        )
        assert sides(figure) == expected, measure.code
