"""Two at the same time, each with a connection of its own."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.db import connection

from motcua.foundation.notifications.delivery import deliver
from motcua.foundation.notifications.models import Message
from motcua.foundation.notifications.services.keeping import record_report
from motcua.foundation.notifications.tests.factories import MORNING, mother, told

pytestmark = [pytest.mark.usefixtures("db"), pytest.mark.xdist_group("races")]


@pytest.fixture
def db(shared_database):
    """Not a transaction: other connections must see what is done."""


def at_once(*acts: Callable[[], Any]) -> list[Any]:
    barrier = Barrier(len(acts))

    def run(act: Callable[[], Any]) -> Any:
        barrier.wait(timeout=20)
        try:
            return act()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return [future.result(timeout=20) for future in [pool.submit(run, act) for act in acts]]


def test_two_workers_send_one_mail(relay):
    message = told()["email"]
    at_once(*[lambda: deliver(message.id, at=MORNING)] * 4)
    assert len(relay.envelopes) == 1
    message.refresh_from_db()
    assert (message.state, message.tries) == ("sent", 1)


def test_one_cause_told_twice_writes_one_message_a_channel(relay):
    person = mother()
    written = at_once(*[lambda: told(person, source_key="cause:1")] * 4)
    assert sorted(map(len, written)) == [0, 0, 0, 3]
    assert Message.objects.filter(recipient_id=person.id).count() == 3


def test_reports_that_contradict_each_other_leave_a_delivered_message(gate):
    message = told()["sms"]
    deliver(message.id, at=MORNING)
    at_once(
        lambda: record_report(key=message.key, state="failed", at=MORNING),
        lambda: record_report(key=message.key, state="delivered", at=MORNING),
    )
    message.refresh_from_db()
    assert message.state == "delivered"
