"""What the web server's processes make of the database's connections."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from django.core.management import call_command
from django.db import connection

from motcua.config.management.commands import serve


@pytest.fixture
def pooled(db):
    """A connection with a pool, as in production; tests have none."""
    copied = connection.copy()
    copied.settings_dict = copied.settings_dict | {
        "OPTIONS": copied.settings_dict["OPTIONS"] | {"pool": {"min_size": 1, "max_size": 2, "timeout": 5}}
    }
    yield copied
    copied.close()
    copied.close_pool()


def test_the_web_servers_processes_inherit_no_pool(monkeypatch, pooled):
    """A copy of a pool has no threads left to make connections: it stood still at the first request too many."""
    when_forked = []

    def ask() -> None:
        with pooled.cursor() as cursor:
            cursor.execute("SELECT 1")

    server = SimpleNamespace(serve=lambda: when_forked.append(pooled.alias in pooled._connection_pools))
    mine = SimpleNamespace(close_all=pooled.close, all=lambda initialized_only: [pooled])
    monkeypatch.setattr(serve, "Granian", lambda *_, **__: server)
    monkeypatch.setattr(serve, "connections", mine)
    monkeypatch.setattr(serve, "_refuse_mixing", ask)
    monkeypatch.setattr(serve, "environment", SimpleNamespace(base_url="http://127.0.0.1"))
    call_command("serve")
    assert when_forked == [False]
    ask()
