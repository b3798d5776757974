"""What dossiers mean for agencies, and agencies for dossiers."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
import time_machine

from motcua.casework.dossiers.selectors import list_inbox
from motcua.casework.dossiers.tests.factories import MORNING, accepted, submitted
from motcua.casework.dossiers.web.checking import promise_now
from motcua.foundation.kernel.actors import SYSTEM
from motcua.registry.organisations import errors
from motcua.registry.organisations.models import Agency, Post
from motcua.registry.organisations.services import OwnTime, Target, end_agency, set_calendar

AT, TODAY = MORNING, date(2026, 3, 10)
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _now():
    with time_machine.travel(AT, tick=False):
        yield


def test_an_agency_with_an_open_dossier_does_not_end(world):
    submitted(world.desk, world.mother)
    with pytest.raises(errors.HasOpenWork) as caught:
        end_agency(actor=SYSTEM, target=Target(world.desk.agency.id), on=TODAY, at=AT)
    assert "open dossiers: 1" in str(caught.value)
    posts = Post.objects.filter(unit__agency=world.desk.agency).count()
    assert f"officers in posts: {posts}" in str(caught.value)


def test_a_due_date_counts_by_the_agencys_own_calendar(world):
    usual = accepted(world.desk, world.mother).due_at
    closed = [
        {"date": (TODAY + timedelta(days=number)).isoformat(), "reason": "Lũ"} for number in range(1, 7)
    ]
    own = OwnTime(hours={"1": [["07:00", "07:30"]]}, closed=closed)
    set_calendar(actor=SYSTEM, target=Target(world.desk.agency.id), own=own, on=TODAY, at=AT)
    assert accepted(world.desk, world.mother).due_at > usual


def _closed_all_week(world):
    closed = [
        {"date": (TODAY + timedelta(days=number)).isoformat(), "reason": "Lũ"} for number in range(1, 4)
    ]
    own = OwnTime(closed=closed)
    set_calendar(actor=SYSTEM, target=Target(world.desk.agency.id), own=own, on=TODAY, at=AT)


def test_what_is_soon_counts_by_the_agencys_own_calendar(world):
    usual = list_inbox(world.desk.reception, at=AT).times.soon_ends
    _closed_all_week(world)
    assert list_inbox(world.desk.reception, at=AT).times.soon_ends > usual
    assert list_inbox(world.other_desk.reception, at=AT).times.soon_ends == usual


def test_the_promise_before_submitting_counts_by_the_agencys_own_calendar(world):
    procedure = {"limit": {"value": "2wd"}}
    usual = promise_now(procedure, world.other_desk.agency, AT)
    assert promise_now(procedure, None, AT) == usual
    _closed_all_week(world)
    agency = Agency.objects.get(pk=world.desk.agency.pk)
    assert promise_now(procedure, agency, AT) != usual
