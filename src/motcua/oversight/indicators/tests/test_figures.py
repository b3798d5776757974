"""The desk's pages of figures: what they show, and that every figure leads to as many dossiers as it says."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
import time_machine
from django.urls import reverse

from motcua.casework.dossiers.services import ending
from motcua.casework.dossiers.tests.factories import MORNING, handed_over, submitted, target
from motcua.foundation.journal.services import follow_once
from motcua.oversight.indicators.behind import Whose, count_behind, list_behind, of_count, of_stock
from motcua.oversight.indicators.models import Measured
from motcua.oversight.indicators.rules.counts import Count
from motcua.oversight.indicators.tallying import Days, stock_now, sums
from motcua.oversight.indicators.tests.factories import TOO_LATE, finished, supplemented
from motcua.registry.access.models import RoleGrant

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("evaluation")]
MARCH = Days(date(2026, 3, 1), date(2026, 4, 1))
NOW = MORNING + timedelta(days=3)
PERIOD = {"period": "2026-03"}


@pytest.fixture(autouse=True)
def _now():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def some(world):
    """In time, too late, with a supplement, refused, withdrawn, under way, just submitted; and one of the other
    commune."""
    finished(world)
    finished(world, at=TOO_LATE)
    supplemented(world, at=MORNING + timedelta(hours=1))
    refused, withdrawn = submitted(world.desk, world.mother), submitted(world.desk, world.mother)
    why = ending.Why("not_competent", "Không thuộc thẩm quyền")
    ending.refuse_dossier(actor=world.desk.reception, target=target(refused), why=why, at=MORNING)
    taken = {"dossier_id": withdrawn.id, "revision": withdrawn.revision, "reason": ""}
    ending.withdraw_own(actor=world.mother, **taken, at=MORNING)
    handed_over(world.desk, world.mother)
    submitted(world.desk, world.mother)
    finished(world, desk=world.other_desk)
    follow_once()


@pytest.fixture
def province(world, browse):
    """A browser of who leads the province with all its communes."""
    account = world.desk.leader.account_id
    RoleGrant.objects.create(account_id=account, role_id="leader", agency_path="/H44/")
    return browse(world.desk.leader)


def text(response) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


class TestBehind:
    def test_the_list_is_as_long_as_the_figure(self, world, some):
        for scope in (world.desk.agency.path, "/H44/"):
            figure = sums(scope, MARCH)[""]
            # Minutes are no dossiers.
            for count in set(Count) - {Count.WORKED_MINUTES}:
                assert count_behind(Whose(scope), of_count(count, MARCH)) == figure.of(count), count
                for channel in (1, 2, 3):
                    listed = count_behind(Whose(scope, channel=channel), of_count(count, MARCH))
                    assert listed == figure.of(count, channel), count
        assert figure.of(Count.REFUSED) and figure.of(Count.WITHDRAWN) and figure.of(Count.FINISHED_LATE)

    def test_so_is_that_of_what_stands_open(self, world, some):
        scope = world.desk.agency.path
        found = stock_now([scope], at=NOW)[scope]
        for name in ("waiting", "running", "late", "due_today", "standing", "ready"):
            assert count_behind(Whose(scope), of_stock(name, NOW.date())) == getattr(found, name), name
        assert found.running and found.late and found.waiting

    def test_pages_hold_each_dossier_once(self, world, some):
        seen, after = [], ""
        while True:
            rows, after = list_behind(Whose("/H44/"), of_count(Count.SUBMITTED, MARCH), after=after, limit=2)
            seen += [it.measured.dossier_id for it in rows]
            if not after:
                break
        assert sorted(seen) == sorted(Measured.objects.values_list("pk", flat=True))


class TestPages:
    def test_a_figure_says_what_it_is_made_of_and_leads_to_its_dossiers(self, world, some, browse):
        at_desk = browse(world.desk.leader)
        page = at_desk.get(reverse("figures:overview"), PERIOD)
        assert "50.00 % 1 of 2" in text(page).replace("\xa0", " ")
        links = re.findall(r'href="([^"]*figures/dossiers/[^"]*)"', page.content.decode())
        assert len(links) > 5
        for link in links:
            assert at_desk.get(link.replace("&amp;", "&")).status_code == 200
