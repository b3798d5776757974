from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from motcua.foundation.notifications import contributions
from motcua.foundation.notifications.contributions import Group, Purpose


@pytest.fixture(autouse=True)
def _tested(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """A purpose with words of its own; both channels are configured, and lead nowhere."""
    templates = deepcopy(settings.TEMPLATES)
    templates[0]["DIRS"] = [Path(__file__).parent / "templates"]
    settings.TEMPLATES = templates
    settings.EMAIL_READY = True
    settings.SMS_URL, settings.SMS_TOKEN = "http://127.0.0.1:9/messages", "token"
    settings.SMS_REPORT_SECRET = "shared"
    settings.BASE_URL = "https://motcua.example.vn"
    settings.DEFAULT_FROM_EMAIL = "Một cửa <no-reply@motcua.example.vn>"
    purposes = {"tested": Purpose("tested", "Something happened", Group("tests", "Tests"))}
    monkeypatch.setattr(contributions, "_purposes", purposes)


@pytest.fixture
def relay(settings: Any) -> Iterator[Any]:
    """A real SMTP server on a free port. `envelopes`: what it took; `refuses`: addresses it refuses, with the answer."""
    from motcua.foundation.notifications.tests.relay import Relay

    with Relay() as running:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", running.port
        settings.EMAIL_TIMEOUT = 1
        yield running


@pytest.fixture
def gate(settings: Any) -> Iterator[Any]:
    """A real HTTP server on a free port that answers as a test tells it to."""
    from motcua.foundation.notifications.tests.gate import Gate

    with Gate() as running:
        settings.SMS_URL = running.url
        yield running
