"""What all tests share: the embedded server is up, and pages are served by the role that cannot change the journal."""

from __future__ import annotations

from typing import Any

import pytest
from django.conf import settings
from django.db import connections
from django.db.backends.signals import connection_created

from motcua.config.environment import environment
from motcua.foundation.postgres import server


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> None:
    """Start the database before Django makes its test database."""
    if not environment.database_url:
        server.ensure_running(environment.var)


def _step_down(connection: Any, **_: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"SET ROLE {settings.APP_DATABASE_ROLE}")


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> Any:
    """After the tables are made by their owner, every connection acts as the application's role."""
    with django_db_blocker.unblock():
        connections["default"].close()
        connection_created.connect(_step_down)
        yield
        connection_created.disconnect(_step_down)
        connections["default"].close()
