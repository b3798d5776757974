"""The contract of docs/api.md, from the gate's side."""

from __future__ import annotations

import pytest

from sandbox.sms import web
from sandbox.sms.web import create_app

KEY = "01a201e5-df6b-7526-8b33-106ffbd6b7bf.0"
SMS = {"to": "+84912345678", "text": "Ho so H44.04894-260310-0001 da duoc tiep nhan.", "key": KEY}


@pytest.fixture
def reported():
    return []


@pytest.fixture
def client(reported):
    return create_app("token", reported.append).test_client()


def post(client, *, token="token", **changes):
    headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": KEY}
    return client.post("/messages", json=SMS | changes, headers=headers)


def test_takes_a_message_reports_it_and_shows_it(client, reported):
    answer = post(client)
    assert answer.status_code == 202 and answer.json["id"]
    assert [sms.key for sms in reported] == [KEY]
    assert SMS["text"] in client.get("/").text


def test_discards_a_repetition_and_answers_the_same(client, reported):
    first, second = post(client), post(client)
    assert (second.status_code, second.json) == (200, first.json)
    assert len(reported) == 1


def test_shows_markup_as_words(client):
    post(client, text="<script>alert(1)</script>")
    assert "<script>" not in client.get("/").text


@pytest.mark.parametrize("token", ["", "wrong"])
def test_refuses_who_has_no_token(client, reported, token):
    assert post(client, token=token).status_code == 401
    assert reported == []


@pytest.mark.parametrize(
    ("changes", "status", "code"),
    [
        ({"to": "0912345678"}, 422, "bad_number"),
        ({"text": "x" * 161}, 422, "too_long"),
        ({"text": ""}, 422, "too_long"),
        ({"to": 7}, 400, "unreadable"),
        ({"key": None}, 400, "unreadable"),
        ({"key": "other"}, 400, "key"),
    ],
)
def test_refuses_what_it_cannot_send(client, changes, status, code):
    headers = {"Authorization": "Bearer token", "Idempotency-Key": KEY}
    answer = client.post("/messages", json=SMS | changes, headers=headers)
    assert (answer.status_code, answer.json["code"]) == (status, code)


def test_refuses_what_is_no_json(client):
    answer = client.post("/messages", data=b"<html>", headers={"Authorization": "Bearer token"})
    assert answer.status_code == 400


@pytest.mark.parametrize(("fault", "status"), [("down", 503), ("html", 200), ("refuse", 422)])
def test_plays_a_fault_as_often_as_it_is_told(client, reported, fault, status):
    assert client.post("/faults", data={"fault": fault, "times": "1"}).status_code == 303
    assert post(client).status_code == status and reported == []
    assert post(client).status_code == 202


@pytest.mark.parametrize("fault", ["slow", "hang"])
def test_can_take_its_time(client, monkeypatch, fault):
    slept = []
    monkeypatch.setattr(web.time, "sleep", slept.append)
    client.post("/faults", data={"fault": fault})
    assert post(client).status_code == 202 and slept


def test_can_lose_a_message(client, reported):
    client.post("/faults", data={"fault": "lost"})
    post(client)
    assert reported[0].is_lost


def test_a_fault_is_not_switched_on_by_another_site(client):
    answer = client.post("/faults", data={"fault": "down"}, headers={"Origin": "https://example.org"})
    assert answer.status_code == 403


@pytest.mark.parametrize("data", [{}, {"fault": "fire"}, {"fault": "down", "times": "x"}])
def test_an_unknown_fault_is_refused(client, data):
    assert client.post("/faults", data=data).status_code == 400
