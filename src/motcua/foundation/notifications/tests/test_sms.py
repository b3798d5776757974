"""SMS: the words, the gate, its reports."""

from __future__ import annotations

import hashlib
import hmac
import json
import time
from datetime import timedelta

import pytest

from motcua.foundation.notifications.adapters import sms
from motcua.foundation.notifications.delivery import deliver
from motcua.foundation.notifications.models import Message
from motcua.foundation.notifications.rules.sms import septets, sms_text
from motcua.foundation.notifications.services.keeping import record_report
from motcua.foundation.notifications.tests.factories import MORNING, told

REPORTS = "/notifications/sms-reports/"


@pytest.mark.parametrize(
    ("text", "sent"),
    [
        ("Hồ sơ Đã Được tiếp nhận – xem…", "Ho so Da Duoc tiep nhan - xem..."),
        ("Fällig, größer: für Öl", "Fällig, größer: für Öl"),
        ("ơ ü à", "o u a"),
        ("Xong 🙂 rồi\u200b", "Xong roi"),
        ("a\n b\t c", "a b c"),
        ("[x] {y} ~|€", "[x] {y} ~|€"),
    ],
)
def test_an_sms_is_written_in_the_default_alphabet(text, sent):
    assert sms_text(text) == sent
    assert septets(sms_text(text)) <= 160


@pytest.mark.parametrize("text", ["ạ " * 500, "x" * 500, "€" * 500, "từ " * 60])
def test_an_sms_is_never_longer_than_one_segment(text):
    assert 0 < septets(sms_text(text)) <= 160


def send(message: Message, at=MORNING) -> Message:
    deliver(message.id, at=at)
    message.refresh_from_db()
    return message


@pytest.mark.django_db
def test_the_gate_gets_number_words_and_key_and_its_id_is_kept(gate):
    gate.say(202, {"id": "gate-42"})
    message = send(told()["sms"])
    assert (message.state, message.provider_id) == ("sent", "gate-42")
    [(headers, content)] = gate.asked
    assert content == {"to": "+84912345678", "text": message.body, "key": f"{message.id}.0"}
    assert headers["Authorization"] == "Bearer token"
    assert headers["Idempotency-Key"] == content["key"]


ANSWERS = {
    "bad number": (422, {"code": "bad_number"}, "failed", "bad_number"),
    "not these words": (400, {"code": "blocked"}, "failed", "gate_refused"),
    "a proxy's bad request": (400, b"<html>400</html>", "queued", "gate_refused"),
    "wrong token": (401, {"code": "token"}, "queued", "gate_refuses_us"),
    "too many": (429, {}, "queued", "gate_unavailable"),
    "broken": (500, b"", "queued", "gate_unavailable"),
    "HTML": (200, b"<html><h1>Welcome</h1></html>", "queued", "bad_answer"),
    "no id": (202, {"ok": True}, "queued", "bad_answer"),
    "a list": (202, ["gate-1"], "queued", "bad_answer"),
    "an id of another kind": (202, {"id": 7}, "queued", "bad_answer"),
    "endless": (202, b'{"id": "' + b"x" * 1_000_000 + b'"}', "queued", "bad_answer"),
    "elsewhere": (307, b"http://127.0.0.1:9/stolen", "queued", "gate_unavailable"),
    "deep": (202, b"[" * 60_000, "queued", "bad_answer"),
}


@pytest.mark.django_db
@pytest.mark.parametrize("case", ANSWERS)
def test_an_answer_decides_whether_it_is_tried_again(gate, case):
    status, content, state, code = ANSWERS[case]
    gate.say(status, content)
    message = send(told()["sms"])
    assert (message.state, message.last_error) == (state, code)
    assert len(gate.asked) == 1


@pytest.mark.django_db
def test_a_gate_that_hangs_is_given_up_on(gate, monkeypatch):
    monkeypatch.setattr(sms, "ANSWER_SECONDS", 0.2)
    gate.hangs = True
    message = send(told()["sms"])
    assert (message.state, message.last_error) == ("queued", "gate_unreachable")


@pytest.mark.django_db
def test_a_gate_that_drips_is_given_up_on(gate, monkeypatch):
    """A byte now and then keeps every single wait short."""
    monkeypatch.setattr(sms, "ANSWER_SECONDS", 0.3)
    gate.drips = True
    started = time.monotonic()
    message = send(told()["sms"])
    assert (message.state, message.last_error) == ("queued", "bad_answer")
    assert time.monotonic() - started < 3


@pytest.mark.django_db
def test_a_netrc_of_the_machine_does_not_replace_the_token(gate, monkeypatch, tmp_path):
    (tmp_path / "netrc").write_text("machine 127.0.0.1 login a password b\n")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    send(told()["sms"])
    assert gate.asked[0][0]["Authorization"] == "Bearer token"


@pytest.mark.django_db
def test_a_message_whose_worker_was_away_is_not_sent_in_the_quiet_hours(gate):
    message = told(at=MORNING.replace(hour=20, minute=58))["sms"]
    night = MORNING.replace(hour=2, minute=30) + timedelta(days=1)
    send(message, night)
    assert (gate.asked, message.state, message.tries) == ([], "queued", 0)
    assert message.not_before == night.replace(hour=7, minute=0)
    send(message, night)
    assert gate.asked == []
    assert send(message, message.not_before).state == "sent"


@pytest.mark.django_db
def test_a_message_whose_worker_died_in_the_evening_waits_for_the_morning(gate):
    evening = MORNING.replace(hour=20, minute=58)
    message = told(at=evening)["sms"]
    Message.objects.filter(pk=message.pk).update(state="sending", claimed_at=evening, tries=1)
    send(message, MORNING.replace(hour=22))
    assert (gate.asked, message.state, message.tries) == ([], "queued", 1)
    assert message.not_before == (MORNING + timedelta(days=1)).replace(hour=7)


@pytest.mark.django_db
def test_a_gate_that_is_not_there_is_tried_again():
    assert send(told()["sms"]).last_error == "gate_unreachable"


@pytest.mark.django_db
def test_every_try_carries_the_same_key(gate):
    gate.say(503, {})
    message = send(told()["sms"])
    send(message, message.not_before)
    first, second = (content["key"] for _, content in gate.asked)
    assert first == second


@pytest.mark.django_db
def test_a_try_again_that_falls_into_the_night_waits_until_the_morning(gate):
    gate.say(503, {})
    evening = MORNING.replace(hour=20, minute=59, second=30)
    message = send(told(at=evening)["sms"], evening)
    assert message.not_before == (MORNING + timedelta(days=1)).replace(hour=7)


def report(client, content, *, secret="shared", signature=None):
    body = content if isinstance(content, bytes) else json.dumps(content).encode()
    right = "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
    return client.post(
        REPORTS,
        body,
        content_type="application/json",
        headers={"X-Signature": right if signature is None else signature},
    ).status_code


@pytest.fixture
def sent(gate):
    return send(told()["sms"])


def state_of(message):
    message.refresh_from_db()
    return message.state


@pytest.mark.django_db
def test_a_signed_report_says_that_it_arrived(client, sent):
    assert report(client, {"key": sent.key, "state": "delivered"}) == 204
    assert state_of(sent) == "delivered" and sent.delivered_at


@pytest.mark.django_db
@pytest.mark.parametrize("signature", ["", "sha256=", "sha256=" + "0" * 64, "é", "x" * 5000])
def test_a_report_that_is_not_signed_is_refused(client, sent, signature):
    assert report(client, {"key": sent.key, "state": "delivered"}, signature=signature) == 403
    assert state_of(sent) == "sent"


@pytest.mark.django_db
def test_a_report_under_another_secret_is_refused(client, sent):
    assert report(client, {"key": sent.key, "state": "delivered"}, secret="other") == 403


@pytest.mark.django_db
def test_without_a_shared_secret_there_is_no_such_page(client, sent, settings):
    settings.SMS_REPORT_SECRET = ""
    assert report(client, {"key": sent.key, "state": "delivered"}, secret="") == 404


@pytest.mark.django_db
@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"<html>",
        b"[]",
        b"null",
        {"key": "x"},
        {"key": 7, "state": "failed"},
        {"key": "x", "state": "lost"},
    ],
)
def test_a_report_that_cannot_be_read_is_refused(client, content):
    assert report(client, content) == 400


@pytest.mark.django_db
def test_a_report_is_small(client):
    assert report(client, b" " * 5000) == 413


@pytest.mark.django_db
@pytest.mark.parametrize("key", ["", "x", "a\u0000b", "01a201e5-df6b-7526-8b33-106ffbd6b7bf.0", "x" * 3000])
def test_an_unknown_key_changes_nothing(client, key):
    assert report(client, {"key": key, "state": "delivered"}) == 204


@pytest.mark.django_db
def test_states_never_move_backwards(client, sent):
    replayed = {"key": sent.key, "state": "failed"}
    assert report(client, {"key": sent.key, "state": "delivered"}) == 204
    arrived = Message.objects.get(pk=sent.pk).delivered_at
    assert report(client, replayed) == report(client, {"key": sent.key, "state": "delivered"}) == 204
    assert state_of(sent) == "delivered" and sent.delivered_at == arrived


@pytest.mark.django_db
def test_a_message_that_did_not_arrive_has_failed(client, sent):
    report(client, {"key": sent.key, "state": "failed"})
    assert (state_of(sent), sent.last_error) == ("failed", "not_delivered")


@pytest.mark.django_db
def test_a_report_that_overtakes_the_gates_answer_counts(gate):
    """The gate reports before its answer to us is recorded."""
    message = told()["sms"]

    def exchange(*args, **kwargs):
        assert record_report(key=message.key, state="delivered", at=MORNING)
        return original(*args, **kwargs)

    original = sms.exchange
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sms, "exchange", exchange)
        send(message)
    assert (message.state, message.provider_id) == ("delivered", "g-1")


@pytest.mark.django_db
def test_a_report_of_delivery_ends_the_tries_of_a_message_whose_answer_was_lost(gate):
    gate.say(200, b"<html>")
    message = send(told()["sms"])
    assert record_report(key=message.key, state="delivered", at=MORNING)
    assert send(message, message.not_before).state == "delivered"
    assert len(gate.asked) == 1


@pytest.mark.django_db
def test_nothing_is_believed_of_a_message_that_was_never_handed_over():
    assert not record_report(key=told()["sms"].key, state="delivered", at=MORNING)
    email = told()["email"]
    assert not record_report(key=email.key, state="delivered", at=MORNING)
