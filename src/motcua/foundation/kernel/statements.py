"""How the database plans statements."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from django.db import connection, transaction
from django.db.models import DateTimeField, Value


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


class WrittenMoment(Value):
    """A moment that stands in the statement itself, for bounds of a range in an index's order.

    Of a parameter PostgreSQL assumes a range of a two-hundredth: a prepared statement then reads and sorts a whole book
    for its latest page. Only for bounds that many requests share, as each is a statement of its own: days, not now.
    """

    def __init__(self, moment: datetime) -> None:
        """Raises ValueError for a moment without a zone."""
        if moment.tzinfo is None:
            raise ValueError("a moment has a zone")
        super().__init__(moment, output_field=DateTimeField())

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[str | int, ...]]:
        # Made of figures by isoformat: nothing of it comes from outside as text.
        return f"'{self.value.astimezone(UTC).isoformat()}'::timestamptz", ()
