"""E-mail, as a real relay gets it."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape

import pytest

from motcua.foundation.notifications import delivery
from motcua.foundation.notifications.delivery import deliver
from motcua.foundation.notifications.models import Message
from motcua.foundation.notifications.tests.factories import MORNING, mother, told

pytestmark = pytest.mark.django_db


def send(message: Message, at=MORNING) -> Message:
    deliver(message.id, at=at)
    message.refresh_from_db()
    return message


def test_the_relay_gets_one_mail_with_plain_text_and_the_same_as_html(relay):
    message = send(told()["email"])
    assert (message.state, message.sent_at, message.tries) == ("sent", MORNING, 1)
    [mail] = relay.mails
    assert relay.envelopes[0].rcpt_tos == ["nhung@example.org"]
    plain = mail.get_body(("plain",)).get_content()
    html = mail.get_body(("html",)).get_content()
    assert "Nguyễn Thị Hồng Nhung" in plain and "https://motcua.example.vn/dossiers/1/" in plain
    said = unescape(re.sub(r"<title>.*?</title>|<[^>]+>", " ", html))
    for line in filter(None, plain.splitlines()):
        assert " ".join(line.split()) in " ".join(said.split())


def test_the_headers_say_that_a_machine_wrote_it_and_how_to_stop_it(relay):
    message = send(told()["email"])
    [mail] = relay.mails
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["List-Unsubscribe"] == "<https://motcua.example.vn/messages/settings/>"
    assert mail["From"] == "Một cửa <no-reply@motcua.example.vn>"
    assert mail["Message-ID"] == f"<{message.id}.0@motcua.example.vn>" == message.provider_id


def test_markup_in_a_value_is_words_in_the_html_part(relay):
    send(told(context={"name": "<script>alert(1)</script>", "title": "x"})["email"])
    html = relay.mails[0].get_body(("html",)).get_content()
    assert "<script>" not in html and "&lt;script&gt;" in html


def test_sending_again_does_nothing(relay):
    message = told()["email"]
    for _ in range(2):
        send(message)
    assert len(relay.envelopes) == 1


def test_a_mail_is_not_sent_before_its_time(relay):
    message = told(at=MORNING + timedelta(hours=1))["email"]
    assert send(message).state == "queued"
    assert relay.envelopes == []


def test_an_address_that_is_refused_for_good_fails_at_once_and_the_next_mail_goes(relay):
    relay.refuses["gone@example.org"] = "550 5.1.1 No such user"
    refused = send(told(mother(email="gone@example.org"))["email"])
    assert (refused.state, refused.last_error) == ("failed", "address_refused")
    assert send(told()["email"]).state == "sent"


def test_a_mailbox_that_is_full_is_tried_again_later_and_then_again(relay):
    relay.refuses["nhung@example.org"] = "452 4.2.2 Mailbox full"
    message = send(told()["email"])
    assert (message.state, message.last_error) == ("queued", "address_refused")
    assert message.not_before == MORNING + timedelta(minutes=1)
    relay.refuses.clear()
    assert send(message, MORNING + timedelta(minutes=1)).state == "sent"
    assert message.tries == 2 and message.last_error == ""


def test_words_that_are_refused_for_good_fail_at_once(relay):
    relay.data_answer = "554 5.7.1 Looks like spam"
    assert send(told()["email"]).last_error == "content_refused"


def test_gives_up_after_the_sixth_try(settings, relay):
    relay.__exit__()
    message, at = told()["email"], MORNING
    waits = []
    for _ in range(6):
        send(message, at)
        waits.append(message.not_before - at)
        at = message.not_before
    assert (message.state, message.tries, message.last_error) == ("failed", 6, "relay_unreachable")
    assert waits[:5] == sorted(waits[:5])
    relay.__enter__()


def test_a_message_past_its_date_is_not_sent(relay):
    message = told(expires_at=MORNING + timedelta(hours=1))["email"]
    assert send(message, MORNING + timedelta(hours=1)).state == "expired"
    assert relay.envelopes == []


def test_a_header_cannot_be_smuggled_in_even_past_the_cleaning(relay):
    message = told()["email"]
    Message.objects.filter(pk=message.pk).update(subject="Hello\r\nBcc: all@example.org")
    assert send(message).last_error == "bad_header"
    assert message.state == "failed" and relay.envelopes == []


def test_what_a_killed_worker_left_is_sent_again_under_the_same_id(relay, monkeypatch):
    """Killed between the relay's answer and its record: the only case in which a mail goes twice."""
    message = told()["email"]

    class Killed(BaseException):
        pass

    def killed(*_):
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(delivery, "_record_sent", killed)
        with pytest.raises(Killed):
            deliver(message.id, at=MORNING)
    assert send(message, MORNING + timedelta(minutes=4)).state == "sending"
    assert send(message, MORNING + timedelta(minutes=5)).state == "sent"
    first, second = relay.mails
    assert first["Message-ID"] == second["Message-ID"]
    assert first["Date"] == second["Date"]


def test_an_unexpected_error_is_tried_again_and_says_nothing_personal(monkeypatch, caplog):
    def broken(message):
        raise KeyError("no such thing")

    monkeypatch.setitem(delivery.SENDERS, "email", broken)
    message = send(told()["email"])
    assert (message.state, message.last_error) == ("queued", "unexpected")
    assert "nhung" not in caplog.text and "Nhung" not in caplog.text


def test_the_sweep_sends_what_lost_its_job_and_leaves_what_is_not_late(relay):
    late = told(at=MORNING - timedelta(minutes=16))["email"]
    young = told(at=MORNING - timedelta(minutes=1))["email"]
    sms = told(at=MORNING - timedelta(minutes=1))["sms"]
    Message.objects.filter(channel="sms").exclude(pk=sms.pk).update(state="cancelled")
    assert delivery.sweep(at=MORNING) == 1
    late.refresh_from_db()
    young.refresh_from_db()
    assert (late.state, young.state) == ("sent", "queued")
