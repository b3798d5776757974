"""What dossiers mean for agencies, and agencies for dossiers."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
import time_machine

from motcua.casework.dossiers.tests.factories import MORNING, accepted, submitted
from motcua.foundation.kernel.actors import SYSTEM
from motcua.registry.organisations import errors
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
    assert "officers in posts: 4" in str(caught.value)


def test_a_due_date_counts_by_the_agencys_own_calendar(world):
    usual = accepted(world.desk, world.mother).due_at
    closed = [
        {"date": (TODAY + timedelta(days=number)).isoformat(), "reason": "Lũ"} for number in range(1, 7)
    ]
    own = OwnTime(hours={"1": [["07:00", "07:30"]]}, closed=closed)
    set_calendar(actor=SYSTEM, target=Target(world.desk.agency.id), own=own, on=TODAY, at=AT)
    assert accepted(world.desk, world.mother).due_at > usual
