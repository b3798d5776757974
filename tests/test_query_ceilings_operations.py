"""The operations centre asks the same however many agencies and dossiers there are."""

from __future__ import annotations

import pytest
import time_machine
from django.urls import reverse

from motcua.casework.dossiers.tests.factories import MORNING
from motcua.oversight.indicators.tests.factories import make_stock
from motcua.registry.organisations.models import Agency
from tests.counting import OFFICER, queries, shown

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("ceilings")]


def test_wall_and_working_page_take_as_many_queries_with_150_communes_as_with_2(world, browse):
    browser, found = browse(world.operator), []
    top = world.desk.agency.path.split("/")[1]
    parent = Agency.objects.get(path=f"/{top}/", valid_to=None)
    with time_machine.travel(MORNING, tick=False):
        for more in (0, 148):
            for number in range(more):
                code = f"{top}.{700 + number}"
                Agency.objects.create(
                    code=code, name=code, parent=parent, path=f"{parent.path}{code}/", level="commune",
                    place_code=f"{90000 + number}", place_name=code, sort_key=code, valid_from=MORNING.date(),
                )  # fmt: skip
                make_stock(f"{parent.path}{code}/", "running", MORNING.date(), 5)
            pages = [{}, {"day": "2026-03-09", "at": "10:30"}]
            found.append(
                [
                    queries(browser, reverse(f"operations:{name}"), agency=parent.path, **asked)
                    for name in ("wall", "desk")
                    for asked in pages
                ]
            )
    assert [len(it) for it in found[0]] == [len(it) for it in found[1]], shown(found[1][0])
    # The agency, agencies below twice, former provinces; stock, arrivals, lines, messages, the journal, alerts, health.
    assert max(len(it) for it in found[1]) <= OFFICER + 40, shown(max(found[1], key=len))
