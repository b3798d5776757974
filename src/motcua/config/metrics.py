"""`/metrics`: how far sealing and following are, in the text format of Prometheus."""

from __future__ import annotations

import hmac
import ipaddress
from datetime import datetime

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob
from prometheus_client import CollectorRegistry, Gauge, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST

from motcua.foundation.journal.selectors import JournalState, journal_state

# Whoever comes through a proxy on this machine has a loopback address too, but is announced by one of these.
_PROXIED = ("HTTP_X_FORWARDED_FOR", "HTTP_X_FORWARDED_PROTO", "HTTP_X_REAL_IP", "HTTP_FORWARDED", "HTTP_VIA")
_JOBS = ("todo", "doing", "failed")


@login_not_required
def metrics(request: HttpRequest) -> HttpResponse:
    """For programs on this machine, or with the token; 404 for everybody else."""
    if not (_is_local(request) or _has_token(request)):
        raise Http404
    registry = CollectorRegistry()
    _journal(registry, journal_state(), timezone.now())
    _jobs(registry)
    return HttpResponse(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)


def _is_local(request: HttpRequest) -> bool:
    if settings.ALLAUTH_TRUSTED_PROXY_COUNT or any(name in request.META for name in _PROXIED):
        return False
    try:
        return ipaddress.ip_address(request.META.get("REMOTE_ADDR", "")).is_loopback
    except ValueError:
        return False


def _has_token(request: HttpRequest) -> bool:
    given = request.META.get("HTTP_AUTHORIZATION", "").encode(errors="replace")
    token = f"Bearer {settings.METRICS_TOKEN}".encode()
    return bool(settings.METRICS_TOKEN) and hmac.compare_digest(given, token)


def _journal(registry: CollectorRegistry, state: JournalState, now: datetime) -> None:
    def gauge(name: str, words: str, value: float) -> None:
        Gauge(f"journal_{name}", words, registry=registry).set(value)

    gauge("unsealed_entries", "Committed entries without a seal, counted up to 100,000.", state.unsealed)
    gauge("dead_letters", "Entries that consumers could not handle.", state.dead_letters)
    # Absent until the first: an age since nothing would be a made-up figure.
    if state.last_batch:
        age = (now - state.last_batch.sealed_at).total_seconds()
        gauge("last_seal_age_seconds", "Since the last batch; grows while nothing happens.", age)
    if state.last_stamp:
        age = (now - state.last_stamp.made_at).total_seconds()
        gauge("last_stamp_age_seconds", "Since the last time stamp; grows while nothing happens.", age)
    if state.last_verification:
        age = (now - state.last_verification.at).total_seconds()
        gauge("last_verification_age_seconds", "Since the last nightly verification.", age)
        faults = state.last_verification.fault_count
        gauge("verification_faults", "Faults that the last nightly verification found.", faults)
    lag = Gauge(
        "journal_consumer_lag", "Sealed entries a consumer has not passed.", ["consumer"], registry=registry
    )
    for consumer in state.consumers:
        lag.labels(consumer.name).set(consumer.lag)


def _jobs(registry: CollectorRegistry) -> None:
    counted = ProcrastinateJob.objects.filter(status__in=_JOBS).values_list("status").annotate(Count("id"))
    counts = dict(counted.order_by())
    jobs = Gauge("jobs", "Jobs by status.", ["status"], registry=registry)
    for status in _JOBS:
        jobs.labels(status).set(counts.get(status, 0))
