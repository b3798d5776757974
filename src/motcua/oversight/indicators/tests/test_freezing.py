"""Frozen days: whole or not there, for good, and known to the journal."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import transaction

from motcua.casework.dossiers.tests.factories import MORNING, accepted
from motcua.foundation.journal.models import ConsumerPosition, Entry
from motcua.foundation.journal.services import Happening, follow_once, record
from motcua.foundation.kernel.actors import SYSTEM
from motcua.foundation.kernel.ids import new_id
from motcua.foundation.worktime.calendars import VIETNAM
from motcua.oversight.indicators import freezing
from motcua.oversight.indicators.consumers import NAME
from motcua.oversight.indicators.freezing import (
    Fault,
    days_behind,
    freeze_days,
    last_frozen,
    stock_frozen,
    verify_days,
)
from motcua.oversight.indicators.models import Published, StockDay, StockFlow, StockNow
from motcua.oversight.indicators.publishing import publish_frozen
from motcua.oversight.indicators.rules.frozen_days import digest
from motcua.oversight.indicators.tallying import Open, stock_at_end_of
from motcua.oversight.indicators.tasks import freeze_days as nightly

pytestmark = pytest.mark.django_db
MONDAY = date(2026, 3, 2)
TUESDAY, WEDNESDAY = MONDAY + timedelta(1), MONDAY + timedelta(2)
# 01:00 on Thursday in Việt Nam.
NIGHT = datetime(2026, 3, 4, 18, tzinfo=UTC)
PATH = "/H44/"


def flow(day: date, change: int, *, state: str = "running", due_on: date | None = WEDNESDAY) -> None:
    """As the tallies are moved: the flow of the day, and what stands now."""
    key = {"scope": PATH, "is_below": False, "state": state, "due_on": due_on}
    row, _ = StockFlow.objects.get_or_create(**key, day=day, defaults={"change": 0})
    row.change += change
    row.save()
    now, _ = StockNow.objects.get_or_create(**key, defaults={"count": 0})
    now.count += change
    now.save()


def freeze(until: date = WEDNESDAY, at: datetime = NIGHT) -> list[date]:
    return freeze_days(actor=SYSTEM, until=until, at=at)


@pytest.fixture
def stock():
    flow(MONDAY, 3)
    flow(TUESDAY, -1)
    flow(TUESDAY, 1, state="standing")
    flow(WEDNESDAY, 2, due_on=None)


def test_each_day_that_is_over_stands_as_it_was_at_its_end(stock):
    assert freeze() == [MONDAY, TUESDAY, WEDNESDAY]
    names = ("day", "waiting", "running", "late", "standing", "ready")
    assert list(StockDay.objects.order_by("day").values_list(*names)) == [
        (MONDAY, 0, 3, 0, 0, 0),
        (TUESDAY, 0, 2, 0, 1, 0),
        # What was due that day is late at its end; what has no limit is not.
        (WEDNESDAY, 0, 4, 2, 1, 0),
    ]
    assert freeze() == []
    assert last_frozen().day == WEDNESDAY
    assert days_behind(at=NIGHT) == 0
    assert days_behind(at=NIGHT + timedelta(days=2)) == 2


def test_today_is_not_frozen(stock):
    assert freeze(until=WEDNESDAY, at=NIGHT - timedelta(days=1)) == [MONDAY, TUESDAY]


def test_what_is_entered_later_stands_beside_what_was_frozen(stock):
    freeze()
    flow(MONDAY, 5)
    scopes = [PATH, "/H99/"]
    found, known = stock_frozen(scopes, TUESDAY), stock_at_end_of(scopes, TUESDAY)
    assert (found[PATH].running, known[PATH].running) == (2, 7)
    assert found["/H99/"] == known["/H99/"] == Open()
    assert stock_frozen(scopes, WEDNESDAY + timedelta(1)) is None
    assert verify_days() == (3, [])


def test_a_day_waits_until_everything_recorded_by_its_end_is_followed(stock):
    follow_once()
    with transaction.atomic():
        record(actor=SYSTEM, happening=Happening("setting.changed", "setting", new_id()), at=NIGHT)
    # What was recorded just now was not yet there in March.
    assert freeze(until=MONDAY) == [MONDAY]
    later = datetime.now(UTC) + timedelta(days=3)
    assert freeze(until=TUESDAY, at=later) == [TUESDAY]
    days = freeze(until=later.date(), at=later)
    today = datetime.now(UTC) + timedelta(hours=7)
    assert days[-1] == today.date() - timedelta(days=1)
    follow_once()
    days = freeze(until=later.date(), at=later)
    # The entry that says that a day was frozen is followed like any.
    assert days[0] == today.date()


def test_what_breaks_leaves_no_half_day(stock, monkeypatch):
    def broken(rows):
        raise RuntimeError("killed")

    monkeypatch.setattr(freezing, "digest", broken)
    with pytest.raises(RuntimeError):
        freeze()
    assert not StockDay.objects.exists()
    assert last_frozen() is None
    monkeypatch.undo()
    assert freeze() == [MONDAY, TUESDAY, WEDNESDAY]


def test_who_alters_a_frozen_day_is_found(stock):
    freeze()
    StockDay.objects.filter(day=MONDAY).update(running=1)
    StockDay.objects.filter(day=TUESDAY).delete()
    StockDay.objects.filter(day=WEDNESDAY).update(day=WEDNESDAY + timedelta(days=9))
    assert verify_days() == (
        3,
        [Fault(MONDAY, "altered"), Fault(TUESDAY, "missing"), Fault(WEDNESDAY, "missing"),
         Fault(WEDNESDAY + timedelta(days=9), "unknown")],
    )  # fmt: skip


def test_a_day_with_nothing_open_is_frozen_too():
    flow(MONDAY, 1)
    flow(TUESDAY, -1)
    StockNow.objects.filter(count=0).delete()
    assert freeze(until=TUESDAY) == [MONDAY, TUESDAY]
    assert stock_frozen([PATH], TUESDAY) == {PATH: Open()}
    assert Entry.objects.filter(kind="figures.frozen").latest("sequence").facts["count"] == 0
    assert verify_days() == (2, [])


def test_the_digest_does_not_depend_on_the_order():
    rows = [
        ("/H44/", True, 1, 2, 0, 0, 0, 9),
        ("/H44/", False, 1, 2, 0, 0, 0, 9),
        ("/", True, 0, 1, 0, 0, 0, 9),
    ]
    assert digest(rows) == digest(reversed(rows))
    assert digest(rows) != digest(rows[:2])


def test_the_job_freezes_and_may_run_twice(stock):
    nightly(0)
    assert ConsumerPosition.objects.filter(name=NAME).count() <= 1
    count = StockDay.objects.count()
    nightly(0)
    assert StockDay.objects.count() == count


def test_the_command_freezes_and_verifies(stock):
    output = StringIO()
    with pytest.raises(SystemExit) as ended:
        call_command("indicators", "freeze", "--days", "--until", "2026-03-03", "--json", stdout=output)
    assert ended.value.code == 0
    assert json.loads(output.getvalue())["days"] == ["2026-03-02", "2026-03-03"]
    StockDay.objects.filter(day=MONDAY).update(late=1)
    output = StringIO()
    with pytest.raises(SystemExit) as ended:
        call_command("indicators", "verify-days", "--json", stdout=output)
    assert ended.value.code == 1
    assert json.loads(output.getvalue()) == {"days": 2, "faults": [{"day": "2026-03-02", "what": "altered"}]}


def test_from_the_journal_to_the_frozen_day_and_the_public_page(world):
    """One dossier, as people make it: it stands in the frozen day, and nobody is told of it."""
    accepted(world.desk, world.mother)
    follow_once()
    day = MORNING.astimezone(VIETNAM).date()
    at = MORNING + timedelta(days=2)
    assert freeze_days(actor=SYSTEM, until=day, at=at) == [day]
    path = world.desk.agency.path
    found = stock_frozen(["/", path], day)
    assert [it.running for it in found.values()] == [1, 1]
    assert publish_frozen(at=at) == [day.replace(day=1)]
    assert publish_frozen(at=at) == []
    told = Published.objects.filter(code="received", scope__in=["/", path]).values_list(
        "numerator", flat=True
    )
    assert list(told) == [None, None]
