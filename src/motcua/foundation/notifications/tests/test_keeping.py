"""Reading, sending again, erasing."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.conf import settings
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from motcua.foundation.journal.models import Entry
from motcua.foundation.journal.services import place_hold, release_hold
from motcua.foundation.kernel.actors import SYSTEM, Actor
from motcua.foundation.kernel.errors import NotFound
from motcua.foundation.kernel.ids import new_id
from motcua.foundation.kernel.retention import load_rules
from motcua.foundation.notifications import selectors, tasks
from motcua.foundation.notifications.delivery import deliver
from motcua.foundation.notifications.errors import CannotRetryMessage
from motcua.foundation.notifications.models import Message
from motcua.foundation.notifications.selectors import Filter
from motcua.foundation.notifications.services import keeping
from motcua.foundation.notifications.services.keeping import erase_old, record_report, retry_message
from motcua.foundation.notifications.services.reading import mark_all_read, mark_read
from motcua.foundation.notifications.tests.factories import MORNING, mother, told

pytestmark = pytest.mark.django_db
LATER = MORNING + timedelta(days=400)
OPERATOR = Actor(kind="officer", account_id=new_id(), person_id=new_id())


def test_a_message_is_unread_until_its_recipient_opens_it():
    person, other = mother(), mother()
    message = told(person)["in_app"]
    assert selectors.count_unread(person.id) == 1
    with pytest.raises(NotFound):
        mark_read(recipient_id=other.id, message_id=message.id, at=MORNING)
    assert mark_read(recipient_id=person.id, message_id=message.id, at=MORNING).read_at == MORNING
    assert mark_read(recipient_id=person.id, message_id=message.id, at=LATER).read_at == MORNING
    assert selectors.count_unread(person.id) == 0


def test_an_e_mail_is_not_read_in_the_portal():
    person = mother()
    with pytest.raises(NotFound):
        mark_read(recipient_id=person.id, message_id=told(person)["email"].id, at=MORNING)


def test_everything_can_be_marked_as_read_and_only_ones_own():
    person, other = mother(), mother()
    for _ in range(3):
        told(person)
    told(other)
    assert mark_all_read(recipient_id=person.id, at=MORNING) == 3
    assert (selectors.count_unread(person.id), selectors.count_unread(other.id)) == (0, 1)


def test_the_list_goes_on_page_by_page_also_when_many_have_the_same_moment():
    person = mother()
    written = [told(person)["in_app"].id for _ in range(45)]
    seen, before = [], ""
    while True:
        page = selectors.list_own_messages(person.id, before=before)
        seen += [message.id for message in page.messages]
        before = page.next_before
        if not before:
            break
    assert seen == sorted(written, reverse=True)


def failed(**changes) -> Message:
    message = told(**changes)["sms"]
    Message.objects.filter(pk=message.pk).update(state="failed", last_error="gate_refused", tries=3)
    return message


def retry(message, scopes=("/",)):
    return retry_message(actor=OPERATOR, scopes=scopes, message_id=message.id, at=MORNING)


def test_a_failed_message_is_sent_again_as_a_new_one_to_the_gate_and_that_is_journalled(gate):
    message = retry(failed())
    assert (message.state, message.tries) == ("queued", 0)
    entry = Entry.objects.get(kind="message.retried")
    assert (entry.object_id, entry.person_id) == (message.id, OPERATOR.person_id)
    assert "0912" not in str(entry.facts) and "84912" not in str(entry.facts)
    deliver(message.id, at=MORNING)
    assert gate.asked[0][1]["key"] == f"{message.id}.1"
    assert not record_report(key=f"{message.id}.0", state="failed", at=MORNING)


@pytest.mark.parametrize("state", ["queued", "sent", "delivered", "expired"])
def test_only_a_failed_message_is_sent_again(state):
    message = told()["sms"]
    Message.objects.filter(pk=message.pk).update(state=state, sent_at=MORNING)
    with pytest.raises(CannotRetryMessage):
        retry(message)
    assert not Entry.objects.filter(kind="message.retried").exists()


def test_a_message_without_a_good_address_is_not_sent_again():
    with pytest.raises(CannotRetryMessage):
        retry(told(mother(phone="1"))["sms"])


@pytest.mark.parametrize("scopes", [(), ("/H45/",), ("/H44/H44.26/",)])
def test_a_message_beyond_ones_scope_is_not_there(scopes):
    message = failed()
    with pytest.raises(NotFound):
        retry(message, scopes)
    assert selectors.list_sent(scopes, Filter()).messages == []
    with pytest.raises(NotFound):
        selectors.get_sent(scopes, message.id)


def test_what_was_sent_is_seen_within_ones_scope_and_without_the_words():
    told()
    with CaptureQueriesContext(connection) as captured:
        page = selectors.list_sent(("/H44/",), Filter())
        assert [message.masked_address for message in page.messages if message.address]
    assert len(page.messages) == 3 and len(captured) == 1
    assert '"body"' not in captured[0]["sql"]


def test_filters_narrow_the_list():
    told()
    failed(at=MORNING - timedelta(days=1))
    count = lambda **chosen: len(selectors.list_sent(("/",), Filter(**chosen)).messages)  # noqa: E731
    assert count() == 6
    assert count(state="failed") == 1
    assert count(channel="email", day=MORNING.date()) == 1
    assert count(purpose="tested") == 6 and count(purpose="other") == 0


def test_erasing_takes_address_and_words_and_leaves_what_happened():
    written = told()
    Message.objects.update(state="sent", sent_at=MORNING)
    assert erase_old(before=MORNING + timedelta(days=1), at=LATER) == 3
    row = Message.objects.get(pk=written["sms"].pk)
    assert (row.address, row.subject, row.body, row.link) == ("", "", "", "")
    assert (row.state, row.reference, row.erased_at) == ("sent", "H44.04894-260310-0001", LATER)
    assert erase_old(before=MORNING + timedelta(days=1), at=LATER) == 0


def test_the_nightly_job_erases_what_was_written_before_the_packs_period():
    with time_machine.travel(MORNING, tick=False):
        told()
        Message.objects.update(state="sent", sent_at=MORNING)
    days = load_rules(settings.RETENTION_FILE)["notification.message"].days
    # Counted from the writing, as the rule says, not from a late delivery.
    Message.objects.update(delivered_at=MORNING + timedelta(days=9))
    for later, left in ((timedelta(days=days), 3), (timedelta(days=days, seconds=1), 0)):
        with time_machine.travel(MORNING + later, tick=False):
            tasks.erase_old(timestamp=0)
        assert Message.objects.filter(erased_at=None).count() == left


def test_erasing_leaves_young_and_waiting_messages():
    told()
    assert erase_old(before=MORNING, at=LATER) == 0
    assert erase_old(before=LATER, at=LATER) == 1  # the one in the portal; two wait to be sent


def test_a_legal_hold_on_recipient_or_object_keeps_the_message_until_it_is_released():
    person, dossier = mother(email="", phone=""), new_id()
    told(person)
    told(mother(email="", phone=""), concerns=("dossier", dossier))
    holds = [
        place_hold(actor=SYSTEM, object_id=held, reason="Order 1", at=MORNING)
        for held in (person.id, dossier)
    ]
    told(mother(email="", phone=""))
    assert erase_old(before=LATER, at=LATER) == 1
    for hold in holds:
        release_hold(actor=SYSTEM, hold_id=hold.id, at=LATER)
    assert erase_old(before=LATER, at=LATER) == 2


def test_erasing_goes_on_after_a_page_that_is_held(monkeypatch):
    monkeypatch.setattr(keeping, "ERASE_AT_ONCE", 2)
    person = mother(email="", phone="")
    for _ in range(3):
        told(person)
    place_hold(actor=SYSTEM, object_id=person.id, reason="Order 1", at=MORNING)
    told(mother(email="", phone=""), at=MORNING + timedelta(hours=1))
    assert erase_old(before=LATER, at=LATER) == 1


@pytest.mark.parametrize(
    "changes",
    [
        {"state": "lost"},
        {"channel": "fax"},
        {"address": ""},
        {"state": "sent"},
        {"state": "sending"},
        {"erased_at": MORNING},
        {"agency_path": "H44"},
    ],
)
def test_the_database_refuses_what_cannot_be(changes):
    message = told()["email"]
    with pytest.raises(IntegrityError), transaction.atomic():
        Message.objects.filter(pk=message.pk).update(**changes)
