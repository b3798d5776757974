"""The application as a server calls it, on a working morning."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections

from motcua.casework.dossiers.tests.factories import MORNING


@pytest.fixture(autouse=True)
def _now() -> Iterator[None]:
    with time_machine.travel(MORNING, tick=False):
        yield


@pytest.fixture
def application(db: None) -> Iterator[Any]:
    """For strangers' HTTP libraries, in the transaction of the test: no request closes its connection."""
    django, signals = get_wsgi_application(), (request_started, request_finished)

    def call(environ: dict[str, Any], start_response: Any) -> Any:
        # At each call, as Django's test client connects them again after each of its own.
        for signal in signals:
            signal.disconnect(close_old_connections)
        return django(environ, start_response)

    yield call
    for signal in signals:
        signal.connect(close_old_connections)
