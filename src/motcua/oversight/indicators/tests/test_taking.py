"""How long dossiers really took: percentiles, where they are from, and where they are shown."""

from __future__ import annotations

from datetime import date

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from motcua.casework.dossiers.tests.factories import CODE
from motcua.oversight.indicators.models import Duration
from motcua.oversight.indicators.rules.percentiles import within
from motcua.oversight.indicators.taking import times_taken
from motcua.oversight.indicators.tests.factories import make_duration, make_month_tally
from motcua.registry.access.tests.client_factories import bearer, registered

TODAY, FEBRUARY = date(2026, 3, 2), date(2026, 2, 1)
ENGLISH = {"Accept-Language": "en"}


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.integers(0, 500), min_size=1, max_size=200), st.integers(1, 100))
def test_the_time_is_that_of_the_nearest_rank_of_the_sorted_times(times, percent):
    ordered = sorted(times)
    histogram = [(it, ordered.count(it)) for it in sorted(set(ordered))]
    rank = -(-len(ordered) * percent // 100)
    assert within(histogram, percent) == ordered[rank - 1]


def test_of_nobody_there_is_no_time():
    with pytest.raises(ValueError, match="Nobody"):
        within([], 50)


@pytest.fixture
def path(world) -> str:
    return world.desk.agency.path


@pytest.fixture
def times(path):
    for hours, count in ((2, 10), (4, 10), (7, 4), (30, 1)):
        make_duration(path, CODE, FEBRUARY, hours, count)
        make_duration("/H44/", CODE, FEBRUARY, hours, count, is_below=True)
        make_duration("/", CODE, FEBRUARY, hours, count, is_below=True)
    for scope in (path, "/H44/", "/"):
        is_below = scope != path
        make_month_tally(scope, FEBRUARY, CODE, is_below=is_below, finished_on_time=15, finished_late=10)


pytestmark = pytest.mark.django_db


def test_half_and_most_of_the_agency(times, path):
    found = times_taken(CODE, path, TODAY)
    assert (found.cases, found.half, found.most, found.late_percent, found.path) == (25, 4, 4, 40, path)
    assert (found.first, found.until) == (date(2025, 3, 1), date(2026, 3, 1))


def test_with_too_few_the_province_speaks_and_with_fewer_nobody(times, world):
    other = world.other_desk.agency.path
    make_duration(other, CODE, FEBRUARY, 3, 19)
    assert times_taken(CODE, other, TODAY).path == "/H44/"
    assert times_taken("1.000656", other, TODAY) is None
    assert times_taken("1.000656", "/", TODAY) is None


def test_the_month_in_progress_and_older_ones_do_not_count(path, world):
    make_duration(path, CODE, date(2026, 3, 1), 3, 50)
    make_duration(path, CODE, date(2025, 2, 1), 3, 50)
    assert times_taken(CODE, path, TODAY) is None
    make_duration(path, CODE, date(2025, 3, 1), 3, 20)
    assert times_taken(CODE, path, TODAY).cases == 20


@pytest.mark.parametrize(
    ("late", "on_time", "told"), [(0, 25, 0), (3, 22, None), (22, 3, None), (5, 20, 20), (0, 0, None)]
)
def test_few_late_ones_are_not_told(path, world, late, on_time, told):
    make_duration(path, CODE, FEBRUARY, 3, 25)
    make_month_tally(path, FEBRUARY, CODE, finished_on_time=on_time, finished_late=late)
    assert times_taken(CODE, path, TODAY).late_percent == told


@pytest.mark.usefixtures("times")
class TestPages:
    @pytest.fixture(autouse=True)
    def _now(self):
        with time_machine.travel("2026-03-02T09:00:00+07:00", tick=False):
            yield

    def test_the_procedure_says_what_the_law_allows_beside_what_it_took(self, browse, world):
        client = browse(None)
        words = client.get(reverse("catalogue:procedure", args=[CODE]), headers=ENGLISH).content.decode()
        assert "What it really took here, 03/2025 to 02/2026" in words
        assert "4 working hours" in words
        assert "same day" in words
        assert "25 dossiers, 40 % of them late" in words
        assert reverse("public-figures:how") in words
        commune = {"commune": world.desk.agency.place_code}
        near = client.get(reverse("catalogue:procedure", args=[CODE]), commune, headers=ENGLISH)
        assert world.desk.agency.name in near.context["taken"]["title"]

    def test_programs_are_told_the_same(self, browse, world):
        token = bearer(*registered(world.administrator, world.desk.agency, at=timezone.now()))
        back = browse(None).get(f"/api/v1/procedures/{CODE}", headers={"Authorization": token})
        assert back.json()["times"] == {
            "cases": 25, "half": 4, "most": 4, "late_percent": 40, "agency": "/",
            "first": "2025-03-01", "until": "2026-03-01",
        }  # fmt: skip

    def test_too_few_are_said_to_be_too_few(self, browse):
        Duration.objects.all().delete()
        words = (
            browse(None).get(reverse("catalogue:procedure", args=[CODE]), headers=ENGLISH).content.decode()
        )
        assert "too few dossiers were finished" in words
