"""How the database plans statements."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction


@contextmanager
def planned_for_values() -> Iterator[None]:
    """Statements within are planned for the values they come with, not once for all values.

    For searches by trigrams: without the words PostgreSQL cannot tell whether the index finds ten rows or half of all,
    and goes through the table. One query.
    """
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL plan_cache_mode = force_custom_plan")
        yield
