"""Two watches at once, and a watch while somebody acts."""

from __future__ import annotations

from datetime import timedelta

import pytest

from motcua.casework.dossiers.tests.factories import MORNING
from motcua.casework.dossiers.tests.players import at_once
from motcua.foundation.journal.models import Entry
from motcua.foundation.notifications.models import Message
from motcua.oversight.indicators.tests.factories import make_stock
from motcua.oversight.operations.alerts import acts
from motcua.oversight.operations.alerts.evaluating import watch
from motcua.oversight.operations.likely_late import look_ahead
from motcua.oversight.operations.models import Alert, Escalation

pytestmark = [pytest.mark.usefixtures("db"), pytest.mark.xdist_group("races")]


@pytest.fixture
def db(shared_database):
    """Not a transaction: other connections must see what is done."""


def test_several_watches_at_once_raise_and_tell_once_and_lose_no_act(world):
    desk = world.desk
    make_stock(desk.agency.path, "running", MORNING.date() - timedelta(days=1), 5)
    found = at_once(*[lambda: watch(at=MORNING)] * 3)
    assert sum(it["raised"] for it in found) == 1 == Alert.objects.count()
    alert = Alert.objects.get()
    at_once(*[lambda late=late: watch(at=alert.escalates_at + timedelta(seconds=late)) for late in (0, 0, 1)])
    assert (
        Escalation.objects.count()
        == 1
        == Message.objects.filter(purpose="alert_escalated", channel="in_app").count()
    )
    later = alert.escalates_at + timedelta(minutes=1)
    leader = desk.leader
    at_once(
        lambda: watch(at=later),
        lambda: acts.acknowledge(actor=leader, seen=acts.Seen(alert.pk, 1), at=later),
        lambda: look_ahead(at=later),
        lambda: look_ahead(at=later),
    )
    alert.refresh_from_db()
    assert (alert.state, alert.owner_id, alert.escalates_at) == ("acknowledged", leader.person, None)
    kinds = list(Entry.objects.filter(object_id=alert.pk).order_by("sequence").values_list("kind", flat=True))
    assert kinds == ["alert.raised", "alert.escalated", "alert.acknowledged"]
