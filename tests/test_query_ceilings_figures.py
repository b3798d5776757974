"""How many queries the pages of figures take: the same for few and for many agencies, procedures, days and dossiers."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
import time_machine
from django.urls import reverse

from motcua.casework.dossiers.tests.factories import MORNING, submitted
from motcua.foundation.journal.services import follow_once
from motcua.oversight.indicators.tests.factories import make_day_tally, make_month_tally, make_stock
from motcua.registry.access.models import RoleGrant
from motcua.registry.organisations.models import Agency
from tests.counting import OFFICER, queries, shown

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("ceilings")]
MARCH = date(2026, 3, 1)


@pytest.fixture(autouse=True)
def _now():
    with time_machine.travel(MORNING + timedelta(hours=1), tick=False):
        yield


@pytest.fixture
def leader(world, browse):
    """Of the province."""
    account = world.desk.leader.account_id
    RoleGrant.objects.create(account_id=account, role_id="leader", agency_path="/H44/")
    return browse(world.desk.leader)


def counted(world, first, many):
    """So many communes more, each with figures of a day and of a procedure of its own."""
    province = Agency.objects.get(path="/H44/", valid_to=None)
    for number in range(first, first + many):
        code = f"H44.9{number:04}"
        path, counts = (
            f"/H44/{code}/",
            {"received": 2, "finished": 2, "finished_early": 1, "finished_late": 1},
        )
        Agency.objects.create(
            code=code, name=f"Xã {number}", parent=province, path=path, level="commune",
            sort_key=f"xa {number:04}", valid_from=date(2025, 7, 1),
        )  # fmt: skip
        for scope in (path, "/H44/"):
            is_below, day = scope != path, MARCH + timedelta(days=number % 9)
            make_day_tally(scope, day, is_below=is_below, known_on=MARCH - timedelta(days=number), **counts)
            make_month_tally(scope, MARCH, f"9.{number:06}", is_below=is_below, **counts)
            make_stock(scope, "running", MARCH - timedelta(days=number), 1, is_below=is_below)


PAGES = [
    # The agency; how far the journal is followed; counts, rates and their stock of the days and of those before, what
    # the catalogue tells, how many procedures have dossiers.
    ("figures:overview", [], {}, 40),
    # Twice the figure, by day, by agency; itself alone.
    ("figures:measure", ["on_time_rate"], {"by": "agency"}, 10),
    ("figures:measure", ["received"], {"by": "procedure"}, 9),
    ("figures:measure", ["received"], {"by": "sector"}, 9),
    ("figures:measure", ["on_time_rate"], {"by": "channel"}, 8),
    # The agencies below, their stock, former provinces.
    ("figures:map", [], {}, 6),
    # Levels, and twice what the rows are made of: of the agency, of all agencies of the level.
    ("figures:index", [], {}, 38),
]


@pytest.mark.parametrize(("name", "args", "query", "ceiling"), PAGES)
def test_figures_of_20_agencies_take_as_many_queries_as_those_of_5(world, leader, name, args, query, ceiling):
    found, first = [], 1
    for more in (5, 15):
        counted(world, first, more)
        first += more
        found.append(queries(leader, reverse(name, args=args), agency="/H44/", period="2026-03", **query))
    assert len(found[0]) == len(found[1]), shown(found[1])
    assert len(found[1]) <= OFFICER + ceiling, shown(found[1])


def test_the_dossiers_behind_take_as_many_queries_with_20_as_with_5(world, leader):
    found = []
    for more in (5, 15):
        for _ in range(more):
            submitted(world.desk, world.mother)
        follow_once()
        url = reverse("figures:dossiers")
        found.append(queries(leader, url, agency="/H44/", period="2026-03", count="submitted"))
    # The agency, rows, their dossiers, how many; how far the journal is followed.
    assert len(found[0]) == len(found[1]) <= OFFICER + 6, shown(found[1])
