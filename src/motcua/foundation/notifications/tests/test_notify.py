"""What is written when a room has something to say."""

from __future__ import annotations

from datetime import time, timedelta
from types import SimpleNamespace

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from motcua.foundation.notifications.models import Habits, Message, Preference
from motcua.foundation.notifications.services import notifying
from motcua.foundation.notifications.services.notifying import notify
from motcua.foundation.notifications.services.reading import Choice, save_preferences
from motcua.foundation.notifications.tests.factories import MORNING, NIGHT, mother, notice, told

pytestmark = pytest.mark.django_db


def jobs(message):
    return ProcrastinateJob.objects.filter(
        task_name="notifications.deliver", args__message_id=str(message.id)
    )


def test_writes_one_message_a_channel_and_defers_the_sending(settings):
    written = told()
    assert set(written) == {"email", "sms", "in_app"}
    assert written["email"].state == written["sms"].state == "queued"
    assert written["in_app"].state == "delivered"
    assert jobs(written["email"]).count() == jobs(written["sms"]).count() == 1
    assert not jobs(written["in_app"])


def test_addresses_are_stored_as_they_are_sent_to():
    written = told()
    assert written["sms"].address == "+84912345678"
    assert (written["email"].address, written["in_app"].address) == ("nhung@example.org", "")


def test_a_replay_writes_and_sends_nothing_again():
    first = told(source_key="dossiers.messages:7")
    assert told(source_key="dossiers.messages:7") == {}
    assert Message.objects.count() == 3
    assert jobs(first["email"]).count() == 1


def test_refuses_to_write_outside_a_transaction(monkeypatch):
    monkeypatch.setattr(notifying, "connection", SimpleNamespace(in_atomic_block=False))
    with pytest.raises(RuntimeError):
        notify(recipient=mother(), notice=notice(), at=MORNING)


@pytest.mark.parametrize(
    ("changes", "channels"),
    [
        ({"email": ""}, {"sms", "in_app"}),
        ({"phone": ""}, {"email", "in_app"}),
        ({"email": "", "phone": ""}, {"in_app"}),
    ],
)
def test_without_an_address_a_channel_is_left_out(changes, channels):
    assert set(told(mother(**changes))) == channels


def test_a_channel_that_is_not_configured_is_left_out(settings):
    settings.SMS_URL, settings.EMAIL_READY = "", False
    assert set(told()) == {"in_app"}


@pytest.mark.parametrize(
    ("channel", "changes"),
    [
        ("sms", {"phone": "12345"}),
        ("sms", {"phone": "0243 825 3256"}),  # a landline takes no SMS
        ("sms", {"phone": "+84 91 234 56"}),
        ("sms", {"phone": "٠٩١٢٣٤٥٦٧٨"}),
        ("email", {"email": "nobody"}),
        ("email", {"email": "a@example.org\nBcc: b@example.org"}),
        ("email", {"email": "x" * 10_000 + "@example.org"}),
    ],
)
def test_an_address_nobody_can_send_to_is_a_failure_that_is_seen_and_not_kept(channel, changes):
    message = told(mother(**changes))[channel]
    assert (message.state, message.last_error, message.address) == ("failed", "bad_address", "")
    assert not jobs(message)


def test_a_channel_that_was_switched_off_is_left_out_for_this_group_only():
    person = mother()
    Preference.objects.create(recipient_id=person.id, group="tests", channel="sms", is_enabled=False)
    Preference.objects.create(recipient_id=person.id, group="others", channel="email", is_enabled=False)
    assert set(told(person)) == {"email", "in_app"}


def test_a_notice_that_has_expired_is_written_in_the_portal_only():
    assert set(told(expires_at=MORNING)) == {"in_app"}
    assert set(told(expires_at=MORNING + timedelta(seconds=1))) == {"email", "sms", "in_app"}


def test_an_sms_of_the_night_waits_until_seven_and_the_rest_does_not():
    written = told(at=NIGHT)
    morning = NIGHT.replace(day=11, hour=7, minute=0)
    assert written["sms"].not_before == morning
    assert jobs(written["sms"]).get().scheduled_at == morning
    assert written["email"].not_before == NIGHT


def test_quiet_hours_and_language_are_the_recipients_choice():
    person = mother(language="en")
    choice = Choice({("tests", "sms"): True}, language="de", quiet_from=time(8), quiet_to=time(10))
    save_preferences(recipient_id=person.id, choice=choice)
    sms = told(person)["sms"]
    assert (sms.not_before, sms.language) == (MORNING.replace(hour=10), "de")
    assert told(person, at=NIGHT)["sms"].not_before == NIGHT


def test_a_choice_replaces_the_one_before():
    person = mother()
    for is_enabled in (True, False):
        choice = Choice({("tests", "sms"): is_enabled}, language="", quiet_from=time(0), quiet_to=time(0))
        save_preferences(recipient_id=person.id, choice=choice)
    assert Preference.objects.get(recipient_id=person.id).is_enabled is False
    assert Habits.objects.count() == 1


def test_the_language_is_what_the_sender_knows_and_else_the_installations(settings):
    assert told(mother(language="de"))["email"].language == "de"
    assert told()["email"].language == settings.LANGUAGE_CODE


def test_an_sms_says_the_code_and_where_to_look_whatever_its_template_asks_for():
    sms = told()["sms"]
    assert sms.body == "Dossier H44.04894-260310-0001: see motcua.example.vn."


def test_a_subject_stays_on_one_line_and_words_of_any_length_and_kind_are_kept_or_cut():
    context = {"name": "Ấ" * 10_000, "title": "Khai sinh 🙂\r\nBcc: all@example.org\n\u202e" + "x" * 10_000}
    written = told(context=context)
    email = written["email"]
    assert "\n" not in email.subject and "\r" not in email.subject and "\u202e" not in email.subject
    assert len(email.subject) == 200 and "🙂" in email.subject
    assert "Ấ" * 10_000 in email.body
    assert len(written["sms"].body) <= 160
