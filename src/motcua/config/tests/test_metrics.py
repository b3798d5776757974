"""`/metrics` is for programs on the machine or with the token, and for nobody else."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone
from prometheus_client.parser import text_string_to_metric_families

from motcua.foundation.journal import contributions
from motcua.foundation.journal.contributions import Consumer
from motcua.foundation.journal.models import Verification
from motcua.foundation.journal.services import follow_once
from motcua.foundation.journal.tests.factories import entry

pytestmark = pytest.mark.django_db
FAR = {"REMOTE_ADDR": "203.0.113.9"}


def values(response) -> dict[tuple[str, ...], float]:
    families = text_string_to_metric_families(response.content.decode())
    return {(it.name, *it.labels.values()): it.value for family in families for it in family.samples}


def test_it_says_how_far_sealing_and_following_are(client, monkeypatch):
    monkeypatch.setattr(contributions, "_consumers", {"c": Consumer("c", lambda sealed: None)})
    follow_once()
    entry()
    found = values(client.get("/metrics"))
    assert found[("journal_unsealed_entries",)] == 1
    assert found[("journal_consumer_lag", "c")] == 0
    assert found[("journal_dead_letters",)] == 0
    assert ("jobs", "failed") in found
    follow_once()
    found = values(client.get("/metrics"))
    assert found[("journal_unsealed_entries",)] == 0
    assert found[("journal_last_seal_age_seconds",)] < 60


def test_it_says_how_old_the_last_verification_is_and_what_it_found(client):
    assert ("journal_verification_faults",) not in values(client.get("/metrics"))
    Verification.objects.create(
        at=timezone.now() - timedelta(hours=2), first_position=1, last_position=2, fault_count=3
    )
    found = values(client.get("/metrics"))
    assert 7190 < found[("journal_last_verification_age_seconds",)] < 7290
    assert found[("journal_verification_faults",)] == 3


def test_who_comes_from_elsewhere_finds_nothing(client):
    assert client.get("/metrics", **FAR).status_code == 404


@pytest.mark.parametrize("header", ["X-Forwarded-For", "X-Forwarded-Proto", "Forwarded", "X-Real-IP"])
def test_who_comes_through_a_proxy_on_the_machine_finds_nothing(client, header):
    assert client.get("/metrics", headers={header: "127.0.0.1"}).status_code == 404


def test_behind_a_proxy_nearness_does_not_count(client, settings):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    assert client.get("/metrics").status_code == 404


@pytest.mark.parametrize(
    ("token", "given", "status"),
    [
        ("secret", "Bearer secret", 200),
        ("secret", "Bearer wrong", 404),
        ("secret", "secret", 404),
        ("secret", "Bearer sécret", 404),
        ("", "Bearer ", 404),
    ],
)
def test_the_token_opens_it(client, settings, token, given, status):
    settings.METRICS_TOKEN = token
    assert client.get("/metrics", headers={"Authorization": given}, **FAR).status_code == status
