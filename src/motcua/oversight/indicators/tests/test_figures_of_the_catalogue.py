"""Rows of index 766 that the catalogue tells: what was published in time, what is complete, what is offered."""

from __future__ import annotations

from datetime import date, datetime

import pytest
import time_machine

from motcua.foundation.worktime.calendars import VIETNAM
from motcua.oversight.indicators.measuring import figures
from motcua.oversight.indicators.tallying import Days
from motcua.registry.catalogue.models import PublicationDecision
from motcua.registry.catalogue.offers.counting import count_complete, count_offered
from motcua.registry.catalogue.tests.offer_factories import entered, offered

pytestmark = pytest.mark.django_db
FEBRUARY = Days(date(2026, 2, 1), date(2026, 3, 1))


@pytest.fixture(autouse=True)
def _now():
    with time_machine.travel(datetime(2026, 3, 20, 9, tzinfo=VIETNAM), tick=False):
        yield


def one(code, scope, days=FEBRUARY, **by):
    return figures(scope, days, codes=[code], **by)[0]


def test_published_in_time_counts_procedures_of_decisions_that_were_due(world, django_assert_num_queries):
    decision = entered(world)
    here, there = world.desk.agency.path, world.other_desk.agency.path
    with django_assert_num_queries(1):
        found = one("published_in_time", here)
    assert (found.numerator, found.denominator) == (0, 3)
    PublicationDecision.objects.filter(pk=decision.pk).update(published_on=date(2026, 2, 20))
    assert (one("published_in_time", "/").numerator, one("published_in_time", here).numerator) == (3, 3)
    assert one("published_in_time", there).why == "nothing_counted"
    assert one("published_in_time", here, Days(date(2026, 1, 1), date(2026, 2, 20))).denominator == 0
    # As it was known before it was published; and before the decision was entered.
    published = {"known_on": date(2026, 2, 19)}
    PublicationDecision.objects.filter(pk=decision.pk).update(
        entered_at=datetime(2026, 2, 3, 9, tzinfo=VIETNAM)
    )
    assert one("published_in_time", here, **published).denominator == 0
    PublicationDecision.objects.filter(pk=decision.pk).update(
        due_on=date(2026, 2, 15), published_on=date(2026, 2, 14)
    )
    assert [one("published_in_time", here, known_on=date(2026, 2, day)).numerator for day in (13, 15)] == [
        0,
        3,
    ]
    assert one("published_in_time", here, known_on=date(2026, 2, 2)).denominator == 0


def test_what_is_due_later_than_today_was_not_missed(world):
    decision = entered(world)
    PublicationDecision.objects.filter(pk=decision.pk).update(due_on=date(2026, 3, 21))
    march = Days(date(2026, 3, 1), date(2026, 4, 1))
    assert one("published_in_time", world.desk.agency.path, march).denominator == 0


def test_offered_and_complete_on_the_last_day(world):
    path = world.desk.agency.path
    offered(world)
    march = Days(date(2026, 3, 1), date(2026, 4, 1))
    there = count_offered([path], on=date(2026, 3, 20))[path]
    rate = one("offered_rate", path, march)
    assert (rate.numerator, rate.denominator) == (there.online, there.eligible)
    assert one("partial_services_rate", path, march).numerator == there.partial == 1
    assert one("partial_services_rate", path).numerator == 0
    public = count_complete([path], on=date(2026, 3, 20))[path]
    complete = one("complete_rate", path, march)
    assert (complete.numerator, complete.denominator) == (public.complete, public.all)


def test_of_an_agency_without_those_below_nothing_is_said_about_offers(world):
    assert one("offered_rate", world.desk.agency.path, is_own=True).why == "not_alone"


def test_the_whole_set_asks_a_constant_number_of_queries(world, django_assert_max_num_queries):
    with django_assert_max_num_queries(22):
        found = figures(world.desk.agency.path, FEBRUARY)
    assert {it.missing for it in found if it.why == "no_source"} == {
        "national_database",
        "portalsync",
        "payments",
        "petitions",
        "correspondence",
    }
